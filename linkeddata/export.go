package linkeddata

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

// Options say what an export contains. The zero Options are what can be published: nothing in the export
// names a person, unless the text of the social code or the name of an organisation does. Persons are
// pseudonyms then, not anonymous, see the package documentation.
type Options struct {
	// Persons asks for the names and public keys of persons. Without it a person is an IRI, a type, and
	// what the person did; organisations, collectives and projects always have their names and keys.
	Persons bool

	// Notes asks for the free text of records, in which people may be named: notes, evidence, references,
	// payers and payees.
	Notes bool

	// Base is the IRI before the identifier of a record, as under https://la-trame.example/records/.
	// Empty means urn:uuid:, which names the same record everywhere without promising a page there.
	Base string

	// On is the day as of which members are listed: who has left is a former member, with the last day. Zero stands for all that is recorded, however late.
	On codesocial.Date
}

// An Exporter puts entities into a graph one by one, each with all it needs to be understood alone. To
// export everything use [Export]. What refers to an entity that has not been exported refers to its IRI.
//
// IRIs: a party, a social code and whatever else has an IRI keeps it; the parts of a social code and what
// is defined by it have fragments of its IRI (see [VersionIRI] and [ClauseIRI]); a record has the IRI
// that [Options.Base] makes of its identifier.
type Exporter struct {
	graph   *Graph
	options Options
	wealth  map[string]wealthRule // by hash of the version
}

// NewExporter returns an exporter into g, which must not be nil; nil options mean the zero [Options].
func NewExporter(g *Graph, options *Options) *Exporter {
	e := &Exporter{graph: g, wealth: map[string]wealthRule{}}
	if options != nil {
		e.options = *options
	}
	return e
}

// Export returns the graph of a community and its books: [Exporter.Community] and [Exporter.Books]. Nil
// options mean the zero [Options]. Call it where the state and the books stand still, inside
// codesocial.Community.Read or ledger.Ledger.Read. It takes time linear in the number of records, and
// for each distribution in the number of contributions and receipts.
func Export(s *codesocial.State, b *ledger.Books, options *Options) (*Graph, error) {
	g := new(Graph)
	e := NewExporter(g, options)
	if err := e.Community(s); err != nil {
		return nil, err
	}
	if err := e.Books(s, b); err != nil {
		return nil, err
	}
	return g, nil
}

// Community exports the social code, the parties and the members of a community: every version that was
// adopted, of its charter and of those of its projects, who adopted it, every registered party, every membership, that of former members as such. Proposals, which have no
// effect, are left out.
func (e *Exporter) Community(s *codesocial.State) error {
	if s == nil {
		return refuse(ErrInvalid, "", "the state of the community must be given")
	}
	versions := s.Versions()
	for _, project := range s.CharteredProjects() {
		versions = append(versions, s.ProjectVersions(project)...)
	}
	for _, v := range versions {
		if err := e.Charter(v.Charter); err != nil {
			return err
		}
		if err := e.Adoption(v); err != nil {
			return err
		}
	}
	for p := range s.Parties() {
		if err := e.Party(p); err != nil {
			return err
		}
	}
	for m := range s.Members() {
		v, _ := s.Version(m.Charter) // a membership names a version of its state; Membership refuses any other
		status, since := standing(s, m.Party, e.options.On)
		if err := e.Membership(m, v.Charter, status, since); err != nil {
			return err
		}
	}
	return nil
}

// standing returns where a party stands on a day, zero for the end of all days: since when it has been what it is, or from when on it did not belong any more.
func standing(s *codesocial.State, party string, on codesocial.Date) (status codesocial.MembershipStatus, since codesocial.Date) {
	if on.IsZero() {
		on = codesocial.Date{Year: 9999, Month: 12, Day: 31}
	}
	status = s.StatusOn(party, on)
	for _, step := range s.StatusHistory(party) {
		switch {
		case step.Since.After(on):
		case step.Status.Belongs():
			if since = step.Since; step.Status != status {
				since = codesocial.Date{} // it has left since, or a measure lies above
			}
		case since.IsZero() && !status.Belongs():
			since = step.Since
		}
	}
	for _, m := range s.Measures(party) {
		if since.IsZero() && m.Lasts(on) && m.Kind != codesocial.Restriction {
			since = m.From
		}
	}
	return status, since
}

