package codesocial

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Decide records that a decision is opened, in the name of its proposer and signed with its key; nil for a proposer without
// a registered key. [Opening.ID] names it from then on. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown], [ErrNotMember], [ErrNotInForce], [ErrNoRule],
// [ErrManyRules], [ErrExists] or [ErrSignature]; where the rule refused, it is a *[RuleError].
func (c *Community) Decide(ctx context.Context, o Opening, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) {
		return signed(key)(c.state.DraftDecision(o))
	})
}

// signed returns a function that signs drafts of one author, unless key is nil.
func signed(key ed25519.PrivateKey) func([]journal.Draft, error) ([]journal.Draft, error) {
	return func(drafts []journal.Draft, err error) ([]journal.Draft, error) {
		if err != nil || key == nil {
			return drafts, err
		}
		for i := range drafts {
			if err := drafts[i].Sign(key); err != nil {
				return nil, err
			}
		}
		return drafts, nil
	}
}

// DraftDecision decides [Community.Decide] without recording it, and without a signature: the draft may be signed elsewhere, with
// journal.Draft.Sign. It returns no draft for a decision that was opened in just this way.
func (s *State) DraftDecision(o Opening) ([]journal.Draft, error) {
	o = o.clone()
	o.At, o.Opens = instant(o.At), instant(o.Opens)
	if !o.Closes.IsZero() {
		o.Closes = instant(o.Closes)
	}
	o.Clause, o.Electorate, o.Chair, o.Colleges, o.Aside = ClauseRef{}, "", "", nil, nil
	err := o.check()
	if p, ok := s.decisions[o.ID()]; ok && err == nil {
		if o.equal(p.opening) {
			return nil, nil
		}
		err = bad(ErrExists, "matter", o.Matter.String(), "has been opened otherwise at the same time")
	}
	var p *proceeding
	if err == nil {
		p, err = s.prepare(&o, false)
	}
	if err != nil {
		return nil, errorf("decision on %s: %w", quote(o.Matter.String()), err)
	}
	return []journal.Draft{{ID: p.id, Kind: KindDecision, Schema: schema, Author: s.parties[o.Proposer].speaker(), Payload: o}}, nil
}

func (o *Opening) equal(q *Opening) bool {
	return o.Matter == q.Matter && maps.Equal(o.Title, q.Title) && maps.Equal(o.Text, q.Text) && o.Proposer == q.Proposer && o.Facilitator == q.Facilitator &&
		slices.Equal(o.Options, q.Options) && slices.Equal(o.Concerns, q.Concerns) && slices.Equal(o.Recusals, q.Recusals) && slices.EqualFunc(o.Offices, q.Offices, BallotOffice.equal) &&
		o.At.Equal(q.At) && o.Opens.Equal(q.Opens) && o.Closes.Equal(q.Closes) && o.Until == q.Until && o.Seed == q.Seed
}

// prepare checks an opening against the state and returns the decision that it opens. What follows from the rest is set, or, if the
// opening is recorded, checked.
func (s *State) prepare(o *Opening, recorded bool) (*proceeding, error) {
	c, err := s.InForce(o.At)
	if err != nil {
		return nil, err
	}
	rule, clause, err := c.DecisionRule(o.Matter.Kind)
	if err != nil {
		return nil, err
	}
	p := &proceeding{id: o.ID(), opening: o, charter: c, rule: rule, now: o.At}
	if !recorded {
		o.Clause = clause
	} else if o.Clause != clause {
		return nil, bad(ErrInvalid, "clause", o.Clause.String(), "the decision rests on %s", clause)
	}
	on := c.today(o.At)
	if !s.MemberOn(o.Proposer, on) {
		return nil, bad(ErrNotMember, "proposer", o.Proposer, "is not a member on %s", on)
	}
	if p.electorate, err = s.electorate(o, &rule, on, recorded); err != nil {
		return nil, p.ruled(err)
	}
	chair := s.chair(&rule, p.electorate, on)
	if !recorded {
		o.Chair = chair
	} else if o.Chair != chair {
		return nil, bad(ErrInvalid, "chair", o.Chair, "who has the casting vote on %s is %s", on, quote(chair))
	}
	if chair != "" {
		if p.electorate, err = p.electorate.WithChair(chair); err != nil {
			return nil, p.ruled(err)
		}
	}
	if !recorded {
		o.Electorate = p.electorate.Hash()
	} else if o.Electorate != p.electorate.Hash() {
		return nil, bad(ErrInvalid, "electorate", o.Electorate, "the members of that day are %s", p.electorate.Hash())
	}
	if err := p.checkCalendar(); err != nil {
		return nil, p.ruled(err)
	}
	return p, p.ruled(s.begin(p))
}

