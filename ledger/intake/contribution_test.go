package intake_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

func TestAFrenchTimesheetIsRead(t *testing.T) {
	t.Parallel()
	lines := contributions(t, "\ufeffDate;Utilisateur·rice;Structure;PROJET;Richesse;Durée / Quantité;Unité;Description;Justificatif;Validé·e par\r\n"+
		"31/12/2025;Zoé  Martin;L’Atelier;Jardin;Temps;1,5;heures;\"Taille;\r\npuis \"\"paillage\"\"\";PV-12;Léo Roux\r\n"+
		";;;;;;;;;\r\n"+
		"2 janvier 2025;Léo Roux;Semis;Jardin;savoir;1;deliverable;;;\r\n",
		&intake.ContributionOptions{Kinds: kinds})
	require.Len(t, lines, 2)
	first := lines[0]
	requireDecimal(t, "1.5", first.Quantity)
	require.Equal(t, intake.Contribution{
		Line: 2, Key: first.Key, Person: "Zoé Martin", Organization: "L’Atelier", Project: "Jardin", Kind: "time", Quantity: first.Quantity, Unit: "h",
		Date: codesocial.Date{Year: 2025, Month: 12, Day: 31}, Note: "Taille;\npuis \"paillage\"", Evidence: "PV-12", ValidatedBy: "Léo Roux",
	}, first)
	require.Equal(t, 5, lines[1].Line, "the line of the file, behind a cell of two lines and an empty line")
	require.Equal(t, "knowledge", lines[1].Kind)
	require.Equal(t, "deliverable", lines[1].Unit)
	require.Empty(t, lines[1].ValidatedBy)
}

func TestExportsOfTimesheetToolsAreRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"Toggl": "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount (EUR)\n" +
			"Zoé Martin,zoe@example.org,Mairie,Jardin,,Taille,No,2025-03-04,09:00:00,2025-03-04,10:30:00,01:30:00,,\n",
		"Clockify": `"Project","Client","Description","Task","User","Group","Email","Tags","Billable","Start Date","Start Time","End Date","End Time","Duration (h)","Duration (decimal)","Billable Rate (EUR)","Billable Amount (EUR)"` + "\n" +
			`"Jardin","Mairie","Taille","","Zoé Martin","","zoe@example.org","","No","04/03/2025","09:00:00","04/03/2025","10:30:00","01:30:00","1.50","0.00","0.00"` + "\n",
		"Kimai": "Date,From,To,Duration,Rate,User,Username,Customer,Project,Activity,Description,Billable,Tags\n" +
			"2025-03-04,09:00,10:30,1:30,0.00,Zoé Martin,zoe,Mairie,Jardin,Entretien,Taille,no,\n",
		"Valueflows names": "provider\tinScopeOf\teffortQuantity\thasUnit\thasPointInTime\tnote\n" +
			"Zoé Martin\tJardin\t1.5\th\t2025-03-04T09:00:00+01:00\tTaille\n",
		"a file that declares its separator": "sep=;\r\nQui;Projet;Heures;Jour;Note\r\nZoé Martin;Jardin;1h30;4/3/2025;Taille\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := contributions(t, text, nil)
			require.Len(t, lines, 1)
			line := lines[0]
			require.Equal(t, "Zoé Martin", line.Person)
			require.Equal(t, "Jardin", line.Project)
			require.Equal(t, "time", line.Kind)
			require.Equal(t, "h", line.Unit)
			require.Equal(t, "2025-03-04", line.Date.String())
			require.Equal(t, "Taille", line.Note)
			requireDecimal(t, "1.5", line.Quantity)
		})
	}
}

func TestTheLayoutSaysWhatWasReadAndWhatPassedOver(t *testing.T) {
	t.Parallel()
	sheet, err := intake.ReadContributions("hours.csv", strings.NewReader("Tags, User ,Project,Duration (decimal),Duration (h),Start date\n,A,P,1.28,01:17:00,2025-01-07\n"), nil)
	require.NoError(t, err)
	require.Equal(t, intake.Layout{Encoding: "ASCII", Separator: ',', Columns: []intake.Column{
		{Header: "Tags"},
		{Header: "User", Field: "person"},
		{Header: "Project", Field: "project"},
		{Header: "Duration (decimal)"},
		{Header: "Duration (h)", Field: "quantity"},
		{Header: "Start date", Field: "date"},
	}}, sheet.Layout)
	requireDecimal(t, "1.2833", sheet.Lines[0].Quantity) // not the rounded column
}

