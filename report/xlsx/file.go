package xlsx

import (
	"io"
	"slices"
	"sort"
)

// File is a workbook in memory. It keeps the blocks that the compressors made, in the order
// of the file, so that a long workbook is there once: 300,000 rows take 47 MB.
type File struct {
	pieces [][]byte
	ends   []int64 // of the pieces, in bytes of the file
	kept   []byte  // the block that is written next; see keep
	open   bool    // whether the last piece may grow
}

// keep announces that the next Write is of b, which nobody will change. It is not copied.
func (f *File) keep(b []byte) { f.kept = b }

// Write appends bytes, as an io.Writer.
func (f *File) Write(b []byte) (int, error) {
	switch {
	case len(b) == 0:
		return 0, nil
	case len(b) == len(f.kept) && &b[0] == &f.kept[0]:
		f.pieces, f.open = append(f.pieces, b), false
	case f.open:
		last := len(f.pieces) - 1
		f.pieces[last] = append(f.pieces[last], b...)
		f.ends[last] += int64(len(b))
		return len(b), nil
	default:
		f.pieces, f.open = append(f.pieces, slices.Clone(b)), true
	}
	f.ends = append(f.ends, f.Size()+int64(len(b)))
	return len(b), nil
}

// Size returns the length of the file in bytes.
func (f *File) Size() int64 {
	if len(f.ends) == 0 {
		return 0
	}
	return f.ends[len(f.ends)-1]
}

// ReadAt reads from an offset, as an io.ReaderAt.
func (f *File) ReadAt(b []byte, at int64) (n int, err error) {
	i := sort.Search(len(f.ends), func(i int) bool { return at < f.ends[i] })
	for ; i < len(f.ends) && n < len(b); i++ {
		rest := f.ends[i] - at
		k := copy(b[n:], f.pieces[i][int64(len(f.pieces[i]))-rest:])
		n, at = n+k, at+int64(k)
	}
	if n < len(b) {
		err = io.EOF
	}
	return n, err
}

// WriteTo writes the file to w.
func (f *File) WriteTo(w io.Writer) (n int64, err error) {
	for _, p := range f.pieces {
		k, err := w.Write(p)
		n += int64(k)
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// Bytes returns the file in one piece, which is a copy.
func (f *File) Bytes() []byte { return slices.Concat(f.pieces...) }
