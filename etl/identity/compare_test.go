package identity_test

import (
	"strings"
	"testing"

	"hdsreport/etl/identity"
)

// Each kind of pair that editors meet, with a name for the kind; the mechanism
// is under test, not the row.
func TestCompareByKind(t *testing.T) {
	n := namer()
	for _, c := range []struct {
		kind, a, b string
		want       identity.Decision
		reason     string // a part of it
	}{
		{"trailing form", "Solware SAS", "SOLWARE", identity.Same, "legal form SAS"},
		{"leading form", "SARL Solware", "Solware", identity.Same, "legal form SARL"},
		{"dotted form", "Solware S.A.R.L.", "Solware sarl", identity.Same, ""},
		{"spaced form", "Solware s.a r.l", "Solware S A R L", identity.Same, ""},
		{"form in words", "Solware Société par Actions Simplifiée", "Solware S.A.S.", identity.Same, ""},
		{"form of one shareholder", "Solware SASU", "Solware SAS", identity.Same, ""},
		{"other form", "Solware SAS", "Solware GmbH", identity.Review, "legal form: SAS in the first, GMBH in the second"},
		{"other French form", "Solware SA", "Solware SARL", identity.Review, "legal form"},
		{"form in brackets", "Solware (SAS)", "Solware", identity.Same, ""},
		{"form before a place", "Solware S.A. (France)", "Solware France", identity.Same, ""},
		{"public form", "Groupement d’intérêt public Ternum", "GIP Ternum", identity.Same, ""},
		{"public form missing", "GCS Ternum", "Ternum", identity.Same, ""},
		{"association", "Association Ternum", "Ternum", identity.Same, ""},
		{"a form that describes", "Société Générale", "Générale", identity.Review, ""},
		{"name that is a form", "SAS", "GIE", identity.Different, ""},
		{"accents and case", "ITS INTÉGRA SAS", "Its Integra", identity.Same, "accents"},
		{"mojibake", "TÃ©lÃ©santÃ© Corse", "Télésanté Corse", identity.Same, "mojibake"},
		{"symbol in front", "★ Solware", "Solware", identity.Same, ""},
		{"a sign beside a letter", "C# Ternum", "C Ternum", identity.Review, "equal but for a sign: 'c#' in the first"},
		{"a sign beside a digit", "1&1", "11", identity.Review, "'1&1' in the first, '–' in the second"},
		{"a sign between letters", "A&B Ternum", "AB Ternum SAS", identity.Review, "sign"},
		{"a sign with spaces", "A&B Ternum", "A & B Ternum", identity.Same, ""},
		{"a sign as a word", "A&B Ternum", "A et B Ternum", identity.Same, ""},
		{"a sign between words", "Solware & Fils", "Solware Fils", identity.Same, ""},
		{"a small word of one letter", "Soins et à domicile Ternum", "Soins à domicile Ternum", identity.Same, ""},
		{"initials", "S.I.M.", "SIM", identity.Same, ""},
		{"digits and initials", "2 C B", "2 C D", identity.Different, ""},
		{"initials beside a country", "PLA China", "People’s Liberation Army", identity.Review, "fits the initials"},
		{"initials beside another department", "JA Cher 18", "Jeunes agriculteurs 58", identity.Different, ""},
		{"initials beside the department", "JA Cher 18", "Jeunes agriculteurs du Cher", identity.Review, "fits the initials"},
		{"acronym stated", "Réseau Interne Hospitalier (RIH)", "R.I.H.", identity.Same, "acronym RIH stated in the first"},
		{"acronym stated by a dash", "RIH", "RIH – Réseau Interne Hospitalier", identity.Same, "acronym RIH stated in the second"},
		{"acronym in front, whole in brackets", "RIH (Réseau Interne Hospitalier)", "Réseau interne hospitalier", identity.Same, "full name"},
		{"acronym guessed", "RIH", "Réseau Interne Hospitalier", identity.Review, "fits the initials"},
		{"acronym of two", "Réseau Interne Hospitalier (RIH)", "Registre des Implants de Hanche (RIH)", identity.Review, "both state"},
		{"acronym, two full names", "RIH (Réseau Interne Hospitalier)", "RIH (Registre des Implants de Hanche)", identity.Review, "beside the name"},
		{"former name", "Solware (ex Ternum)", "TERNUM SASU", identity.Same, "former name Ternum stated in the first"},
		{"former name in the open", "Solware, anciennement Ternum", "Ternum", identity.Same, "former name"},
		{"bare text in brackets", "Solware (Ternum)", "Ternum", identity.Review, "beside the name"},
		{"bare text in brackets, the name", "Solware (Ternum)", "Solware", identity.Same, ""},
		{"middle dot", "Solware · Ternum", "Solware", identity.Same, ""},
		{"slash", "Solware / Ternum", "Ternum", identity.Review, ""},
		{"hospital in words", "Centre Hospitalier Universitaire de Brest", "CHU Brest", identity.Same, ""},
		{"regional hospital", "CHRU de Tours", "CHU Tours", identity.Same, ""},
		{"hospital elsewhere", "CHU de Brest", "CHU de Tours", identity.Different, "geography"},
		{"other hospital of the place", "CHU de Brest", "CH de Brest", identity.Review, "kind of institution"},
		{"hospital acronym", "Hospices civils de Lyon", "HCL", identity.Same, ""},
		{"words glued", "ASSISTANCE PUBLIQUEHOPITAUX DE PARIS APHP", "AP-HP", identity.Same, ""},
		{"plus sign", "Info+ Santé", "Info Plus Sante", identity.Same, ""},
		{"place added", "Solware Switzerland", "Solware", identity.Review, "differs by 'Switzerland': geography"},
		{"commonplace", "Clinique du Parc", "Clinique du Parc", identity.Review, "several bodies bear this name"},
		{"commonplace saint and commune", "HOPITAL PRIVE SAINT-MARTIN", "Hôpital privé St Martin", identity.Review, "several bodies"},
		{"a clinic of a saint and commune", "Clinique St-Omer", "CLINIQUE SAINT OMER", identity.Review, "several bodies"},
		{"a public hospital's commune", "CH St-Omer", "CENTRE HOSPITALIER SAINT OMER", identity.Same, ""},
		{"a saint and a place", "Clinique St-Martin Caen", "CLINIQUE SAINT MARTIN CAEN", identity.Same, ""},
		{"a saint's commune of several words", "Clinique St Germain en Laye", "CLINIQUE SAINT-GERMAIN-EN-LAYE", identity.Same, ""},
		{"commonplace saint", "Hôpital St-Joseph", "Hôpital Saint Joseph", identity.Review, "several bodies"},
		{"institution without a name", "Service de soins", "SERVICE DE SOINS", identity.Review, "several bodies"},
		{"commonplace with a place", "Clinique du Parc Lyon", "CLINIQUE DU PARC LYON", identity.Same, ""},
		{"commonplace with a place beside", "Clinique du Parc (Nogent-sur-Zorg)", "CLINIQUE DU PARC (NOGENT-SUR-ZORG)", identity.Same, ""},
		{"grouping of a clinic", "GCS Clinique Ternum", "Clinique Ternum", identity.Review, "grouping or an association"},
		{"grouping beside a bare name", "GIE Solware", "Solware", identity.Review, "only one is a GIE"},
		{"partnership beside a bare name", "Solware SNC", "Solware", identity.Review, "only one is a SNC"},
		{"partnership and company", "Solware SNC", "Solware SAS", identity.Review, "legal form"},
		{"and company", "ID&CO", "ID", identity.Review, "equal but for the ending"},
		{"and company in French", "Solware & Cie", "SOLWARE ET CIE", identity.Same, ""},
		{"and company in words", "Solware & Co.", "Solware and Co.", identity.Same, ""},
		{"other ending", "Docteurin.fr", "Docteurin.com", identity.Review, "'fr' in the first, 'com' in the second"},
		{"ending of a company", "SOLWARE.CO", "Solware", identity.Review, "equal but for the ending"},
		{"hospital under two titles", "HL Sully", "CH Sully-sur-Loire", identity.Review, "two titles"},
		{"local hospital", "Hôpital local de Houdan", "HL Houdan", identity.Same, ""},
		{"another kind of institution", "Clinique La Zorgube", "Hôpital privé La Zorgube", identity.Review, "another kind"},
		{"brand for a kind", "Korian Le Zorgub", "Clinique Le Zorgub", identity.Review, ""},
		{"one site", "HU Paris Nord site Louis Zorgub APHP", "Hôpital Louis Zorgub", identity.Review, "one site"},
		{"outside brackets", "Zorgube Centre Est (Rhône)", "Zorgube Centre Est (Isère)", identity.Review, "outside brackets"},
		{"words shortened", "Synd nat zorgubist restau cafet", "Syndicat national des zorgubistes restaurateurs cafetiers",
			identity.Review, "shortens"},
		{"words shortened elsewhere", "Synd zorgub agric Tarn", "Syndicat zorgubiste agricole Landes", identity.Different, ""},
		{"department's number", "JA Lozère 48", "Jeunes agriculteurs Lozère", identity.Review, "initials"},
		{"number for a department", "FDZ 82", "Fédération départementale Zorgub Tarn-et-Garonne", identity.Review, "initials"},
		{"pieces of words", "Interbev", "Interprofession bétail et viande", identity.Review, "pieces"},
		{"places spelled alike", "Commune de Nîmes (mairie)", "Commune de Noves (mairie)", identity.Different, ""},
		{"initial of a person", "Centre J. d'Ormesson", "Centre Jean d'Ormesson", identity.Review, ""},
		{"place in brackets", "Solware (France)", "SOLWARE FRANCE SAS", identity.Same, ""},
		{"place in another language", "Solware Suisse", "Solware (Schweiz)", identity.Same, ""},
		{"other place", "Solware France", "Solware Suisse", identity.Different, "geography"},
		{"numeral added", "Solware II", "Solware", identity.Review, "numeral"},
		{"other numeral", "Solware 1", "Solware 2", identity.Different, "numeral"},
		{"business word", "Solware Railway Engineering", "Solware Railroad Engineering", identity.Different, "business word"},
		{"business word added", "Solware Cloud", "Solware", identity.Review, "differs by 'Cloud': business word"},
		{"short name begins another", "Libre dial", "Libre", identity.Review, "only the first has 'dial'"},
		{"group of a brand", "LE GROUPE LA POSTE", "La Poste", identity.Same, "group marker"},
		{"group, both sides", "LE GROUPE LA POSTE", "LA POSTE GROUPE", identity.Same, ""},
		{"group and company", "Groupe Solware", "Solware SAS", identity.Review, "group"},
		{"English group", "Solware Group", "Solware", identity.Review, "group"},
		{"group and subsidiary", "Groupe Solware", "Solware Services", identity.Review, ""},
		{"misspelled", "Docaposta", "Docaposte", identity.Review, "spelled alike"},
		{"word order", "Group Ternum Solware", "Solware Ternum Group", identity.Review, "another order"},
		{"glued form", "SolwarePLC", "Solware PLC", identity.Same, ""},
		{"a whole family", "Solware Systems", "Solware Industries", identity.Different, ""},
		{"two acronyms", "SFR", "SRR", identity.Different, ""},
		{"address as name", "solware.com, inc.", "Solware.com", identity.Same, ""},
		{"a brand with a dot", "Solware.cloud", "Solware", identity.Review, ""},
		{"saint", "CH Ste-Marthe d'Ambert", "Centre hospitalier Sainte Marthe d'Ambert", identity.Same, ""},
		{"article before a form", "La société Solware", "Solware", identity.Same, ""},
		{"letterhead", "Solware SAS au capital de 10 000 €", "Solware", identity.Same, ""},
		{"form and its board", "Solware SA à conseil d'administration", "Solware", identity.Same, "legal form SA"},
		{"association of 1901", "Solware (association loi de 1901)", "Solware", identity.Same, ""},
		{"a brand that ends like an adjective", "Société Oodrive", "OODRIVE", identity.Same, ""},
		{"landlord", "SCI Clinique Ternum", "Clinique Ternum", identity.Review, "property"},
		{"a grouping of a hospital", "GCS CHU de Brest", "CHU de Brest", identity.Review, "a grouping or an association"},
		{"two forms in one", "Solware S.A./N.V.", "Solware", identity.Same, "legal form SA"},
		{"former name, in more words", "Solware (anciennement dénommée Ternum)", "Ternum", identity.Same, "former name Ternum"},
		{"before a dash", "SOLWARE - Fédération nationale des centres de Ternum et de recherche", "Solware", identity.Review, "stands apart in the first"},
		{"business word glued on", "Solwarecloud", "Solware", identity.Review, "one name holds the other"},
		{"two letters that are the name", "Cabinet AG", "Cabinet", identity.Different, ""},
		{"establishment in brackets", "Clinique Ternum (Solwarville)", "Clinique Ternum", identity.Review, "one establishment of several"},
		{"site in brackets", "Solware (site de Sallanches)", "Solware", identity.Review, "one establishment of several"},
		{"kind said twice", "Centre Hospitalier Universitaire (CHU) de Brest", "CHU Brest", identity.Same, ""},
		{"hospital of no kind", "Hôpital de Rouen", "CHU Rouen", identity.Review, "one place"},
		{"acronym of two letters", "Ternum Solware (TS)", "TS", identity.Review, "nothing states it"},
		{"acronym that spells an acronym", "ICDC", "Informatique CDC", identity.Review, "initials"},
		{"acronym over small words", "Agence du Ternum en Solware", "ATS", identity.Review, "initials"},
		{"renamed", "Solware (devenue Ternum)", "Ternum", identity.Same, "stated in the first"},
		{"roman and arabic", "Solware II", "Solware 2", identity.Same, ""},
		{"one, roman and arabic", "Fonds Solware I", "Fonds Solware 1", identity.Review, ""},
		{"ordinal", "1er Solware", "Premier Solware", identity.Same, ""},
		{"abbreviated title", "Cabinet Dr Ternum", "Cabinet Docteur Ternum", identity.Same, ""},
		{"words cut short", "Solware Info", "Solware Informatique", identity.Review, ""},
		{"cut in two and misspelled", "Télésanté Lorraine", "Tele-sante Lorrraine", identity.Review, ""},
		{"town hall", "Mairie de Brest", "Commune de Brest", identity.Same, ""},
		{"address in full", "www.solware.com", "Solware.com", identity.Same, ""},
		{"half a no-break space", "SolwareÂ TÃ©lÃ©com", "Solware Télécom", identity.Same, "mojibake"},
		{"blank", "", "Solware", identity.Different, "blank"},
	} {
		v := n.Compare(n.Parse(c.a), n.Parse(c.b))
		if v.Decision != c.want || !strings.Contains(v.Reason(), c.reason) {
			t.Errorf("%s: %q and %q: %s (%.2f), want %s with %q; reasons: %s", c.kind, c.a, c.b, v.Decision, v.Score, c.want, c.reason, v.Reason())
		}
	}
}

