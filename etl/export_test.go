package etl

// ReadActivities reads a text of activities under a declared numbering, or under
// none; trouble is the code of the finding that it deserves, or "".
func ReadActivities(ref *Reference, numbering, text string) (a Activities, trouble string) {
	a, t := newActivityReader(ref, numbering).text(text)
	return a, [...]string{activitiesFine: "", activitiesUnreadable: CodeActivitiesUnreadable, activitiesUndeclared: CodeNumberingUndeclared, activitiesAmbiguous: CodeNumberingAmbiguous}[t]
}

// ReadList reads a listing, and nothing else.
func ReadList(ref *Reference, edition Date, list Listing, src Source) (List, []Finding) {
	return readList(ref, edition, list, src)
}
