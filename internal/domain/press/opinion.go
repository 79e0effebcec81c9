package press

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
	"unicode"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/platform/db"
	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/platform/mail"
	"github.com/nhanrong/nhanrong/internal/platform/viet"
)

// OpinionState is where an opinion (ý kiến bạn đọc) stands. Nobody but moderators reads
// one that waits; one that was refused can be passed after all, and the other way round.
type OpinionState string

// The states.
const (
	OpinionWaiting   OpinionState = "waiting"
	OpinionPassed    OpinionState = "passed"
	OpinionRefused   OpinionState = "refused"
	OpinionWithdrawn OpinionState = "withdrawn" // by its writer, for good
)

// Doubt says why an opinion was set aside for a second look. It is kept like any other and
// can be passed: what set it aside is a guess.
type Doubt string

// The doubts.
const (
	NoDoubt        Doubt = ""
	DoubtOfRobot   Doubt = "robot"   // it filled what people do not see, or names itself a robot
	DoubtOfWord    Doubt = "word"    // it holds a word of the block list
	DoubtOfNetwork Doubt = "network" // it comes from a network of the block list
	DoubtOfRepeat  Doubt = "repeat"  // the same text came within a day
)

// Opinion is what a reader says of an article. The address for an answer is not in it: it
// is kept and never shown.
type Opinion struct {
	ID         string
	Article    string
	State      OpinionState
	Doubt      Doubt
	DoubtWord  string // the word that was met
	Name       string
	Text       string
	Wanted     bool // an answer is wanted
	At         time.Time
	DecidedAt  time.Time
	Reason     Refusal
	ReasonText string
	Answer     string // of the unit whose article it is
	AnsweredAt time.Time
	Reports    int // by readers, since a moderator looked last
	network    string
}

// OpinionInput is what a reader sends.
type OpinionInput struct {
	Article string
	Name    string
	Text    string
	Wanted  bool   // an answer is wanted
	Email   string // kept only where an answer is wanted
	Network string // where it comes from, as NetworkOf gives it
	Robot   bool
}

// Bounds of an opinion, in characters.
const (
	MinOpinionName = 2
	MaxOpinionName = 60
	MinOpinion     = 5
	MaxOpinion     = 2000
	maxLinksWithin = 2
)

// Check cleans the input and gathers everything that is wrong with it.
func (in *OpinionInput) Check() error {
	var l errs.List
	in.Name, in.Text = viet.Line(visible(in.Name)), strings.TrimSpace(viet.NFC(visible(in.Text)))
	bounded(&l, "name", in.Name, MinOpinionName, MaxOpinionName)
	bounded(&l, "text", in.Text, MinOpinion, MaxOpinion)
	switch {
	case hasTag(in.Text):
		l.Add("text", i18n.OpinionNoHtml)
	case linksIn(in.Text) > maxLinksWithin:
		l.Add("text", i18n.OpinionTooManyLinks, maxLinksWithin)
	}
	if hasTag(in.Name) || linksIn(in.Name) > 0 || (in.Name != "" && strings.IndexFunc(in.Name, unicode.IsLetter) < 0) {
		l.Add("name", i18n.OpinionBadName)
	}
	if in.Email = strings.TrimSpace(in.Email); !in.Wanted {
		in.Email = ""
	}
	if in.Email != "" && !mail.Address(in.Email) {
		l.Add("email", i18n.OpinionBadEmail)
	}
	return l.Err()
}

func bounded(l *errs.List, field, s string, least, most int) {
	n := len(*l)
	l.Text(field, s, most, true)
	if len(*l) == n && len([]rune(s)) < least {
		l.Add(field, i18n.OpinionTooShort, least)
	}
}

// visible leaves out characters that are not seen and could make a text read as another.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

// hasTag tells whether a text holds what looks like HTML; "a < b" does not.
func hasTag(s string) bool {
	for i := range len(s) - 1 {
		if next := s[i+1]; s[i] == '<' && (next == '/' || next == '!' || next == '?' || next|0x20 >= 'a' && next|0x20 <= 'z') {
			return true
		}
	}
	return false
}

// linksIn counts the addresses in a text.
func linksIn(s string) int {
	s = strings.ToLower(s)
	return strings.Count(s, "://") + strings.Count(s, "www.") - strings.Count(s, "://www.")
}

