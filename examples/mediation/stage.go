package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/mediation"
	"github.com/commonstocommons/codesocial/mediation/agebox"
)

//go:embed charter.json
var charterJSON []byte

// The people, all invented. Their IRIs tell nothing; their names stand in their registrations alone.
const (
	commons = "https://la-trame.example/org/commons"
	atelier = "https://la-trame.example/org/atelier"
	relais  = "https://la-trame.example/project/relais"
	person  = "urn:uuid:00000000-0000-4000-8000-0000000000"

	ana, ben, cleo, dora, nina   = person + "11", person + "12", person + "13", person + "14", person + "15"
	olga                         = person + "21"
	rita, remi, rosa             = person + "31", person + "32", person + "33"
	jean, jane, joel             = person + "41", person + "42", person + "43"
	mona, milo, maud, max, malik = person + "51", person + "52", person + "53", person + "54", person + "55"
)

var names = []struct{ iri, name, organization string }{
	{ana, "Ana", ""},
	{ben, "Ben", atelier},
	{cleo, "Cléo", ""},
	{dora, "Dora", atelier},
	{nina, "Nina", ""},
	{olga, "Olga", ""},
	{rita, "Rita", ""},
	{remi, "Rémi", ""},
	{rosa, "Rosa", ""},
	{jean, "Jean", ""},
	{jane, "Jane", ""},
	{joel, "Joël", ""},
	{mona, "Mona", ""},
	{milo, "Milo", ""},
	{maud, "Maud", atelier},
	{max, "Max", ""},
	{malik, "Malik", ""},
}

// key returns the private key of somebody: in an example it follows from the IRI, in life it is drawn, and kept by its owner alone.
func key(iri string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("example key of " + iri))
	return ed25519.NewKeyFromSeed(seed[:])
}

// A stage is the community on which the cases are played, with a clock that the play turns.
type stage struct {
	ctx       context.Context
	journal   *journal.Journal
	community *codesocial.Community
	office    *mediation.Office
	charter   *codesocial.Charter
	now       time.Time
	records   int   // numbers the acts and papers, so that the files are the same each time
	err       error // the first that happened; after it nothing is done any more
}

func newStage(ctx context.Context) (*stage, error) {
	s := &stage{ctx: ctx, now: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)}
	signer, err := journal.NewSigner("la-trame.example/journal", key("journal"))
	if err != nil {
		return nil, err
	}
	if s.journal, err = journal.Open(ctx, journal.NewMemoryStore(), signer, &journal.Options{Now: func() time.Time { return s.now }}); err != nil {
		return nil, err
	}
	if s.community, err = codesocial.Open(ctx, s.journal, mediation.Guard(), mediation.Checks()); err != nil {
		return nil, err
	}
	private := make(map[string]ed25519.PrivateKey)
	for _, n := range names {
		private[n.iri] = key(n.iri)
	}
	box := agebox.New(func(iri string) codesocial.PublicKey { return codesocial.PublicKeyOf(key(iri)) }, private)
	// Who worked on what, as a ledger would tell it.
	work := new(mediation.Graph)
	work.Work(ana, relais, codesocial.DateOf(s.now, time.UTC))
	work.Work(max, relais, codesocial.DateOf(s.now, time.UTC))
	if s.office, err = mediation.Open(ctx, s.community, &mediation.Options{Sealer: box, Ties: work, KeyOf: func(iri string) ed25519.PrivateKey { return private[iri] }}); err != nil {
		return nil, err
	}
	return s, s.gather()
}

