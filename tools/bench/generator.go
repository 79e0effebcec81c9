package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"slices"
	"strconv"
	"sync"
	"time"
)

// asking is a load: so many connections, kept open, each of which asks again when it was
// answered, or after its pause. It ends with the time, and never later.
type asking struct {
	addr   string
	conns  int
	length time.Duration
	every  time.Duration                       // between the beginnings of two questions of a connection; 0 is without a pause
	next   func(conn, n int, to []byte) []byte // appends the nth request of a connection
	good   int                                 // the status that is wanted
}

// asked is what came of a load.
type asked struct {
	good      int
	perSecond float64
	p50, p99  float64     // milliseconds
	other     map[int]int // how many answers of other statuses
}

// run sends what the standard client would, without its cost: the machine has two
// processors, and the load takes its share of them.
func (a asking) run(ctx context.Context) (asked, error) {
	ctx, cancel := context.WithTimeout(ctx, a.length)
	defer cancel()
	var wait sync.WaitGroup
	var lock sync.Mutex
	var times []float64
	var failed error
	out := asked{other: map[int]int{}}
	begin := time.Now() //nolint:forbidigo // this is a stopwatch
	for i := range a.conns {
		wait.Go(func() {
			own, other, err := a.one(ctx, i)
			lock.Lock()
			defer lock.Unlock()
			times = append(times, own...)
			for status, n := range other {
				out.other[status] += n
			}
			if err != nil && ctx.Err() == nil {
				failed = err
			}
		})
	}
	wait.Wait()
	out.good = len(times)
	out.perSecond = float64(len(times)) / time.Since(begin).Seconds() //nolint:forbidigo // this is a stopwatch
	if len(times) > 0 {
		slices.Sort(times)
		out.p50, out.p99 = times[len(times)/2], times[len(times)*99/100]
	}
	return out, failed
}

// one is a connection of the load, with the times of the good answers.
func (a asking) one(ctx context.Context, conn int) (times []float64, other map[int]int, err error) {
	other = map[int]int{}
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", a.addr)
	if err != nil {
		return nil, other, err
	}
	defer c.Close()                                                                            //nolint:errcheck // it is done with
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Now().Add(10 * time.Second)) }) //nolint:errcheck,forbidigo // a last answer may come
	defer stop()
	in := bufio.NewReaderSize(c, 16<<10)
	var request []byte
	due := time.Now().Add(a.every * time.Duration(conn) / time.Duration(a.conns)) //nolint:forbidigo // this is a stopwatch
	for n := 0; ctx.Err() == nil; n++ {
		if a.every > 0 {
			time.Sleep(time.Until(due)) //nolint:forbidigo // this is a stopwatch
			due = due.Add(a.every)
		}
		request = a.next(conn, n, request[:0])
		begin := time.Now() //nolint:forbidigo // this is a stopwatch
		if _, err := c.Write(request); err != nil {
			return times, other, err
		}
		status, err := readAnswer(in)
		if err != nil {
			return times, other, err
		}
		if status != a.good {
			other[status]++
			continue
		}
		times = append(times, float64(time.Since(begin).Microseconds())/1000) //nolint:forbidigo // this is a stopwatch
	}
	return times, other, nil
}

// readAnswer reads an answer to its end and gives its status.
func readAnswer(in *bufio.Reader) (status int, err error) {
	length, chunked := 0, false
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if first {
			if len(line) < 12 {
				return 0, fmt.Errorf("an answer begins with %q", line)
			}
			status, err = strconv.Atoi(string(line[9:12]))
			if err != nil {
				return 0, err
			}
			continue
		}
		if len(line) == 0 {
			break
		}
		if rest, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(rest)); err != nil {
				return 0, err
			}
		}
		chunked = chunked || bytes.Equal(line, []byte("Transfer-Encoding: chunked"))
	}
	if chunked {
		if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(in)); err != nil {
			return 0, err
		}
		_, err := in.ReadSlice('\n')
		return status, err
	}
	_, err = in.Discard(length)
	return status, err
}

// asBrowser is the head of a request as a browser sends it, but for what comes after.
const asBrowser = " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: vi-VN,vi;q=0.8,en-US;q=0.5,en;q=0.3\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\nConnection: keep-alive\r\nSec-Fetch-Site: same-origin\r\n"

// pages asks for some pages, one after the other.
func pages(paths []string) func(conn, n int, to []byte) []byte {
	apart := max(1, len(paths)/crowdConns) // so that no connection follows another
	return func(conn, n int, to []byte) []byte {
		to = append(append(to, "GET "...), paths[(conn*apart+n)%len(paths)]...)
		return append(append(to, asBrowser...), "\r\n"...)
	}
}

// form sends a form to some addresses, each time from another network.
func form(paths []string, body func(conn, n int) string) func(conn, n int, to []byte) []byte {
	return func(conn, n int, to []byte) []byte {
		text := body(conn, n)
		to = append(append(to, "POST "...), paths[(conn+n)%len(paths)]...)
		to = append(to, asBrowser...)
		from := conn*7919 + n // the quickest to change is what networks are told apart by
		to = fmt.Appendf(to, "X-Forwarded-For: 10.%d.%d.%d\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n",
			from>>8&255, from&255, 1+from>>16&127, len(text))
		return append(to, text...)
	}
}
