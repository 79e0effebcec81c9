package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/nhanrong/nhanrong/internal/platform/telemetry"
)

func TestLogger(t *testing.T) {
	var out bytes.Buffer
	log, err := telemetry.Logger(&out, "warn", "json")
	if err != nil {
		t.Fatal(err)
	}
	log.Info("quiet")
	log.Warn("loud")
	if got := out.String(); strings.Contains(got, "quiet") || !strings.Contains(got, `"msg":"loud"`) {
		t.Errorf("logged %s", got)
	}
	for _, bad := range [][2]string{{"loud", "text"}, {"info", "xml"}} {
		if _, err := telemetry.Logger(&out, bad[0], bad[1]); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

func TestMetricsAreGathered(t *testing.T) {
	m, err := telemetry.NewMetrics(telemetry.Build{Version: "v1.2.3", Go: "go1"})
	if err != nil {
		t.Fatal(err)
	}
	waiting := 3.0
	err = m.Gauge("nhanrong.jobs", "Jobs by state.", func(_ context.Context, observe telemetry.Observe) error {
		observe(waiting, telemetry.Label("state", "waiting"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []float64{3, 4} {
		waiting = want
		if got := gather(t, m, "nhanrong_jobs"); got != want {
			t.Errorf("nhanrong_jobs is %v, want %v", got, want)
		}
	}
	if gather(t, m, "nhanrong_build") != 1 || gather(t, m, "go_goroutines") < 1 {
		t.Error("the build or the runtime is missing")
	}
	if err := m.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func gather(t *testing.T, m *telemetry.Metrics, name string) float64 {
	t.Helper()
	families, err := m.Gatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), name) {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("%s is not among the metrics", name)
	return 0
}

func TestHealth(t *testing.T) {
	alive, err := telemetry.Evaluate(t.Context())
	if err != nil || !alive.OK {
		t.Errorf("%+v %v", alive, err)
	}
	good := telemetry.Check{Name: "good", Run: func(context.Context) error { return nil }}
	bad := telemetry.Check{Name: "bad", Run: func(context.Context) error { return errors.New("no disk") }}
	hangs := telemetry.Check{Name: "hangs", Run: func(context.Context) error { select {} }}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h, err := telemetry.Evaluate(ctx, hangs)
	if h.OK || h.Checks["hangs"] || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v %v", h, err)
	}
	h, err = telemetry.Evaluate(t.Context(), good, bad)
	if h.OK || !h.Checks["good"] || h.Checks["bad"] || err == nil || !strings.Contains(err.Error(), "no disk") {
		t.Errorf("%+v %v", h, err)
	}
}
