package mediation

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var long = flag.Bool("long", false, "search for much longer")

// A sim is cases without a journal, in a community that does not change: acts are checked and applied as the fold does it. What the
// community decides on an exclusion is up to the search.
type sim struct {
	*Cases
	t      testing.TB
	papers map[PaperKind]uuid.UUID
	ruling ruling
	// rulings holds, for each case, what the community had decided when the measure was pronounced last.
	rulings map[uuid.UUID]ruling
	ids     uint64
}

// A ruling is what the community has decided on whatever exclusion is asked about.
type ruling struct {
	adopted bool
	biased  bool // somebody with a conflict of interest decided
	opened  time.Time
}

func newSim(t testing.TB, rules map[string]string) *sim {
	w := newWorld(t, rules)
	s := &sim{Cases: NewCases(w.community.State()), t: t, papers: make(map[PaperKind]uuid.UUID), rulings: make(map[uuid.UUID]ruling)}
	s.decided = func(*Sanction) (resolution, bool) {
		r := resolution{decision: uuid.Max, opened: s.ruling.opened, electors: []string{cleo, remi, rita, rosa}}
		if s.ruling.biased {
			r.electors = []string{cleo, dora, remi, rita, rosa} // dora works where ben does
		}
		return r, s.ruling.adopted
	}
	for _, iri := range w.cases.poolOrder {
		s.pool[iri] = &mediator{PoolEntry: w.cases.pool[iri].PoolEntry}
	}
	s.poolOrder = w.cases.poolOrder
	for kind := range paperTitles {
		s.papers[kind] = s.id()
	}
	return s
}

func (s *sim) id() (id uuid.UUID) {
	s.ids++
	binary.BigEndian.PutUint64(id[:], s.ids)
	return id
}

// begin opens a case, with a paper of every kind.
func (s *sim) begin(t Tension) *Case {
	t.ID = s.id()
	k, err := s.checkTension(&t)
	require.NoError(s.t, err)
	s.open(k)
	for kind, id := range s.papers {
		s.Cases.papers[id] = &paper{of: k.ID, kind: kind}
	}
	return k
}

// do does an act if it can be done.
func (s *sim) do(k *Case, a *Act) error {
	if err := a.check(); err != nil {
		return err
	}
	s.sign(a)
	place, role, err := s.check(k, a, nil)
	if err != nil {
		return err
	}
	a.Decides = place.Quorum == Majority && s.majority(k, a, role)
	s.apply(k, a, a.ID, place, role)
	return nil
}

// sign lets who acts be who wrote the papers.
func (s *sim) sign(a *Act) {
	for _, id := range a.Papers {
		if p, ok := s.Cases.papers[id]; ok {
			p.by = a.By
		}
	}
}

// innocent holds who has no conflict of interest in a case between ana and ben or relais, found by hand.
var innocent = map[string]bool{
	cleo: true, olga: true, otto: true, rita: true, rosa: true, remi: true, jean: true, jane: true, joel: true, mona: true, milo: true, maud: true,
}

