package ooxml

import "io"

// aheadReader decompresses a part while earlier data is being processed. For a long
// sheet both take about the same time.
type aheadReader struct {
	in          io.Closer
	full, empty chan []byte
	done        chan struct{} // closed when reading has stopped
	ended       chan struct{} // closed when decompression has stopped
	block, rest []byte
	err         error // to be read only after full is closed
}

func readAhead(r io.ReadCloser) *aheadReader {
	const blocks, size = 4, 256 << 10
	a := &aheadReader{in: r, full: make(chan []byte, blocks), empty: make(chan []byte, blocks),
		done: make(chan struct{}), ended: make(chan struct{})}
	for range blocks {
		a.empty <- make([]byte, size)
	}
	go func() {
		defer close(a.ended)
		defer close(a.full)
		for {
			select {
			case <-a.done:
				return
			case b := <-a.empty:
				n := 0
				for n < size && a.err == nil {
					var k int
					k, a.err = r.Read(b[n:size])
					n += k
				}
				if n > 0 {
					a.full <- b[:n] // never blocks: full has room for all buffers
				}
				if a.err != nil {
					return
				}
			}
		}
	}()
	return a
}

func (a *aheadReader) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.block != nil {
			a.empty <- a.block[:cap(a.block)]
		}
		b, more := <-a.full
		if !more {
			a.block = nil
			return 0, a.err
		}
		a.block, a.rest = b, b
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// Close waits until decompression has stopped, so that the part can be closed.
func (a *aheadReader) Close() error {
	close(a.done)
	<-a.ended
	return a.in.Close()
}
