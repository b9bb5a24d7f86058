package intake

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Contribution is one line of a timesheet: what somebody gave to a project.
type Contribution struct {
	Line         int    // of the file, from 1
	Key          string // the same for the same line of any file, see the package page
	ID           string // what the file calls the line; "" without an id column
	Person       string
	Organization string // "" if the file does not say
	Project      string
	Kind         string          // id of the kind of wealth
	Quantity     decimal.Decimal // in Unit; more than 0
	Unit         string
	Date         codesocial.Date // as written, in whatever time zone the tool counts days
	Note         string
	Evidence     string
	ValidatedBy  string // "" if the contribution is only declared
}

// A Kind is a kind of wealth that contributions may be of.
type Kind struct {
	ID    string
	Names []string // what files may call it beside the id, in any language; compared with [Fold]
	Unit  string   // in which it is counted, "h" for hours
}

// Timesheet is the kind of the lines of a file that does not say, as most timesheet tools export it: time in hours.
var Timesheet = Kind{ID: "time", Names: []string{"temps"}, Unit: Hours}

// Hours is the unit of time. Quantities in hours may be written as durations.
const Hours = "h"

// ContributionOptions say what [ReadContributions] should expect; nil means the zero value.
type ContributionOptions struct {
	// Kinds are the kinds of wealth that the charter knows. A line of any other kind is refused, and so is one
	// that is counted in another unit than its kind. If there are none, every kind is taken as it is written.
	Kinds []Kind
	// Default is the kind of all lines of a file without a column for it; zero means [Timesheet].
	Default Kind
	// Columns say which columns are what, of a file with names that are not known here.
	Columns Columns
}

var contributionFields = []field{
	{"person", true, []string{
		"person", "personne", "contributor", "contributeur", "contributrice", "contributeur rice", "contributeur trice",
		"user", "utilisateur", "utilisatrice", "utilisateur rice", "user name", "username", "nom d utilisateur", "member", "membre",
		"employee", "collaborateur", "collaboratrice", "salarie", "provider", "who", "qui", "name", "nom", "email", "e mail",
	}},
	{"project", true, []string{"project", "projet", "project name", "nom du projet", "inscopeof", "in scope of", "chantier", "affaire"}},
	{"quantity", true, []string{
		"quantity", "quantite", "qte", "duree quantite", "effortquantity", "resourcequantity", "hours", "heures", "nombre d heures", "nb heures",
		"number of hours", "duration h", "duree h", "duration", "duree", "temps passe", "time spent", "temps", "duration decimal",
		"decimal duration", "duree decimale",
	}},
	{"date", true, []string{
		"date", "day", "jour", "haspointintime", "has point in time", "start date", "date de debut", "started at", "start", "begin", "debut",
		"hasbeginning",
	}},
	{"id", false, []string{"id", "identifiant", "uuid", "entry id", "external id"}},
	{"organization", false, []string{
		"organization", "organisation", "organisme", "structure", "company", "societe", "entreprise", "association", "cooperative", "org",
		"team", "equipe", "group", "groupe",
	}},
	{"kind", false, []string{"kind", "kind of wealth", "wealth", "richesse", "type de richesse", "nature", "type", "genre", "category", "categorie"}},
	{"unit", false, []string{"unit", "unite", "hasunit", "unit of measure", "unite de mesure"}},
	{"note", false, []string{
		"note", "notes", "description", "comment", "commentaire", "comments", "commentaires", "libelle", "intitule", "task", "tache",
		"activity", "activite",
	}},
	{"evidence", false, []string{"evidence", "preuve", "justificatif", "justificatifs", "piece jointe", "link", "lien", "url"}},
	{"validated by", false, []string{
		"validated by", "valide par", "validee par", "valide e par", "validator", "valideur", "valideuse", "approved by", "approver", "approuve par",
	}},
}

// ReadContributions reads the contributions of a CSV file. file names it in messages. Required are columns
// for the person, the project, the quantity and the date; a file without a column for the kind is a timesheet. It
// takes one pass and memory in proportion to the file.
func ReadContributions(file string, r io.Reader, opts *ContributionOptions) (*Sheet[Contribution], error) {
	if opts == nil {
		opts = &ContributionOptions{}
	}
	t, err := readTable(file, r, contributionFields, opts.Columns)
	if err != nil {
		return nil, err
	}
	read := contributionReader{
		table: t, options: *opts, people: newSpellings(), organizations: newSpellings(), projects: newSpellings(), ids: make(map[string]int),
	}
	if err := read.findKinds(); err != nil {
		return nil, err
	}
	read.learnPoints()
	lines := make([]Contribution, 0, len(t.rows))
	t.each(func(r row) { lines = append(lines, read.contribution(r)) })
	if err := t.err(); err != nil {
		return nil, err
	}
	assignContributionKeys(lines)
	return &Sheet[Contribution]{Lines: lines, Layout: t.layout}, nil
}