// exclusionHolds checks, on nothing but the acts that took place, that an exclusion that has just taken effect misses no guard. It is
// written apart from the guards, as somebody would who reads the file.
func exclusionHolds(k *Case, r ruling, incidents, challenges, noticeDays, appealDays int) error {
	acts := k.Acts
	find := func(from int, match func(*Entry) bool) int {
		for i := from; i < len(acts); i++ {
			if match(&acts[i]) {
				return i
			}
		}
		return -1
	}
	is := func(events ...Event) func(*Entry) bool {
		return func(e *Entry) bool { return slices.Contains(events, e.Event) }
	}
	round := 0 // the act that began the last review
	for i := range acts {
		if acts[i].To == Review && acts[i].From != Review {
			round = i
		}
	}
	refused, accepted := 0, make(map[string]bool) // mediators whom the party did not accept, and who accepted the present one
	tried := find(0, func(e *Entry) bool {
		switch e.Event {
		case Propose:
			clear(accepted)
		case Accept:
			accepted[e.For] = true
		case Challenge:
			if e.For == ben || e.For == relais {
				refused++
			}
		case Fail, Decline, Breach:
			return true
		case Bypass:
			return e.Gravity != "" && len(e.Papers) > 0
		case Leave:
			return e.For == ben || e.For == relais || e.From == Sessions || e.From == Signing || refused >= challenges
		case Lapse:
			if e.From == Proposed && accepted[ana] && !accepted[k.Respondents[0]] {
				refused++
			}
			return e.To == Interrupted || e.From == Signing
		}
		return false
	})
	if tried < 0 || tried > round {
		return fmt.Errorf("mediation was never tried")
	}
	shown, relapsed := 0, false
	for i := range acts {
		if acts[i].Event == Incident || acts[i].Event == Breach {
			shown++
		}
		relapsed = relapsed || acts[i].Event == Relapse
	}
	if shown < incidents && !relapsed {
		return fmt.Errorf("nothing shows that it persists")
	}
	threat := find(round, func(e *Entry) bool { return e.Event == Find && len(e.Clauses) > 0 && len(e.Papers) > 0 })
	notified := -1
	for i := round; i < len(acts); i++ {
		if acts[i].Event == Notify {
			notified = i
		}
	}
	if threat < 0 || notified < 0 {
		return fmt.Errorf("no threat was found, or no grievances were sent")
	}
	n := &acts[notified]
	top := k.Rules.Ladder.exclusion()
	if n.Rung != top || len(n.Clauses) == 0 || len(n.Papers) == 0 || !n.Assistance || n.For != k.Sanction.Party {
		return fmt.Errorf("the grievances are not complete")
	}
	heard := find(notified, is(Hear, Absent))
	if heard < 0 || acts[heard].At.Sub(n.At) < time.Duration(noticeDays-1)*oneDay {
		return fmt.Errorf("nobody was heard, or too soon")
	}
	reached := 0
	for i := range acts {
		if acts[i].Event == Effect && i < len(acts)-1 {
			reached = 1 // which rung, the pronouncing says
		}
	}
	if grave := find(round, is(Grave)); grave < 0 && reached == 0 {
		return fmt.Errorf("rungs were skipped without a gravity on record")
	}
	voices := make(map[string]bool)
	for i := heard; i < len(acts); i++ {
		if acts[i].Event == Pronounce && acts[i].Rung == top {
			voices[acts[i].By] = true
			if len(acts[i].Papers) < 2 {
				return fmt.Errorf("no reasons, or no proportionality")
			}
		}
	}
	if !r.adopted || r.biased || r.opened.Before(acts[heard].At) {
		return fmt.Errorf("the community has not decided, or not impartially, or before the hearing")
	}
	informed := find(heard, is(Inform))
	if informed < 0 {
		return fmt.Errorf("the right to appeal was not notified")
	}
	over := find(informed, func(e *Entry) bool { return e.Event == Lapse && e.From == Informed })
	if over >= 0 && acts[over].At.Sub(acts[informed].At) < time.Duration(appealDays)*oneDay {
		return fmt.Errorf("the time to appeal was cut short")
	}
	if over < 0 {
		settled := find(informed, func(e *Entry) bool { return (e.Event == Reject || e.Event == Deny) && e.To == Final })
		if settled < 0 || acts[settled].Role != Judge {
			return fmt.Errorf("no other body left it standing")
		}
	}
	return nil
}

