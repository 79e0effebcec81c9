// Package id makes the identities of records: UUID version 7 (RFC 9562), which sort
// by the time they were made. They are made here and not by the engine, so that a
// write which is sent twice is the same write.
package id

import "github.com/google/uuid"

// Source makes a new identity at each call.
type Source func() string

// Random is the source of the running program.
func Random() string { return uuid.Must(uuid.NewV7()).String() }

// After is the identity itself where it sorts after the last one, and otherwise the next
// one after that: the order in which records were written then does not hang on the
// clocks of several processes.
func After(id, last string) string {
	if id > last {
		return id
	}
	next := []byte(last)
	for i := len(next) - 1; i >= 0; i-- {
		switch c := next[i]; {
		case c == '9':
			next[i] = 'a'
			return string(next)
		case c >= '0' && c < '9', c >= 'a' && c < 'f':
			next[i]++
			return string(next)
		case c == 'f':
			next[i] = '0'
		}
	}
	return last + "0"
}