func TestEveryBadLineIsReportedWithFileLineColumnAndValue(t *testing.T) {
	t.Parallel()
	message := refusedContributions(t, intake.ErrLine, "personne;projet;type;quantité;date;valideur\n"+
		"Zoé;Jardin;temps;-3;2025-01-01;Léo\n"+
		"Zoé;Jardin;temps;1;30/02/2025;Léo\n"+
		";;tmps;1e9;demain;\n"+
		"Zoé;Jardin;temps;2;2025-01-01\n"+
		"ZOE;Jardin;temps;2;2025-01-01;léo\n"+
		"Zoé;Jardin;temps;0;2025-01-01;=1+1\n", &intake.ContributionOptions{Kinds: kinds})
	require.Equal(t, `intake: bad lines
  hours.csv:2: column 4 "quantité": "-3": must be more than 0
  hours.csv:3: column 5 "date": "30/02/2025": there is no day 30 in February 2025
  hours.csv:4: column 1 "personne": "": the person is missing
  hours.csv:4: column 2 "projet": "": the project is missing
  hours.csv:4: column 5 "date": "demain": write a date as 2025-12-31, 31/12/2025 or 31 décembre 2025
  hours.csv:4: column 3 "type": "tmps": is not one of time, knowledge, material
  hours.csv:5: has 5 cells, the header has 6
  hours.csv:6: column 1 "personne": "ZOE": line 2 spells it "Zoé": one name, one spelling
  hours.csv:6: column 6 "valideur": "léo": line 2 spells it "Léo": one name, one spelling
  hours.csv:7: column 4 "quantité": "0": must be more than 0`, message)
}

func TestAfterTwentyProblemsTheRestIsCounted(t *testing.T) {
	t.Parallel()
	_, err := intake.ReadContributions("h.csv", strings.NewReader("person;project;hours;date\n"+strings.Repeat("A;P;0;2025-01-01\n", 25)), nil)
	var problems *intake.Error
	require.ErrorAs(t, err, &problems)
	require.Len(t, problems.Problems, intake.MaxProblems)
	require.Equal(t, 5, problems.More)
	require.Equal(t, intake.Problem{File: "h.csv", Line: 21, Number: 3, Column: "hours", Value: "0", Reason: "must be more than 0"}, problems.Problems[19])
	require.True(t, strings.HasSuffix(err.Error(), "\n  and 5 more"))
}

func TestAHeaderThatIsNotUnderstoodSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"nothing known":     {"a;b;c\n1;2;3\n", `hours.csv:1: "a;b;c": the first line must name the columns`},
		"no quantity":       {"person;project;date\nA;P;2025-01-01\n", "no column for the quantity: call it quantity, quantite"},
		"twice":             {"person;projet;Projet;hours;date\n", `column 3 "Projet": "Projet": column 2 has the same name: which one is the project?`},
		"empty":             {" \n\n", "is empty"},
		"a broken header":   {"person;\"project;hours;date\n", "the first line must name the columns"},
		"too many columns":  {"person;project;hours;date" + strings.Repeat(";x", intake.MaxColumns) + "\n", "has 260 columns, the limit is 256"},
		"no kind, no hours": {"person;project;quantity;date\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			switch {
			case name == "too many columns":
				require.Contains(t, refusedContributions(t, intake.ErrLimit, test.text, nil), test.want)
			case test.want == "":
				opts := &intake.ContributionOptions{Kinds: kinds[1:]}
				require.Contains(t, refusedContributions(t, intake.ErrHeader, test.text, opts), `no column for the kind, and "time" is not one of knowledge, material`)
			default:
				require.Contains(t, refusedContributions(t, intake.ErrHeader, test.text, nil), test.want)
			}
		})
	}
}

