package catalog_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
)

var long = flag.Bool("long", false, "run the histories of the catalogue ten times as long")

// A history does at random what members may do, and much that they may not.
type history struct {
	*world
	rng      *rand.Rand
	names    []string
	together []string
	deals    []uuid.UUID
	day      codesocial.Date

	published int // collective offers
}

func (h *history) member() string { return members[h.rng.IntN(len(members))] }

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

func (h *history) write() {
	words := []string{"charpente", "bois", "halle", "pain", "four", "farine", "grange", "école", "cours", "scierie"}
	name, holder := fmt.Sprintf("e%d", h.rng.IntN(12)), pick(h.rng, []string{scierie, ecole, bob, atelier})
	e := offer(name, holder)
	if h.rng.IntN(4) == 0 {
		e = need(name, holder)
	}
	e.Title = codesocial.Text{"fr": pick(h.rng, words) + " " + pick(h.rng, words) + " " + pick(h.rng, words)}
	e.Skills = []catalog.Tag{{Label: pick(h.rng, words)}}
	e.Capacity.Value = decimal.NewFromInt(int64(1 + h.rng.IntN(30)))
	if h.rng.IntN(3) == 0 {
		e.Valid.Until = h.day.AddDays(h.rng.IntN(40))
	}
	if h.rng.IntN(3) > 0 {
		if h.Write(h.t.Context(), holder, h.day, e) == nil && !slices.Contains(h.names, name) {
			h.names = append(h.names, name)
		}
		return
	}
	c := collective(fmt.Sprintf("c%d", h.rng.IntN(3)))
	c.Title, c.Skills = e.Title, e.Skills
	if h.Write(h.t.Context(), atelier, h.day, c) != nil {
		return
	}
	name = c.ID[len(iri("")):]
	if !slices.Contains(h.names, name) {
		h.names, h.together = append(h.names, name), append(h.together, name)
	}
	for _, p := range c.Partners {
		if h.rng.IntN(5) > 0 {
			h.consent(c, p)
		}
	}
}

func (h *history) act() {
	if h.rng.IntN(6) == 0 {
		h.day = h.day.AddDays(h.rng.IntN(5))
	}
	if len(h.names) == 0 || h.rng.IntN(15) == 0 {
		h.write()
		return
	}
	name := pick(h.rng, h.names)
	e := h.entry(name, h.day)
	switch h.rng.IntN(12) {
	case 0, 6:
		for range 5 { // to find one that can be had
			if e.Status == catalog.Published && e.Entry.Kind.Offers() {
				break
			}
			e = h.entry(pick(h.rng, h.names), h.day)
		}
		d := catalog.Deal{By: h.member(), Offer: e.Entry.ID, Client: h.member(), On: h.day, Quantity: &catalog.Quantity{Value: decimal.NewFromInt(int64(1 + h.rng.IntN(20))), Unit: "h"}}
		d.By, d.ID = d.Client, uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, h.rng.Uint64()))
		if other := h.entry(pick(h.rng, h.names), h.day); h.rng.IntN(2) == 0 {
			d.Need, d.Client, d.By = other.Entry.ID, other.Entry.Holder, other.Entry.Holder
		}
		if h.Contact(h.t.Context(), d) == nil {
			h.deals = append(h.deals, d.ID)
		}
	case 1, 5:
		if len(h.deals) > 0 {
			id := pick(h.rng, h.deals)
			d := h.dealing(id)
			move := pick(h.rng, []catalog.DealMove{catalog.Negotiate, catalog.Agree, catalog.Agree, catalog.Agree, catalog.Deliver, catalog.Confirm, catalog.Drop, catalog.Contest})
			if d.Status == catalog.Contacted {
				move = catalog.Negotiate
			}
			by := pick(h.rng, []string{d.Client, h.entry(d.Offer[len(iri("")):], h.day).Entry.Holder})
			_ = h.Deal(h.t.Context(), catalog.DealStep{By: by, Deal: id, Move: move, On: h.day, Reason: "because"})
		}
	case 2:
		if len(h.together) > 0 {
			c := pick(h.rng, h.together)
			for _, k := range h.entry(c, h.day).Candidates {
				answer := pick(h.rng, []catalog.AnswerKind{catalog.Clear, catalog.Clear, catalog.Object, catalog.Join})
				_ = h.Answer(h.t.Context(), catalog.Answer{By: k.Holder, Offer: iri(c), Rival: k.Offer, Answer: answer, On: h.day, Reason: "because"})
			}
		}
	default:
		h.step(name, e)
	}
}

