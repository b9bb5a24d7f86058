package mediation

import (
	"slices"
	"time"

	"github.com/google/uuid"

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
	return place, role, nil
}

// role returns the role in which somebody acts, or why she cannot.
func (c *Cases) role(k *Case, a *Act, place *place) (Role, error) {
	var refused error
	for _, role := range k.Rules.by(place.info) {
		party := a.For
		if !actsForParty(place.info) {
			party = ""
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
	if !slices.Contains(k.Respondents, a.For) && !slices.Contains(k.Reporters, a.For) {
		return bad(ErrInvalid, "for", a.For, "is no party of the case")
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
	if a.Rung > k.Reached+1 && p.grave == 0 {
		return k.Rules.refuse(LadderKind, bad(ErrGuard, "rung", "", "skips the rungs from %d on, and no gravity is on record", k.Reached+1))
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

// apply folds an act that check has allowed. It cannot fail.
func (c *Cases) apply(k *Case, a *Act, record uuid.UUID, place *place, role Role) {
	from, done := k.Stage, true
	k.last = a.At
	if role != Clock && role != Member && role != Reporter && role != Respondent && !k.has(a.By, role) {
		k.parts = append(k.parts, part{a.By, role})
	}
	mediator := k.Mediator
	if place.Quorum != One {
		k.say(a, place.Quorum)
		seats := 0
		if place.Quorum == Majority {
			seats = c.able(k, role, a.At)
		}
		done = k.complete(a, place.Quorum, seats)
	}
	k.Acts = append(k.Acts, Entry{Record: record, Act: *a, From: from, To: from, Role: role})
	this := proof(len(k.Acts))
	if done {
		c.effect(k, a, this, place)
	}
	k.Acts[this-1].To = k.Stage
	if mediator != k.Mediator {
		c.load(mediator, -1)
		c.load(k.Mediator, 1)
	}
}

// load counts the cases that a mediator has.
func (c *Cases) load(iri string, by int) {
	if m, ok := c.pool[iri]; ok {
		m.open += by
	}
}

// effect does what an event does once the case moves on.
func (c *Cases) effect(k *Case, a *Act, this proof, place *place) {
	p, to := &k.facts.proceeding, place.To[0]
	if slices.Contains(everywhere, a.Event) && a.Event != Close {
		k.interim(a)
		if a.Event == Warn {
			k.Warned = true
		}
		return
	}
	switch a.Event {
	case Join:
		k.Reporters = append(k.Reporters, a.By)
		c.byParty[a.By] = append(c.byParty[a.By], k)
		return
	case Incident:
		k.facts.incidents = append(k.facts.incidents, this)
		return
	case Session, Rate:
		return
	case Answer:
		p.answered = this
		return
	case Find:
		p.threat = this
		return
	case Grave:
		p.grave = this
		return
	case Extend:
		k.Extended = true
		k.Deadline = k.Deadline.Add(time.Duration(k.Rules.Path.ExtensionDays) * 24 * time.Hour)
		k.Warned, k.said = false, nil
		return
	case Triage:
		k.Clauses = slices.Clone(a.Clauses)
	case Lapse:
		c.lapse(k, a, this, to)
		return
	case Decline:
		k.fail(this, a.For)
	case Fail:
		k.fail(this)
	case Leave:
		// Who reports cannot make mediation fail by leaving before it has begun.
		if slices.Contains(k.Respondents, a.For) {
			k.fail(this, a.For)
		} else if k.Stage == Sessions || k.Stage == Signing {
			k.fail(this, k.Respondents...)
		}
		k.dropMediator()
	case Bypass:
		k.facts.bypassed = this
	case Propose:
		k.Mediator = a.Mediator
		c.draws++
		c.pool[a.Mediator].drawn = c.draws
	case Challenge:
		if len(a.Papers) == 0 {
			k.refused = append(k.refused, a.For)
		}
		k.dropMediator()
	case Recuse, Replace:
		k.dropMediator()
	case Mediate, Retry:
		k.InCircle, k.Extended, k.Mediator = false, false, ""
	case Circle:
		k.InCircle, k.Extended, k.facts.circle, k.Mediator = true, false, true, ""
	case Confirm:
		k.followedUp(a.At)
		return
	case Breach:
		k.fail(this)
		k.facts.incidents = append(k.facts.incidents, this)
	case Relapse:
		k.facts.relapses = append(k.facts.relapses, this)
	case Notify:
		p.notified, p.heard, p.answered = this, 0, 0
		k.enter(Notified, a.At)
		if k.Deadline.Before(a.Hearing) {
			k.Deadline = k.Rules.afterClock(Notified, a.Hearing)
		}
		return
	case Hear, Absent:
		p.heard = this
	case Pronounce:
		p.decided, k.Sanction, k.InEffect = this, k.sanction(a), false
		if k.exclusion(k.Sanction) {
			p.verdict, _ = c.decided(k.Sanction)
		}
	case Inform:
		p.informed = this
	case Appeal:
		k.facts.appeal = appeal{filed: this, prior: k.Stage, deadline: k.Deadline}
	case Admit:
		k.facts.appeal.admitted = this
	case Reject, Deny:
		k.facts.appeal.settled = this
		to = k.facts.appeal.prior
		if to == Informed {
			to = Final
		}
		k.enter(to, a.At)
		if to != Final { // it goes on as it was
			k.Deadline = laterOf(k.facts.appeal.deadline, a.At.Add(24*time.Hour))
		}
		return
	case Mitigate:
		k.annul()
		k.Sanction = k.sanction(a)
		k.facts.appeal.settled = this
		k.Outcome = ""
	case Uphold:
		k.annul()
		k.close(Annulled, a.At)
		return
	case Remand:
		k.annul()
		k.Outcome = ""
	case Effect:
		k.InEffect, k.before = true, k.Reached
		k.Reached = max(k.Reached, k.Sanction.Rung)
		k.Imposed = append(k.Imposed, Imposed{Sanction: *k.Sanction, From: k.dayOf(a.At)})
		if k.exclusion(k.Sanction) {
			to = Excluded
		}
	case Clear:
		if a.Ground == AbuseOfProcess {
			k.close(Abusive, a.At)
		} else {
			k.close(Unfounded, a.At)
		}
		return
	case Drop:
		k.close(NoFurther, a.At)
		return
	case Withdraw:
		k.close(Withdrawn, a.At)
		return
	case Lift:
		k.InEffect = false
		k.endImposed(Lifted, k.dayOf(a.At))
		k.close(Lifted, a.At)
		return
	case Close:
		k.close(Moot, a.At)
		return
	case Merge:
		k.Into = a.Into
		c.merge(k, c.cases[a.Into])
		k.close(Merged, a.At)
		return
	}
	k.enter(to, a.At)
}

// annul takes a measure back as if it had never been.
func (k *Case) annul() {
	if k.InEffect {
		k.InEffect, k.Reached = false, k.before
		k.endImposed(Annulled, codesocial.Date{})
	}
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// fail notes that mediation was tried and did not lead to an agreement, or not to one that is kept; by whose doing, if it was somebody's.
func (k *Case) fail(this proof, by ...string) {
	k.facts.tried = append(k.facts.tried, attempt{this, slices.Clone(by)})
}

// lapse does what the passing of a deadline does: it moves the case or, where only people can, raises it. It never loses it.
func (c *Cases) lapse(k *Case, a *Act, this proof, to Stage) {
	switch {
	case k.Stage == FollowUp:
		k.followedUp(a.At)
		return
	case k.Stage == Monitoring:
		k.InEffect = false
		k.close(Served, a.At)
		return
	case k.Stage == Excluded:
		k.close(ExcludedOut, a.At)
		return
	case k.Stage == Dismissed:
		k.close(OutOfScope, a.At)
		return
	case k.Stage == Proposed:
		k.dropMediator()
	case k.Stage == Informed:
		k.facts.proceeding.over = this
	case k.Stage == Consenting || k.Stage == Meetings:
		// Time that ran out counts as an attempt only if those who report did their part.
		event := Consent
		if k.Stage == Meetings {
			event = Meet
		}
		silent := func(party string) bool { return !slices.Contains(k.said, voice{party, event, ""}) }
		if !slices.ContainsFunc(k.Reporters, silent) {
			k.fail(this, slices.DeleteFunc(slices.Clone(k.Respondents), func(r string) bool { return !silent(r) })...)
		}
	case k.Stage == Sessions || k.Stage == Signing:
		k.fail(this)
	case to == k.Stage:
		k.Raised++
		said := k.said
		k.enter(to, a.At)
		k.said = said
		return
	}
	k.enter(to, a.At)
}

// followedUp goes on to the next day on which the agreement is looked at, or closes the case after the last.
func (k *Case) followedUp(at time.Time) {
	days := k.Rules.Path.FollowUpDays
	k.Review++
	if k.Review >= len(days) {
		k.close(Resolved, at)
		return
	}
	k.Deadline = laterOf(k.Rules.afterDays(k.Since, days[k.Review]), k.Rules.afterDays(at, 1))
	k.Warned, k.said = false, nil
}

// interim does what the events of protection do.
func (k *Case) interim(a *Act) {
	switch a.Event {
	case Protect:
		k.Protected = &Protection{
			Record: k.Acts[len(k.Acts)-1].Record, By: a.By, Against: a.For, Suspend: a.Suspend, Since: a.At,
			Until:   a.At.Add(time.Duration(a.Hours) * time.Hour),
			Account: a.At.Add(time.Duration(k.Rules.Protection.AccountHours) * time.Hour),
		}
		k.suspend(a.At)
	case Account:
		p := *k.Protected
		p.Account = time.Time{}
		k.Protected = &p
		k.suspend(a.At)
	case Prolong:
		p := *k.Protected
		p.Account, p.Until = time.Time{}, a.At.Add(time.Duration(a.Hours)*time.Hour)
		k.Protected = &p
		k.suspend(a.At)
	case Release:
		k.Protected = nil
		for i := range k.spans {
			if s, on := &k.spans[i], k.dayOf(a.At); !s.until.Before(on) && s.liftedOn.IsZero() {
				s.liftedOn = on
			}
		}
	}
}

// A span is the days of a suspension by a protection. It is never longer than what holds without another act, so that it ends by itself.
type span struct {
	party                 string
	from, until, liftedOn codesocial.Date
}

// suspend notes the days for which the protection suspends, as it now stands.
func (k *Case) suspend(at time.Time) {
	p := k.Protected
	if !p.Suspend {
		return
	}
	s := span{party: p.Against, from: k.dayOf(at), until: k.dayOf(p.Ends().Add(-time.Second))}
	if n := len(k.spans); n > 0 && k.spans[n-1].party == p.Against && k.spans[n-1].liftedOn.IsZero() && !k.spans[n-1].until.Before(s.from) {
		s.from = k.spans[n-1].until.AddDays(1)
	}
	if !s.until.Before(s.from) {
		k.spans = append(k.spans, s)
	}
}

// merge lets another case go on with the parties of this one.
func (c *Cases) merge(k, into *Case) {
	for _, reporter := range k.Reporters {
		if !slices.Contains(into.Reporters, reporter) {
			into.Reporters = append(into.Reporters, reporter)
			c.byParty[reporter] = append(c.byParty[reporter], into)
		}
	}
	for _, respondent := range k.Respondents {
		if !slices.Contains(into.Respondents, respondent) {
			into.Respondents = append(into.Respondents, respondent)
			c.byParty[respondent] = append(c.byParty[respondent], into)
		}
	}
	into.facts.incidents = append([]proof(nil), into.facts.incidents...)
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