func TestDisplay(t *testing.T) {
	n := namer()
	for raw, want := range map[string]string{
		"CHEOPS TECHNOLOGY FRANCE":               "Cheops Technology France",
		"OVH":                                    "OVH",
		"OVH SAS":                                "OVH",
		"AP-HP":                                  "AP-HP",
		"ITS INTÉGRA SAS":                        "ITS Intégra",
		"ClaraNet SAS":                           "ClaraNet",
		"CENTRE HOSPITALIER DE SAINT-BRIEUC":     "Centre Hospitalier de Saint-Brieuc",
		"CHU DE NANTES":                          "CHU de Nantes",
		"CEGEDIM.CLOUD":                          "Cegedim.cloud",
		"★ Dyjix SAS":                            "Dyjix",
		"International Cross Talk (ICT)":         "International Cross Talk",
		"LE GROUPE LA POSTE":                     "Le Groupe La Poste",
		"E-SANTÉ D'ILE-DE-FRANCE":                "E-Santé d'Ile-de-France",
		"GROUPE BPCE":                            "Groupe BPCE",
		"Cegedim S.A. (France)":                  "Cegedim France",
		"SOCIETE REUNIONNAISE DU CABLE SCS":      "Societe Reunionnaise du Cable",
		"MACIF (CovÃ©a)":                         "Macif",
		"Télésanté   Lorraine":                   "Télésanté Lorraine",
		"VAL D'OISE NUMERIQUE":                   "Val d'Oise Numerique",
		"CLINIQUE ST JEAN":                       "Clinique St Jean",
		"CABINET DU DR MOREAU":                   "Cabinet du Dr Moreau",
		"EHPAD LES GLYCINES":                     "EHPAD Les Glycines",
		"CH DE LA ROCHELLE":                      "CH de la Rochelle",
		"CHRU DE NANCY":                          "CHRU de Nancy",
		"AMAZON WEB SERVICES EMEA SARL":          "Amazon Web Services EMEA",
		"A.T.I.H.":                               "A.T.I.H.",
		"RATP":                                   "RATP",
		"★":                                      "★",
		"SAS":                                    "SAS",
		"Hospices Civils de Lyon (HCL), service": "Hospices Civils de Lyon, service",
	} {
		if got := n.Parse(raw).Display; got != want {
			t.Errorf("Parse(%q).Display = %q, want %q", raw, got, want)
		}
	}
}

