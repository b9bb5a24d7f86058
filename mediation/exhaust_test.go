package mediation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// smallRules make a world small enough to be searched to the end: one seat in each body, a ladder of three rungs, every clock a day.
func smallRules() map[string]string {
	var clocks []string
	for _, c := range defaultClocks {
		clocks = append(clocks, fmt.Sprintf(`{"stage":%q,"days":1,"warnHours":1}`, c.Stage))
	}
	return map[string]string{
		"bodies":    `{"kind":"mediation.bodies","reception":["urn:x:olga"],"review":["urn:x:rita"],"appeal":["urn:x:jean"]}`,
		"exclusion": `{"kind":"mediation.exclusion","noticeDays":1,"incidents":1,"revisionMonths":1}`,
		"path":      `{"kind":"mediation.path","followUpDays":[1],"extensionDays":1,"clocks":[` + strings.Join(clocks, ",") + `]}`,
		"ladder":    `{"kind":"mediation.ladder","rungs":[{"level":1,"step":"reminder"},{"level":2,"step":"suspension","maxDays":1},{"level":3,"step":"exclusion"}]}`,
		"appeal":    `{"kind":"mediation.appeal","days":1}`,
		"mediators": `{"kind":"mediation.mediators","challenges":1}`,
	}
}

// A node is a case in a community that has decided something, or not.
type node struct {
	k      *Case
	ruling ruling
	at     ruling // as it was when the measure was pronounced
}

// fingerprint names everything about a node that what comes later can depend on. Counts are cut off where more makes no difference, and
// times are told from the present.
func (n *node) fingerprint() string {
	k := n.k
	p := &k.facts.proceeding
	when := func(t time.Time) int64 {
		if t.IsZero() {
			return -1 << 40
		}
		return int64(t.Sub(k.last) / time.Hour)
	}
	hearing, notice := int64(-1), ""
	if p.notified != 0 {
		hearing = max(when(k.at(p.notified).Hearing), 0)
		notice = fmt.Sprint(k.at(p.notified).Rung, k.at(p.notified).Clauses)
	}
	said := make([]string, len(k.said))
	for i, v := range k.said {
		said[i] = v.who + string(v.event) + v.about
	}
	slices.Sort(said)
	var parts []string
	for _, v := range k.parts {
		if v.role != Officer {
			parts = append(parts, v.who+string(v.role))
		}
	}
	slices.Sort(parts)
	if !k.Stage.Open() && !k.InEffect {
		return string(k.Outcome) // nothing can happen any more
	}
	sanction := 0
	if k.Sanction != nil {
		sanction = k.Sanction.Rung
	}
	newest := len(k.Imposed) - 1
	lasts := newest >= 0 && k.Imposed[newest].Ended == "" && !k.Imposed[newest].Until.Before(k.dayOf(k.last))
	retried := func(who string) bool {
		return slices.ContainsFunc(k.Acts, func(e Entry) bool { return e.Event == Retry && e.For == who })
	}
	rulingTime := func(r ruling) bool { return p.heard != 0 && !r.opened.Before(k.at(p.heard).At) }
	return fmt.Sprint(k.Stage, when(k.Deadline) > 0, hearing > 0, notice, said, parts, sanction, k.Mediator != "", len(k.Former) > 0, len(k.refused), k.Extended,
		k.Review, min(k.Round, 2), k.Reached[ben], min(k.refusals(ben), 1), k.InEffect, k.Outcome, k.Raised > 0, len(k.attempted(ben)) > 0, k.facts.bypassed != 0, len(k.facts.incidents) > 0,
		len(k.facts.relapses) > 0, p.threat != 0, p.grave != 0, p.heard != 0, p.decided != 0, p.informed != 0, k.facts.appeal.filed != 0, k.facts.appeal.prior,
		k.facts.appeal.settled != 0, lasts, retried(ana), retried(ben), n.ruling.adopted, n.ruling.biased, rulingTime(n.ruling), n.at.adopted, n.at.biased, rulingTime(n.at))
}