func TestQuantitiesAreReadInTheUnitOfTheirKind(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ kind, quantity, unit, want, problem string }{
		{"time", "1:30:00", "", "1.5", ""},
		{"time", "1:20", "", "1.3333", ""},
		{"time", "0:00:01", "", "0.0003", ""},
		{"time", "26:00", "", "26", ""},
		{"time", "1h30", "", "1.5", ""},
		{"time", "1 h 30 min", "", "1.5", ""},
		{"time", "2H", "", "2", ""},
		{"time", "2 heures", "", "2", ""},
		{"time", "1h5m", "", "1.0833", ""},
		{"time", "90 min", "", "1.5", ""},
		{"time", "90", "min", "1.5", ""},
		{"time", "1,5", "heures", "1.5", ""},
		{"time", "1.25 h", "h", "1.25", ""},
		{"time", "+2", "", "2", ""},
		{"time", "1\u202f234,5", "", "", "more than 744 hours"},
		{"time", "5400", "", "", "minutes or seconds"},
		{"time", "1h5", "", "", "is not a number"},
		{"time", "1:75", "", "", "is not a number"},
		{"time", "3", "j", "", "time is counted in h"},
		{"time", "3 kg", "", "", "must be in h"},
		{"time", "", "", "", "the quantity is missing"},
		{"time", "0:00", "", "", "must be more than 0"},
		{"time", "1e3", "", "", "is not a number"},
		{"time", "0x10", "", "", "is not a number"},
		{"time", "NaN", "", "", "is not a number"},
		{"time", "١", "", "", "is not a number"},
		{"time", ",5", "", "", "is not a number"},
		{"time", "1,2345678", "", "", "more than 6 decimals"},
		{"time", "1,500", "", "", "could be 1.5 or 1500: write 1.5000 or 1500"},
		{"material", "1 234 567,5 kg", "", "1234567.5", ""},
		{"material", "1234567,125", "", "1234567.125", ""},
		{"material", "0,125", "kg", "0.125", ""},
		{"material", "12 34", "", "", "is not a number"},
		{"material", "1.234.567", "", "", "separate thousands by a space"},
		{"material", "1.234,56", "", "", "separate thousands by a space"},
		{"material", "1234567890123", "", "", "more than 12 digits"},
		{"material", "1:30", "", "", "must be in kg"},
		{"knowledge", "2", "", "2", ""},
		{"knowledge", "2", "Deliverable", "2", ""},
	} {
		t.Run(test.kind+" "+test.quantity+" "+test.unit, func(t *testing.T) {
			t.Parallel()
			text := "person\tproject\tdate\tkind\tquantity\tunit\nA\tP\t2025-01-01\t" + test.kind + "\t" + test.quantity + "\t" + test.unit + "\n"
			opts := &intake.ContributionOptions{Kinds: kinds}
			if test.problem != "" {
				require.Contains(t, refusedContributions(t, intake.ErrLine, text, opts), test.problem)
				return
			}
			line := contributions(t, text, opts)[0]
			requireDecimal(t, test.want, line.Quantity)
		})
	}
}

func TestAColumnShowsWhichSignIsDecimal(t *testing.T) {
	t.Parallel()
	lines := contributions(t, "person;project;date;kind;quantity\nA;P;2025-01-01;material;1,500\nA;P;2025-01-01;material;2,25\n", &intake.ContributionOptions{Kinds: kinds})
	requireDecimal(t, "1.5", lines[0].Quantity)
	message := refusedContributions(t, intake.ErrLine, "person;project;date;kind;quantity\nA;P;2025-01-01;material;1,500\nA;P;2025-01-01;material;2.25\n", &intake.ContributionOptions{Kinds: kinds})
	require.Contains(t, message, `hours.csv:2: column 5 "quantity": "1,500": could be 1.5 or 1500`)
}

func TestWithoutACharterTheFileNamesItsKindsAndUnits(t *testing.T) {
	t.Parallel()
	lines := contributions(t, "person;project;date;kind;quantity\nA;P;2025-01-01;Wood;3 kg\nA;P;2025-01-01;Temps;1:30\n", nil)
	require.Equal(t, []string{"Wood", "kg", "time", "h"}, []string{lines[0].Kind, lines[0].Unit, lines[1].Kind, lines[1].Unit})
	require.Contains(t, refusedContributions(t, intake.ErrLine, "person;project;date;kind;quantity\nA;P;2025-01-01;Wood;3\n", nil), "in which unit?")
}

