package s3_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
	"github.com/nhanrong/nhanrong/internal/platform/blob/blobtest"
	"github.com/nhanrong/nhanrong/internal/platform/blob/s3"
)

// store is a bucket on a server in this process, whose clock the test holds.
func store(t *testing.T, prefix string) (*s3.Store, *s3mem.Backend, *blobtest.Clock) {
	t.Helper()
	clock := &blobtest.Clock{}
	backend := s3mem.New(s3mem.WithTimeSource(timeSource{clock}))
	if err := backend.CreateBucket("nhanrong"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend, gofakes3.WithTimeSource(timeSource{clock}), gofakes3.WithTimeSkewLimit(0)).Server())
	t.Cleanup(server.Close)
	place, err := s3.Parse(fmt.Sprintf("s3://%s/nhanrong%s?tls=off&region=vn-1", strings.TrimPrefix(server.URL, "http://"), prefix))
	if err != nil {
		t.Fatal(err)
	}
	s, err := s3.Open(place, "key", "secret")
	if err != nil {
		t.Fatal(err)
	}
	return s, backend, clock
}

type timeSource struct{ *blobtest.Clock }

func (s timeSource) Since(at time.Time) time.Duration { return s.Now().Sub(at) }

func TestS3KeepsFiles(t *testing.T) {
	for _, prefix := range []string{"", "/phuong/a"} {
		s, backend, clock := store(t, prefix)
		blobtest.Conform(t, blobtest.Subject{Store: s, Clock: clock, Damage: func(ref blob.Ref, content string) {
			key := strings.TrimPrefix(strings.TrimPrefix(prefix, "/")+"/"+ref.SHA256[:2]+"/"+ref.SHA256[2:4]+"/"+ref.SHA256, "/")
			if _, err := backend.PutObject("nhanrong", key, map[string]string{}, strings.NewReader(content), int64(len(content)), nil); err != nil {
				t.Fatal(err)
			}
		}})
	}
}

func TestPlaces(t *testing.T) {
	p, err := s3.Parse("s3://s3.example.vn:9000/tep/phuong/?region=hn")
	if want := (s3.Place{Host: "s3.example.vn:9000", Bucket: "tep", Prefix: "phuong/", Region: "hn"}); err != nil || p != want {
		t.Errorf("%+v, %v", p, err)
	}
	for _, bad := range []string{"s3://", "s3://host", "s3:///bucket", "http://host/bucket", "s3://k:matkhau@host/bucket", "s3://host/b?x=matkhau", "s3://host/b?tls=no", "s3://%zz:matkhau@"} {
		if _, err := s3.Parse(bad); err == nil || strings.Contains(err.Error(), "matkhau") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
