package newsroom

import (
	"context"

	"github.com/nhanrong/nhanrong/internal/domain/actor"
	"github.com/nhanrong/nhanrong/internal/domain/press"
	"github.com/nhanrong/nhanrong/internal/platform/i18n"
	"github.com/nhanrong/nhanrong/internal/web/ui"
)

// pressVerb moves an article on.
type pressVerb func(ctx context.Context, who actor.Actor, id string, in press.Step) (press.Article, error)

// articleVerbs are the steps of an article by the word that stands in the address.
func (f *Face) articleVerbs() map[string]pressVerb {
	return map[string]pressVerb{
		"submit": f.Press.Submit, "return": f.Press.Return, "approve": f.Press.Approve, "schedule": f.Press.Schedule, "recall": f.Press.Recall,
		"publish": f.Press.Publish, "archive": f.Press.Archive,
	}
}

func articleVerb(verb string) i18n.Key {
	return map[string]i18n.Key{
		"submit": i18n.ArticledeskSubmit, "return": i18n.ArticledeskReturn, "approve": i18n.ArticledeskApprove, "schedule": i18n.ArticledeskSchedule,
		"recall": i18n.ArticledeskRecall, "publish": i18n.ArticledeskPublish, "archive": i18n.ArticledeskArchive,
	}[verb]
}

func articleIcon(verb string) ui.Icon {
	return map[string]ui.Icon{
		"submit": ui.IconSend, "return": ui.IconRotateCcw, "approve": ui.IconCheck, "schedule": ui.IconClock, "recall": ui.IconUndo2,
		"publish": ui.IconMegaphone, "archive": ui.IconBan,
	}[verb]
}
