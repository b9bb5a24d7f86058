package mediation

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Body is a group of people who deal with cases.
type Body string

// The bodies.
const (
	Reception  Body = "reception"
	ReviewBody Body = "review"
	AppealBody Body = "appeal"
)

// MandateMatter is the kind of the matter under which a community decides on a mandate; its reference is [Mandate.Ref].
const MandateMatter = "mediation.mandate"

// A Mandate gives somebody a seat in a body for a time, by a decision of the community on exactly this mandate.
type Mandate struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID    uuid.UUID       `json:"-"`
	Party string          `json:"party"` // IRI
	Body  Body            `json:"body"`
	From  codesocial.Date `json:"from"`  // first day
	Until codesocial.Date `json:"until"` // last day
}

// Ref names exactly this mandate for a decision: the body, the party and the two days.
func (m *Mandate) Ref() string {
	return string(m.Body) + " " + m.Party + " " + m.From.String() + " " + m.Until.String()
}

func (m *Mandate) check() error {
	if err := codesocial.CheckIRI(m.Party); err != nil {
		return bad(ErrInvalid, "party", m.Party, "is no IRI")
	}
	if m.Body != Reception && m.Body != ReviewBody && m.Body != AppealBody {
		return bad(ErrInvalid, "body", string(m.Body), "must be reception, review or appeal")
	}
	if m.From.IsZero() || m.Until.Before(m.From) {
		return bad(ErrInvalid, "until", m.Until.String(), "must be given, and not before %s", m.From)
	}
	return nil
}

// Seats returns the IRIs of those who have a seat in a body on a day, in order: by the charter in force and by mandate.
func (c *Cases) Seats(body Body, on codesocial.Date) []string {
	var seats []string
	if rules := c.rulesOn(on); rules != nil {
		seats = slices.Clone(rules.Bodies.of(body))
	}
	for _, m := range c.mandates {
		if m.Body == body && !on.Before(m.From) && !on.After(m.Until) {
			seats = append(seats, m.Party)
		}
	}
	slices.Sort(seats)
	return slices.Compact(seats)
}

func (b *BodiesRule) of(body Body) []string {
	switch body {
	case Reception:
		return b.Reception
	case ReviewBody:
		return b.Review
	case AppealBody:
		return b.Appeal
	}
	return nil
}

func (c *Cases) seated(who string, body Body, on codesocial.Date) bool {
	if rules := c.rulesOn(on); rules != nil && slices.Contains(rules.Bodies.of(body), who) {
		return true
	}
	return slices.ContainsFunc(c.mandates, func(m Mandate) bool {
		return m.Party == who && m.Body == body && !on.Before(m.From) && !on.After(m.Until)
	})
}

// rulesOn returns the rules of the version in force on a day, nil if there is none.
func (c *Cases) rulesOn(on codesocial.Date) *Rules {
	charter, err := c.state.InForceOn(on)
	if err != nil {
		return nil
	}
	rules, err := c.rulesOf(charter)
	if err != nil {
		return nil
	}
	return rules
}

func (c *Cases) rulesOf(charter *codesocial.Charter) (*Rules, error) {
	if rules, ok := c.rules.Load(charter); ok {
		return rules.(*Rules), nil
	}
	rules, err := RulesOf(charter)
	if err != nil {
		return nil, err
	}
	kept, _ := c.rules.LoadOrStore(charter, rules)
	return kept.(*Rules), nil
}

// leads reports whether somebody is that party, or the lead of that project or collective.
func (c *Cases) leads(who, party string) bool {
	if who == party {
		return true
	}
	p, ok := c.state.Party(party)
	return ok && p.Lead != "" && p.Lead == who
}

// speaksFor reports whether somebody acts in the name of a party, whom she leads.
func (c *Cases) speaksFor(who, party string) bool { return c.leads(who, party) || c.faded(party) }