// assignContributionKeys sets the keys. Who validated a line is not part of what it is; among equal lines those
// that are validated come first, by the name of who did it.
func assignContributionKeys(lines []Contribution) {
	assignKeys(
		lines,
		func(c *Contribution) string { return c.ID },
		func(c *Contribution) []string {
			return []string{
				"contribution", c.Person, c.Organization, c.Project, c.Kind, c.Quantity.String(), c.Unit, c.Date.String(), c.Note, c.Evidence,
			}
		},
		func(a, b *Contribution) int {
			if (a.ValidatedBy == "") != (b.ValidatedBy == "") {
				return len(b.ValidatedBy) - len(a.ValidatedBy)
			}
			return cmp.Compare(a.ValidatedBy, b.ValidatedBy)
		},
		func(c *Contribution, key string) { c.Key = key },
	)
}

type contributionReader struct {
	*table
	options  ContributionOptions
	kinds    map[string][]Kind // by folded name
	anyKind  bool              // kinds that are not among them are taken as they are written
	absent   Kind              // of lines that name none
	decimals points

	people, organizations, projects *spellings
	ids                             map[string]int
}

// contribution reads one row and notes what is wrong with it.
func (t *contributionReader) contribution(r row) Contribution {
	c := Contribution{
		Line:         r.line,
		ID:           t.id(r, t.ids),
		Person:       t.spelled(r, "person", true, t.people),
		Organization: t.spelled(r, "organization", false, t.organizations),
		Project:      t.spelled(r, "project", true, t.projects),
		Date:         t.date(r),
		Note:         t.text(r, "note"),
		Evidence:     t.text(r, "evidence"),
		ValidatedBy:  t.spelled(r, "validated by", false, t.people),
	}
	var known bool
	c.Kind, c.Unit, known = t.kind(r)
	if !known {
		return c
	}
	c.Quantity, c.Unit = t.quantity(r, c.Kind, c.Unit)
	return c
}

// kind returns the id of the row's kind of wealth and the unit in which it is counted, "" if that is open. It
// notes a kind that is missing or unknown and then returns false.
func (t *contributionReader) kind(r row) (id, unit string, ok bool) {
	if !t.has("kind") {
		return t.absent.ID, t.absent.Unit, true
	}
	name, folded := t.name(r, "kind", true)
	if name == "" {
		return "", "", false
	}
	found := t.kinds[folded]
	switch {
	case len(found) == 1:
		return found[0].ID, found[0].Unit, true
	case len(found) > 1:
		t.bad(r, "kind", "may mean %s: write one of these", kindNames(found))
		return "", "", false
	case t.anyKind:
		return name, "", true
	}
	t.bad(r, "kind", "is not one of %s", kindNames(t.options.Kinds))
	return "", "", false
}

// findKinds puts the kinds of the options in order: by the folded form of every name they have, and the one of
// lines that name none.
func (t *contributionReader) findKinds() error {
	byDefault := t.options.Default
	if byDefault.ID == "" {
		byDefault = Timesheet
	}
	known := t.options.Kinds
	if t.anyKind = len(known) == 0; t.anyKind {
		known = []Kind{byDefault}
	}
	t.kinds = make(map[string][]Kind)
	for _, k := range known {
		for _, name := range append([]string{k.ID}, k.Names...) {
			folded := Fold(name)
			if !slices.ContainsFunc(t.kinds[folded], func(other Kind) bool { return other.ID == k.ID }) {
				t.kinds[folded] = append(t.kinds[folded], k)
			}
		}
	}
	i := slices.IndexFunc(known, func(k Kind) bool { return k.ID == byDefault.ID })
	if i < 0 {
		if t.has("kind") {
			return nil
		}
		return wholeFile(ErrHeader, t.file, 1, "", "no column for the kind, and %q is not one of %s", byDefault.ID, kindNames(known))
	}
	t.absent = known[i]
	return nil
}

func kindNames(kinds []Kind) string {
	ids := make([]string, len(kinds))
	for i, k := range kinds {
		ids[i] = k.ID
	}
	return strings.Join(ids, ", ")
}

// learnPoints finds out, from the numbers of the column, which sign is decimal in it.
func (t *contributionReader) learnPoints() {
	for _, r := range t.rows {
		if r.malformed != "" {
			continue
		}
		digits, _ := cutUnit(t.cell(r, "quantity"))
		if n, err := parseNumber(digits, MaxFractionDigits); err == nil {
			t.decimals.learn(n)
		}
	}
}

