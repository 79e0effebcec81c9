package webkit

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The hidden fields that a form may carry for the kit.
const (
	// PageField is the path of the page with the form, where that is not the page from
	// which it was posted.
	PageField = "_page"
	// AccountField is the account that filled the form: it is kept for no other.
	AccountField = "_account"
)

// A kept form is bounded in size and in time: it lies in the session of somebody who is
// not signed in. How many such sessions there are is bounded where they are kept.
const (
	maxKept  = 64 << 10
	keptTime = 30 * time.Minute
)

type keptForm struct {
	Page    string     `json:"page"`
	Values  url.Values `json:"values"`
	At      time.Time  `json:"at"`
	Of      string     `json:"of"`      // the account that filled it, where the form says so
	Account string     `json:"account"` // the account that has signed in since
}

// formPage is the page on which the posted form stands: named by the form, else the page
// the browser says it came from.
func formPage(r *http.Request) string {
	if page := r.PostForm.Get(PageField); localPath(page) && len(page) <= 2000 {
		return page
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !localPath(from.RequestURI()) {
		return ""
	}
	return from.RequestURI()
}

// keep puts the posted form into the session, without whatever looks like a secret.
func (k *Kit) keep(session context.Context, r *http.Request, page string) {
	kept := keptForm{Page: page, Values: url.Values{}, At: k.Now(), Of: r.PostForm.Get(AccountField)}
	for name, values := range r.PostForm {
		if !secretField(name) && !strings.HasPrefix(name, "_") {
			kept.Values[name] = values
		}
	}
	if len(kept.Values) == 0 {
		return
	}
	raw, err := json.Marshal(kept)
	if err != nil || len(raw) > maxKept { // too much to keep: the sign-in still leads back to the page
		return
	}
	k.sessions.Put(session, keyKept, string(raw))
}

func secretField(name string) bool {
	lower := strings.ToLower(name)
	return slices.ContainsFunc([]string{"pass", "pwd", "secret", "token", "matkhau"}, func(s string) bool { return strings.Contains(lower, s) }) ||
		lower == "old" || lower == "otp" || lower == "pin"
}

func (k *Kit) kept(session context.Context) (keptForm, bool) {
	var kept keptForm
	raw := k.sessions.GetString(session, keyKept)
	if raw == "" || json.Unmarshal([]byte(raw), &kept) != nil {
		return kept, false
	}
	return kept, true
}

// bindKept gives the kept form to the account that has signed in, unless it was another
// that filled it or too much time has gone by; it gives the path to go to.
func (k *Kit) bindKept(session context.Context, kept keptForm, account, next string) string {
	raw, err := json.Marshal(keptForm{Page: kept.Page, Values: kept.Values, At: kept.At, Of: kept.Of, Account: account})
	if err != nil || k.Now().Sub(kept.At) > keptTime || (kept.Of != "" && kept.Of != account) {
		k.sessions.Remove(session, keyKept)
		return next
	}
	k.sessions.Put(session, keyKept, string(raw))
	return kept.Page
}

// Kept gives, once, the values of a form that was posted to this page after the session
// had run out, or nothing. The page shows its form filled with them; a note says so.
func Kept(r *http.Request) url.Values {
	v := visitOf(r)
	if v.kit == nil || Actor(r).Account == "" {
		return nil
	}
	kept, ok := v.kit.kept(v.session)
	if !ok || kept.Account != v.visitor.Account || kept.Page != r.URL.RequestURI() {
		return nil
	}
	v.kit.sessions.Remove(v.session, keyKept)
	if v.kit.Now().Sub(kept.At) > keptTime {
		return nil
	}
	return kept.Values
}
