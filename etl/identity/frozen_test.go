package identity_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"hdsreport/etl/identity"
)

// TestIDsAreFrozen: whatever becomes of the keys, the ids of ten thousand generated names
// and of every cell of the samples stay as they are.
func TestIDsAreFrozen(t *testing.T) {
	digest := func(names []string) string {
		h := sha256.New()
		for _, n := range names {
			fmt.Fprintf(h, "%s\x00%s\n", n, identity.ID(n))
		}
		return hex.EncodeToString(h.Sum(nil)[:8])
	}
	r := rand.New(rand.NewPCG(1, 2))
	pieces := strings.Split("Clinique|du|Parc|HL|CH|GIE|SNC|& Cie|ID&CO|.com|.fr|SAS|S.A.|«|»|'Nord'|N° 1|1ʳᵉ|Saint-|é|ŒUVRE|"+
		"(ex Solware)|[site]|***|???|!|Korian|48|Lozère|ﬁ|Ł|\u00a0|--|et|de l'|2A", "|")
	var names []string
	for range 10_000 {
		var words []string
		for range 1 + r.IntN(6) {
			words = append(words, pieces[r.IntN(len(pieces))])
		}
		names = append(names, strings.Join(words, []string{" ", ""}[r.IntN(2)]))
	}
	if got := digest(names); got != "0797ecb7d46082a8" {
		t.Errorf("generated names: %s", got)
	}
	var cells []string
	for _, file := range []string{"actors.csv", "names.csv"} {
		data, err := os.ReadFile("../../samples/registry/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			cells = append(cells, strings.Split(line, ",")...)
		}
	}
	for _, n := range cells {
		if id := identity.ID(n); id != identity.ID(id) {
			t.Errorf("the id of %q is %q, and the id of that %q", n, id, identity.ID(id))
		}
	}
}
