// Package sending is the pages on which frozen reports go up as packages, and come in from
// the units below: made and downloaded, taken in, looked at, accepted or returned, summed; and
// the keys by which the two ends know each other.
package sending

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"

	"github.com/nhanrong/nhanrong/internal/domain/movement"
	"github.com/nhanrong/nhanrong/internal/domain/parcel"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/desk"
	"github.com/nhanrong/nhanrong/internal/web/ui"
	"github.com/nhanrong/nhanrong/internal/web/webkit"
)

// Rooms are the capabilities that the pages show.
type Rooms struct {
	Now       clock.Clock
	Movements *movement.Service
	Parcels   *parcel.Service
}

// Face is these pages.
type Face struct {
	Rooms
	*desk.Desk
}

// New makes the pages.
func New(frame *desk.Desk, rooms Rooms) *Face { return &Face{Rooms: rooms, Desk: frame} }

const (
	path         = desk.PackagesPath
	receivedPath = path + "/received"
	sentPath     = path + "/sent"
	keysPath     = path + "/keys"
	sumPath      = path + "/summary"
)

// Routes lists every address.
func (f *Face) Routes() []webkit.Route {
	return slices.Concat(f.inboxRoutes(), f.sentRoutes(), f.keyRoutes(), f.sumRoutes())
}

// tabs are the parts of these pages.
func tabs(p ui.Page, current string) []ui.Tab {
	var all []ui.Tab
	for _, one := range []struct {
		key  i18n.Key
		href string
	}{{i18n.SendingInbox, path}, {i18n.SendingSent, sentPath}, {i18n.SendingSum, sumPath}, {i18n.SendingKeys, keysPath}} {
		all = append(all, ui.Tab{Text: p.T(one.key), Href: one.href, NoCount: true, Current: one.href == current})
	}
	return all
}

func crumb(lang i18n.Lang) ui.Link { return ui.Link{Text: lang.T(i18n.SendingTitle), Href: path} }

// spooled makes a file on the disk before it is sent: only then is its length known, and what
// goes wrong is told before the first byte.
func spooled(w http.ResponseWriter, r *http.Request, a webkit.Attachment, fill func(*os.File) (string, error)) (err error) {
	file, err := os.CreateTemp("", "nhanrong-*"+a.Endings[0])
	if err != nil {
		return fmt.Errorf("make room for a file: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if a.Name, err = fill(file); err != nil {
		return err
	}
	if a.Size, err = file.Seek(0, 1); err != nil {
		return fmt.Errorf("measure a file: %w", err)
	}
	if _, err := file.Seek(0, 0); err != nil {
		return fmt.Errorf("read a file again: %w", err)
	}
	a.Content = file
	return webkit.Download(w, r, a)
}

// asPackage is a package as an attachment.
func asPackage(name string) webkit.Attachment {
	return webkit.Attachment{Name: name, Type: "application/zip", Endings: []string{parcel.Ending}}
}