func TestStatedNames(t *testing.T) {
	n := namer()
	for raw, want := range map[string]identity.Stated{
		"International Cross Talk (ICT)":                  {Kind: identity.Acronym, Text: "ICT", Key: "ict", Sure: true},
		"ICT - International Cross Talk":                  {Kind: identity.Acronym, Text: "ICT", Key: "ict", Sure: true},
		"BT Blue (ex Bretagne Telecom)":                   {Kind: identity.Former, Text: "Bretagne Telecom", Key: "bretagnetelecom", Sure: true},
		"Free Pro (ex-Jaguar Network SAS)":                {Kind: identity.Former, Text: "Jaguar Network SAS", Key: "jaguarnetwork", Sure: true},
		"SFR (Altice France)":                             {Kind: identity.Alternative, Text: "Altice France", Key: "alticefrance"},
		"Midi Picardie Informatique Hospitalière (MIPIH)": {Kind: identity.Acronym, Text: "MIPIH", Key: "mipih", Sure: true},
		"AP-HP – Assistance publique – Hôpitaux de Paris": {Kind: identity.Acronym, Text: "AP-HP", Key: "aphp", Sure: true},
	} {
		nm := n.Parse(raw)
		if len(nm.Stated) == 0 || nm.Stated[0] != want {
			t.Errorf("Parse(%q).Stated = %+v, want %+v first", raw, nm.Stated, want)
		}
	}
	for _, raw := range []string{"Abbott CardioRhythm Management / Heart Failure", "Ex Libris", "Pharma Ex Machina", "Cheops (France)", "Équipe (2)"} {
		if nm := n.Parse(raw); len(nm.Stated) != 0 {
			t.Errorf("Parse(%q) states %+v", raw, nm.Stated)
		}
	}
}

