package mediation

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A TieKind says what ties somebody to a party of a case.
type TieKind string

// The kinds of ties, each a conflict of interest.
const (
	PartyTie    TieKind = "party"        // is that party, or speaks for it
	SameCaseTie TieKind = "same-case"    // had another role in the same case
	FamilyTie   TieKind = "organization" // same organization or collective
	ProjectTie  TieKind = "project"      // carries the same project
	SponsorTie  TieKind = "sponsor"      // stood for the other on entering
	CaseTie     TieKind = "earlier-case" // was a party of another case: one from before, or one that she brought
	WorkTie     TieKind = "work"         // contributed to the same project
	MoneyTie    TieKind = "money"        // money went from one to the other
	DeclaredTie TieKind = "declared"     // said so herself
)

var tieTitles = map[TieKind]codesocial.Text{
	PartyTie:    both("is that party, or speaks for it", "est cette partie, ou parle en son nom"),
	SameCaseTie: both("had another role in the same case", "a tenu un autre rôle dans la même affaire"),
	FamilyTie:   both("belongs to the same organization or collective", "appartient à la même organisation ou au même collectif"),
	ProjectTie:  both("carries the same project", "porte le même projet"),
	SponsorTie:  both("one sponsored the other", "l'un a parrainé l'autre"),
	CaseTie:     both("was a party of another case with that party", "a été partie à une autre affaire avec cette partie"),
	WorkTie:     both("contributed to the same project", "a contribué au même projet"),
	MoneyTie:    both("money went from one to the other", "de l'argent est passé de l'un à l'autre"),
	DeclaredTie: both("declared a tie", "a déclaré un lien"),
}

// Title says the tie in words in the language lang, French for "fr" and otherwise English.
func (k TieKind) Title(lang string) string { return tieTitles[k].In(lang) }

// A Conflict is why somebody cannot act in a case.
type Conflict struct {
	Party string  `json:"party"` // IRI of who cannot act
	With  string  `json:"with"`  // IRI of the party of the case
	Kind  TieKind `json:"kind"`
	// Through names what ties them: the IRI of an organization or project, or the urn of an earlier case; "" where nothing does.
	Through string `json:"through,omitempty"`
}

// Ties tells what ties parties together outside the membership: common work, and money between them. This package keeps no
// books; a program fills a [Graph] from its ledger, or answers from there. It is asked when something is about to be recorded, never
// when the records are read again; what it answered stands on the record of the draw.
type Ties interface {
	// Tied returns a tie of the kind [WorkTie] or [MoneyTie] between two parties from a day on, and what it goes through. It is
	// called many times for one draw and must be fast.
	Tied(a, b string, since codesocial.Date) (kind TieKind, through string, ok bool)
}

// A kinship is what the membership says about who is close to a party.
type kinship struct {
	iri      string
	family   []string // itself, its organization, the collectives that they carry; of a collective or project its lead and partners
	projects []string // that it or its organization carries, or it itself if it is one
	sponsors []string
}

func (c *Cases) kin(iri string) kinship {
	k := kinship{iri: iri, family: []string{iri}}
	p, ok := c.state.Party(iri)
	if ok && p.Organization != "" {
		k.family = append(k.family, p.Organization)
	}
	if p.Type == codesocial.Project {
		k.projects = append(k.projects, iri)
	}
	for _, who := range k.family {
		for _, carried := range c.state.Carries(who) {
			if q, ok := c.state.Party(carried); ok && q.Type == codesocial.Project {
				k.projects = append(k.projects, carried)
			} else {
				k.family = append(k.family, carried)
			}
		}
	}
	if p.Type == codesocial.Project || p.Type == codesocial.Collective {
		k.family = append(append(k.family, p.Partners...), p.Lead)
	}
	if m, ok := c.state.Membership(iri); ok {
		k.sponsors = m.Sponsors
	}
	return k
}

func common(a, b []string) (string, bool) {
	for _, x := range a {
		if x != "" && slices.Contains(b, x) {
			return x, true
		}
	}
	return "", false
}

// tie returns what the membership ties two parties by.
func (k *kinship) tie(o *kinship) (TieKind, string, bool) {
	if k.iri == o.iri {
		return PartyTie, "", true
	}
	if through, ok := common(k.family, o.family); ok {
		return FamilyTie, through, true
	}
	if through, ok := common(k.projects, o.projects); ok {
		return ProjectTie, through, true
	}
	if slices.Contains(k.sponsors, o.iri) || slices.Contains(o.sponsors, k.iri) {
		return SponsorTie, "", true
	}
	return "", "", false
}

// An inquiry finds the conflicts of interest in one case at one time.
type inquiry struct {
	cases   *Cases
	of      *Case
	since   codesocial.Date // from when ties count
	parties []kinship
}

func (c *Cases) inquire(k *Case, at time.Time) *inquiry {
	q := &inquiry{cases: c, of: k, since: k.dayOf(at).AddMonths(-k.Rules.Mediators.TieMonths)}
	for _, side := range [2][]string{k.Reporters, k.Respondents} {
		for _, party := range side {
			q.parties = append(q.parties, c.kin(party))
		}
	}
	return q
}