// step makes a move that the state allows, most of the time.
func (h *history) step(name string, e catalog.Listing) {
	likely := map[catalog.Status][]catalog.Move{
		catalog.Draft: {catalog.Propose}, catalog.Proposed: {catalog.Check, catalog.Check, catalog.Check, catalog.Return}, catalog.Checked: {catalog.Publish},
		catalog.Published: {catalog.Pause, catalog.Renew, catalog.Renew, catalog.Renew, catalog.Withdraw, catalog.Fulfil}, catalog.Paused: {catalog.Resume},
		catalog.Expired: {catalog.Renew}, catalog.Reserved: {catalog.Renew},
	}
	any := []catalog.Move{catalog.Propose, catalog.Check, catalog.Publish, catalog.Pause, catalog.Resume, catalog.Renew, catalog.Return, catalog.Fulfil, catalog.Withdraw}
	moves := likely[e.Status]
	if len(moves) == 0 || h.rng.IntN(6) == 0 {
		moves = any
	}
	if e.Entry.Kind == catalog.Collective && e.Status == catalog.Draft && len(e.Consents) < len(e.Entry.Partners) && h.rng.IntN(4) > 0 {
		h.consent(e.Entry, e.Entry.Partners...)
	}
	st := catalog.Step{By: e.Entry.Holder, Entry: e.Entry.ID, Move: pick(h.rng, moves), On: h.day, Reason: "because"}
	if (st.Move == catalog.Check || st.Move == catalog.Return) != (h.rng.IntN(10) == 0) {
		st.By = pick(h.rng, []string{bob, ecole})
	}
	if st.Move == catalog.Renew {
		st.Until = h.day.AddDays(30)
	}
	_ = h.Step(h.t.Context(), st)
}

// begin publishes an offer and a collective offer, and begins a deal, so that every history has them whatever chance does.
func (h *history) begin() {
	h.publish(offer("e0", scierie))
	h.deals = append(h.deals, h.deal("e0", "", ecole, "10"))
	h.proposed(collective("c0"))
	require.NoError(h.t, h.Answer(h.t.Context(), catalog.Answer{By: scierie, Offer: iri("c0"), Rival: iri("e0"), Answer: catalog.Clear, On: h.day}))
	h.world.step(bob, "c0", h.day, catalog.Check)
	h.world.step(atelier, "c0", h.day, catalog.Publish)
	h.names, h.together = []string{"e0", "c0"}, []string{"c0"}
}

// check checks what must hold after everything.
func (h *history) check(published map[string]bool) {
	t := h.t
	require.NoError(t, h.Read(func(s *catalog.State) {
		promised := make(map[string]decimal.Decimal)
		for d := range s.Deals("") {
			switch d.Status {
			case catalog.Agreed, catalog.Delivered, catalog.Confirmed, catalog.Disputed:
				promised[d.Offer] = promised[d.Offer].Add(d.Quantity.Value)
				promised[d.Need] = promised[d.Need].Add(d.Quantity.Value)
			}
		}
		for l := range s.Entries(h.day, catalog.Filter{}) {
			id := l.Entry.ID
			require.True(t, promised[id].Equal(l.Promised.Value), "%s: %s, not %s", id, promised[id], l.Promised.Value)
			require.True(t, l.Promised.Value.LessThanOrEqual(l.Entry.Capacity.Value), id)
			if l.Entry.Kind != catalog.Collective {
				continue
			}
			now := l.Status == catalog.Published || l.Status == catalog.Paused || l.Status == catalog.Reserved
			if now && !published[id] { // it has just been published
				h.published++
				require.GreaterOrEqual(t, len(l.Entry.Partners), 2)
				require.Len(t, l.Consents, len(l.Entry.Partners))
				for _, c := range l.Candidates {
					require.False(t, c.Standing.Holds() && !c.Live, "%s published against %s, who %s", id, c.Holder, c.Standing)
				}
			}
			published[id] = now
		}
	}))
}

