package mediation

import (
	"slices"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
)

// check returns nil and the row of the table when an act can be done in a case, and otherwise why not. It changes nothing. ties
// are given when the act is about to be recorded, and nil when it is read again.
func (c *Cases) check(k *Case, a *Act, ties Ties) (*place, Role, error) {
	place, ok := placeOf[stageEvent{k.Stage, a.Event}]
	if !ok {
		return nil, "", bad(ErrState, "event", string(a.Event), "the case is %s", k.Stage)
	}
	if a.At.Before(k.last) {
		return nil, "", bad(ErrTime, "at", a.At.Format(time.RFC3339), "is before the last act, of %s", k.last.Format(time.RFC3339))
	}
	role, err := c.role(k, a, place)
	if err != nil {
		return nil, "", err
	}
	over := !k.Deadline.IsZero() && !a.At.Before(k.Deadline)
	if over && k.Stage.Open() && a.Event != Lapse && !slices.Contains(everywhere, a.Event) {
		return nil, "", k.Rules.refuse(PathKind, bad(ErrTime, "at", a.At.Format(time.RFC3339), "the time of this stage was over at %s; its lapse comes first", k.Deadline.Format(time.RFC3339)))
	}
	if err := c.checkForm(k, a, place.info, role); err != nil {
		return nil, "", err
	}
	if role == Mediator && ties != nil {
		if conflict, ok := c.inquire(k, a.At).conflict(a.By, ties); ok && a.Event != Recuse {
			return nil, "", conflict.refusal()
		}
	}
	if err := c.guard(k, a, ties); err != nil {
		return nil, "", err
	}
	if into, ok := c.cases[a.Into]; ok && role != Reporter && role != Respondent { // who joins cases acts in both
		if err := c.plays(into, a.By, "", role, a.At); err != nil {
			return nil, "", err
		}
	}
	return place, role, nil
}

// role returns the role in which somebody acts, or why she cannot.
func (c *Cases) role(k *Case, a *Act, place *place) (Role, error) {
	var refused error
	for _, role := range k.Rules.by(place.info) {
		party := a.For
		if !actsForParty(place.info) { // a rule may let a party do it all the same
			party = c.spokenFor(k, a.By)
		}
		if role == Mediator && a.Event == Recuse && a.By == k.Mediator && a.By != "" {
			return role, nil // who must step back can always do so
		}
		err := c.plays(k, a.By, party, role, a.At)
		if err == nil {
			return role, nil
		}
		if refused == nil || asConflict(err) {
			refused = err
		}
	}
	return "", refused
}

func asConflict(err error) bool {
	e, ok := err.(*fieldError)
	return ok && e.sentinel == ErrConflict
}

// checkForm checks that the papers that an act refers to are there, of this case, and, among those that who acts wrote, or somebody else who
// has acted in the same role, of the kinds that it needs; and that the clauses are those of the charter under which the case runs.
func (c *Cases) checkForm(k *Case, a *Act, info *eventInfo, role Role) error {
	var have [8]PaperKind
	kinds := have[:0]
	for _, id := range a.Papers {
		p, ok := c.papers[id]
		if !ok || !p.gone && p.of != k.ID {
			return bad(ErrUnknown, "papers", id.String(), "is no paper of this case")
		}
		if p.erased {
			return bad(ErrErased, "papers", id.String(), "has been erased")
		}
		if p.gone { // erased since this act was recorded and checked
			return nil
		}
		if p.by == a.By || k.has(p.by, role) {
			kinds = append(kinds, p.kind)
		}
	}
	for _, form := range [2][]PaperKind{info.form, k.Rules.forms[a.Event]} {
		for _, kind := range form {
			if !slices.Contains(kinds, kind) {
				return k.Rules.refuse(PathKind, bad(ErrInvalid, "papers", string(kind), "is a kind of paper that must be given with %s, written by who does it", a.Event))
			}
		}
	}
	for _, clause := range a.Clauses {
		if !k.Rules.hasClause(clause) {
			return bad(ErrUnknown, "clauses", clause, "is no clause of version %d", k.Rules.charter.Version())
		}
	}
	return nil
}

