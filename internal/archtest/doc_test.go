// Package archtest holds the rules of docs/ARCHITECTURE.md. Each rule is a value with a
// name, a reason and a check over the parsed source; a failure says where, what and why.
// For each there is a planted violation which proves that the rule can fail.
//
// A rule whose reason has gone is changed here and in the page, by an ADR.
package archtest_test
