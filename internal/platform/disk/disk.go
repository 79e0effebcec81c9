// Package disk asks the operating system how much room is left.
package disk

import "fmt"

// Free is how many bytes a program of this user can still write in the file system that
// holds path.
func Free(path string) (int64, error) {
	n, err := free(path)
	if err != nil {
		return 0, fmt.Errorf("ask how much room is left at %s: %w", path, err)
	}
	return n, nil
}