func TestAfterAnyHistoryWhatMustHoldHoldsAndAReplayIsTheSame(t *testing.T) {
	t.Parallel()
	histories, steps := 6, 400
	if *long {
		histories *= 10
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	collectives, deals := 0, 0
	for n := range histories {
		h := &history{world: setup(t), rng: rand.New(rand.NewPCG(seed, uint64(n))), day: today}
		published := make(map[string]bool)
		h.begin()
		h.check(published)
		for range steps {
			h.act()
			h.check(published)
		}
		collectives, deals = collectives+h.published, deals+len(h.deals)
		again := h.replayed()
		require.Equal(t, h.State().Snapshot(), again.State().Snapshot())
		kept, rebuilt := h.State().Index(), h.State().Rebuilt()
		require.Equal(t, rebuilt.Len(), kept.Len())
		for range 50 {
			q := search.Query{Text: pick(h.rng, []string{"", "charpente ", "pain four", "boi", "hale ", "ecoles"}), Count: []string{catalog.FacetKind, catalog.FacetSkill, catalog.FacetStatus}, Page: 100}
			q.Sort = search.Sort(h.rng.IntN(3))
			if q.Sort == search.Nearest {
				q.Near = &search.Near{Place: search.Place{Latitude: 45.7, Longitude: 4.8}, Km: 50}
			}
			a, err := kept.Find(q)
			require.NoError(t, err)
			b, err := rebuilt.Find(q)
			require.NoError(t, err)
			require.Equal(t, b, a)
			_, err = h.State().Find(h.day, q)
			require.NoError(t, err)
		}
	}
	t.Logf("%d collective offers were published, %d deals begun", collectives, deals)
	require.GreaterOrEqual(t, collectives, histories)
	require.GreaterOrEqual(t, deals, histories)
}

func TestSimilarityIsSymmetricAndRaisingTheThresholdNeverAddsARival(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 3))
	words := []string{"charpente", "bois", "halle", "pain", "four", "farine", "grange", "école", "timber", "bread"}
	random := func(name string) catalog.Entry {
		e := offer(name, pick(rng, []string{scierie, ecole, bob}))
		e.Title, e.Description = codesocial.Text{}, nil
		for _, language := range []string{"fr", "en"} {
			if rng.IntN(3) > 0 || len(e.Title) == 0 {
				e.Title[language] = pick(rng, words) + " " + pick(rng, words) + " " + pick(rng, words)
			}
		}
		e.Skills, e.Themes = nil, nil
		for _, w := range words {
			if rng.IntN(4) == 0 {
				e.Skills = append(e.Skills, catalog.Tag{Label: w})
			}
		}
		switch rng.IntN(4) {
		case 0:
			e.Where = catalog.Where{Remote: true}
		case 1:
			e.Where.Point.Latitude += catalog.Degrees(rng.IntN(2_000_000))
		case 2:
			e.Where = catalog.Where{}
		}
		if rng.IntN(3) == 0 {
			e.Available = []catalog.Period{{From: today.AddDays(rng.IntN(50)), Until: today.AddDays(50 + rng.IntN(50))}}
		}
		if rng.IntN(3) == 0 {
			e.Audience = []catalog.Tag{{Label: pick(rng, words)}, {Label: "tous"}}
		}
		return e
	}
	w := setup(t)
	for i := range 30 {
		w.publish(random(fmt.Sprintf("r%d", i)))
	}
	var all []catalog.Entry
	require.NoError(t, w.Read(func(s *catalog.State) {
		for l := range s.Entries(today, catalog.Filter{}) {
			all = append(all, l.Entry)
		}
	}))
	for i := range all {
		for j := range all {
			a, b := &all[i], &all[j]
			s := catalog.Similarity(a, b, nil)
			require.Equal(t, s.String(), catalog.Similarity(b, a, nil).String())
			require.False(t, s.IsNegative() || s.GreaterThan(dec("1")))
			if i == j {
				require.Equal(t, "1", s.String())
			}
			e, ok := catalog.Overlap(a, b, nil)
			f, back := catalog.Overlap(b, a, nil)
			require.Equal(t, ok, back)
			require.Equal(t, e.Territory, f.Territory)
			require.Equal(t, e.Time, f.Time)
			require.Equal(t, e.Tags, f.Tags)
			require.Equal(t, e.Words, f.Words)
		}
	}
	require.NoError(t, w.Read(func(s *catalog.State) {
		found := 0
		for i := range 10 {
			c := random("collective")
			if i == 0 { // one has a rival by design
				c = all[0].Clone()
			}
			c.Holder, c.Kind = atelier, catalog.Collective
			var before map[string]bool
			for threshold := int64(0); threshold <= 100; threshold += 5 {
				now := make(map[string]bool)
				for _, r := range s.Rivals(&c, decimal.New(threshold, -2), today) {
					require.True(t, before == nil || before[r.Offer], "a higher threshold added %s", r.Offer)
					now[r.Offer] = true
				}
				before, found = now, found+len(now)
			}
		}
		require.NotZero(t, found)
	}))
}