// checkCalendar checks notice and duration.
func (p *proceeding) checkCalendar() error {
	o, on := p.opening, p.charter.today(p.opening.At)
	if earliest := on.AddDays(p.rule.Notice); p.charter.today(o.Opens).Before(earliest) {
		return bad(ErrRefused, "opens", o.Opens.Format(time.RFC3339), "with a notice of %d days it can be from %s", p.rule.Notice, earliest)
	}
	if p.rule.Consent != nil || p.rule.Nomination != nil {
		if !o.Closes.IsZero() {
			return bad(ErrInvalid, "closes", o.Closes.Format(time.RFC3339), "must be absent: consent takes until there is nothing to object")
		}
		return nil
	}
	if earliest := o.Opens.Add(p.rule.Secret.issuing()).AddDate(0, 0, p.rule.Days); o.Closes.Before(earliest) {
		return bad(ErrRefused, "closes", o.Closes.Format(time.RFC3339), "must leave %d days, until %s", p.rule.Days, earliest.Format(time.RFC3339))
	}
	if !o.Until.IsZero() && o.Until.Before(p.charter.today(o.Closes)) {
		return bad(ErrInvalid, "until", o.Until.String(), "is before the closing")
	}
	return nil
}

// begin sets the procedure up.
func (s *State) begin(p *proceeding) (err error) {
	o := p.opening
	if p.rule.Election != nil && len(o.Options) == 0 || p.rule.Election == nil && p.rule.Nomination == nil && len(o.Options) > 0 {
		return bad(ErrInvalid, "options", fmt.Sprint(len(o.Options)), "must be given in an election, and only there")
	}
	if p.rule.Consent == nil && p.rule.Nomination == nil {
		if o.Facilitator != "" {
			return bad(ErrInvalid, "facilitator", o.Facilitator, "must be absent: a vote needs none")
		}
	} else if err := s.checkFacilitator(p); err != nil {
		return err
	}
	if err := s.beginSecret(p); err != nil {
		return err
	}
	switch {
	case p.rule.Consent != nil:
		p.consent, err = decision.NewConsent(*p.rule.Consent, p.electorate, o.Proposer, o.Facilitator, o.Matter.Ref, o.At)
	case p.rule.Nomination != nil:
		eligible := o.Options
		if len(eligible) == 0 {
			for elector := range p.electorate.Electors() {
				eligible = append(eligible, elector.ID)
			}
		}
		p.nomination, err = decision.NewIntegrative(*p.rule.Nomination, p.electorate, eligible, o.Proposer, o.Facilitator, o.At)
	case p.rule.Election != nil:
		e := decision.Election{Rule: *p.rule.Election, Electorate: p.voters(), Options: o.Options, Opens: p.begins(), Closes: o.Closes}
		p.election, err = e.Start()
	}
	if p.rule.SealedHours > 0 {
		p.seals = make(map[string]string)
	}
	if p.rule.Delegation && err == nil {
		p.delegations, err = decision.Delegations(s.delegations, o.Matter.Kind, o.At)
	}
	if p.rule.Vote != nil && p.rule.Consent == nil && err == nil {
		err = p.poll(p.begins(), o.Closes)
	}
	return err
}

// voters returns those by whom ballots are counted.
func (p *proceeding) voters() *decision.Electorate {
	if p.secret != nil {
		return p.electorate.Secret()
	}
	return p.electorate
}

