//go:build !linux

package blob_test

import (
	"errors"
	"testing"
)

func mountSmall(*testing.T, string, int) error { return errors.New("only Linux is known how") }
