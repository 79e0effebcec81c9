// Package telemetry lets the one who runs the system see how it does: the log, the
// metrics and the health checks. It speaks no HTTP: a face serves what is gathered here.
//
// Nothing of it holds personal data: no names, no logins, no addresses, no texts.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel/attribute"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
)

// Logger writes log lines to w as "text" or "json", from a level on: "debug", "info",
// "warn" or "error".
func Logger(w io.Writer, level, format string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("the level of the log: %w", err)
	}
	options := &slog.HandlerOptions{Level: least}
	switch format {
	case "text":
		return slog.New(slog.NewTextHandler(w, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return nil, fmt.Errorf("the log is written as text or json, not %q", format)
}

// Build says which program this is.
type Build struct {
	Version  string `json:"version"`  // of the module, "(devel)" outside a release
	Revision string `json:"revision"` // of the source, "" where it is not known
	Modified bool   `json:"modified"` // built from a source that was changed after the revision
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// BuildInfo reads what the compiler left in the program.
func BuildInfo() Build {
	b := Build{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// Metrics gathers what is measured.
type Metrics struct {
	// Provider is for instruments, those of the HTTP server among them.
	Provider metric.MeterProvider
	// Gatherer is what a face serves as /metrics.
	Gatherer prometheus.Gatherer
	sdk      *sdkmetric.MeterProvider
	meter    metric.Meter
}

// NewMetrics makes the metrics, with those of the Go runtime, the process and the build.
func NewMetrics(b Build) (*Metrics, error) {
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, fmt.Errorf("make the exporter of metrics: %w", err)
	}
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter), sdkmetric.WithResource(resource.Empty()))
	m := &Metrics{Provider: provider, Gatherer: registry, sdk: provider, meter: provider.Meter("nhanrong")}
	for _, c := range []prometheus.Collector{
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	} {
		if err := registry.Register(c); err != nil {
			return nil, fmt.Errorf("register a collector: %w", err)
		}
	}
	labels := []attribute.KeyValue{
		attribute.String("version", b.Version), attribute.String("revision", b.Revision), attribute.String("go", b.Go),
	}
	err = m.Gauge("nhanrong.build", "The program that runs; always 1.", func(_ context.Context, observe Observe) error {
		observe(1, labels...)
		return nil
	})
	return m, err
}

// Observe records one value of a gauge.
type Observe func(value float64, labels ...attribute.KeyValue)

// Label makes a label of a value: a small, closed set of words, never what a person is
// called or has typed.
func Label(name, value string) attribute.KeyValue { return attribute.String(name, value) }

// Gauge registers a value that is read whenever somebody gathers: the size of a pool, the
// length of a queue.
func (m *Metrics) Gauge(name, help string, read func(context.Context, Observe) error) error {
	_, err := m.meter.Float64ObservableGauge(name, metric.WithDescription(help),
		metric.WithFloat64Callback(func(ctx context.Context, o metric.Float64Observer) error {
			return read(ctx, func(v float64, labels ...attribute.KeyValue) { o.Observe(v, metric.WithAttributes(labels...)) })
		}))
	if err != nil {
		return fmt.Errorf("register the gauge %s: %w", name, err)
	}
	return nil
}

// Close ends the metrics.
func (m *Metrics) Close(ctx context.Context) error {
	if err := m.sdk.Shutdown(ctx); err != nil {
		return fmt.Errorf("end the metrics: %w", err)
	}
	return nil
}

// Check is one thing that must work for the system to serve.
type Check struct {
	Name string
	Run  func(context.Context) error
}

// Health is the outcome of checks.
type Health struct {
	OK bool `json:"ok"`
	// Checks says for each whether it passed; why one did not is for the log only,
	// because anyone may ask.
	Checks map[string]bool `json:"checks"`
}

// checkTime bounds each check: one that hangs has failed.
const checkTime = 2 * time.Second

// Evaluate runs the checks side by side. Without any it says that the process is alive;
// with those of what it depends on, whether it is ready. The error joins the reasons.
func Evaluate(ctx context.Context, checks ...Check) (Health, error) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	failed := make([]error, len(checks))
	var wait sync.WaitGroup
	for i, c := range checks {
		wait.Go(func() { failed[i] = bounded(ctx, c) })
	}
	wait.Wait()
	h := Health{OK: true, Checks: map[string]bool{}}
	for i, c := range checks {
		h.Checks[c.Name] = failed[i] == nil
		h.OK = h.OK && failed[i] == nil
	}
	return h, errors.Join(failed...)
}

// bounded gives up on a check that does not heed its context.
func bounded(ctx context.Context, c Check) error {
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("check %s: %w", c.Name, err)
		}
		return nil
	case <-ctx.Done():
		return fmt.Errorf("check %s: %w", c.Name, ctx.Err())
	}
}
