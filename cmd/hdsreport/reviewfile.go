package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
	"hdsreport/etl/review"
	"hdsreport/report/xlsx"
)

// reviewFile is a review beside the workbook as it is on the disk.
type reviewFile struct {
	path    string
	data    []byte // nil if there is no such file
	lines   []review.Line
	added   review.Added
	pending int // rulings that the registry does not have
}

// unreadReview is a review that is left as it is because it cannot be read.
type unreadReview struct {
	path string
	why  message.Message
}

// newReview is a review that is ready to replace the one on the disk. It takes the place
// of files of the other formats, which hold nothing that is not in the new one.
type newReview struct {
	staged   *atomicfile.Staged // nil if the file on the disk stays
	replaced []string           // files of the other formats
}

// Commit puts the review in place.
func (n *newReview) Commit() (bool, error) {
	changed, err := n.staged.Commit()
	for _, file := range n.replaced {
		if err == nil {
			err = os.Remove(file)
		}
	}
	return changed, err
}

// Discard takes the review back, unless it is in place.
func (n *newReview) Discard() { n.staged.Discard() }

// stageReview makes ready what awaits an editor beside the workbook: a workbook of its
// own, or a CSV file if the configuration says so or the lines are too many for a form.
// Rulings that nobody has taken yet are a person's work. A file that holds some keeps all
// that it holds, and new questions are added below; one of another format stays beside, and
// so does one that cannot be read: what is asked goes to the other format then.
// A file that asks the same already is not drawn again.
//
// asked are the reviews that openReviews has begun to read.
func (c *Command) stageReview(j *job, target string, long *longReview, asked func() []openedReview) (*newReview, error) {
	out := &newReview{}
	files := j.reviewFiles(target)
	if newest, err := j.newest(); err != nil || newest != j.result.Edition.ID {
		// It is an editor's list of what to do, and that is about the newest edition.
		if err == nil {
			c.leaveNewer(files, newest, j.result.Edition.ID)
		}
		return out, err
	}
	if staged, err := long.alone(files); staged != nil || err != nil {
		if err == nil {
			j.review, out.staged = files[0], staged
		}
		return out, err
	}
	lines := review.Lines(j.result.Review, &j.input.Reference, j.config.Report.Language)
	var ours *reviewFile
	var others []*reviewFile
	for i, opened := range asked() {
		path, file, why := files[i], opened.file, opened.why
		switch {
		case !why.IsZero():
			c.leave(path, why)
			j.unread = append(j.unread, unreadReview{path, why})
		case ours == nil && filepath.Base(path) != review.SavedName:
			ours = file
		default:
			others = append(others, file)
		}
	}
	if ours == nil { // nothing is written over what cannot be read
		return out, nil
	}
	j.review = ours.path
	if ours.data == nil && len(lines) == 0 && !slices.ContainsFunc(others, func(f *reviewFile) bool { return f.data != nil }) {
		return out, nil
	}
	for _, other := range others {
		switch {
		case other.pending > 0:
			c.leave(other.path, message.New("review-left-rulings", "n", other.pending, "file", display(other.path)))
		case other.data != nil && len(other.added.Headings) == 0 && !more(other.data):
			review.KeepComments(lines, other.lines)
			out.replaced = append(out.replaced, other.path)
		}
	}
	var err error
	if ours.pending > 0 {
		fresh := review.New(lines, ours.lines)
		if len(fresh) == 0 {
			c.leave(ours.path, message.New("review-left-rulings", "n", ours.pending, "file", display(ours.path)))
			return out, nil
		}
		c.note("review-appended", "file", display(ours.path), "n", ours.pending, "new", len(fresh))
		out.staged, err = c.stageLines(j, ours, append(ours.lines[:len(ours.lines):len(ours.lines)], fresh...), fresh)
		return out, err
	}
	review.KeepComments(lines, ours.lines)
	if ours.data != nil && review.Same(lines, ours.lines) {
		return out, nil
	}
	out.staged, err = c.stageLines(j, ours, lines, nil)
	return out, err
}

// leaveNewer says that the reviews which are there are about the newest edition, and not about
// the one that was computed.
func (c *Command) leaveNewer(files []string, newest, edition string) {
	said := false
	for _, file := range files {
		if _, err := os.Stat(file); err == nil {
			c.leave(file, message.New("review-left-edition", "newest", etl.Named(newest), "edition", etl.Named(edition)))
			said = true
		}
	}
	if !said {
		c.note("review-none-edition", "file", display(files[0]), "newest", etl.Named(newest))
	}
}

// longReview is the file of a list of questions that is too long for a form. It is written
// while the workbook is built, drawn and audited, and for most runs it is all that is needed:
// of a list of 300,000 rows it takes half a second, and reading an old one even more. It goes
// to the disk piece by piece, since in memory it took 75 MB and as much again to grow.
type longReview struct {
	made   chan struct{}
	staged *atomicfile.Staged
	err    error
}

// longReview begins to write the file for a place, or returns nil if the list is short.
func (j *job) longReview(target string) *longReview {
	if len(j.result.Review) <= review.MostInForm {
		return nil
	}
	r := &longReview{made: make(chan struct{})}
	go func() {
		defer close(r.made)
		r.staged, r.err = atomicfile.StageFrom(j.reviewFiles(target)[0], func(w io.Writer) error {
			return review.WriteItems(w, j.result.Review, &j.input.Reference, j.config.Report.Language)
		})
	}()
	return r
}

