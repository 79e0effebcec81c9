package identity

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/nhanrong/nhanrong/internal/platform/db"
)

// Sessions without an account hold what somebody typed whose own session had run out.
// Anybody can make some, so they end soon, and there are few: of one network and in all.
// The oldest give way.
const (
	strangerTime = 30 * time.Minute

	maxStrangers         = 500
	maxStrangersBytes    = 8 << 20
	maxOfOneNetwork      = 20
	maxBytesOfOneNetwork = 512 << 10
)

// Network is the network of an address: its first 24 bits (IPv4) or 48 (IPv6), or the text
// itself where it is no address.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	bits := 48
	if a = a.Unmap(); a.Is4() {
		bits = 24
	}
	p, err := a.WithZone("").Prefix(bits)
	if err != nil {
		return address
	}
	return p.String()
}

// stranger is a session without an account.
type stranger struct {
	token   string
	network string
	bytes   int
}

// makeRoom removes the oldest sessions without an account that have no room beside one
// that comes.
func makeRoom(ctx context.Context, tx *db.Tx, in stranger) error {
	all, err := strangers(ctx, tx, in.token)
	if err != nil {
		return err
	}
	out := crowded(in, all)
	return db.Chunks(out, func(part []any) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM identity_session WHERE account_id IS NULL AND token_hash IN `+db.In(1, len(part)), part...)
		return err
	})
}

// crowded are the tokens of those among others, the newest first, that have no room beside
// the one that comes.
func crowded(in stranger, others []stranger) []string {
	sum, near := room{1, in.bytes}, room{1, in.bytes}
	var out []string
	for i, o := range others {
		if !sum.takes(o.bytes, maxStrangers, maxStrangersBytes) { // nor would any older one
			for _, older := range others[i:] {
				out = append(out, older.token)
			}
			return out
		}
		if o.network == in.network && !near.takes(o.bytes, maxOfOneNetwork, maxBytesOfOneNetwork) {
			out = append(out, o.token)
		}
	}
	return slices.Clip(out)
}

// room is how many sessions there are, and their bytes.
type room struct{ count, bytes int }

func (r *room) takes(bytes, most, mostBytes int) bool {
	r.count++
	r.bytes += bytes
	return r.count <= most && r.bytes <= mostBytes
}

// strangers lists the sessions without an account but one, the newest first, and more than
// there may be: several processes may have made some at one time.
func strangers(ctx context.Context, tx *db.Tx, but string) ([]stranger, error) {
	return db.All(ctx, tx, func(row db.Row) (s stranger, err error) {
		err = row.Scan(&s.token, &s.network, &s.bytes)
		return s, err
	}, `SELECT token_hash, network, bytes FROM identity_session WHERE account_id IS NULL AND token_hash <> $1
		ORDER BY created_at DESC, id DESC LIMIT $2`, but, 2*maxStrangers)
}