// guard checks what an event asks for besides stage, role and form.
func (c *Cases) guard(k *Case, a *Act, ties Ties) error {
	rules := k.Rules
	switch a.Event {
	case Warn, Lapse, Erase:
		if !a.Deadline.Equal(k.Deadline) {
			return bad(ErrTime, "deadline", a.Deadline.Format(time.RFC3339), "is not that of the case, %s", k.Deadline.Format(time.RFC3339))
		}
		if a.Event == Warn {
			if k.Warned {
				return bad(ErrExists, "event", string(a.Event), "was given for this deadline already")
			}
			if !a.At.Before(k.Deadline) || a.At.Before(k.warnFrom()) {
				return bad(ErrTime, "at", a.At.Format(time.RFC3339), "is not between %s and the deadline", k.warnFrom().Format(time.RFC3339))
			}
		} else if a.At.Before(k.Deadline) {
			return bad(ErrTime, "at", a.At.Format(time.RFC3339), "is before the deadline, %s", k.Deadline.Format(time.RFC3339))
		}
	case Rate:
		if slices.ContainsFunc(k.Acts, func(e Entry) bool { return e.Event == Rate && e.For == a.For }) {
			return bad(ErrExists, "for", a.For, "has said so already")
		}
	case Join:
		if len(k.Reporters) >= MaxParties {
			return bad(ErrLimit, "reporters", "", "are %d, the limit", MaxParties)
		}
	case Propose:
		return c.checkDraw(k, a, ties)
	case Challenge:
		refused := 0
		for _, who := range k.refused {
			if who == a.For {
				refused++
			}
		}
		if len(a.Papers) == 0 && refused >= rules.Mediators.Challenges {
			return rules.refuse(MediatorsKind, bad(ErrGuard, "papers", "", "must give the reason: %d mediators were refused without one", refused))
		}
	case Meet:
		if !k.IsParty(a.For) {
			return bad(ErrInvalid, "for", a.For, "is no party of the case")
		}
	case Extend:
		if k.Extended {
			return rules.refuse(PathKind, bad(ErrGuard, "event", string(a.Event), "has been done once"))
		}
	case Retry:
		if slices.ContainsFunc(k.Acts, func(e Entry) bool { return e.Event == Retry && e.For == a.For }) {
			return bad(ErrGuard, "event", string(a.Event), "was asked for by this party once")
		}
	case Circle:
		if !rules.Path.Circle || k.facts.circle {
			return rules.refuse(PathKind, bad(ErrGuard, "event", string(a.Event), "the charter has no circle, or it was tried"))
		}
	case Notify:
		return c.guardNotify(k, a)
	case Hear, Absent:
		if hearing := k.at(k.facts.proceeding.notified).Hearing; a.At.Before(hearing) {
			return rules.refuse(ExclusionKind, bad(ErrTime, "at", a.At.Format(time.RFC3339), "the person is invited for %s", hearing.Format(time.RFC3339)))
		}
	case Pronounce:
		return c.guardPronounce(k, a)
	case Mitigate:
		if a.Rung >= k.Sanction.Rung {
			return rules.refuse(LadderKind, bad(ErrInvalid, "rung", "", "must be below %d, the one appealed against", k.Sanction.Rung))
		}
		return k.checkRung(a)
	case Appeal:
		return c.guardAppeal(k, a)
	case Effect:
		if k.exclusion(k.Sanction) {
			return c.missing(k)
		}
	case Merge:
		if k.Protected.ActiveAt(a.At) {
			return bad(ErrGuard, "event", string(a.Event), "would end the protection that is in place; merge the other case into this one, or release it first")
		}
		into, ok := c.cases[a.Into]
		if !ok || into == k || (into.Stage != Reported && into.Stage != Acknowledged && into.Stage != Triaged) {
			return bad(ErrInvalid, "into", a.Into.String(), "is no other case that is reported, acknowledged or triaged")
		}
		for _, reporter := range k.Reporters {
			if slices.Contains(into.Respondents, reporter) {
				return bad(ErrInvalid, "into", a.Into.String(), "has %s on the other side", reporter)
			}
		}
		if len(into.Reporters)+len(k.Reporters) > MaxParties || len(into.Respondents)+len(k.Respondents) > MaxParties {
			return bad(ErrLimit, "into", a.Into.String(), "would have more than %d parties on a side", MaxParties)
		}
		for _, respondent := range k.Respondents {
			if slices.Contains(into.Reporters, respondent) {
				return bad(ErrInvalid, "into", a.Into.String(), "has %s on the other side", respondent)
			}
		}
	case Close:
		gone := func(iri string) bool { return !c.present(iri, k.dayOf(a.At)) }
		all := func(side []string) bool {
			return !slices.ContainsFunc(side, func(iri string) bool { return !gone(iri) })
		}
		if !all(k.Reporters) && !all(k.Respondents) {
			return bad(ErrGuard, "event", string(a.Event), "somebody is still there on both sides")
		}
		if k.InEffect {
			return bad(ErrGuard, "event", string(a.Event), "a measure is in effect, and with it the right to appeal or to ask for a revision")
		}
	case Disclose:
		for _, id := range a.Papers {
			if p := c.papers[id]; !p.gone && p.by != a.By && !c.mayRead(k, p.kind, p.for_, a.By, a.At) {
				return bad(ErrSealed, "papers", id.String(), "is not for %s to read, and so not to disclose", a.By)
			}
		}
	case Protect:
		if !k.IsParty(a.For) {
			return bad(ErrInvalid, "for", a.For, "is no party of the case")
		}
		if k.Protected.ActiveAt(a.At) {
			return bad(ErrExists, "event", string(a.Event), "a protection is in place; the review can prolong it")
		}
		if _, ok := rules.Clause(ProtectionKind); a.Suspend && !ok {
			return bad(ErrGuard, "suspend", "", "only a charter with a rule %s suspends before anything is decided", ProtectionKind)
		}
		if a.Hours < 1 || a.Hours > rules.Protection.Hours {
			return rules.refuse(ProtectionKind, bad(ErrInvalid, "hours", "", "must be from 1 to %d", rules.Protection.Hours))
		}
		if limit := time.Duration(rules.Protection.Hours) * time.Hour; k.protected(a.For, a.At)+time.Duration(a.Hours)*time.Hour > limit {
			return rules.refuse(ProtectionKind, bad(ErrGuard, "hours", "", "would be more than %d in all in this case without the review, which alone can prolong", rules.Protection.Hours))
		}
	case Account, Prolong, Release:
		if !k.Protected.ActiveAt(a.At) {
			return bad(ErrState, "event", string(a.Event), "no protection is in place")
		}
		if a.Event == Prolong && (a.Hours < 1 || a.Hours > rules.Protection.ProlongHours) {
			return rules.refuse(ProtectionKind, bad(ErrInvalid, "hours", "", "must be from 1 to %d", rules.Protection.ProlongHours))
		}
		if a.Event == Account && k.Protected.Account.IsZero() {
			return bad(ErrExists, "event", string(a.Event), "has been reported already")
		}
	}
	return nil
}