// checkFacilitator checks who leads the decision.
func (s *State) checkFacilitator(p *proceeding) error {
	o := p.opening
	if _, ok := s.parties[o.Facilitator]; !ok {
		return bad(ErrUnknown, "facilitator", o.Facilitator, "is not a registered party")
	}
	if p.rule.Consent != nil && s.speaks(s.parties[o.Facilitator].speaker(), o.Proposer) && !s.parties[o.Proposer].Erased && !s.parties[o.Facilitator].Erased {
		return bad(ErrRefused, "facilitator", o.Facilitator, "speaks for who proposes, or the same party speaks for both: nobody judges objections to their own proposal")
	}
	if slices.Contains(o.Aside, o.Facilitator) {
		return bad(ErrRefused, "facilitator", o.Facilitator, "must not lead where it stands aside, or in its own case")
	}
	return nil
}

// poll begins the vote.
func (p *proceeding) poll(opens, closes time.Time) (err error) {
	poll := decision.Poll{Rule: *p.rule.Vote, Electorate: p.voters(), Opens: opens, Closes: closes, Delegations: p.delegations}
	p.count, err = poll.Start()
	return err
}

// electorate freezes who decides: the members of the day, in colleges if the rule has some, without those whose case it is and
// those who stand aside.
func (s *State) electorate(o *Opening, rule *DecisionRule, on Date, recorded bool) (*decision.Electorate, error) {
	aside, err := s.aside(o, recorded)
	if err != nil {
		return nil, err
	}
	o.Aside = aside
	var electors []decision.Elector
	if len(rule.Colleges) == 0 {
		for iri, st := range s.standings {
			if st.on(on).Rights() {
				electors = append(electors, decision.Elector{ID: iri, Weight: 1})
			}
		}
	} else {
		colleges := s.colleges(o, rule, on)
		if !recorded {
			o.Colleges = colleges
		} else if !slices.EqualFunc(colleges, o.Colleges, slices.Equal) {
			return nil, badly(ErrInvalid, "colleges", "are not those of the members of %s", on)
		}
		weights, err := rule.weights(colleges)
		if err != nil {
			return nil, err
		}
		for i, college := range colleges {
			for _, iri := range college {
				electors = append(electors, decision.Elector{ID: iri, Weight: weights[i]})
			}
		}
	}
	if recorded && len(rule.Colleges) == 0 && o.Colleges != nil {
		return nil, badly(ErrInvalid, "colleges", "the rule has none")
	}
	return decision.NewElectorate(electors, aside...)
}

// aside returns who does not decide. Whom an erased party spoke for, or who spoke for it, is not known any more: there the recorded
// list holds.
func (s *State) aside(o *Opening, recorded bool) ([]string, error) {
	concerned := make(map[string]bool)
	if _, ok := s.parties[o.Matter.Ref]; ok {
		concerned[o.Matter.Ref] = true
	}
	for _, iri := range o.Concerns {
		concerned[iri] = true
	}
	out, erased := maps.Clone(concerned), false
	for iri := range concerned {
		if p, ok := s.parties[iri]; ok {
			out[p.speaker()] = true
			erased = erased || p.Erased
		}
	}
	for iri, p := range s.parties {
		if concerned[p.speaker()] {
			out[iri] = true
		}
	}
	for i, r := range o.Recusals {
		if _, ok := s.parties[r.Party]; !ok {
			return nil, bad(ErrUnknown, at("recusals", i)+".party", r.Party, "is not a registered party")
		}
		out[r.Party] = true
	}
	if recorded {
		for i, iri := range o.Aside {
			if p, ok := s.parties[iri]; ok && (erased || p.Erased) {
				out[iri] = true
			} else if !out[iri] {
				return nil, bad(ErrInvalid, at("aside", i), iri, "has no reason to stand aside")
			}
		}
	}
	aside := slices.Sorted(maps.Keys(out))
	if recorded && !slices.Equal(aside, o.Aside) {
		return nil, badly(ErrInvalid, "aside", "must be %d parties", len(aside))
	}
	return aside, nil
}

// colleges returns the members of each college. The type of a member whose registration has been erased is not known any more: it stays where
// the opening lists it.
func (s *State) colleges(o *Opening, rule *DecisionRule, on Date) [][]string {
	colleges := make([][]string, len(rule.Colleges))
	fits := make([]func(iri string) bool, len(rule.Colleges))
	for i, c := range rule.Colleges {
		colleges[i], fits[i] = []string{}, s.fits(c, on)
	}
	for _, iri := range slices.Sorted(maps.Keys(s.standings)) {
		if !s.MemberOn(iri, on) {
			continue
		}
		i := slices.IndexFunc(fits, func(fits func(string) bool) bool { return fits(iri) })
		if party := s.parties[iri]; party.Erased {
			i = slices.IndexFunc(o.Colleges, func(listed []string) bool { return slices.Contains(listed, iri) })
		}
		if i >= 0 && i < len(colleges) {
			colleges[i] = append(colleges[i], iri)
		}
	}
	return colleges
}

