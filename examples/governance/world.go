package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Who takes part. All of them are invented.
const (
	ferme   = "https://les-rives.example/org/ferme"
	atelier = "https://les-rives.example/org/atelier"
	halle   = "https://les-rives.example/org/halle"
	ines    = "urn:uuid:0199f0a0-1111-7c3a-9d0e-000000000001"
	malo    = "urn:uuid:0199f0a0-1111-7c3a-9d0e-000000000002"
	sacha   = "urn:uuid:0199f0a0-1111-7c3a-9d0e-000000000003"
	louise  = "urn:uuid:0199f0a0-1111-7c3a-9d0e-000000000004"
)

var parties = []codesocial.Party{
	{ID: ferme, Type: codesocial.Organization, Name: "La Ferme des Rives"},
	{ID: atelier, Type: codesocial.Organization, Name: "L'Atelier vélo"},
	{ID: halle, Type: codesocial.Organization, Name: "La Halle commune"},
	{ID: ines, Type: codesocial.Person, Name: "Inès Carrel", Organization: ferme},
	{ID: malo, Type: codesocial.Person, Name: "Malo Trévidic", Organization: atelier},
	{ID: sacha, Type: codesocial.Person, Name: "Sacha Belin", Organization: halle},
	{ID: louise, Type: codesocial.Person, Name: "Louise Arnoux"},
}

// key returns the private key that this program plays a party with.
func key(iri string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("governance example: " + iri))
	return ed25519.NewKeyFromSeed(seed[:])
}

// A step of the year, for the page that tells it.
type step struct {
	on       codesocial.Date
	title    codesocial.Text
	tells    codesocial.Text
	decision uuid.UUID // the decision with a page of its own, if there is one
}

// A year is the community with what has happened.
type year struct {
	*codesocial.Community
	ctx   context.Context
	rules *codesocial.Charter // in force
	now   time.Time           // of the journal's clock: each act is recorded when it is done
	steps []step
	err   error // the first one: later acts are not tried
	fork  *codesocial.Charter
	merge codesocial.Merge
}

func open(ctx context.Context) (*year, error) {
	signer, err := journal.NewSigner("les-rives.example/journal", key("journal"))
	if err != nil {
		return nil, err
	}
	y := &year{ctx: ctx, now: time.Date(2026, time.January, 2, 9, 0, 0, 0, time.UTC)}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, &journal.Options{Now: func() time.Time { return y.now }})
	if err != nil {
		return nil, err
	}
	y.Community, err = codesocial.Open(ctx, j)
	return y, err
}

// do notes the error of an act, unless there was one before.
func (y *year) do(err error) {
	if y.err == nil {
		y.err = err
	}
}

// refused notes an error unless the act was refused for that reason.
func (y *year) refused(err, reason error) {
	if y.err == nil && !errors.Is(err, reason) {
		y.err = fmt.Errorf("must be refused as %w, was: %w", reason, err)
	}
}

// tell notes what happened.
func (y *year) tell(day string, id uuid.UUID, title, tells codesocial.Text) {
	y.steps = append(y.steps, step{y.day(day), title, tells, id})
}

func (y *year) day(s string) codesocial.Date {
	d, err := codesocial.ParseDate(s)
	y.do(err)
	return d
}

// at returns a time of the day in Paris.
func (y *year) at(s string) time.Time {
	paris, err := time.LoadLocation("Europe/Paris")
	y.do(err)
	if err != nil {
		return time.Time{}
	}
	t, err := time.ParseInLocation("2006-01-02 15:04", s, paris)
	y.do(err)
	return t
}

// decide opens a decision in the name of its proposer.
func (y *year) decide(o codesocial.Opening) uuid.UUID {
	y.now = o.At
	y.do(y.Decide(y.ctx, o, key(o.Proposer)))
	o.At = o.At.UTC()
	return o.ID()
}

func (y *year) vote(id uuid.UUID, when time.Time, answer decision.Answer, voters ...string) {
	y.now = when
	for _, voter := range voters {
		y.do(y.Vote(y.ctx, codesocial.Ballot{Decision: id, Voter: voter, At: when, Answer: answer}, key(voter)))
	}
}

// act takes a step of a decision, a minute after the one before.
func (y *year) act(id uuid.UUID, when *time.Time, a codesocial.Act) {
	*when = when.Add(time.Minute)
	a.Decision, a.At, y.now = id, *when, *when
	y.do(y.Act(y.ctx, a, key(a.Actor)))
}

func (y *year) close(id uuid.UUID, when time.Time) {
	y.now = when
	y.do(y.Close(y.ctx, codesocial.Closing{Decision: id, At: when}))
}

// adopt proposes a version and adopts it with the signatures of founders.
func (y *year) adopt(c *codesocial.Charter, day string, founders ...string) {
	y.do(y.Propose(y.ctx, c))
	y.do(y.Adopt(y.ctx, y.adoption(c, day, founders...)))
	y.rules = c
}

func (y *year) adoption(c *codesocial.Charter, day string, founders ...string) codesocial.Adoption {
	y.now = y.at(day + " 10:00")
	a := codesocial.Adoption{Charter: c.Hash(), On: y.day(day)}
	for _, founder := range founders {
		s, err := codesocial.SignCharter(c, founder, key(founder))
		y.do(err)
		a.Signatures = append(a.Signatures, s)
	}
	return a
}

func (y *year) admit(applicant, day string, sponsors ...string) {
	y.now = y.at(day + " 10:00")
	s, err := codesocial.SignAcceptance(applicant, y.rules, key(applicant))
	y.do(err)
	y.do(y.Admit(y.ctx, codesocial.Admission{Applicant: applicant, Charter: y.rules.Hash(), On: y.day(day), Sponsors: sponsors, Signature: s}))
}
