package cli

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/nhanrong/nhanrong/internal/app"
	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/audit"
	"github.com/nhanrong/nhanrong/internal/domain/identity"
	"github.com/nhanrong/nhanrong/internal/platform/clock"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

// accountCmd keeps the accounts.
type accountCmd struct {
	First    accountFirst    `cmd:"" help:"${cli_account_first}"`
	List     accountList     `cmd:"" help:"${cli_account_list}"`
	Create   accountCreate   `cmd:"" help:"${cli_account_create}"`
	Password accountPassword `cmd:"" help:"${cli_account_password}"`
	Disable  accountDisable  `cmd:"" help:"${cli_account_disable}"`
	Enable   accountEnable   `cmd:"" help:"${cli_account_enable}"`
	Grant    accountGrant    `cmd:"" help:"${cli_account_grant}"`
}

// password reads a password from the first line of the input: it must not stand in the
// list of processes.
func (c *call) password() (string, error) {
	c.say(i18n.CliPassword)
	line, err := bufio.NewReader(c.streams.In).ReadString('\n')
	if line == "" && err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

type accountFirst struct {
	Login string `required:"" help:"${cli_login}"`
	Name  string `required:"" help:"${cli_name}"`
}

// Run makes the first administrator of an empty house.
func (a accountFirst) Run(c *call) error {
	h, err := c.open()
	if err != nil {
		return err
	}
	defer h.Close() //nolint:errcheck // nothing is left to be written
	password, err := c.password()
	if err != nil {
		return err
	}
	_, err = h.Identity.Bootstrap(c.ctx, a.Login, a.Name, password)
	return err
}

type accountList struct{}

// Run lists the accounts with their roles.
func (accountList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		t := newTable(c, c.lang.T(i18n.CliLogin), c.lang.T(i18n.CliName), c.lang.T(i18n.CliRole))
		f := identity.ListFilter{Limit: 500}
		for {
			page, err := h.Identity.List(c.ctx, who, f)
			if err != nil {
				return err
			}
			for _, a := range page {
				var roles []string
				for _, g := range a.GrantsOn(h.Now.Today()) {
					roles = append(roles, g.Role)
				}
				t.row(a.Login, a.Name, strings.Join(roles, ", "))
				f.After = a.Login
			}
			if len(page) < f.Limit {
				t.flush()
				return nil
			}
		}
	})
}

type accountCreate struct {
	Login string `required:"" help:"${cli_login}"`
	Name  string `required:"" help:"${cli_name}"`
	Role  string `required:"" enum:"administrator,officer,reporter,leader" help:"${cli_role_help}"`
	Unit  string `help:"${cli_unit_code}"`
}

// Run makes an account with a role at a unit; its password is changed at first sign-in.
func (a accountCreate) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		unit, err := unitID(c, h, who, a.Unit)
		if err != nil {
			return err
		}
		password, err := c.password()
		if err != nil {
			return err
		}
		_, err = h.Identity.Create(c.ctx, who, identity.Input{
			Login: a.Login, Name: a.Name, Unit: unit, Password: password, Grants: []identity.GrantInput{{Role: a.Role, Unit: unit}},
		})
		return err
	})
}

func unitID(c *call, h *app.House, who actor.Actor, code string) (string, error) {
	if code == "" {
		return "", nil
	}
	u, err := h.Org.Get(c.ctx, who, code)
	return u.ID, err
}

// found finds an account by its login.
func found(c *call, h *app.House, who actor.Actor, login string) (identity.Account, error) {
	return h.Identity.ByLogin(c.ctx, who, login)
}

type accountPassword struct {
	Login string `arg:"" help:"${cli_login}"`
}

// Run gives an account a new password, to be changed at the next sign-in.
func (a accountPassword) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := found(c, h, who, a.Login)
		if err != nil {
			return err
		}
		password, err := c.password()
		if err != nil {
			return err
		}
		return h.Identity.SetPassword(c.ctx, who, one.ID, password)
	})
}

type accountDisable struct {
	Login string `arg:"" help:"${cli_login}"`
}

// Run closes an account and ends its sessions.
func (a accountDisable) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := found(c, h, who, a.Login)
		if err != nil {
			return err
		}
		return h.Identity.Disable(c.ctx, who, one.ID)
	})
}

type accountEnable struct {
	Login string `arg:"" help:"${cli_login}"`
}

// Run opens a closed account again.
func (a accountEnable) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := found(c, h, who, a.Login)
		if err != nil {
			return err
		}
		return h.Identity.Enable(c.ctx, who, one.ID)
	})
}