// guardNotify checks the letter of grievances: a rung of the ladder, somebody whom the case concerns, and enough notice.
func (c *Cases) guardNotify(k *Case, a *Act) error {
	if !slices.Contains(k.Respondents, a.For) {
		return bad(ErrInvalid, "for", a.For, "is not whom the case concerns; against who reported, another case is opened")
	}
	if _, ok := k.Rules.Ladder.rung(a.Rung); !ok {
		return k.Rules.refuse(LadderKind, bad(ErrInvalid, "rung", "", "must be from 1 to %d", len(k.Rules.Ladder.Rungs)))
	}
	if earliest := k.Rules.afterDays(a.At, k.Rules.Exclusion.NoticeDays-1); a.Hearing.Before(earliest) {
		return k.Rules.refuse(ExclusionKind, bad(ErrTime, "hearing", a.Hearing.Format(time.RFC3339), "with a notice of %d days it can be from %s", k.Rules.Exclusion.NoticeDays, earliest.Format(time.RFC3339)))
	}
	if latest := k.Rules.afterDays(a.At, MaxDays); a.Hearing.After(latest) {
		return bad(ErrTime, "hearing", a.Hearing.Format(time.RFC3339), "must be before %s", latest.Format(time.RFC3339))
	}
	return nil
}

// guardPronounce checks that a measure is not graver than what was notified, rests on clauses that were, stands on the next rung or
// was made possible by gravity, and, if it is an exclusion, that every guard but those that come later is met.
func (c *Cases) guardPronounce(k *Case, a *Act) error {
	p := &k.facts.proceeding
	notice := k.at(p.notified)
	if a.Rung > notice.Rung {
		return k.Rules.refuse(LadderKind, bad(ErrGuard, "rung", "", "is above %d, the measure that was notified", notice.Rung))
	}
	for _, clause := range a.Clauses {
		if !slices.Contains(notice.Clauses, clause) {
			return bad(ErrGuard, "clauses", clause, "is not in the grievances")
		}
	}
	if next := k.Reached[notice.For] + 1; a.Rung > next && p.grave == 0 {
		return k.Rules.refuse(LadderKind, bad(ErrGuard, "rung", "", "skips the rungs from %d on, and no gravity is on record", next))
	}
	if err := k.checkRung(a); err != nil {
		return err
	}
	s := k.sanction(a)
	if !k.exclusion(s) {
		return nil
	}
	if first := c.firstMissing(k, s, a); first != nil {
		return first
	}
	return nil
}

