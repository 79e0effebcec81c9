package disk_test

import (
	"path/filepath"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/disk"
)

func TestFree(t *testing.T) {
	if n, err := disk.Free(t.TempDir()); err != nil || n <= 0 {
		t.Errorf("%d bytes are left, %v", n, err)
	}
	if _, err := disk.Free(filepath.Join(t.TempDir(), "nothing")); err == nil {
		t.Error("a folder that is not there has room")
	}
}