// gather registers and admits everybody.
func (s *stage) gather() error {
	var err error
	if s.charter, err = codesocial.ParseCharter(charterJSON); err != nil {
		return err
	}
	parties := []codesocial.Party{
		{ID: commons, Type: codesocial.Organization, Name: "La Trame", Key: codesocial.PublicKeyOf(key(commons))},
		{ID: atelier, Type: codesocial.Organization, Name: "L'Atelier du Pont"},
	}
	for _, n := range names {
		parties = append(parties, codesocial.Party{ID: n.iri, Type: codesocial.Person, Name: n.name, Organization: n.organization, Key: codesocial.PublicKeyOf(key(n.iri))})
	}
	parties = append(parties, codesocial.Party{ID: relais, Type: codesocial.Project, Name: "Le Relais", Lead: ben, Partners: []string{atelier}})
	signature, err := codesocial.SignCharter(s.charter, commons, key(commons))
	if err != nil {
		return err
	}
	if err := errors.Join(s.community.Register(s.ctx, parties...), s.community.Propose(s.ctx, s.charter), s.community.Adopt(s.ctx, codesocial.Adoption{
		Charter: s.charter.Hash(), On: s.charter.InForceFrom().AddDays(-1), Signatures: []codesocial.CharterSignature{signature},
	})); err != nil {
		return err
	}
	for _, iri := range []string{ana, ben, cleo, dora, nina, olga, rita, remi, rosa, jean, jane, joel, relais} {
		speaker := iri
		if iri == relais {
			speaker = ben
		}
		accepted, err := codesocial.SignAcceptance(iri, s.charter, key(speaker))
		if err != nil {
			return err
		}
		if err := s.community.Admit(s.ctx, codesocial.Admission{Applicant: iri, Charter: s.charter.Hash(), On: codesocial.Date{Year: 2025, Month: 1, Day: 2}, Signature: accepted}); err != nil {
			return err
		}
	}
	for _, iri := range []string{mona, milo, maud, max, malik} {
		if err := s.office.Enrol(s.ctx, mediation.PoolEntry{
			By: olga, At: s.now, Party: iri, Qualification: "certificate of training in mediation (invented)", Until: codesocial.Date{Year: 2027, Month: 12, Day: 31}, Languages: []string{"fr"},
		}); err != nil {
			return err
		}
	}
	return nil
}

// id returns the next id of a record.
func (s *stage) id() uuid.UUID {
	s.records++
	return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "https://la-trame.example/mediation/%d", s.records))
}

func (s *stage) days(n int) { s.now = s.now.AddDate(0, 0, n) }

// raise reports a tension.
func (s *stage) raise(by, respondent string, words mediation.Words, clauses ...string) uuid.UUID {
	if s.err != nil {
		return uuid.Nil
	}
	var id uuid.UUID
	id, s.err = s.office.Raise(s.ctx, mediation.Tension{ID: s.id(), By: by, At: s.now, Respondents: []string{respondent}, Clauses: clauses, Languages: []string{"fr"}}, words)
	return id
}

// A word is a paper that somebody writes with an act.
type word struct {
	kind mediation.PaperKind
	text string
}

// act records an act with what is written for it.
func (s *stage) act(of uuid.UUID, event mediation.Event, by string, edit func(*mediation.Act), words ...word) {
	if s.err != nil {
		return
	}
	a := mediation.Act{ID: s.id(), Case: of, Event: event, By: by, At: s.now}
	if edit != nil {
		edit(&a)
	}
	for _, word := range words {
		var paper uuid.UUID
		if paper, s.err = s.office.Write(s.ctx, mediation.Paper{ID: s.id(), By: by, Case: of, Kind: word.kind, At: s.now}, []byte(word.text)); s.err != nil {
			return
		}
		a.Papers = append(a.Papers, paper)
	}
	if s.err = s.office.Act(s.ctx, a); s.err != nil {
		s.err = fmt.Errorf("%s on %s: %w", event, s.now.Format(time.DateOnly), s.err)
	}
}

// each lets several people do the same.
func (s *stage) each(of uuid.UUID, event mediation.Event, people ...string) {
	for _, by := range people {
		s.act(of, event, by, nil)
	}
}

func (s *stage) clauses(ids ...string) func(*mediation.Act) {
	return func(a *mediation.Act) { a.Clauses = ids }
}

// receive brings a case from the report to the way that is open.
func (s *stage) receive(of uuid.UUID, clauses ...string) {
	s.now = s.now.Add(5 * time.Hour)
	s.act(of, mediation.Acknowledge, olga, nil)
	s.days(2)
	s.act(of, mediation.Triage, olga, s.clauses(clauses...))
}

// draw draws a mediator with the published seed of the day and lets everybody accept her.
func (s *stage) draw(of uuid.UUID, parties ...string) string {
	if s.err != nil {
		return ""
	}
	seed := "public lottery of " + s.now.Format(time.DateOnly) + " (invented)"
	var a mediation.Act
	if s.err = s.office.Read(func(c *mediation.Cases) { a, s.err = c.NewDraw(of, s.now, seed) }); s.err != nil {
		return ""
	}
	a.ID, a.By = s.id(), olga
	if s.err = s.office.Act(s.ctx, a); s.err != nil {
		return ""
	}
	s.days(1)
	s.each(of, mediation.Accept, append(parties, a.Mediator)...)
	return a.Mediator
}

// meet lets the mediator meet the parties alone, and then together.
func (s *stage) meet(of uuid.UUID, mediator string, parties ...string) {
	for _, party := range parties {
		s.days(2)
		s.act(of, mediation.Meet, mediator, func(a *mediation.Act) { a.For = party })
	}
	s.days(3)
	s.act(of, mediation.Session, mediator, nil, word{mediation.Protocol, "What was said there stays there."})
}

