package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/outbox"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/domain/review"
	"github.com/nhanrong/nhanrong/internal/domain/worklist"
	"github.com/nhanrong/nhanrong/internal/platform/config"
	"github.com/nhanrong/nhanrong/internal/platform/jobs"
	"github.com/nhanrong/nhanrong/internal/platform/telemetry"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// grace is how long running requests may go on after the program was told to stop.
const grace = 10 * time.Second

// Serve serves the pages on a listener, runs the jobs and, where an address is set for
// them, serves the metrics, until the context ends. Requests that run then are finished.
func (h *House) Serve(ctx context.Context, cfg *config.Config, listener net.Listener) error {
	metrics, err := telemetry.NewMetrics(telemetry.BuildInfo())
	if err != nil {
		return err
	}
	if err := h.gauges(metrics); err != nil {
		return err
	}
	web, err := h.Web(cfg, metrics.Provider)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	h.Queue.Workers = cfg.Workers
	h.Queue.Repeat(jobs.Schedule{Name: press.JobBrigades, Job: jobs.Job{Kind: press.JobBrigades}, Next: jobs.Every(2 * time.Minute)})
	h.Queue.Repeat(jobs.Schedule{Name: outbox.JobSend, Job: jobs.Job{Kind: outbox.JobSend}, Next: jobs.Every(time.Minute)})
	h.Queue.Repeat(jobs.Schedule{Name: review.JobDeadlines, Job: jobs.Job{Kind: review.JobDeadlines}, Next: jobs.Daily(7, 0)})
	h.Queue.Repeat(jobs.Schedule{Name: movement.JobRemind, Job: jobs.Job{Kind: movement.JobRemind}, Next: jobs.Daily(6, 30)})
	h.Queue.Repeat(jobs.Schedule{Name: worklist.JobDigest, Job: jobs.Job{Kind: worklist.JobDigest}, Next: jobs.Daily(7, 30)})
	h.Queue.Repeat(jobs.Schedule{Name: jobSweep, Job: jobs.Job{Kind: jobSweep}, Next: jobs.Daily(3, 10)})
	h.Queue.Repeat(jobs.Schedule{Name: jobOrphans, Job: jobs.Job{Kind: jobOrphans}, Next: jobs.Daily(3, 40)})
	var work sync.WaitGroup
	work.Go(func() { h.Queue.Run(ctx) })
	pages := webkit.Server(web.Handler, cfg.Addr)
	if pages.TLSConfig, err = serverTLS(cfg.TLSCert, cfg.TLSKey); err != nil {
		return err
	}
	servers := []*http.Server{pages}
	listeners := []net.Listener{listener}
	if cfg.MetricsAddr != "" {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.MetricsAddr)
		if err != nil {
			return fmt.Errorf("serve the metrics: %w", err)
		}
		servers = append(servers, webkit.Server(promhttp.HandlerFor(metrics.Gatherer, promhttp.HandlerOpts{}), cfg.MetricsAddr))
		listeners = append(listeners, l)
	}
	for _, s := range servers { // what a client did wrong names its address
		s.ErrorLog = slog.NewLogLogger(h.Logger.Handler(), slog.LevelDebug)
	}
	err = serveAll(ctx, servers, listeners)
	stop()
	work.Wait()
	return errors.Join(err, metrics.Close(context.WithoutCancel(ctx)))
}

// serveAll serves until the context ends or one server fails, and then lets running
// requests finish.
func serveAll(ctx context.Context, servers []*http.Server, listeners []net.Listener) error {
	failed := make(chan error, len(servers))
	for i, s := range servers {
		go func() {
			if s.TLSConfig != nil {
				failed <- s.ServeTLS(listeners[i], "", "")
				return
			}
			failed <- s.Serve(listeners[i])
		}()
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	for _, s := range servers {
		err = errors.Join(err, s.Shutdown(end))
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// gauges measures what the house is made of: connections and jobs.
func (h *House) gauges(m *telemetry.Metrics) error {
	if err := m.Gauge("nhanrong.db.connections", "Open connections to the database.", func(_ context.Context, observe telemetry.Observe) error {
		for _, pool := range h.DB.Pools() {
			observe(float64(pool.InUse), telemetry.Label("pool", pool.Name), telemetry.Label("state", "used"))
			observe(float64(pool.Idle), telemetry.Label("pool", pool.Name), telemetry.Label("state", "idle"))
		}
		return nil
	}); err != nil {
		return err
	}
	return m.Gauge("nhanrong.jobs", "Jobs by their state.", func(ctx context.Context, observe telemetry.Observe) error {
		s, err := h.Queue.Stats(ctx)
		if err != nil {
			return err
		}
		observe(float64(s.Waiting), telemetry.Label("state", "waiting"))
		observe(float64(s.Dead), telemetry.Label("state", "dead"))
		return nil
	})
}
