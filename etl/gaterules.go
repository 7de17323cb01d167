package etl

// Rules are the rules of the gate, in the order in which they are applied. The
// documentation is made from this table.
var Rules = []Rule{
	// A list that is not there, or is not the list.
	{Code: CodeEditionEmpty, Looks: OfEdition, judge: (*judged).empty},
	{Code: CodeListingMissing, Looks: OfReading, judge: (*judged).missing},
	{Code: CodeColumnMissing, Looks: OfReading | OfRegistry},
	{Code: CodeHeaderMissing, Looks: OfReading},
	{Code: CodeHeaderDuplicate, Looks: OfReading, Ruled: ".source.yaml (columns)"},
	{Code: CodeColumnsUnknown, Looks: OfReading, Ruled: ".source.yaml (columns)"},
	{Code: CodeHeaderBelow, Looks: OfReading},
	{Code: CodeListingEmpty, Looks: OfReading},
	{Code: CodeListingOther, Looks: OfReading},
	{Code: CodeListingOwn, Looks: OfReading},
	{Code: CodeStandingUnknown, Looks: OfReading, Ruled: "reference.statuses"},
	{Code: CodeTextTooLong, Looks: OfReading | OfRegistry},
	{Code: CodeHTMLTruncated, Looks: OfReading},
	{Code: CodeCSVTruncated, Looks: OfReading},
	{Code: CodeSourcePart, Looks: OfReading},

	// Actors.
	{Code: CodeActorsLost, Keys: []string{"lost", "months", "usual", "usual_at_least"}, Looks: OfChange,
		judge: (*judged).lost},
	{Code: CodeDeparturesAlike, Keys: []string{"usual_at_least"}, Looks: OfChange, Unless: []string{CodeActorsLost},
		judge: (*judged).departuresAlike},
	{Code: CodeActorsMoved, Keys: []string{"lost", "usual", "usual_at_least"}, Looks: OfChange,
		Unless: []string{CodeActorsLost}, judge: (*judged).moved},
	{Code: CodeActorsGained, Keys: []string{"gained", "gained_at_least", "short", "short_at_least", "arrivals",
		"few_arrivals"}, Looks: OfChange, judge: (*judged).gained},
	{Code: CodeRowsForeign, Keys: []string{"changed", "changed_at_least"}, Looks: OfChange, judge: (*judged).foreign},
	{Code: CodePublishedLost, Keys: []string{"lost"}, Looks: OfList, Unless: []string{CodeActorsLost},
		judge: (*judged).publishedLost},

	// Names.
	{Code: CodeHolderChanged, Keys: []string{"changed", "changed_at_least", "usual", "usual_at_least"},
		Looks: OfChange, judge: (*judged).holders},
	{Code: CodeNamesImplausible, Keys: []string{"changed", "changed_at_least"}, Looks: OfList,
		judge: (*judged).implausible},
	{Code: CodeNamesOneLetter, Looks: OfList, judge: (*judged).oneLetter},
	{Code: CodeNamesLowered, Keys: []string{"changed_at_least"}, Looks: OfChange, judge: (*judged).lowered},

	// Values.
	{Code: CodeColumnEmptied, Looks: OfChange, judge: (*judged).emptied},
	{Code: CodeColumnUniform, Keys: []string{"changed_at_least"}, Looks: OfChange, judge: (*judged).uniform},
	{Code: CodeRowsChanged, Keys: []string{"changed", "changed_at_least", "usual", "usual_at_least"},
		Looks: OfChange, judge: (*judged).changed},
	{Code: CodeChangesAlike, Looks: OfChange, judge: (*judged).changesAlike},
	{Code: CodeColumnForeign, Keys: []string{"usual_at_least"}, Looks: OfList, judge: (*judged).foreignColumn},
	{Code: CodeDatesExchanged, Keys: []string{"changed", "changed_at_least"}, Looks: OfList,
		judge: (*judged).exchanged},
	{Code: CodeEndsPassed, Keys: []string{"ended", "changed_at_least"}, Looks: OfList, judge: (*judged).endsPassed},
	{Code: CodeRowsRepeated, Keys: []string{"repeated", "changed_at_least"}, Looks: OfList,
		judge: (*judged).repeated},
	{Code: CodeValuesUnreadable, Keys: []string{"unreadable"}, Looks: OfList, judge: (*judged).unreadable},
	{Code: CodeFaultsTogether, Keys: []string{"together", "changed_at_least", "usual", "usual_at_least"},
		Looks: OfChange, Unless: []string{CodeActorsLost, CodeRowsChanged, CodeHolderChanged, CodeColumnEmptied,
			CodeColumnUniform, CodeValuesUnreadable, CodeRowsRepeated}, judge: (*judged).together},
	{Code: CodeTooManyUnclassified, Keys: []string{"unclassified"}, Looks: OfEdition, judge: (*judged).unclassified},

	// Faults in the registry by which editors' decisions would be lost.
	{Code: CodeRegistryDuplicate, Looks: OfRegistry},
	{Code: CodeAliasAmbiguous, Looks: OfRegistry},
	{Code: CodeDecisionsConflict, Looks: OfRegistry},
	{Code: CodeRegistryUnknown, Looks: OfRegistry},
	{Code: CodeRegistryValue, Looks: OfRegistry},
	{Code: CodeRegistryFormat, Looks: OfRegistry},
	{Code: CodeRegistryLost, Keys: []string{"lost"}, Looks: OfRegistry},
}
