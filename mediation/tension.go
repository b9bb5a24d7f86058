package mediation

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Tension opens a case: a member tells of a gap between what is and what should be. What it is about stands in a paper of the
// kind [Statement], sealed.
type Tension struct {
	// ID is the id of its record, and from then on of the case; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of who tells of it, the author of the record: a member.
	By string    `json:"-"`
	At time.Time `json:"at"` // UTC, whole seconds
	// For is the party in whose name By speaks, such as a project or collective; left out: By.
	For string `json:"for,omitempty"`
	// Respondents are the IRIs of those whom it concerns: persons, organizations, collectives or projects.
	Respondents []string `json:"respondents"`
	// Clauses are the ids of the clauses of the charter in force that it touches; they may be left for the triage.
	Clauses []string `json:"clauses,omitempty"`
	// Languages are those (BCP 47) in which all can speak; none: any mediator will do.
	Languages []string `json:"languages,omitempty"`
	// Follows is an earlier case with one of the same respondents that is closed: what each party reached there on the ladder counts.
	Follows uuid.UUID `json:"follows,omitzero"`
	// Refers is the id of the record of another package that asked for it, see [Cases.Referrals]; its author is a party of the case.
	Refers uuid.UUID `json:"refers,omitzero"`
}

// Words are what somebody tells of a tension.
type Words struct {
	Fact    string `json:"fact"`              // what happened, as a camera would have seen it
	Effect  string `json:"effect"`            // what it did to the person or the common work
	Need    string `json:"need"`              // what is missing
	Request string `json:"request,omitempty"` // what would help
}

// MaxWordsBytes is the longest of each of the [Words].
const MaxWordsBytes = 20_000

func (w *Words) check() error {
	for _, v := range []struct{ field, text string }{{"fact", w.Fact}, {"effect", w.Effect}, {"need", w.Need}, {"request", w.Request}} {
		if len(v.text) > MaxWordsBytes {
			return bad(ErrLimit, v.field, "", "has %d bytes, must be at most %d", len(v.text), MaxWordsBytes)
		}
		if v.text == "" && v.field != "request" {
			return bad(ErrInvalid, v.field, "", "must be given")
		}
	}
	return nil
}

func (t *Tension) reporter() string {
	if t.For != "" {
		return t.For
	}
	return t.By
}

func (t *Tension) check() error {
	if err := checkTime("at", t.At); err != nil {
		return err
	}
	for _, iri := range append([]string{t.By, t.reporter()}, t.Respondents...) {
		if err := codesocial.CheckIRI(iri); err != nil {
			return bad(ErrInvalid, "party", iri, "is no IRI")
		}
	}
	switch {
	case len(t.Respondents) == 0 || len(t.Respondents) > MaxParties:
		return bad(ErrLimit, "respondents", fmt.Sprint(len(t.Respondents)), "must be from 1 to %d", MaxParties)
	case len(t.Clauses) > MaxCited:
		return bad(ErrLimit, "clauses", fmt.Sprint(len(t.Clauses)), "must be at most %d", MaxCited)
	case len(t.Languages) > MaxLanguages:
		return bad(ErrLimit, "languages", fmt.Sprint(len(t.Languages)), "must be at most %d", MaxLanguages)
	case hasTwice(t.Respondents) || hasTwice(t.Clauses) || hasTwice(t.Languages):
		return bad(ErrInvalid, "tension", "", "names a respondent, clause or language twice")
	case slices.Contains(t.Respondents, t.reporter()):
		return bad(ErrInvalid, "respondents", t.reporter(), "reports itself")
	}
	return nil
}

// checkTension checks a tension against the state, and returns the case that it opens.
func (c *Cases) checkTension(t *Tension) (*Case, error) {
	charter, err := c.state.InForce(t.At)
	if err != nil {
		return nil, err
	}
	rules, err := c.rulesOf(charter)
	if err != nil {
		return nil, err
	}
	k := &Case{
		ID: t.ID, Opened: t.At, Reporters: []string{t.reporter()}, Respondents: slices.Clone(t.Respondents), Clauses: slices.Clone(t.Clauses),
		Languages: slices.Clone(t.Languages), Follows: t.Follows, Rules: rules, last: t.At,
	}
	on := k.dayOf(t.At)
	if !c.state.MemberOn(t.By, on) {
		return nil, bad(codesocial.ErrNotMember, "by", t.By, "is not a member on %s", on)
	}
	if !c.speaksFor(t.By, t.reporter()) {
		return nil, bad(ErrRole, "for", t.For, "is not the party of %s, nor one that it leads", t.By)
	}
	for _, party := range k.parties() {
		if _, ok := c.state.Party(party); !ok {
			return nil, bad(ErrUnknown, "party", party, "is not registered")
		}
	}
	for _, party := range t.Respondents {
		if c.leads(t.By, party) {
			return nil, bad(ErrInvalid, "respondents", party, "is whom %s speaks for: nobody stands on both sides", t.By)
		}
	}
	for _, clause := range t.Clauses {
		if !rules.hasClause(clause) {
			return nil, bad(ErrUnknown, "clauses", clause, "is no clause of version %d", charter.Version())
		}
	}
	if t.Follows != uuid.Nil {
		earlier, ok := c.cases[t.Follows]
		if !ok || earlier.Stage.Open() {
			return nil, bad(ErrUnknown, "follows", t.Follows.String(), "is no case that is closed")
		}
		if _, same := common(t.Respondents, earlier.parties()); !same {
			return nil, bad(ErrInvalid, "follows", t.Follows.String(), "concerns none of the respondents")
		}
		k.Reached = maps.Clone(earlier.Reached)
	}
	if t.Refers != uuid.Nil {
		i := slices.IndexFunc(c.referred, func(r Referral) bool { return r.Record == t.Refers && r.Case == uuid.Nil })
		if i < 0 {
			return nil, bad(ErrUnknown, "refers", t.Refers.String(), "is no dispute that is still to be raised")
		}
		if by := c.referred[i].By; !c.side(k, by) {
			return nil, bad(ErrInvalid, "refers", t.Refers.String(), "was recorded by %s, who is no party of this case", by)
		}
	}
	k.enter(Reported, t.At)
	return k, nil
}

func (r *Rules) hasClause(id string) bool {
	_, ok := r.ids[id]
	return ok
}