func TestHostileCellsAreRefusedOrStayText(t *testing.T) {
	t.Parallel()
	const header = "person;project;hours;date;note\n"
	for name, test := range map[string]struct{ row, want string }{
		"a huge name":              {strings.Repeat("x", 201) + ";P;1;2025-01-01;\n", "has 201 bytes, the limit is 200"},
		"a huge note":              {"A;P;1;2025-01-01;" + strings.Repeat("x", 10_001) + "\n", "has 10001 bytes, the limit is 10000"},
		"a huge number":            {"A;P;" + strings.Repeat("9", 10_000) + ";2025-01-01;\n", "has more than 12 digits"},
		"a bell in a note":         {"A;P;1;2025-01-01;\a\n", "U+0007 is not allowed"},
		"a name of two lines":      {"\"A\nB\";P;1;2025-01-01;\n", "U+000A is not allowed"},
		"a name read backwards":    {"\u202eA;P;1;2025-01-01;\n", "U+202E is not allowed"},
		"an override in a note":    {"A;P;1;2025-01-01;x\u202ey\n", "U+202E is not allowed"},
		"a bare quotation mark":    {"A;P;1;2025-01-01;5\" tape\n", "a quotation mark inside a cell"},
		"a quotation without end":  {"A;P;1;2025-01-01;\"x\nB;P;1;2025-01-01;\n", "is not closed properly"},
		"too many cells":           {"A;P;1;2025-01-01;;x\n", "has 6 cells, the header has 5"},
		"an invisible name":        {"\u200b;P;1;2025-01-01;\n", "U+200B is not allowed"},
		"the same id twice, below": {"A;P;0;2025-01-01;\n", "must be more than 0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			message := refusedContributions(t, intake.ErrLine, header+test.row, nil)
			require.Contains(t, message, test.want)
			require.Less(t, len(message), 1000, "a message shows the beginning of a huge value")
			require.NotContains(t, message, "\u202e")
		})
	}
	lines := contributions(t, header+"=cmd|'/c calc'!A1;P;1;2025-01-01;@SUM(1+1);\n", nil)
	require.Equal(t, "=cmd|'/c calc'!A1", lines[0].Person)
	require.Equal(t, "@SUM(1+1)", lines[0].Note)
}

func TestIdsAreUniqueAndComplete(t *testing.T) {
	t.Parallel()
	const header = "id;person;project;hours;date\n"
	require.Contains(t, refusedContributions(t, intake.ErrLine, header+"1;A;P;1;2025-01-01\n1;A;P;2;2025-01-01\n", nil), `hours.csv:3: column 1 "id": "1": line 2 has the same id`)
	require.Contains(t, refusedContributions(t, intake.ErrLine, header+";A;P;1;2025-01-01\n", nil), "the id is missing")
}

func TestNamesOfOneSpellingAreOneName(t *testing.T) {
	t.Parallel()
	// The second name is written with a combining accent and a no-break space.
	lines := contributions(t, "person;project;hours;date\nZoé Martin;P;1;2025-01-01\nZoe\u0301\u00a0Martin;P;1;2025-01-01\n", nil)
	require.Equal(t, lines[0].Person, lines[1].Person)
}

func TestAKindThatMayMeanTwoIsRefused(t *testing.T) {
	t.Parallel()
	opts := &intake.ContributionOptions{Kinds: []intake.Kind{{ID: "wood", Names: []string{"Matière"}, Unit: "kg"}, {ID: "food", Names: []string{"matiere"}, Unit: "kg"}}}
	message := refusedContributions(t, intake.ErrLine, "person;project;date;kind;quantity\nA;P;2025-01-01;matière;3\nA;P;2025-01-01;Wood;3\n", opts)
	require.Equal(t, "intake: bad lines\n  hours.csv:2: column 4 \"kind\": \"matière\": may mean wood, food: write one of these", message)
}

func TestAFileWithoutKindsMayBeOfAnother(t *testing.T) {
	t.Parallel()
	const text = "person;project;date;quantity\nA;P;2025-01-01;3\n"
	line := contributions(t, text, &intake.ContributionOptions{Kinds: kinds, Default: kinds[2]})[0]
	require.Equal(t, []string{"material", "kg"}, []string{line.Kind, line.Unit})
	line = contributions(t, text, &intake.ContributionOptions{Default: intake.Kind{ID: "care", Unit: "h"}})[0]
	require.Equal(t, []string{"care", "h"}, []string{line.Kind, line.Unit})
}