// decide lets the assembly vote on the exclusion that the grievances of a case envisage.
func (s *stage) decide(of uuid.UUID) {
	if s.err != nil {
		return
	}
	var sanction mediation.Sanction
	var aside []mediation.Conflict
	var err error
	s.err = s.office.Read(func(c *mediation.Cases) {
		if sanction, err = c.Envisaged(of); err == nil {
			aside, err = c.Aside(of, s.now)
		}
	})
	if s.err = errors.Join(s.err, err); s.err != nil {
		return
	}
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: mediation.ExclusionMatter, Ref: sanction.Ref()},
		Title:  codesocial.Text{"fr": "Faut-il exclure la partie mise en cause ?", "en": "Shall the party concerned be excluded?"},
		// Those who must not decide stand aside, each with the reason.
		Proposer: rita, At: s.now, Opens: s.now, Closes: s.now.AddDate(0, 0, 2),
	}
	for _, a := range aside {
		o.Recusals = append(o.Recusals, codesocial.Recusal{Party: a.Party, Reason: a.Kind.Title("en")})
	}
	s.err = s.community.Decide(s.ctx, o, key(rita))
	for _, voter := range []string{nina, rita, remi, rosa} {
		s.now = s.now.Add(time.Hour)
		if s.err == nil {
			s.err = s.community.Vote(s.ctx, codesocial.Ballot{Decision: o.ID(), Voter: voter, Answer: "for", At: s.now}, key(voter))
		}
	}
	s.days(3)
	if s.err == nil {
		s.err = s.community.Close(s.ctx, codesocial.Closing{Decision: o.ID(), At: s.now})
	}
}

// file writes the file of a case in a language.
func (s *stage) file(of uuid.UUID, lang string) ([]byte, error) {
	// What may be shown is opened first; the cases stand still while the file is written.
	texts := make(map[uuid.UUID][]byte)
	var papers []mediation.Paper
	var err error
	if readErr := s.office.Read(func(c *mediation.Cases) { papers, err = c.Papers(of) }); readErr != nil || err != nil {
		return nil, errors.Join(readErr, err)
	}
	for _, p := range papers {
		if p.Kind.Confidential() || p.Kind == mediation.Statement {
			continue
		}
		if texts[p.ID], err = s.office.Text(s.ctx, p.ID, rita, s.now); err != nil {
			return nil, err
		}
	}
	var file []byte
	readErr := s.office.Read(func(c *mediation.Cases) {
		file, err = c.File(of, mediation.FileOptions{Lang: lang, Name: nameOf, Text: func(id uuid.UUID) ([]byte, bool) {
			text, ok := texts[id]
			return in(lang, text), ok
		}})
	})
	return file, errors.Join(readErr, err)
}

// in returns the part of a text in a language: the example's papers say everything in English, then, after a line "--", in French.
func in(lang string, text []byte) []byte {
	en, fr, _ := bytes.Cut(text, []byte("\n--\n"))
	if lang == "fr" && len(fr) > 0 {
		return fr
	}
	return en
}

func nameOf(iri string) string {
	switch iri {
	case commons:
		return "La Trame"
	case atelier:
		return "L'Atelier du Pont"
	case relais:
		return "Le Relais"
	}
	for _, n := range names {
		if n.iri == iri {
			return n.name
		}
	}
	return ""
}

// lessons says what the community learns from its cases, in both languages.
func (s *stage) lessons() (string, error) {
	from, to := codesocial.Date{Year: 2025, Month: 1, Day: 1}, codesocial.DateOf(s.now, s.charter.Location())
	var b strings.Builder
	var err error
	readErr := s.office.Read(func(c *mediation.Cases) {
		i := c.Indicators(from, to)
		show := func(f mediation.Figure) string {
			if !f.Shown {
				return fmt.Sprintf("fewer than %d", mediation.Anonymity)
			}
			return fmt.Sprint(f.Value)
		}
		fmt.Fprintf(&b, "\n%s – %s: opened %s, closed %s, agreements %s, appeals %s, recusals %s\n\n", from, to, show(i.Opened), show(i.Closed), show(i.Agreements), show(i.Appeals), show(i.Recusals))
		var principles []mediation.Principle
		if principles, err = c.Ostrom(from, to); err != nil {
			return
		}
		for _, p := range principles {
			mark := "to look at"
			if p.Met {
				mark = "seen"
			}
			fmt.Fprintf(&b, "%d. %s (%s): %s. %s\n", p.Number, p.Title.In("en"), p.Title.In("fr"), mark, p.Why.In("en"))
		}
	})
	return b.String(), errors.Join(readErr, err)
}