func TestForms(t *testing.T) {
	n := namer()
	for raw, want := range map[string]identity.Form{
		"DATA4 s.a r.l":                         {Code: "SARL", Kind: "company", Where: identity.Trailing, Text: "s.a r.l"},
		"SAS Untel":                             {Code: "SAS", Kind: "company", Country: "FR", Where: identity.Leading, Text: "SAS"},
		"Equinix, Inc.":                         {Code: "INC", Kind: "company", Country: "US", Where: identity.Trailing, Text: "Inc"},
		"Siemens Aktiengesellschaft":            {Code: "AG", Kind: "company", Country: "DE", Where: identity.Trailing, Text: "Aktiengesellschaft"},
		"Untel (SAS)":                           {Code: "SAS", Kind: "company", Country: "FR", Where: identity.Inside, Text: "SAS"},
		"Syndicat interhospitalier de Bretagne": {Code: "SIH", Kind: "public", Country: "FR", Where: identity.Leading, Text: "Syndicat interhospitalier"},
	} {
		nm := n.Parse(raw)
		if len(nm.Forms) != 1 || nm.Forms[0] != want {
			t.Errorf("Parse(%q).Forms = %+v, want %+v", raw, nm.Forms, want)
		}
	}
	// "X Y S.A." ends in a form, "J.P.S.A." is all initials.
	if k := n.Parse("X Y S.A.").Key; k != "xy" {
		t.Errorf("key of X Y S.A. is %q", k)
	}
	if k := n.Parse("J.P.S.A.").Key; k != "jpsa" {
		t.Errorf("key of J.P.S.A. is %q", k)
	}
}