// quantity returns the row's quantity in the unit in which its kind is counted, or, when that is open, in the
// one that the row names. It notes what is wrong with it.
func (t *contributionReader) quantity(r row, kind, unit string) (decimal.Decimal, string) {
	written := t.cell(r, "quantity")
	if written == "" {
		t.bad(r, "quantity", "the quantity is missing")
		return decimal.Zero, unit
	}
	named := canonicalUnit(t.word(r, "unit", false))
	digits, suffix := cutUnit(written)
	suffix = canonicalUnit(suffix)
	value, spoken := parseDuration(written)
	if spoken {
		suffix = Hours
	}
	unit = cmp.Or(unit, named, suffix)
	switch {
	case unit == "":
		t.bad(r, "quantity", "in which unit? add a column unit")
		return decimal.Zero, unit
	case named != "" && Fold(named) != Fold(unit) && !(named == minutes && unit == Hours):
		t.bad(r, "unit", "%s is counted in %s", kind, unit)
		return decimal.Zero, unit
	case suffix != "" && Fold(suffix) != Fold(cmp.Or(named, unit)):
		t.bad(r, "quantity", "must be in %s", cmp.Or(named, unit))
		return decimal.Zero, unit
	}
	if !spoken {
		var err error
		if value, err = t.plainQuantity(digits); err != nil {
			t.bad(r, "quantity", "%v", err)
			return decimal.Zero, unit
		}
		if named == minutes && unit == Hours {
			value = value.DivRound(decimal.NewFromInt(60), hourDigits)
		}
	}
	if !value.IsPositive() {
		t.bad(r, "quantity", "must be more than 0")
	} else if unit == Hours && value.GreaterThan(decimal.NewFromInt(MaxHours)) {
		t.bad(r, "quantity", "is more than %d hours, those of a month: is the column in minutes or seconds? enter longer times month by month", MaxHours)
	}
	return value, unit
}

// plainQuantity reads a number, provided that it can be read in one way only.
func (t *contributionReader) plainQuantity(digits string) (decimal.Decimal, error) {
	n, err := parseNumber(digits, MaxFractionDigits)
	if err != nil {
		return decimal.Zero, err
	}
	return n.value, t.decimals.check(n, 4)
}

const minutes = "min"

// canonicalUnit returns the one code of units that have several names; others as they are.
func canonicalUnit(name string) string {
	switch Fold(name) {
	case "h", "hr", "hrs", "hour", "hours", "heure", "heures":
		return Hours
	case "min", "mn", "minute", "minutes":
		return minutes
	case "€", "eur", "euro", "euros":
		return "EUR"
	}
	return name
}

// cutUnit cuts a unit written behind a number: "12,5 kg".
func cutUnit(s string) (digits, unit string) {
	i := strings.LastIndexFunc(s, func(r rune) bool { return '0' <= r && r <= '9' }) + 1
	unit = strings.TrimSpace(s[i:])
	if i == 0 || len(unit) > MaxNameBytes {
		return s, ""
	}
	return s[:i], unit
}

// id returns the row's id; it notes one that an earlier row has.
func (t *table) id(r row, seen map[string]int) string {
	id := t.word(r, "id", t.has("id"))
	if line, ok := seen[id]; ok && id != "" {
		t.bad(r, "id", "line %d has the same id", line)
	}
	seen[id] = r.line
	return id
}

// date returns the row's day.
func (t *table) date(r row) codesocial.Date {
	cell := t.cell(r, "date")
	if cell == "" {
		t.bad(r, "date", "the date is missing")
		return codesocial.Date{}
	}
	d, ok := t.dates[cell]
	if !ok {
		d.date, d.err = parseDate(cell)
		t.dates[cell] = d
	}
	if d.err != nil {
		t.bad(r, "date", "%v", d.err)
	}
	return d.date
}

// spellings remembers how names were first spelled.
type spellings struct{ first map[string]spelling }

type spelling struct {
	name string
	line int
}

func newSpellings() *spellings { return &spellings{make(map[string]spelling)} }

// spelled returns the row's name for a field; it notes one that an earlier row spells in another way.
func (t *table) spelled(r row, field string, required bool, seen *spellings) string {
	name, folded := t.name(r, field, required)
	if name == "" {
		return ""
	}
	first, ok := seen.first[folded]
	if !ok {
		seen.first[folded] = spelling{name, r.line}
	} else if first.name != name {
		t.bad(r, field, "line %d spells it %s: one name, one spelling", first.line, quote(first.name))
	}
	return name
}
