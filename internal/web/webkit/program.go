package webkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/nhanrong/nhanrong/internal/platform/errs"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// Programs makes the routes of a face that programs use into one handler. It differs from
// [Kit.Handler] in three things. A program is known by the token that each request
// carries, never by a session: so no other site can make a browser act for somebody, and
// signing in here is of no use there. Errors are problem documents instead of pages. And
// calls of every method are bounded by the minute, not posts alone.
func (k *Kit) Programs(routes []Route) http.Handler {
	return k.around(k.calls(k.choose(routes)), programs)
}

// ProblemType is the media type of a [Problem].
const ProblemType = "application/problem+json"

// Problem says what went wrong in a form that programs read (RFC 9457). Title and detail
// are in the language of the request, code and field are not.
type Problem struct {
	Type     string  `json:"type" doc:"Always about:blank: the status and the code say what it is." example:"about:blank"`
	Title    string  `json:"title" doc:"What the status means, in the language of the request."`
	Status   int     `json:"status" doc:"The status of HTTP."`
	Detail   string  `json:"detail" doc:"What went wrong, in the language of the request."`
	Code     string  `json:"code" doc:"The name of the message: the same in every language and release." example:"practice.not_found"`
	Instance string  `json:"instance" doc:"The number of the request, as it stands in the log and in X-Request-Id, as a URN."`
	ID       string  `json:"id,omitempty" doc:"A number to quote, where the fault is the server's."`
	Errors   []Fault `json:"errors,omitempty" doc:"Each parameter or field that cannot be taken."`
}

// Fault is what is wrong with one parameter or field.
type Fault struct {
	Field  string `json:"field" doc:"The name of the parameter or field." example:"asOf"`
	Detail string `json:"detail" doc:"What is wrong with it, in the language of the request."`
	Code   string `json:"code" doc:"The name of the message." example:"errs.bad_date"`
}

// JSON answers with a value.
func JSON(w http.ResponseWriter, v any) error {
	var body bytes.Buffer
	if err := encode(&body, v); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(body.Bytes()) //nolint:errcheck // the program has gone
	return nil
}

func encode(body *bytes.Buffer, v any) error {
	enc := json.NewEncoder(body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// problemOf is the page of an error as a problem document.
func problemOf(r *http.Request, p ErrorPage, err error) Problem {
	v := visitOf(r)
	out := Problem{
		Type: "about:blank", Title: v.lang.T(Title(p.Status)), Status: p.Status, Detail: p.Messages[0], Code: codeOf(err),
		Instance: "urn:uuid:" + v.id, ID: p.ID,
	}
	for _, e := range errs.All(err) {
		if e.Field != "" {
			out.Errors = append(out.Errors, Fault{Field: e.Field, Detail: v.lang.T(e.Key, e.Args...), Code: e.Key.String()})
		}
	}
	return out
}

// codeOf names the message of an error.
func codeOf(err error) string {
	if s, ok := errors.AsType[*statusError](err); ok {
		return s.key.String()
	}
	if all := errs.All(err); len(all) > 0 && all[0].Kind != errs.Internal {
		return all[0].Key.String()
	}
	return i18n.ErrsInternal.String()
}

// Title says what a status of HTTP means.
func Title(status int) i18n.Key {
	titles := map[int]i18n.Key{
		http.StatusBadRequest: i18n.WebkitStatus400, http.StatusUnauthorized: i18n.WebkitStatus401, http.StatusForbidden: i18n.WebkitStatus403,
		http.StatusNotFound: i18n.WebkitStatus404, http.StatusMethodNotAllowed: i18n.WebkitStatus405, http.StatusConflict: i18n.WebkitStatus409,
		http.StatusRequestEntityTooLarge: i18n.WebkitStatus413, http.StatusUnprocessableEntity: i18n.WebkitStatus422,
		http.StatusTooManyRequests: i18n.WebkitStatus429, http.StatusServiceUnavailable: i18n.WebkitStatus503,
	}
	if key, ok := titles[status]; ok {
		return key
	}
	return i18n.WebkitStatus500
}

func (k *Kit) showProblem(w http.ResponseWriter, r *http.Request, p Problem) {
	if p.Status == http.StatusForbidden && w.Header().Get(challengeHeader) == "" { // a service asked for a further right
		w.Header().Set(challengeHeader, challengeRealm+insufficient)
	}
	var body bytes.Buffer
	if err := encode(&body, p); err != nil { // it holds texts and numbers only
		k.log(r, p.ID, err)
	}
	writeError(w, p.Status, ProblemType, body.Bytes())
}

// findByToken finds who asks by the token of the request (RFC 6750, 2.1).
func (v *visit) findByToken(r *http.Request) error {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return challenge(http.StatusUnauthorized, i18n.WebkitTokenNeeded, "")
	}
	who, err := v.kit.Identity.ActorByToken(r.Context(), strings.TrimSpace(token))
	if errs.Is(err, errs.Forbidden) {
		return challenge(http.StatusUnauthorized, i18n.IdentityTokenBad, `, error="invalid_token"`)
	}
	if err != nil {
		return err
	}
	v.actor = &who
	return nil
}

// admitProgram lets in a token that has the right of the route.
func (v *visit) admitProgram(rt Route) error {
	if rt.Right == "" || v.actor.Can(rt.Right) {
		return nil
	}
	return challenge(http.StatusForbidden, i18n.ErrsForbidden, insufficient+`, scope="`+string(rt.Right)+`"`)
}

const (
	challengeHeader = "WWW-Authenticate"
	challengeRealm  = `Bearer realm="nhanrong"`
	insufficient    = `, error="insufficient_scope"`
)

// challenge is an error that says which token would help (RFC 6750, 3).
func challenge(status int, key i18n.Key, more string) error {
	return &statusError{status: status, key: key, header: challengeHeader, value: challengeRealm + more}
}
