package etl

// The codes of findings. They are stable: editors filter by them, and
// registry/accepted.csv refers to them.
const (
	// Reading a table.
	CodeHeaderMissing   = "header-missing"   // no line looks like a header
	CodeHeaderExtra     = "header-extra"     // a column that stands for no field
	CodeExtraAbsent     = "extra-absent"     // a column of the configuration that no source has
	CodeHeaderAmbiguous = "header-ambiguous" // a header that fits two fields
	CodeHeaderDuplicate = "header-duplicate" // two headers for one field; the gate refuses if it is not known which is meant
	CodeColumnsUnknown  = "columns-unknown"  // a column that a .source.yaml declares is not there; the gate refuses
	CodeColumnMissing   = "column-missing"   // a required field without a column; the gate refuses
	CodeColumnAbsent    = "column-absent"    // an expected field without a column
	CodeRowTooShort     = "row-too-short"    // fewer cells than the header has, in a file that counts them
	CodeRowTooLong      = "row-too-long"     // more cells than the header has
	CodeRowUnnamed      = "row-unnamed"      // cells, but no name
	CodeRowRepeated     = "row-repeated"     // the same row again
	CodeHeaderRepeated  = "header-repeated"  // the header again in the middle, skipped
	CodeHeaderBelow     = "header-below"     // what looks like rows stands above the header; the gate refuses
	CodeBlockBelow      = "block-below"      // a title or another header, with rows under it
	CodeTotalDiffers    = "total-differs"    // the list's own total is not the number of rows
	CodeListingOwn      = "listing-own"      // the table is one that this program has written; the gate refuses
	CodeListingOther    = "listing-other"    // the headings or some rows are those of the other list; the gate refuses
	CodeListingEnded    = "listing-ended"    // a file of a list that had ended by then; it is read
	CodeDayStated       = "day-stated"       // the file says that it is of another day than its edition
	CodeFileNotice      = "file-notice"      // what the file says of itself outside the rows
	CodeTextTooLong     = "text-too-long"    // no cell of a sheet holds it; the gate refuses

	// Reading a cell.
	CodeNameAlone            = "name-alone"     // a row of a name and nothing else
	CodeSharedWords          = "shared-words"   // most names begin or end in the same words
	CodeSeveralValues        = "several-values" // two names or two numbers in one cell
	CodeNumberNone           = "number-none"    // words where the number of a certificate should be
	CodeDigitsLost           = "digits-lost"    // a number as a spreadsheet has shortened it
	CodeDateUnreadable       = "date-unreadable"
	CodeDatePartial          = "date-partial"   // a month or a year without its day
	CodeDateConverted        = "date-converted" // a serial number or a year of two digits
	CodeDateImplausible      = "date-implausible"
	CodeDatesReversed        = "dates-reversed" // ends before it starts
	CodeApprovalTooLong      = "approval-too-long"
	CodeCertificateTooLong   = "certificate-too-long"
	CodeActivitiesUnreadable = "activities-unreadable"
	CodeActivitiesUnstated   = "activities-unstated"
	CodeActivitiesBlank      = "activities-blank"    // cells that are empty where others say no
	CodeActivitiesConflict   = "activities-conflict" // ticks and text disagree
	CodeNumberingUndeclared  = "numbering-undeclared"
	CodeNumberingAmbiguous   = "numbering-ambiguous" // exactly one of the two disputed numbers
	CodeTypeUnknown          = "type-unknown"
	CodeTypeActivities       = "type-activities" // activities outside the certificate's type
	CodeBodyUnknown          = "body-unknown"
	CodeStandingUnknown      = "standing-unknown"  // words about validity that the table lacks; the gate refuses
	CodeStandingOut          = "standing-out"      // rows that do not count, and why
	CodeStandingDoubt        = "standing-doubt"    // rows that count, although a remark may say otherwise
	CodeStandingConflict     = "standing-conflict" // a column says that the row is valid, something else that it is not
	CodeNumberConverted      = "number-converted"  // taken for what it is, not for what its column is
	CodeNumberUnreadable     = "number-unreadable" // one for each column
	CodeNumberInvalid        = "number-invalid"    // its check fails

	// Who is who.
	CodeAliasAmbiguous     = "alias-ambiguous"
	CodeIdentityClash      = "identity-clash"
	CodeStatedAmbiguous    = "stated-ambiguous"
	CodeDecisionsConflict  = "decisions-conflict" // one says same, another different; the gate refuses
	CodeRegistryDuplicate  = "registry-duplicate"
	CodeRegistryUnknown    = "registry-unknown" // an id or a code that no table defines
	CodeRegistryValue      = "registry-value"   // a value that cannot be used
	CodeRegistryUnused     = "registry-unused"
	CodeRegistryFormat     = "registry-format" // a table in a format that is not read; the gate refuses
	CodeRegistryLost       = "registry-lost"   // what was published shows that the tables held more
	CodeCorrectionOutdated = "correction-outdated"
	CodeCorrectionObsolete = "correction-obsolete" // the source says the same now
	CodeReview             = "review"              // two names that look alike
	CodeNumberShared       = "number-shared"       // one number of many names: no evidence
	CodeNumberDecision     = "number-decision"     // a person's ruling, where numbers say otherwise
	CodeNumberTwice        = "number-twice"        // one certificate of two actors

	// Positions.
	CodePositionProposed = "position-proposed"
	CodeUnclassified     = "unclassified"

	// The gate.
	CodeListingMissing      = "listing-missing"
	CodeEditionEmpty        = "edition-empty"  // no list at all; cannot be let through
	CodeColumnEmptied       = "column-emptied" // values before, none now
	CodeActorsLost          = "actors-lost"
	CodePublishedLost       = "published-lost" // of what readers have now
	CodeActorsGained        = "actors-gained"
	CodeRowsChanged         = "rows-changed"      // most of them, in the same way
	CodeRowsRepeated        = "rows-repeated"     // many of them
	CodeEndsPassed          = "ends-passed"       // of most rows, all at once
	CodeDatesExchanged      = "dates-exchanged"   // day and month, by the term of the others
	CodeColumnForeign       = "column-foreign"    // it holds what belongs in another
	CodeNamesOneLetter      = "names-one-letter"  // a page of the list
	CodeActorsMoved         = "actors-moved"      // from one list to the other, at once
	CodeRowsForeign         = "rows-foreign"      // of the other list
	CodeDeparturesAlike     = "departures-alike"  // a gap in the source's order
	CodeChangesAlike        = "changes-alike"     // the same mistake in several rows
	CodeColumnUniform       = "column-uniform"    // the same value everywhere, which was not so
	CodeHolderChanged       = "holder-changed"    // a certificate is another actor's
	CodeNamesImplausible    = "names-implausible" // numbers, addresses, advertisement
	CodeNamesLowered        = "names-lowered"     // without their capitals
	CodeFaultsTogether      = "faults-together"   // each below its threshold
	CodeValuesUnreadable    = "values-unreadable"
	CodeTooManyUnclassified = "too-many-unclassified"
	CodeListingEmpty        = "listing-empty"
	CodeAccepted            = "accepted"

	// A file, before it is a table.
	CodeRowsMarked       = "rows-marked" // by a colour or a class
	CodeSourceMissing    = "source-missing"
	CodeSourceUnreadable = "source-unreadable"
	CodeSourceDirectory  = "source-directory"
	CodeSourceSpecial    = "source-special"
	CodeSourceTooLarge   = "source-too-large"
	CodeSourceEmpty      = "source-empty"
	CodeSourceBlank      = "source-blank"
	CodeSourceDamaged    = "source-damaged"
	CodeSourcePDF        = "source-pdf"
	CodeSourceRTF        = "source-rtf"
	CodeSourceArchive    = "source-archive"
	CodeSourceImage      = "source-image"
	CodeSourceXLS        = "source-xls"
	CodeSourceXLSB       = "source-xlsb"
	CodeSourceEncrypted  = "source-encrypted"
	CodeSourceOffice     = "source-office"
	CodeSourceNumbers    = "source-numbers"
	CodeSourceBinary     = "source-binary"
	CodeSourcePointer    = "source-pointer"  // what git keeps in place of a large file
	CodeSourceConflict   = "source-conflict" // two versions between the marks of git
	CodeSourceEncoding   = "source-encoding"
	CodeSourceZip        = "source-zip"
	CodeSourceZipBomb    = "source-zip-bomb"
	CodeSourceMHTML      = "source-mhtml"
	CodeSourceXML2003    = "source-xml2003"
	CodeSourceXML        = "source-xml"
	CodeSourceExtension  = "source-extension"
	CodeSourcePart       = "source-part" // the file says that it is a part of the list; the gate refuses
	CodeEncodingDeclared = "encoding-declared"
	CodeEncodingMixed    = "encoding-mixed"
	CodeEncodingGuessed  = "encoding-guessed"

	// Tables in a file, and their cells.
	CodeSheetMissing      = "sheet-missing"
	CodeSheetNone         = "sheet-none"
	CodeSheetUnread       = "sheet-unread"
	CodeHiddenSheet       = "hidden-sheet"
	CodeHiddenRows        = "hidden-rows"
	CodeHiddenColumns     = "hidden-columns"
	CodeTooManyCells      = "too-many-cells"
	CodeTooManyRows       = "too-many-rows"
	CodeMojibakeRepaired  = "mojibake-repaired"
	CodeMojibakeSuspected = "mojibake-suspected"
	CodeCharacterLost     = "character-lost"
	CodeControlRemoved    = "control-removed"
	CodeSpacesNormalised  = "spaces-normalised"
	CodeInvisibleRemoved  = "invisible-removed"
	CodeXLSXRowOrder      = "xlsx-row-order"
	CodeFormulaUncached   = "formula-uncached"
	CodeCellError         = "cell-error"
	CodeCellDitto         = "cell-ditto" // "idem": the value of the row above, whichever that was
	CodeDateSerial        = "date-serial"
	CodeTimeDropped       = "time-dropped"
	CodeHTMLNoTable       = "html-no-table"
	CodeHTMLLogin         = "html-login"
	CodeHTMLErrorPage     = "html-error-page"
	CodeHTMLTruncated     = "html-truncated"
	CodeHTMLHidden        = "html-hidden"
	CodeHTMLIcon          = "html-icon"
	CodeHTMLTooltip       = "html-tooltip"
	CodeCellComment       = "cell-comment"    // a comment or a box of text over the sheet, not read
	CodeTextStruck        = "text-struck"     // crossed-out text, not read
	CodeNoteMark          = "note-mark"       // the mark of a footnote, not read
	CodeEscapeRepaired    = "escape-repaired" // "_x000D_", "&amp;" and their like
	CodeJSONSyntax        = "json-syntax"
	CodeJSONDepth         = "json-depth"
	CodeJSONNoTable       = "json-no-table"
	CodeJSONOddRecord     = "json-odd-record"
	CodeJSONNested        = "json-nested"
	CodeJSONDuplicateKey  = "json-duplicate-key"
	CodeCSVTruncated      = "csv-truncated"
	CodeCSVDelimiter      = "csv-delimiter"
	CodeCSVTextFormula    = "csv-text-formula"
	CodeCSVQuote          = "csv-quote"

	// A workspace.
	CodeRegistryMissing = "registry-missing"
	CodeEditionName     = "edition-name"
	CodeFileUnread      = "file-unread"
	CodeSourceChanged   = "source-changed"
	CodeSourceSame      = "source-same"
	CodeSiteIncomplete  = "site-incomplete" // a setting that readers of the site need

	// A file of rulings that came back.
	CodeReviewDamaged = "review-damaged"
	CodeReviewUnknown = "review-unknown"
	CodeReviewRuling  = "review-ruling"

	// What editors typed into a published sheet.
	CodeEditConflict = "edit-conflict" // the workspace says a third value
	CodeEditRefused  = "edit-refused"
	CodeEditNote     = "edit-note"

	// A download.
	CodeFetchLogin         = "fetch-login"
	CodeFetchRobot         = "fetch-robot"
	CodeFetchErrorPage     = "fetch-error-page"
	CodeFetchScript        = "fetch-script"
	CodeFetchEditionExists = "fetch-edition-exists"
	CodeFetchEditionOlder  = "fetch-edition-older"
	CodeFetchOlder         = "fetch-older"
	CodeFetchPagesUnmerged = "fetch-pages-unmerged"
	CodeFetchUncompared    = "fetch-uncompared"
	CodeFetchNumbering     = "fetch-numbering"
	CodeFetchPagesDiffer   = "fetch-pages-differ"
	CodeFetchPagesSame     = "fetch-pages-same"
	CodeFetchRowRepeated   = "fetch-row-repeated"
	CodeFetchRedirects     = "fetch-redirects"
	CodeFetchRedirect      = "fetch-redirect"
	CodeFetchStatus        = "fetch-status"
	CodeFetchEncoding      = "fetch-encoding"
	CodeFetchTooLarge      = "fetch-too-large"
	CodeFetchBomb          = "fetch-bomb"
	CodeFetchTruncated     = "fetch-truncated"
	CodeFetchSame          = "fetch-same"
	CodeFetchAnswer        = "fetch-answer" // what the answer was, beside the reason
)
