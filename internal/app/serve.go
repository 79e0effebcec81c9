package app

import (
	"context"
	"net"

	"github.com/nhanrong/nhanrong/internal/platform/config"
)

// Serve is being built.
func (h *House) Serve(ctx context.Context, _ *config.Config, l net.Listener, _ string) error {
	<-ctx.Done()
	return l.Close()
}
