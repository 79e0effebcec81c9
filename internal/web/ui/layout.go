package ui

import (
	"github.com/a-h/templ"

	"github.com/nhanrong/nhanrong/internal/platform/i18n"
)

type menuGroup struct {
	label string
	items []MenuItem
}

// menuGroups cuts the menu where its group changes.
func menuGroups(menu []MenuItem) []menuGroup {
	var groups []menuGroup
	for i, m := range menu {
		if i == 0 || m.Group != menu[i-1].Group {
			groups = append(groups, menuGroup{label: m.Group})
		}
		last := &groups[len(groups)-1]
		last.items = append(last.items, m)
	}
	return groups
}

// current marks the link to the page that is open.
func current(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "page"}
	}
	return nil
}

func themeAttr(p Page) templ.Attributes {
	if p.Theme == "light" || p.Theme == "dark" {
		return templ.Attributes{"data-theme": p.Theme}
	}
	return nil
}

func searchLabel(p Page) string {
	if p.Search.Label != "" {
		return p.Search.Label
	}
	return p.T(i18n.UiSearch)
}
