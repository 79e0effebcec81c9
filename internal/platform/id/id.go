// Package id makes the identities of records: UUID version 7 (RFC 9562), which sort
// by the time they were made. They are made here and not by the engine, so that a
// write which is sent twice is the same write.
package id

import "github.com/google/uuid"

// Source makes a new identity at each call.
type Source func() string

// Random is the source of the running program.
func Random() string { return uuid.Must(uuid.NewV7()).String() }

// Valid tells whether s has the form of an identity; addresses from outside are
// checked with it before they reach a query.
func Valid(s string) bool {
	return len(s) == 36 && uuid.Validate(s) == nil
}