// digest is by what the same text is known again, without regard to case, diacritics and
// signs between words.
func digest(text string) string {
	words := strings.FieldsFunc(viet.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return hex.EncodeToString(sum[:])
}

// receiptOf is how the code of a receipt stands in the database.
func receiptOf(code string) string {
	sum := sha256.Sum256([]byte("receipt " + strings.ToUpper(strings.TrimSpace(code))))
	return hex.EncodeToString(sum[:])
}

// How many opinions one network may send, and how many it may report. An office shares one
// network: more than these within the time are no conversation.
const (
	opinionsAnHour = 5
	opinionsADay   = 20
	reportsAnHour  = 10
	reportsADay    = 40
)

// Say keeps an opinion on a published article until a moderator passes it, and gives the
// code by which its writer follows and withdraws it: 130 random bits, kept as a hash only.
func (s *Service) Say(ctx context.Context, in OpinionInput) (string, error) {
	if err := in.Check(); err != nil {
		return "", err
	}
	if in.Network == "" || len(in.Network) > 64 {
		return "", errs.New(errs.Invalid, i18n.ErrsBadText).On("network")
	}
	code := rand.Text()
	refused, err := s.said.Do(ctx, saying{in, receiptOf(code)})
	if err == nil {
		err = refused
	}
	return code, err
}

// saying is an opinion on its way to the database.
type saying struct {
	OpinionInput
	receipt string
}

// commitSayings makes opinions that came together durable, all in one commit, and tells of
// each why it was refused, if it was.
func (s *Service) commitSayings(ctx context.Context, all []saying) ([]error, error) {
	refused := make([]error, len(all))
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for i, in := range all {
			err := s.keepOpinion(ctx, tx, in)
			if errs.KindOf(err) == errs.Internal && err != nil {
				return err
			}
			refused[i] = err // before anything of it was written
		}
		return nil
	})
	return refused, err
}

func (s *Service) keepOpinion(ctx context.Context, tx *db.Tx, in saying) error {
	published, err := unitsOfPublished(ctx, tx, map[string]bool{in.Article: true})
	if err != nil {
		return err
	}
	if published[in.Article] == "" {
		return errs.New(errs.NotFound, i18n.PressNotFound)
	}
	now := s.now()
	if err := withinLimits(now, func(since time.Time) (int, error) { return opinionsSince(ctx, tx, in.Network, since) },
		limit{opinionsAnHour, time.Hour, i18n.OpinionLimitHour}, limit{opinionsADay, 24 * time.Hour, i18n.OpinionLimitDay}); err != nil {
		return err
	}
	o := Opinion{
		ID: s.newID(), Article: in.Article, State: OpinionWaiting, Name: in.Name, Text: in.Text, Wanted: in.Wanted, At: now, network: in.Network,
	}
	if o.Doubt, o.DoubtWord, err = doubtOf(ctx, tx, in.OpinionInput, now); err != nil {
		return err
	}
	return insertOpinion(ctx, tx, o, in.Email, in.receipt)
}

// limit is how much one network may send within a time.
type limit struct {
	most   int
	within time.Duration
	key    i18n.Key // what it is told that sends more
}

// withinLimits fails where a network has sent as much as it may; since counts what it has
// sent.
func withinLimits(now time.Time, since func(time.Time) (int, error), limits ...limit) error {
	for _, l := range limits {
		n, err := since(now.Add(-l.within))
		if err != nil {
			return err
		}
		if n >= l.most {
			return errs.New(errs.Conflict, l.key, l.most)
		}
	}
	return nil
}

// doubtOf finds why an opinion is set aside, if it is.
func doubtOf(ctx context.Context, q db.Querier, in OpinionInput, now time.Time) (Doubt, string, error) {
	if in.Robot {
		return DoubtOfRobot, "", nil
	}
	list, err := blocks(ctx, q)
	if err != nil {
		return NoDoubt, "", err
	}
	said := " " + plainWords(in.Name) + " | " + plainWords(in.Text) + " "
	for _, b := range list {
		switch {
		case b.Kind == BlockedNetwork && b.Value == in.Network:
			return DoubtOfNetwork, "", nil
		case b.Kind == BlockedWord && strings.Contains(said, " "+b.Value+" "):
			return DoubtOfWord, b.Value, nil
		}
	}
	same, err := sameSince(ctx, q, digest(in.Text), now.AddDate(0, 0, -1))
	if err == nil && same > 0 {
		return DoubtOfRepeat, "", nil
	}
	return NoDoubt, "", err
}

// plainWords brings words to the form in which they are compared: in lower case with their
// tones in one place, one blank between them. Diacritics stay: without them "lớn" would be
// taken for another word.
func plainWords(s string) string {
	words := strings.FieldsFunc(strings.ToLower(viet.Tones(viet.NFC(s))), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, " ")
}