// Books exports what a community has recorded about contributions and money: every contribution with its
// validations, every receipt and expense, every commitment and claim, every flow and the resources that follow from
// them, every distribution that is posted, the balance of every account, and for each
// version of the social code the wealth matrix of what was given while it was in force. The community
// itself is exported by [Exporter.Community].
func (e *Exporter) Books(s *codesocial.State, b *ledger.Books) error {
	if s == nil || b == nil {
		return refuse(ErrInvalid, "", "the state of the community and its books must be given")
	}
	for c := range b.Contributions(ledger.Filter{}) {
		if err := e.onDay(s, c.On, func(rules *codesocial.Charter) error { return e.Contribution(c, rules) }); err != nil {
			return err
		}
	}
	for v := range b.Validations() {
		if err := e.Validation(v); err != nil {
			return err
		}
	}
	for r := range b.Receipts(ledger.Filter{}) {
		if err := e.onDay(s, r.On, func(rules *codesocial.Charter) error { return e.Receipt(r, rules) }); err != nil {
			return err
		}
	}
	for x := range b.Expenses(ledger.Filter{}) {
		if err := e.onDay(s, x.On, func(rules *codesocial.Charter) error { return e.Expense(x, rules) }); err != nil {
			return err
		}
	}
	if err := e.promises(s, b); err != nil {
		return err
	}
	for d := range b.DistributionHistory("") {
		if d.Status != ledger.Posted { // what is not in the accounts gives nobody a claim
			continue
		}
		if err := e.Distribution(d.Distribution, b); err != nil {
			return err
		}
	}
	if err := e.accounts(s, b); err != nil {
		return err
	}
	return e.matrices(s, b)
}

// promises exports the commitments, flows and resources.
func (e *Exporter) promises(s *codesocial.State, b *ledger.Books) error {
	for _, c := range b.Commitments(ledger.Filter{}) {
		if err := e.onDay(s, c.On, func(rules *codesocial.Charter) error { return e.Commitment(c, rules) }); err != nil {
			return err
		}
	}
	flows := make(map[uuid.UUID]*ledger.Flow)
	var last codesocial.Date
	for _, f := range b.Flows(ledger.Filter{}) {
		flows[f.ID] = &f
		if f.On.After(last) {
			last = f.On
		}
		if err := e.onDay(s, f.On, func(rules *codesocial.Charter) error { return e.Flow(f, flows[f.Corrects], rules) }); err != nil {
			return err
		}
	}
	for r := range b.Resources() {
		if err := e.onDay(s, last, func(rules *codesocial.Charter) error { return e.Resource(r, rules) }); err != nil {
			return err
		}
	}
	return nil
}

// onDay calls export with the version in force on a day.
func (e *Exporter) onDay(s *codesocial.State, day codesocial.Date, export func(*codesocial.Charter) error) error {
	rules, err := s.InForceOn(day)
	if err != nil {
		return fmt.Errorf("linkeddata: %w", err)
	}
	return export(rules)
}

// VersionIRI returns the IRI of a version of a social code:
// https://la-trame.example/charter#version-1.
func VersionIRI(charter string, version int) string {
	return Fragment(charter, "version-"+strconv.Itoa(version))
}

// ClauseIRI returns the IRI of a clause as it stands in one version:
// https://la-trame.example/charter#version-1.clause.economic-4.
func ClauseIRI(ref codesocial.ClauseRef) string {
	return Fragment(VersionIRI(ref.Charter, ref.Version), "clause", ref.Clause)
}

// CommunityIRI returns the IRI of the community that a social code constitutes.
func CommunityIRI(charter string) string { return Fragment(charter, "community") }

// clause returns a reference to a clause, and the nodes that make the reference stand on its own: which
// clause it is, of which version, with the hash under which that version was signed.
func clause(ref codesocial.ClauseRef) (Value, []*Node) {
	iri, version := ClauseIRI(ref), VersionIRI(ref.Charter, ref.Version)
	return Ref(iri), []*Node{
		(&Node{ID: iri, Types: []string{"cs:Clause"}}).
			Add("dct:identifier", Literal(ref.Clause)).
			Add("dct:isPartOf", Ref(version)),
		(&Node{ID: version, Types: []string{"cs:CharterVersion", "pair:Document"}}).
			Add("dct:isVersionOf", Ref(ref.Charter)).
			Add("schema:version", Integer(int64(ref.Version))).
			Add("cs:hash", Literal(ref.Hash)),
	}
}

// texts returns the values of a text in several languages.
func texts[M ~map[string]string](t M) []Value {
	values := make([]Value, 0, len(t))
	for lang, words := range t {
		values = append(values, Text(lang, words))
	}
	return values
}

// refs returns references to the nodes that the IRIs name.
func refs(iris ...string) []Value {
	values := make([]Value, len(iris))
	for i, iri := range iris {
		values[i] = Ref(iri)
	}
	return values
}

// digest shortens an IRI to a step of another one: 128 bits of its SHA-256 in hexadecimal.
func digest(iri string) string {
	sum := sha256.Sum256([]byte(iri))
	return hex.EncodeToString(sum[:16])
}
