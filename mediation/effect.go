package mediation

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

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
		if done = a.Decides; place.Quorum != Majority {
			done = k.complete(a, place.Quorum)
		}
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
		k.Deadline = k.Deadline.In(k.Rules.location()).AddDate(0, 0, k.Rules.Path.ExtensionDays).UTC()
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
		// Who reports cannot make mediation fail by leaving before it has begun, unless it does not begin because the other side accepts nobody.
		if slices.Contains(k.Respondents, a.For) {
			k.fail(this, a.For)
		} else if k.Stage == Sessions || k.Stage == Signing {
			k.fail(this, k.Respondents...)
		} else if by := k.unwilling(); len(by) > 0 {
			k.fail(this, by...)
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
		c.annul(k)
		k.Sanction = k.sanction(a)
		k.facts.appeal.settled = this
		k.Outcome = ""
	case Uphold:
		c.annul(k)
		k.close(Annulled, a.At)
		return
	case Remand:
		c.annul(k)
		k.Outcome = ""
	case Effect:
		k.InEffect = true
		k.reach(k.Sanction.Party, k.Sanction.Rung)
		k.Imposed = append(k.Imposed, Imposed{Sanction: *k.Sanction, From: k.dayOf(a.At)})
		if k.exclusion(k.Sanction) {
			to = Excluded
		}
	case Clear:
		// Where a measure of an earlier round lasts, it goes on, and can be lifted and appealed against as before.
		if n := len(k.Imposed); n > 0 && k.Imposed[n-1].Ended == "" && !k.Imposed[n-1].Until.Before(k.dayOf(a.At)) {
			s := k.Imposed[n-1].Sanction
			k.Sanction, k.InEffect = &s, true
			k.enter(Monitoring, a.At)
			return
		}
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

// annul takes a measure back as if it had never been, also where other cases stand on the rung that was reached by it.
func (c *Cases) annul(k *Case) {
	if !k.InEffect {
		return
	}
	k.InEffect = false
	k.endImposed(Annulled, codesocial.Date{})
	for _, k := range c.cases {
		k.Reached = nil
		for i := range k.Imposed {
			if s := &k.Imposed[i]; s.Ended != Annulled {
				k.reach(s.Party, s.Rung)
			}
		}
	}
	for grows := true; grows; {
		grows = false
		for _, k := range c.cases {
			if earlier, ok := c.cases[k.Follows]; ok {
				grows = k.reachAll(earlier) || grows
			}
			if into, ok := c.cases[k.Into]; ok {
				grows = into.reachAll(k) || grows
			}
		}
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
	case k.Stage == Informed:
		k.facts.proceeding.over = this
	case k.Stage == Failed || k.Stage == Interrupted:
		if k.without(Drop) {
			k.close(NoFurther, a.At)
			return
		}
	case k.Stage == Consenting || k.Stage == Proposed || k.Stage == Meetings:
		step := map[Stage]struct {
			event Event
			next  Stage
		}{Consenting: {Consent, Choosing}, Proposed: {Accept, Meetings}, Meetings: {Meet, Sessions}}[k.Stage]
		// Time that ran out counts as an attempt only if those who report did their part.
		unheard := slices.DeleteFunc(slices.Clone(k.Respondents), func(r string) bool { return k.spoke(r, step.event) })
		switch did := k.without(step.event); {
		case did && len(unheard) == 0 && (k.Stage != Proposed || k.spoke(k.Mediator, Accept)):
			to = step.next
		case k.Stage == Proposed:
			k.dropMediator()
		case did:
			k.fail(this, unheard...)
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
		k.unprotect(a.At)
	}
}

// unprotect ends the protection of the case, if there is one.
func (k *Case) unprotect(at time.Time) {
	k.Protected = nil
	for i := range k.spans {
		if s, on := &k.spans[i], k.dayOf(at); !s.until.Before(on) && s.liftedOn.IsZero() {
			s.liftedOn = on
		}
	}
}

// protected returns for how long a party has been kept away by orders that the review did not confirm, until an instant.
func (k *Case) protected(party string, at time.Time) (sum time.Duration) {
	var since, until, account time.Time // of the order that holds; since is zero if none does
	end := func(at time.Time) {
		if !account.IsZero() && account.Before(until) {
			until = account
		}
		if until.Before(at) {
			at = until
		}
		if !since.IsZero() {
			sum += at.Sub(since)
		}
		since = time.Time{}
	}
	for i := range k.Acts {
		switch e := &k.Acts[i]; e.Event {
		case Protect:
			end(e.At)
			if e.For == party {
				since, until = e.At, e.At.Add(time.Duration(e.Hours)*time.Hour)
				account = e.At.Add(time.Duration(k.Rules.Protection.AccountHours) * time.Hour)
			}
		case Account:
			account = time.Time{}
		case Prolong, Release:
			end(e.At)
		}
	}
	end(at)
	return sum
}

// unwilling returns the respondents who have refused as many mediators as a party may.
func (k *Case) unwilling() (list []string) {
	for _, party := range k.Respondents {
		if k.refusals(party) >= k.Rules.Mediators.Challenges {
			list = append(list, party)
		}
	}
	return list
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
	into.reachAll(k)
}
