package etl

// This file is what is done with names that several bodies bear, as "Clinique du Parc":
// they are never joined by their spelling. One spelling on both lists is two actors and
// a question, until a number, the registry or a decision says that it is one.

// commonplaceName reports whether several bodies bear a name.
func (w *namesakes) commonplaceName(raw string) bool {
	return w.names.namer.Commonplace(w.names.parse(raw))
}

// listedKey returns the text by which a commonplace name on one list is told from the
// same name on the other.
func listedKey(raw string, list Listing) string { return raw + "\x00\x00" + list.String() }

// commonplace reports whether a group of spellings is a commonplace name.
func (w *namesakes) commonplace(group []int) bool {
	for _, n := range group {
		if w.nodes[n].common {
			return true
		}
	}
	return false
}

// joinContinued joins the commonplace spellings of one list that follow each other: in
// each edition the list has only one of them, with the same letters. A list goes on
// from one edition to the next; that the next one writes its names in capitals does not
// make them others.
func (w *namesakes) joinContinued(group []int) {
	for _, list := range Listings {
		var of []int
		for _, n := range group {
			if w.nodes[n].common && w.nodes[n].list == list {
				of = append(of, n)
			}
		}
		if len(of) > 1 && w.oneAtATime(of) {
			w.joinAll(of)
		}
	}
}

// oneAtATime reports whether no edition has two of the spellings, and all have the same
// letters.
func (w *namesakes) oneAtATime(nodes []int) bool {
	for i, a := range nodes {
		for _, b := range nodes[:i] {
			x, y := &w.nodes[a], &w.nodes[b]
			if x.compact != y.compact || x.edition <= y.last && y.edition <= x.last {
				return false
			}
		}
	}
	return true
}
