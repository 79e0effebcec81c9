// Package s3 keeps files in a bucket that speaks S3, for offices whose machines have no
// disk of their own to rely on: the same [blob.Store] as the folder.
package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/nhanrong/nhanrong/internal/platform/blob"
)

// Store keeps files in a bucket, or below a beginning of names in it.
type Store struct {
	client *minio.Client
	Place
}

// Place is where files lie.
type Place struct {
	Host   string // with the port, where it is not the usual one
	Bucket string
	Prefix string // of every name, with a slash at its end, or ""
	Region string // "" asks the server
	Plain  bool   // without TLS
}

// Parse reads s3://HOST/BUCKET[/PREFIX][?region=…&tls=off]. Credentials in it are refused:
// what is part of an address is printed, logged and copied.
func Parse(raw string) (Place, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return Place{}, errors.New("must be s3://HOST/BUCKET") // without the cause: it repeats the address
	}
	if u.User != nil {
		return Place{}, errors.New("must hold no credentials: they have settings of their own")
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	p := Place{Host: u.Host, Bucket: bucket}
	if prefix != "" {
		p.Prefix = prefix + "/"
	}
	if bucket == "" {
		return Place{}, errors.New("must name a bucket: s3://HOST/BUCKET")
	}
	for name, values := range u.Query() {
		switch {
		case name == "region":
			p.Region = values[0]
		case name == "tls" && (values[0] == "off" || values[0] == "on"):
			p.Plain = values[0] == "off"
		default:
			return Place{}, fmt.Errorf("takes region=… and tls=off, not %s", name)
		}
	}
	return p, nil
}

// Open makes the store. Nothing is asked of the server yet: a command that needs no file
// works without it.
func Open(p Place, key, secret string) (*Store, error) {
	client, err := minio.New(p.Host, &minio.Options{
		Creds: credentials.NewStaticV4(key, secret, ""), Secure: !p.Plain, Region: p.Region, MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("reach the files on S3: %w", err)
	}
	return &Store{client: client, Place: p}, nil
}

func (s *Store) name(sha string) string { return s.Prefix + path.Join(sha[:2], sha[2:4], sha) }

// Put keeps a file. It lies in a temporary file until its name is known.
func (s *Store) Put(ctx context.Context, r io.Reader, most int64) (ref blob.Ref, err error) {
	spool, err := os.CreateTemp("", "nhanrong-*")
	if err != nil {
		return blob.Ref{}, fmt.Errorf("begin a file: %w", err)
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	if ref, err = blob.Spool(ctx, spool, r, most); err != nil {
		return blob.Ref{}, err
	}
	// In one piece, which arrives whole or not at all. The body is not signed, for some
	// servers read a signed one wrongly: MD5 guards the way, SHA-256 the reading.
	_, err = s.client.PutObject(ctx, s.Bucket, s.name(ref.SHA256), io.NewSectionReader(spool, 0, ref.Size), ref.Size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true, DisableContentSha256: true, SendContentMd5: true,
	})
	if err != nil {
		return blob.Ref{}, fmt.Errorf("put a file on S3: %w", err)
	}
	return ref, nil
}

// Open reads a file.
func (s *Store) Open(ctx context.Context, ref blob.Ref) (io.ReadCloser, error) {
	if !blob.Valid(ref.SHA256) {
		return nil, blob.ErrNotFound
	}
	object, err := s.client.GetObject(ctx, s.Bucket, s.name(ref.SHA256), minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("open a file on S3: %w", err)
	}
	info, err := object.Stat()
	switch {
	case missing(err):
		return nil, errors.Join(blob.ErrNotFound, object.Close())
	case err != nil:
		return nil, errors.Join(fmt.Errorf("open a file on S3: %w", err), object.Close())
	case info.Size != ref.Size:
		return nil, errors.Join(blob.ErrDamaged, object.Close())
	}
	return blob.Verify(object, ref), nil
}

func missing(err error) bool {
	return err != nil && minio.ToErrorResponse(err).Code == minio.NoSuchKey
}

// Sweep removes orphans. An upload in one piece leaves no halves behind.
func (s *Store) Sweep(ctx context.Context, before time.Time, kept blob.Kept) (int, error) {
	ctx, stop := context.WithCancel(ctx) // ends the list where this ends early
	defer stop()
	var old []string
	for object := range s.client.ListObjects(ctx, s.Bucket, minio.ListObjectsOptions{Prefix: s.Prefix, Recursive: true}) {
		if object.Err != nil {
			return 0, fmt.Errorf("look through the files on S3: %w", object.Err)
		}
		sha := path.Base(object.Key)
		if blob.Valid(sha) && s.name(sha) == object.Key && object.LastModified.Before(before) {
			old = append(old, sha)
		}
	}
	orphans, err := blob.Orphans(ctx, old, kept)
	if err != nil {
		return 0, err
	}
	removed := 0
	for _, sha := range orphans {
		info, err := s.client.StatObject(ctx, s.Bucket, s.name(sha), minio.StatObjectOptions{})
		if missing(err) || (err == nil && !info.LastModified.Before(before)) { // put once more meanwhile
			continue
		}
		if err == nil {
			err = s.client.RemoveObject(ctx, s.Bucket, s.name(sha), minio.RemoveObjectOptions{})
		}
		if err != nil {
			return removed, fmt.Errorf("remove an orphan on S3: %w", err)
		}
		removed++
	}
	return removed, nil
}