// sound checks what must hold after every act.
func (s *sim) sound(k *Case, a *Act) error {
	e := k.Acts[len(k.Acts)-1]
	if k.Stage != Archived && k.Deadline.IsZero() {
		return fmt.Errorf("%s has no clock", k.Stage)
	}
	if d := k.next(); k.Stage.Open() && len(d.Events) == 0 {
		return fmt.Errorf("%s has no next step", k.Stage)
	}
	if slices.Contains([]Role{Officer, Mediator, Reviewer, Judge}, e.Role) && !innocent[e.By] {
		return fmt.Errorf("%s acted as %s in spite of a conflict of interest", e.By, e.Role)
	}
	if k.Mediator != "" && (!innocent[k.Mediator] || k.IsParty(k.Mediator)) {
		return fmt.Errorf("%s mediates in spite of a conflict of interest", k.Mediator)
	}
	for _, p := range k.parts {
		if p.role == Mediator && k.has(p.who, Reviewer, Judge) || p.role == Judge && k.has(p.who, Reviewer, Mediator) {
			return fmt.Errorf("%s has two roles that exclude each other", p.who)
		}
	}
	if k.Protected != nil && k.Protected.Until.Sub(k.Protected.Since) > 120*oneDay*10 {
		return fmt.Errorf("a protection does not end")
	}
	_ = a
	return nil
}

// A walker tries acts at random, most of them such as have a chance.
type walker struct {
	*sim
	rng    *rand.Rand
	actors []string
}

func (w *walker) pick(list ...string) string { return list[w.rng.IntN(len(list))] }

// seldom are events that end a case, or lead away from where the search wants to look: one in so many is tried.
var seldom = map[Event]int{
	Withdraw: 30, Close: 30, Drop: 30, Merge: 30, Clear: 20, Dismiss: 30, Uphold: 5, Return: 20, Join: 30, Decline: 20, Leave: 30, Protect: 20, Account: 5,
	Prolong: 5, Release: 5, Disclose: 30, Warn: 10, Challenge: 20, Recuse: 20, Replace: 20, Lapse: 12, Retry: 4, Circle: 4, Lift: 4, Bypass: 4,
}

// act makes up an act for a case.
func (w *walker) act(k *Case) *Act {
	a := &Act{ID: w.id(), Case: k.ID, At: k.last}
	if w.rng.IntN(20) == 0 {
		a.Event = eventInfos[w.rng.IntN(len(eventInfos))].event
	} else {
		var here []Event
		for i := range transitions {
			if transitions[i].From == k.Stage {
				here = append(here, transitions[i].Event)
			}
		}
		for {
			a.Event = here[w.rng.IntN(len(here))]
			if chance, ok := seldom[a.Event]; !ok || w.rng.IntN(chance) == 0 {
				break
			}
		}
	}
	info := infoOf[a.Event]
	switch w.rng.IntN(24) {
	case 0:
		a.At = a.At.Add(time.Duration(w.rng.IntN(40*24)) * time.Hour)
	case 1:
		a.At = k.Deadline
	case 2:
		a.At = a.At.Add(-time.Hour)
	case 3, 4, 5, 6:
		a.At = a.At.Add(time.Duration(w.rng.IntN(48)) * time.Hour)
	}
	if a.Event == Lapse || a.Event == Erase {
		a.At = k.Deadline
	}
	if a.Event == Hear || a.Event == Absent {
		if n := k.facts.proceeding.notified; n != 0 && w.rng.IntN(3) > 0 {
			a.At = k.at(n).Hearing
		}
	}
	by := map[Role][]string{
		Reporter: k.Reporters, Respondent: {ben, ben, dora}, Officer: {olga, otto}, Mediator: {k.Mediator, mona}, Reviewer: {rita, rosa, remi},
		Judge: {jean, jane, joel}, Clock: {""}, Member: {cleo, dora},
	}
	a.By = w.pick(w.actors...)
	if w.rng.IntN(10) > 0 {
		a.By = w.pick(by[info.by[w.rng.IntN(len(info.by))]]...)
	}
	if actsForParty(info) {
		a.For = w.spokenFor(k, a.By)
	}
	for field := fields(1); field <= fScore; field <<= 1 {
		if info.needs&field == 0 && (info.may&field == 0 || w.rng.IntN(3) > 0) {
			continue
		}
		if w.rng.IntN(40) == 0 {
			continue
		}
		w.fill(k, a, field, info)
	}
	return a
}