// OpinionsPerPage is how many opinions stand under an article at a time.
const OpinionsPerPage = 20

// Opinions gives a part of the opinions that readers see under an article, the newest
// first, how many there are in all, and the cursor of the next part.
func (s *Service) Opinions(ctx context.Context, article, cursor string) (all []Opinion, count int, next string, err error) {
	head, err := s.Head(ctx, 0)
	if err != nil {
		return nil, 0, "", err
	}
	if t, ok := s.talks.get(head, article); ok && cursor == "" {
		return t.all, t.count, t.next, nil
	}
	t, err := s.readTalk(ctx, article, cursor)
	if err == nil && cursor == "" {
		s.talks.put(head, article, t)
	}
	return t.all, t.count, t.next, err
}

// talk is a part of the opinions under an article.
type talk struct {
	all   []Opinion
	count int
	next  string
}

func (s *Service) readTalk(ctx context.Context, article, cursor string) (t talk, err error) {
	err = s.db.Snapshot(ctx, func(q db.Querier) error {
		if t.count, err = db.One(ctx, q, db.Int, `SELECT count(*) FROM press_opinion WHERE article_id = $1 AND state = 'passed'`, article); err != nil {
			return err
		}
		t.all, err = passedOpinions(ctx, q, article, cursor)
		return err
	})
	if err == nil && len(t.all) > OpinionsPerPage {
		t.all = t.all[:OpinionsPerPage]
		t.next = opinionCursor(t.all[OpinionsPerPage-1])
	}
	return t, err
}

// Receipt is what the writer of an opinion sees of it.
type Receipt struct {
	Opinion
	On Headline // the article
}

// Receipt finds an opinion by the code that its writer was given.
func (s *Service) Receipt(ctx context.Context, code string) (Receipt, error) {
	var r Receipt
	err := s.db.Snapshot(ctx, func(q db.Querier) error {
		var err error
		if r.Opinion, err = opinionByReceipt(ctx, q, receiptOf(code)); err != nil {
			return err
		}
		a, err := find(ctx, q, r.Article)
		r.On = Headline{ID: a.ID, No: a.No, Slug: a.Slug, Title: a.Title, State: a.State, Unit: a.Unit}
		return err
	})
	return r, err
}

// WithdrawOpinion takes an opinion back for its writer: its words, name and address are
// erased. One that is withdrawn already stays so.
func (s *Service) WithdrawOpinion(ctx context.Context, code string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := opinionByReceipt(ctx, tx, receiptOf(code))
		if err != nil || o.State == OpinionWithdrawn {
			return err
		}
		if err := eraseOpinion(ctx, tx, o.ID, s.now()); err != nil {
			return err
		}
		if err := s.rooms.Outbox.Forget(ctx, tx, letterAbout(o)); err != nil {
			return err
		}
		return s.auditOpinion(ctx, tx, actor.Nobody(actor.Web), "press.opinion.withdraw", o, nil)
	})
}

// Report is what a reader sends who finds an opinion on an article bad.
type Report struct {
	Article string
	Opinion string
	Device  string // as DeviceOf gives it
	Network string // where it comes from, as NetworkOf gives it
}

// ReportOpinion keeps that a device finds an opinion bad; each device counts once, and of
// one network so many as the bounds say. It only makes moderators look again.
func (s *Service) ReportOpinion(ctx context.Context, in Report) error {
	if in.Device == "" || len(in.Device) > 64 || in.Network == "" || len(in.Network) > 64 {
		return errs.New(errs.Invalid, i18n.ErrsBadText).On("device")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := opinion(ctx, tx, in.Opinion)
		if err != nil {
			return err
		}
		if o.State != OpinionPassed || o.Article != in.Article {
			return errs.New(errs.NotFound, i18n.OpinionNotFound)
		}
		if done, err := reported(ctx, tx, in); done || err != nil {
			return err
		}
		now := s.now()
		if err := withinLimits(now, func(since time.Time) (int, error) { return reportsSince(ctx, tx, in.Network, since) },
			limit{reportsAnHour, time.Hour, i18n.OpinionReportLimitHour}, limit{reportsADay, 24 * time.Hour, i18n.OpinionReportLimitDay}); err != nil {
			return err
		}
		return insertReport(ctx, tx, in, now)
	})
}

func (s *Service) auditOpinion(ctx context.Context, tx *db.Tx, who actor.Actor, action string, o Opinion, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["article"] = o.Article // and none of its words: they must be erasable
	return s.rooms.Log.Add(ctx, tx, who, action, audit.Object{Kind: "opinion", ID: o.ID}, detail)
}