// checkRung checks the rung and the last day of a measure.
func (k *Case) checkRung(a *Act) error {
	rung, ok := k.Rules.Ladder.rung(a.Rung)
	if !ok {
		return k.Rules.refuse(LadderKind, bad(ErrInvalid, "rung", "", "must be from 1 to %d", len(k.Rules.Ladder.Rungs)))
	}
	if (rung.Step == Restriction) != (a.Scope != "") {
		return bad(ErrInvalid, "scope", a.Scope, "says what a restriction keeps from, and has no place elsewhere")
	}
	if !rung.Step.Bounded() {
		if !a.Until.IsZero() {
			return bad(ErrInvalid, "until", a.Until.String(), "has no place with a %s", rung.Step)
		}
		return nil
	}
	on := k.dayOf(a.At)
	// The time to appeal, and to put the measure into effect, does not count.
	latest := on.AddDays(rung.MaxDays + k.Rules.Appeal.Days + 60)
	if !a.Until.After(on) || a.Until.After(latest) {
		return k.Rules.refuse(LadderKind, bad(ErrInvalid, "until", a.Until.String(), "a %s lasts at most %d days: until %s", rung.Step, rung.MaxDays, latest))
	}
	return nil
}

// sanction returns what an act of pronouncing says.
func (k *Case) sanction(a *Act) *Sanction {
	s := &Sanction{Case: k.ID, Round: k.Round, Rung: a.Rung, Clauses: slices.Clone(a.Clauses), Until: a.Until, Scope: a.Scope}
	if a.Event == Mitigate {
		s.Party, s.Clauses = k.Sanction.Party, slices.Clone(k.Sanction.Clauses)
	} else {
		s.Party = k.at(k.facts.proceeding.notified).For
	}
	return s
}

func (k *Case) exclusion(s *Sanction) bool {
	return s != nil && s.Rung != 0 && s.Rung == k.Rules.Ladder.exclusion()
}

// guardAppeal checks who appeals, and on what ground when a measure is in effect already.
func (c *Cases) guardAppeal(k *Case, a *Act) error {
	if k.Sanction == nil || a.For != k.Sanction.Party {
		return bad(ErrRole, "for", a.For, "is not the party that the measure concerns")
	}
	if k.Stage == Informed {
		if a.Ground == Revision {
			return k.Rules.refuse(AppealKind, bad(ErrInvalid, "ground", string(a.Ground), "is for an exclusion that is in effect"))
		}
		return nil
	}
	if a.Ground != NewEvidence && a.Ground != Procedure && a.Ground != Revision {
		return k.Rules.refuse(AppealKind, bad(ErrTime, "ground", string(a.Ground), "the time to appeal is over, except for a breach of procedure, new evidence, or a revision"))
	}
	if !k.InEffect {
		return bad(ErrGuard, "event", string(a.Event), "no measure is in effect")
	}
	if a.Ground == Revision && (k.Stage != Closed || k.Outcome != ExcludedOut) {
		return k.Rules.refuse(ExclusionKind, bad(ErrTime, "ground", string(a.Ground), "an exclusion can be revised after %d months", k.Rules.Exclusion.RevisionMonths))
	}
	return nil
}

// present reports whether a party is still there to settle something: registered, and neither resigned nor excluded.
func (c *Cases) present(iri string, on codesocial.Date) bool {
	p, ok := c.state.Party(iri)
	if !ok || p.Erased {
		return false
	}
	if _, was := c.state.Membership(iri); !was {
		return true
	}
	status := c.state.StatusOn(iri, on)
	return status != codesocial.Resigned && status != codesocial.Excluded
}
