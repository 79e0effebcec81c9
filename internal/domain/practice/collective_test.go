package practice

import (
	"strconv"
	"testing"

	"github.com/nhanrong/nhanrong/internal/domain/ledger"
)

func TestTheCodeOfACollective(t *testing.T) {
	if got := strconv.Itoa(int(ledger.Collective)); got != collective {
		t.Errorf("a collective is %s in the tables, and %s in the statements", got, collective)
	}
}
