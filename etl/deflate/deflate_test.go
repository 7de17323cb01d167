package deflate_test

import (
	"bytes"
	stdlib "compress/flate"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"hdsreport/etl/deflate"
)

// texts are blocks of several lengths and kinds, the same in each run.
func texts() [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	var out [][]byte
	for _, n := range []int{0, 1, 5, 12, 13, 400, 70_000, 1 << 20} {
		var like, unlike bytes.Buffer
		for like.Len() < n {
			fmt.Fprintf(&like, `<c r="A%d" s="3"><v>%d</v></c>`, like.Len(), random.IntN(9))
		}
		for range n {
			unlike.WriteByte(byte(random.Uint32()))
		}
		out = append(out, like.Bytes()[:n], unlike.Bytes())
	}
	return out
}

// TestBlocks: blocks after each other are one stream, which another decompressor reads too.
func TestBlocks(t *testing.T) {
	for _, level := range []deflate.Level{deflate.Fast, deflate.Fine} {
		var whole, packed bytes.Buffer
		for _, text := range texts() {
			b, err := deflate.Block(text, level, false)
			if err != nil {
				t.Fatal(err)
			}
			packed.Write(b)
			whole.Write(text)
		}
		end, err := deflate.Block(nil, level, true)
		if err != nil {
			t.Fatal(err)
		}
		packed.Write(end)
		for name, r := range map[string]io.Reader{"ours": deflate.NewReader(bytes.NewReader(packed.Bytes())),
			"the standard library": stdlib.NewReader(bytes.NewReader(packed.Bytes()))} {
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, whole.Bytes()) {
				t.Errorf("level %d, read by %s: %d bytes of %d, %v", level, name, len(got), whole.Len(), err)
			}
		}
	}
}

// TestBlockDependsOnItsBytes: a compressor that has compressed something else before gives
// the same bytes as a new one. Which one a block gets depends on the number of cores.
func TestBlockDependsOnItsBytes(t *testing.T) {
	all := texts()
	for _, level := range []deflate.Level{deflate.Fast, deflate.Fine} {
		first := make([][]byte, len(all))
		for round := range 20 {
			for n, i := range rand.New(rand.NewPCG(3, uint64(round))).Perm(len(all)) {
				got, err := deflate.Block(all[i], level, n%2 == 0 && i%2 == 0)
				if err != nil {
					t.Fatal(err)
				}
				if n%2 == 0 && i%2 == 0 {
					continue // ended, not compared
				}
				if first[i] == nil {
					first[i] = got
				}
				if !bytes.Equal(got, first[i]) {
					t.Fatalf("level %d, text %d: other bytes in round %d", level, i, round)
				}
			}
		}
	}
}

// TestReaderIsUsedAgain: a stream that broke leaves nothing behind in the next one.
func TestReaderIsUsedAgain(t *testing.T) {
	text := texts()[12]
	packed, err := deflate.Block(text, deflate.Fast, true)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		cut := deflate.NewReader(bytes.NewReader(packed[:len(packed)/2]))
		if _, err := io.ReadAll(cut); err == nil {
			t.Error("half a stream was read without an error")
		}
		cut.Close()
		cut.Close()
		if _, err := cut.Read(make([]byte, 1)); err == nil {
			t.Error("a closed reader reads")
		}
		whole := deflate.NewReader(bytes.NewReader(packed))
		if got, err := io.ReadAll(whole); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d bytes of %d, %v", len(got), len(text), err)
		}
		whole.Close()
	}
}

// TestSameBytesEverywhere: a workbook is the same on every system and processor. The sum
// changes with the library, and then every workbook changes once.
func TestSameBytesEverywhere(t *testing.T) {
	sum := sha256.New()
	for _, level := range []deflate.Level{deflate.Fast, deflate.Fine} {
		for _, text := range texts() {
			b, err := deflate.Block(text, level, true)
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(b)
		}
	}
	if got := fmt.Sprintf("%x", sum.Sum(nil)[:8]); got != "dfb87845b794d776" {
		t.Errorf("other bytes than on other machines: %s", got)
	}
}