// candidates returns every act that can be tried: every event that has its place, by everybody, at every time that makes a difference,
// with every content that does.
func (s *sim) candidates(k *Case) []*Act {
	times := []time.Time{k.last}
	if k.Deadline.After(k.last) {
		times = append(times, k.Deadline)
	}
	if n := k.facts.proceeding.notified; n != 0 && k.Stage == Notified && k.at(n).Hearing.After(k.last) {
		times = append(times, k.at(n).Hearing)
	}
	people := []string{ana, ben, dora, olga, rita, jean, k.Mediator, ""}
	var list []*Act
	for i := range transitions {
		tr := &transitions[i]
		if tr.From != k.Stage {
			continue
		}
		switch tr.Event {
		case Warn, Protect, Account, Prolong, Release, Disclose, Join, Merge, Close, Answer, Session:
			// They leave the case where it is and give nothing that a guard asks for, or end it; the random walks try them.
			continue
		}
		info := infoOf[tr.Event]
		for _, by := range slices.Compact(people) {
			for _, at := range times {
				a := Act{ID: uuid.Max, Case: k.ID, Event: tr.Event, By: by, At: at}
				if actsForParty(info) {
					a.For = s.spokenFor(k, by)
				}
				for _, kind := range info.form {
					a.Papers = append(a.Papers, s.papers[kind])
				}
				if info.needs&fClauses != 0 {
					a.Clauses = []string{"respect"}
				}
				if info.needs&fGravity != 0 {
					a.Gravity = Violence
				}
				if info.needs&fDeadline != 0 {
					a.Deadline = k.Deadline
				}
				switch tr.Event {
				case Propose:
					draw, err := s.NewDraw(k.ID, at, "")
					if err != nil {
						continue
					}
					a.Mediator, a.Draw = draw.Mediator, draw.Draw
				case Meet:
					for _, party := range k.parties() {
						b := a
						b.For = party
						list = append(list, &b)
					}
					continue
				case Clear:
					a.Ground = NoBreach
				case Appeal:
					a.Ground = Procedure
				case Notify, Pronounce, Mitigate:
					for rung := 1; rung <= 3; rung++ {
						b := a
						b.Rung = rung
						if tr.Event == Notify {
							b.For, b.Assistance, b.Hearing = ben, true, k.Rules.afterDays(at, 0)
						} else if rung == 2 {
							b.Until = k.dayOf(at).AddDays(1)
						}
						list = append(list, &b)
					}
					continue
				}
				list = append(list, &a)
			}
		}
	}
	return list
}

// search looks at every state that any sequence of acts, by anybody, in any order, can lead to, with a community that decides what it
// likes when it likes. forbidden events never happen. It returns how many states there are and how many exclusions it met.
func search(t *testing.T, limit int, forbidden ...Event) (states, exclusions int) {
	s := newSim(t, smallRules())
	s.poolOrder = s.poolOrder[:1]
	for iri := range s.pool {
		if iri != s.poolOrder[0] {
			delete(s.pool, iri)
		}
	}
	first := s.begin(Tension{By: ana, At: start, Respondents: []string{ben}})
	m := s.pool[s.poolOrder[0]]
	seen := make(map[string]bool)
	queue := []*node{{k: first}}
	for len(queue) > 0 && len(seen) < limit {
		n := queue[0]
		queue = queue[1:] // the shortest sequences first
		add := func(next *node) {
			if next.k.Stage != Heard {
				next.ruling = ruling{} // of no consequence
			}
			if !next.k.exclusion(next.k.Sanction) {
				next.at = ruling{}
			}
			if f := next.fingerprint(); !seen[f] && next.k.Round <= 2 {
				seen[f] = true
				queue = append(queue, next)
			}
		}
		if n.k.Stage == Heard { // the community decides, as it should or not
			for _, r := range []ruling{{}, {true, false, n.k.last}, {true, true, n.k.last}, {true, false, n.k.last.Add(-time.Hour * 1000)}} {
				add(&node{n.k, r, n.at})
			}
		}
		for _, a := range s.candidates(n.k) {
			if slices.Contains(forbidden, a.Event) {
				continue
			}
			s.ruling = n.ruling
			s.cases[n.k.ID], s.byParty[ana], s.byParty[ben] = n.k, nil, nil
			m.open, m.drawn = 0, 0
			if err := a.check(); err != nil {
				continue
			}
			s.sign(a)
			place, role, err := s.check(n.k, a, nil)
			if err != nil {
				continue
			}
			a.Decides = place.Quorum == Majority && s.majority(n.k, a, role)
			k := n.k.clone()
			s.cases[k.ID] = k
			s.apply(k, a, a.ID, place, role)
			require.NoError(t, s.sound(k, a))
			next := &node{k, n.ruling, n.at}
			if a.Event == Pronounce {
				next.at = n.ruling
			}
			if a.Event == Effect && k.exclusion(k.Sanction) {
				exclusions++
				require.NoError(t, exclusionHolds(k, next.at, 1, 1, 1, 1))
			}
			add(next)
		}
	}
	require.Empty(t, queue, "the search came to its end")
	return len(seen), exclusions
}

// Challenging, recusing, replacing, prolonging, retrying and the like lead in circles or out; with -long they are searched too.
func TestNoSequenceOfActsInASmallWorldLeadsToAnExclusionThatMissesAGuard(t *testing.T) {
	t.Parallel()
	circles := []Event{Extend, Challenge, Recuse, Replace, Rework, Retry, Contest, Return, Lift}
	if *long {
		circles = nil
	}
	states, exclusions := search(t, 1_000_000, circles...)
	t.Logf("%d states, %d exclusions", states, exclusions)
	require.Positive(t, exclusions)
}