// alone returns the file if there is no other review beside it, and none in its place but
// the same. Otherwise it returns nil: what a person may have written has to be read.
func (r *longReview) alone(files []string) (*atomicfile.Staged, error) {
	if r == nil {
		return nil, nil
	}
	<-r.made
	for i, file := range files {
		_, err := os.Stat(file)
		if !errors.Is(err, fs.ErrNotExist) && (i > 0 || r.err != nil || !r.staged.Unchanged()) {
			return nil, nil // if the file could not be written, it may not have to be
		}
	}
	return r.staged, r.err
}

// Discard takes the file back, unless it is in place.
func (r *longReview) Discard() {
	if r != nil {
		<-r.made
		r.staged.Discard()
	}
}

// reviewFiles are where a review may lie beside a workbook: the file that a run writes
// first, then those of the other formats that it may come back in.
func (j *job) reviewFiles(target string) []string {
	names := []string{review.FormName, review.FileName, review.SavedName}
	if j.config.Report.Review == "csv" || len(j.result.Review) > review.MostInForm {
		names[0], names[1] = names[1], names[0]
	}
	for i, name := range names {
		names[i] = filepath.Join(filepath.Dir(target), name)
	}
	return names
}

// waitingReviews returns the reviews beside the workbook that hold rulings which the
// registry does not have, and those of which nobody can tell because they are damaged.
func (c *Command) waitingReviews(j *job) []string {
	var out []string
	for _, path := range j.reviewFiles(j.output()) {
		if file, why := c.openReview(j, path); !why.IsZero() || file.pending > 0 {
			out = append(out, path)
		}
	}
	return out
}

// openReview reads a review. It returns why a file must be left as it is.
func (c *Command) openReview(j *job, path string) (*reviewFile, message.Message) {
	f := &reviewFile{path: path}
	data, err := atomicfile.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return f, message.Message{}
	}
	if errors.Is(err, atomicfile.ErrNotOrdinary) {
		return nil, message.New("review-left-special")
	}
	if err != nil {
		return nil, message.New("review-left-unread", "error", err)
	}
	if len(data) == 0 {
		return nil, message.New("review-left-empty")
	}
	name := filepath.Base(path)
	lines, found, err := review.Read(data, name)
	for _, f := range found {
		if err == nil && f.Severity == etl.Error {
			err = message.Fail(nil, "review-left-finding", "finding", f)
		}
	}
	if err == nil {
		f.added, err = review.ReadAdded(data, name, lines)
	}
	if err != nil {
		return nil, message.New("review-left-damaged", "error", err)
	}
	f.data, f.lines, f.pending = data, lines, review.Pending(lines, &j.input, j.result)
	return f, message.Message{}
}

// openedReview is what openReview returns of one file.
type openedReview struct {
	file *reviewFile
	why  message.Message
}

// openReviews begins to read the reviews beside a workbook, of all formats, while the book is
// built. A long review is rarely read, and takes much memory, so it waits until it is
// needed.
func (c *Command) openReviews(j *job, target string) func() []openedReview {
	open := func() []openedReview {
		var out []openedReview
		for _, path := range j.reviewFiles(target) {
			file, why := c.openReview(j, path)
			out = append(out, openedReview{file, why})
		}
		return out
	}
	if len(j.result.Review) > review.MostInForm {
		return open
	}
	return begun(open)
}

// stageLines makes a file of lines ready. appended are those of them that the file on the
// disk does not have, if it keeps the others.
func (c *Command) stageLines(j *job, file *reviewFile, lines, appended []review.Line) (*atomicfile.Staged, error) {
	language := j.config.Report.Language
	if filepath.Base(file.path) == review.FileName {
		text, err := review.Write(lines, language)
		if appended != nil && !review.IsForm(file.data) {
			text, err = review.Append(file.data, file.lines, appended)
		}
		if err != nil {
			return nil, err
		}
		return atomicfile.Stage(file.path, text)
	}
	if more(file.data) {
		// Sheets of the editors' own are not drawn again, so the file that has them is kept.
		aside := fmt.Sprintf("%s.edited-%s.xlsx", strings.TrimSuffix(file.path, ".xlsx"), hash(file.data)[:8])
		if _, err := atomicfile.Write(aside, file.data); err != nil {
			return nil, err
		}
		c.note("review-aside", "file", display(file.path), "aside", display(aside))
	}
	var b bytes.Buffer
	form := review.NewForm(lines, j.result, &j.input.Reference, language, file.added)
	if err := xlsx.WriteReview(&b, form); err != nil {
		return nil, err
	}
	return atomicfile.Stage(file.path, b.Bytes())
}

// more reports whether a workbook has more sheets than a form has.
func more(data []byte) bool {
	if !review.IsForm(data) {
		return false
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	sheets := 0
	for _, f := range z.File {
		switch {
		case strings.HasPrefix(f.Name, "xl/worksheets/") && strings.HasSuffix(f.Name, ".xml"):
			sheets++
		case f.Name == "content.xml": // of an .ods
			sheets += tables(f)
		}
	}
	return sheets > 2
}

// tables counts the sheets of an .ods; of one that is too large to tell, it gives many.
func tables(f *zip.File) int {
	const most, many = 64 << 20, 1 << 20
	r, err := f.Open()
	if err != nil {
		return many
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, most))
	if err != nil || len(text) == most {
		return many
	}
	return bytes.Count(text, []byte("<table:table "))
}