// fits returns a function that says which members fit a college on a day.
func (s *State) fits(c College, on Date) func(iri string) bool {
	in := func(list []string) map[string]bool {
		set := make(map[string]bool, len(list))
		for _, iri := range list {
			set[iri] = true
		}
		return set
	}
	holders, circle := in(s.Holders(c.Role, on)), in(s.CircleMembers(c.Circle, on))
	return func(iri string) bool {
		return (len(c.Types) == 0 || slices.Contains(c.Types, s.parties[iri].Type)) && (c.Role == "" || holders[iri]) && (c.Circle == "" || circle[iri])
	}
}

// weights returns the weight of each member of each college, so that they are whole numbers as small as possible.
func (r *DecisionRule) weights(colleges [][]string) ([]int64, error) {
	weights := make([]int64, len(colleges))
	if r.Colleges[0].Share == 0 {
		for i, c := range r.Colleges {
			weights[i] = max(c.Weight, 1)
		}
		return weights, nil
	}
	multiple, common := big.NewInt(1), new(big.Int)
	exact := make([]*big.Int, len(colleges))
	for _, members := range colleges {
		if n := int64(len(members)); n > 0 { // the least common multiple so far, and n
			size := big.NewInt(n)
			multiple.Quo(multiple, new(big.Int).GCD(nil, nil, multiple, size)).Mul(multiple, size)
		}
	}
	for i, members := range colleges {
		exact[i] = new(big.Int)
		if n := int64(len(members)); n > 0 {
			exact[i].Mul(big.NewInt(r.Colleges[i].Share), new(big.Int).Quo(multiple, big.NewInt(n)))
			common.GCD(nil, nil, common, exact[i])
		}
	}
	for i := range exact {
		if exact[i].Sign() == 0 {
			continue
		}
		exact[i].Quo(exact[i], common)
		if !exact[i].IsInt64() || exact[i].Int64() > decision.MaxWeight {
			return nil, badly(ErrLimit, at("colleges", i), "the shares of colleges of these sizes need weights over %d", int64(decision.MaxWeight))
		}
		weights[i] = exact[i].Int64()
	}
	return weights, nil
}

func (s *State) applyOpening(o *Opening, r *journal.Record) error {
	if r.ID != o.ID() {
		return bad(ErrInvalid, "id", r.ID.String(), "must be %s", o.ID())
	}
	if _, ok := s.decisions[r.ID]; ok {
		return bad(ErrExists, "decision", r.ID.String(), "has been opened already")
	}
	if err := checkRecorded(o.At, r); err != nil {
		return err
	}
	p, err := s.prepare(o, true)
	if err == nil {
		err = p.ruled(s.checkSpoken(r, o.Proposer))
	}
	if err == nil {
		p.late = late(o.At, r)
	}
	if err == nil && p.late && p.rule.givesTime() {
		err = p.ruled(bad(ErrRefused, "at", o.At.Format(time.RFC3339), "is more than an hour before its recording, %s, and the rule gives time that nobody would have had", r.Time.UTC().Format(time.RFC3339)))
	}
	if err != nil {
		return err
	}
	s.decisions[p.id] = p
	s.opened = append(s.opened, p.id)
	return nil
}

// checkSpoken checks that a record is by who speaks for the party, and signed if that one has a key.
func (s *State) checkSpoken(r *journal.Record, party string) error {
	p, ok := s.parties[party]
	if !ok {
		return bad(ErrUnknown, "party", party, "is not a registered party")
	}
	if r.Author != p.speaker() && !p.Erased {
		return bad(ErrSignature, "author", r.Author, "%s speaks for %s", p.speaker(), party)
	}
	if len(r.Signature) == 0 && !s.keys[r.Author].IsZero() {
		return bad(ErrSignature, "author", r.Author, "has a key and has not signed")
	}
	return nil
}