type accountGrant struct {
	Login string `arg:"" help:"${cli_login}"`
	Role  string `required:"" enum:"administrator,officer,reporter,leader" help:"${cli_role_help}"`
	Unit  string `help:"${cli_unit_code}"`
}

// Run gives an account a further role at a unit.
func (a accountGrant) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := found(c, h, who, a.Login)
		if err != nil {
			return err
		}
		unit, err := unitID(c, h, who, a.Unit)
		if err != nil {
			return err
		}
		_, err = h.Identity.Grant(c.ctx, who, one.ID, identity.GrantInput{Role: a.Role, Unit: unit})
		return err
	})
}

// sessionCmd keeps the sessions at the web.
type sessionCmd struct {
	List   sessionList   `cmd:"" help:"${cli_session_list}"`
	Revoke sessionRevoke `cmd:"" help:"${cli_session_revoke}"`
}

type sessionList struct {
	Login string `arg:"" help:"${cli_login}"`
}

// Run lists the sessions of an account.
func (s sessionList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := found(c, h, who, s.Login)
		if err != nil {
			return err
		}
		all, err := h.Identity.Sessions(c.ctx, who, one.ID)
		if err != nil {
			return err
		}
		t := newTable(c, "ID", c.lang.T(i18n.CliSeen), c.lang.T(i18n.CliAddress))
		for _, x := range all {
			t.row(x.ID, c.lang.Instant(x.LastSeen), x.Address)
		}
		t.flush()
		return nil
	})
}

type sessionRevoke struct {
	Login string `arg:"" help:"${cli_login}"`
}

// Run ends every session of an account.
func (s sessionRevoke) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		one, err := found(c, h, who, s.Login)
		if err != nil {
			return err
		}
		return h.Identity.RevokeAll(c.ctx, who, one.ID)
	})
}

// tokenCmd keeps the tokens of programs.
type tokenCmd struct {
	Create tokenCreate `cmd:"" help:"${cli_token_create}"`
	List   tokenList   `cmd:"" help:"${cli_token_list}"`
	Revoke tokenRevoke `cmd:"" help:"${cli_token_revoke}"`
}

type tokenCreate struct {
	Name    string     `required:"" help:"${cli_name}"`
	Right   []string   `required:"" help:"${cli_token_right}"`
	Expires clock.Date `required:"" help:"${cli_token_expires}"`
}

// Run makes a token for the acting account and prints it, once.
func (t tokenCreate) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		rights := make([]actor.Right, len(t.Right))
		for i, r := range t.Right {
			rights[i] = actor.Right(r)
		}
		text, _, err := h.Identity.CreateToken(c.ctx, who, identity.TokenInput{Name: t.Name, Rights: rights, Expires: t.Expires})
		if err == nil {
			fmt.Fprintln(c.streams.Out, text)
		}
		return err
	})
}

type tokenList struct{}

// Run lists the tokens of the acting account.
func (tokenList) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		all, err := h.Identity.Tokens(c.ctx, who, who.Account)
		if err != nil {
			return err
		}
		t := newTable(c, "ID", c.lang.T(i18n.CliName), c.lang.T(i18n.CliTo))
		for _, x := range all {
			t.row(x.ID, x.Name, c.lang.Date(x.Expires))
		}
		t.flush()
		return nil
	})
}

type tokenRevoke struct {
	ID string `arg:"" help:"ID"`
}

// Run revokes a token.
func (t tokenRevoke) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error { return h.Identity.RevokeToken(c.ctx, who, t.ID) })
}

// auditCmd looks after the chain of records.
type auditCmd struct {
	Verify auditVerify `cmd:"" help:"${cli_audit_verify}"`
	Export auditExport `cmd:"" help:"${cli_audit_export}"`
}

type auditVerify struct{}

// Run walks the chain and says where it is broken, if it is.
func (auditVerify) Run(c *call) error {
	h, err := c.openOld()
	if err != nil {
		return err
	}
	defer h.Close() //nolint:errcheck // nothing was written
	v, err := audit.Verify(c.ctx, h.DB)
	if err != nil {
		return err
	}
	if v.Broken != 0 {
		return refusal{codeDamaged, c.lang.T(i18n.CliAuditBroken, v.Broken, v.Reason), nil}
	}
	c.say(i18n.CliAuditWhole, v.Records, v.Head)
	return nil
}

type auditExport struct{}

// Run writes every record as a line of JSON.
func (auditExport) Run(c *call) error {
	return c.with(func(h *app.House, who actor.Actor) error {
		if !who.Scope.All || !who.Can(identity.RightManage) {
			return refusal{codeNotFound, c.lang.T(i18n.ErrsForbidden), nil}
		}
		return audit.Export(c.ctx, h.DB, func(r audit.Record) error { return c.line(r) })
	})
}
