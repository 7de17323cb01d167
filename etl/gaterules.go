package etl

// Rules are the rules of the gate, in the order in which they are applied. The
// documentation is made from this table.
var Rules = []Rule{
	// A list that is not there, or is not the list.
	{Code: CodeEditionEmpty, Looks: OfEdition, judge: (*judged).empty},
	{Code: CodeListingMissing, Looks: OfReading, judge: (*judged).missing},
	{Code: CodeColumnMissing, Looks: OfReading | OfRegistry},
	{Code: CodeHeaderMissing, Looks: OfReading},
	{Code: CodeHeaderBelow, Looks: OfReading},
	{Code: CodeListingEmpty, Looks: OfReading},
	{Code: CodeListingOther, Looks: OfReading},
	{Code: CodeTextTooLong, Looks: OfReading | OfRegistry},
	{Code: CodeHTMLTruncated, Looks: OfReading},
	{Code: CodeCSVTruncated, Looks: OfReading},
	{Code: CodeSourcePart, Looks: OfReading},

	// Actors.
	{Code: CodeActorsLost, Keys: []string{"lost"}, Looks: OfChange, judge: (*judged).lost},
	{Code: CodeActorsGained, Keys: []string{"gained", "gained_at_least"}, Looks: OfChange, judge: (*judged).gained},
	{Code: CodePublishedLost, Keys: []string{"lost"}, Looks: OfList, Unless: []string{CodeActorsLost},
		judge: (*judged).publishedLost},

	// Values.
	{Code: CodeColumnEmptied, Looks: OfChange, judge: (*judged).emptied},
	{Code: CodeRowsChanged, Keys: []string{"changed"}, Looks: OfChange, judge: (*judged).changed},
	{Code: CodeEndsPassed, Keys: []string{"ended"}, Looks: OfChange, judge: (*judged).endsPassed},
	{Code: CodeRowsRepeated, Keys: []string{"repeated"}, Looks: OfList, judge: (*judged).repeated},
	{Code: CodeValuesUnreadable, Keys: []string{"unreadable"}, Looks: OfList, judge: (*judged).unreadable},
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