// plays returns nil when somebody can act in a role of a case at an instant, and otherwise why not. party is the one in whose name a
// party acts.
func (c *Cases) plays(k *Case, who, party string, role Role, at time.Time) error {
	switch role {
	case Clock:
		if who != "" {
			return bad(ErrRole, "by", who, "the clock is nobody")
		}
		return nil
	case Member:
		if !c.state.MemberOn(who, k.dayOf(at)) {
			return bad(codesocial.ErrNotMember, "by", who, "is not a member on that day")
		}
		if slices.ContainsFunc(k.parties(), func(party string) bool { return c.leads(who, party) }) {
			return bad(ErrRole, "by", who, "is a party already, or speaks for one")
		}
		return nil
	case Reporter, Respondent:
		side := k.Reporters
		if role == Respondent {
			side = k.Respondents
		}
		if !slices.Contains(side, party) || !c.speaksFor(who, party) {
			return bad(ErrRole, "by", who, "does not speak for a party on that side")
		}
		return nil
	case Mediator:
		if k.Mediator == "" || who != k.Mediator {
			return bad(ErrRole, "by", who, "is not the mediator of the case")
		}
	case Officer:
		// When the clock of the reception has run out, the review does its work.
		if on := k.dayOf(at); !c.seated(who, Reception, on) && (k.Raised == 0 || !c.seated(who, ReviewBody, on)) {
			return bad(ErrRole, "by", who, "has no seat in the reception")
		}
		if who == k.Mediator || slices.Contains(k.Former, who) {
			return bad(ErrConflict, "by", who, "%s: %s", SameCaseTie, SameCaseTie.Title("en"))
		}
	case Reviewer:
		if !c.seated(who, ReviewBody, k.dayOf(at)) {
			return bad(ErrRole, "by", who, "has no seat in the review")
		}
		if who == k.Mediator || slices.Contains(k.Former, who) || k.has(who, Mediator, Judge) {
			return bad(ErrConflict, "by", who, "%s: %s", SameCaseTie, SameCaseTie.Title("en"))
		}
	case Judge:
		if !c.seated(who, AppealBody, k.dayOf(at)) {
			return bad(ErrRole, "by", who, "has no seat in the body of appeal")
		}
		if who == k.Mediator || slices.Contains(k.Former, who) || k.has(who, Mediator, Reviewer, Officer) || c.seated(who, ReviewBody, k.dayOf(at)) ||
			slices.Contains(k.facts.proceeding.verdict.electors, who) {
			return bad(ErrConflict, "by", who, "%s: %s", SameCaseTie, SameCaseTie.Title("en"))
		}
	}
	if !c.standing(who, k.dayOf(at)) {
		return bad(ErrRole, "by", who, "is suspended or has left")
	}
	if conflict, ok := c.inquire(k, at).conflict(who, nil); ok {
		return conflict.refusal()
	}
	return nil
}

func (f Conflict) refusal() error {
	if f.Through != "" {
		return bad(ErrConflict, "by", f.Party, "with %s through %s: %s", f.With, f.Through, f.Kind.Title("en"))
	}
	return bad(ErrConflict, "by", f.Party, "with %s: %s", f.With, f.Kind.Title("en"))
}

// able returns the holders of the seats of a body who can act in a case.
func (c *Cases) able(k *Case, role Role, at time.Time) []string {
	body := ReviewBody
	if role == Judge {
		body = AppealBody
	}
	return slices.DeleteFunc(c.Seats(body, k.dayOf(at)), func(seat string) bool { return c.plays(k, seat, "", role, at) != nil })
}

// majority reports whether, with one more voice, more than half of those have spoken for the same who hold a seat of the body and can act. The voice of
// who no longer can does not count.
func (c *Cases) majority(k *Case, a *Act, role Role) bool {
	seats, about, n := c.able(k, role, a.At), a.about(), 0
	for _, seat := range seats {
		if seat == a.By || slices.Contains(k.said, voice{seat, a.Event, about}) {
			n++
		}
	}
	return 2*n > len(seats)
}

// standing reports whether somebody is a member on a day, or was never one: people from outside may mediate and sit. Who is
// suspended or was excluded may not.
func (c *Cases) standing(who string, on codesocial.Date) bool {
	if c.state.MemberOn(who, on) {
		return true
	}
	if _, was := c.state.Membership(who); was {
		return false
	}
	p, ok := c.state.Party(who)
	return ok && (!p.Erased || c.reading)
}