func (w *walker) fill(k *Case, a *Act, field fields, info *eventInfo) {
	switch field {
	case fFor:
		a.For = k.Respondents[w.rng.IntN(len(k.Respondents))]
		if a.Event == Meet {
			a.For = w.pick(k.parties()...)
		}
	case fMediator, fDraw:
		if draw, err := w.NewDraw(k.ID, a.At, ""); err == nil {
			a.Mediator, a.Draw = draw.Mediator, draw.Draw
		}
		if w.rng.IntN(10) == 0 {
			a.Mediator = w.pick(w.actors...)
		}
	case fPapers:
		for _, kind := range info.form {
			a.Papers = append(a.Papers, w.papers[kind])
		}
		if len(a.Papers) == 0 {
			a.Papers = []uuid.UUID{w.papers[Evidence]}
		}
	case fClauses:
		a.Clauses = []string{"respect", "money"}[:2-w.rng.IntN(8)/7]
	case fRung:
		a.Rung = len(k.Rules.Ladder.Rungs)
		if w.rng.IntN(4) == 0 {
			a.Rung = 1 + w.rng.IntN(a.Rung)
		}
	case fDates:
		if rung, ok := k.Rules.Ladder.rung(a.Rung); ok && rung.Step.Bounded() {
			a.Until = k.dayOf(a.At).AddDays(rung.MaxDays)
		}
	case fScope:
		if rung, ok := k.Rules.Ladder.rung(a.Rung); ok && rung.Step == Restriction {
			a.Scope = "catalog"
		}
	case fGravity:
		a.Gravity = Violence
	case fGround:
		a.Ground = Procedure
		if a.Event == Clear {
			a.Ground = NoBreach
		}
	case fInto:
		a.Into = w.order[w.rng.IntN(len(w.order))].ID
	case fAssistance:
		a.Assistance = true
	case fHearing:
		a.Hearing = k.Rules.afterDays(a.At, k.Rules.Exclusion.NoticeDays-1+w.rng.IntN(3)-1)
	case fHours:
		a.Hours = 1 + w.rng.IntN(100)
	case fInterim:
		a.Suspend = w.rng.IntN(2) == 0
	case fException:
		a.Exception = Integrity
	case fReaders:
		a.Readers = []string{cleo}
	case fScore:
		a.Score = 4
	case fDeadline:
		a.Deadline = k.Deadline
	}
}

// decide lets the community decide now and then, as it should or not.
func (w *walker) decide(k *Case) {
	w.ruling = ruling{adopted: w.rng.IntN(5) > 0, biased: w.rng.IntN(6) == 0, opened: k.last.Add(-time.Duration(w.rng.IntN(2)) * oneDay)}
}

// With -long it walks fifty times as far.
func TestNoRandomWalkOfAMillionStepsLeadsToAnExclusionThatMissesAGuard(t *testing.T) {
	t.Parallel()
	steps := 700_000
	if *long {
		steps *= 50
	}
	t.Run("the way that is known to get everywhere", func(t *testing.T) {
		t.Parallel()
		exclusions, reached := walk(t, 300_000, 1)
		require.Greater(t, exclusions, 5, "the search gets there")
		for _, stage := range stages[1:] {
			require.Positive(t, reached[stage], "%s is reached", stage)
		}
	})
	t.Run("another way each time", func(t *testing.T) {
		t.Parallel()
		walk(t, steps, rand.Uint64())
	})
}