// conflict returns the first conflict of interest of somebody in the case: by the records of the journal, and by the ties where
// they are given.
func (q *inquiry) conflict(who string, ties Ties) (Conflict, bool) {
	kin := q.cases.kin(who)
	for i := range q.parties {
		party := &q.parties[i]
		if kind, through, ok := kin.tie(party); ok {
			return Conflict{who, party.iri, kind, through}, true
		}
	}
	for _, earlier := range q.cases.byParty[who] {
		if earlier == q.of || q.of.dayOf(earlier.last).Before(q.since) || q.of.provoked(earlier, who) {
			continue
		}
		for i := range q.parties {
			if with := q.parties[i].iri; earlier.IsParty(with) {
				return Conflict{who, with, CaseTie, urn(earlier.ID)}, true
			}
		}
	}
	if m, ok := q.cases.pool[who]; ok {
		for i := range q.parties {
			if with := q.parties[i].iri; slices.Contains(m.Ties, with) {
				return Conflict{who, with, DeclaredTie, ""}, true
			}
		}
	}
	if ties == nil {
		return Conflict{}, false
	}
	for i := range q.parties {
		party := &q.parties[i]
		for _, a := range kin.family {
			for _, b := range party.family {
				if kind, through, ok := ties.Tied(a, b, q.since); ok {
					return Conflict{who, party.iri, kind, through}, true
				}
			}
		}
	}
	return Conflict{}, false
}

// provoked reports whether another case against somebody leaves no conflict of interest in this one: it was brought when this one was there
// already, or was found to be abusive or out of scope. Otherwise whoever does not want to be judged could report all who judge.
func (k *Case) provoked(other *Case, who string) bool {
	return !slices.Contains(other.Reporters, who) && (!other.Opened.Before(k.Opened) || other.Outcome == Abusive || other.Outcome == OutOfScope)
}

func urn(id uuid.UUID) string { return "urn:uuid:" + id.String() }

// Conflicts returns the conflicts of interest that somebody has in a case at an instant, with the reason: none where she can
// act. The error wraps [ErrUnknown].
func (c *Cases) Conflicts(of uuid.UUID, who string, at time.Time) ([]Conflict, error) {
	k, err := c.find(of)
	if err != nil {
		return nil, err
	}
	if conflict, ok := c.inquire(k, at).conflict(who, c.ties); ok {
		return []Conflict{conflict}, nil
	}
	return nil, nil
}

// A Graph holds who worked on which project, and between whom money went, each with the last day on which it did: the [Ties] of
// a program that fills it from its ledger. It may be filled while it is not asked. The zero Graph is empty and ready to use. It
// takes memory for each pair once, however many contributions there were.
type Graph struct {
	numbers map[string]int32 // of projects, by IRI
	names   []string
	work    map[string][]worked // by party, in the order of the projects' numbers
	money   map[[2]string]codesocial.Date
}

type worked struct {
	project int32
	last    codesocial.Date
}

// Work notes that a party contributed to a project, on a day.
func (g *Graph) Work(party, project string, on codesocial.Date) {
	if g.numbers == nil {
		g.numbers, g.work = make(map[string]int32), make(map[string][]worked)
	}
	n, ok := g.numbers[project]
	if !ok {
		n = int32(len(g.names))
		g.numbers[project] = n
		g.names = append(g.names, project)
	}
	list := g.work[party]
	i, ok := slices.BinarySearchFunc(list, n, func(w worked, n int32) int { return int(w.project) - int(n) })
	if !ok {
		g.work[party] = slices.Insert(list, i, worked{n, on})
	} else if list[i].last.Before(on) {
		list[i].last = on
	}
}

// Money notes that money went from one party to another, on a day.
func (g *Graph) Money(from, to string, on codesocial.Date) {
	if g.money == nil {
		g.money = make(map[[2]string]codesocial.Date)
	}
	pair := [2]string{min(from, to), max(from, to)}
	if g.money[pair].Before(on) {
		g.money[pair] = on
	}
}

// Tied implements [Ties]. Its cost is linear in the number of projects that the two have worked on.
func (g *Graph) Tied(a, b string, since codesocial.Date) (TieKind, string, bool) {
	if a == b {
		return "", "", false
	}
	if last, ok := g.money[[2]string{min(a, b), max(a, b)}]; ok && !last.Before(since) {
		return MoneyTie, "", true
	}
	x, y := g.work[a], g.work[b]
	if project, ok := g.workedOn(x, b, since); ok {
		return WorkTie, project, true
	}
	if project, ok := g.workedOn(y, a, since); ok {
		return WorkTie, project, true
	}
	for len(x) > 0 && len(y) > 0 {
		switch {
		case x[0].project < y[0].project:
			x = x[1:]
		case x[0].project > y[0].project:
			y = y[1:]
		case !x[0].last.Before(since) && !y[0].last.Before(since):
			return WorkTie, g.names[x[0].project], true
		default:
			x, y = x[1:], y[1:]
		}
	}
	return "", "", false
}

// workedOn reports whether one of these is that project.
func (g *Graph) workedOn(list []worked, project string, since codesocial.Date) (string, bool) {
	n, ok := g.numbers[project]
	if !ok {
		return "", false
	}
	i, ok := slices.BinarySearchFunc(list, n, func(w worked, n int32) int { return int(w.project) - int(n) })
	return project, ok && !list[i].last.Before(since)
}