// walk walks so many steps on the way of a seed. It returns how many exclusions it met, and how often it came to each stage.
func walk(t *testing.T, steps int, seed uint64) (exclusions int, reached map[Stage]int) {
	t.Helper()
	t.Logf("seed %d", seed)
	w := &walker{sim: newSim(t, nil), rng: rand.New(rand.NewPCG(seed, 1))}
	w.actors = []string{ana, ben, cleo, dora, olga, otto, rita, rosa, remi, jean, jane, joel, mona, milo, maud, commons, fournil, relais, "", "urn:x:nobody"}
	done, reached := 0, make(map[Stage]int)
	var k *Case
	for i := range steps {
		if k == nil || k.Stage == Archived || k.Stage == Closed && w.rng.IntN(20) == 0 || len(k.Acts) > 400 {
			if k != nil && k.Mediator != "" { // she is free for the next case
				w.load(k.Mediator, -1)
			}
			w.byParty, w.cases, w.order = make(map[string][]*Case), make(map[uuid.UUID]*Case), nil
			k = w.begin(Tension{By: ana, At: start, Respondents: []string{w.pick(ben, ben, relais)}})
		}
		if k.Stage == Heard && w.rng.IntN(4) == 0 || i%1000 == 0 {
			w.decide(k)
		}
		ruled := w.ruling
		a := w.act(k)
		if w.do(k, a) != nil {
			continue
		}
		done++
		reached[k.Stage]++
		require.NoError(t, w.sound(k, a), "act %d: %s by %s", i, a.Event, a.By)
		if k.Stage == Pronounced && a.Event == Pronounce {
			w.rulings[k.ID] = ruled
		}
		if a.Event == Effect && k.exclusion(k.Sanction) {
			exclusions++
			require.NoError(t, exclusionHolds(k, w.rulings[k.ID], 2, 2, 15, 30), "act %d, after %d acts", i, len(k.Acts))
		}
	}
	t.Logf("%d of %d acts were done, %d exclusions; reached %v", done, steps, exclusions, reached)
	return exclusions, reached
}

// Random acts through the office and the journal, most of which are refused: what is recorded, folded afresh, gives the same cases, and a
// refused act changes nothing.
func TestReplayGivesTheSameCasesAfterRandomActs(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	w := newWorld(t)
	w.mediated() // so that there is something to replay, whatever the seed
	walk := &walker{sim: &sim{Cases: w.cases, t: t, papers: make(map[PaperKind]uuid.UUID), ids: 1 << 40}, rng: rand.New(rand.NewPCG(seed, 3))}
	walk.actors = []string{ana, ben, cleo, dora, olga, otto, rita, rosa, remi, jean, jane, joel, mona, milo, maud, "urn:x:nobody"}
	for range 8 {
		id := w.raise(func(t *Tension) { t.At = w.now })
		for range 200 {
			k := w.cases.cases[id]
			if k.Stage == Archived {
				break
			}
			a := walk.act(k)
			a.At = laterOf(a.At, w.now.Add(-time.Duration(walk.rng.IntN(3))*MaxDelay))
			if info := infoOf[a.Event]; k.Stage.Open() && len(info.form) > 0 && len(a.Papers) > 0 && a.By != "" {
				a.Papers = nil
				for _, kind := range info.form {
					if p, err := w.Write(t.Context(), Paper{By: a.By, Case: id, Kind: kind, At: laterOf(a.At, k.Opened)}, []byte(canary)); err == nil {
						a.Papers = append(a.Papers, p)
					}
				}
			}
			w.now = laterOf(w.now, a.At)
			size, before := w.journal.Size(), k.clone()
			if w.Act(t.Context(), *a) == nil {
				continue
			}
			require.Equal(t, size, w.journal.Size(), "nothing is recorded")
			require.Len(t, w.cases.cases[id].Acts, len(before.Acts))
			require.Equal(t, before.Stage, w.cases.cases[id].Stage)
		}
		w.wait(time.Hour)
	}
	w.sameAsReplayed()
	size := w.journal.Size()
	w.open()
	w.sameAsReplayed()
	require.Equal(t, size, w.journal.Size())
}
