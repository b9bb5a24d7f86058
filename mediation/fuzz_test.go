package mediation

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Whatever the bytes of a record, it is read or refused, and a case never changes unless its table allows it.
func FuzzDecode(f *testing.F) {
	w := newWorld(f)
	w.excluded()
	kinds := []string{KindTension, KindAct, KindPaper, KindPool, KindMandate, KindDispute, kindErasure}
	for r, err := range w.journal.Records(f.Context(), 0) {
		require.NoError(f, err)
		for i, kind := range kinds {
			if r.Kind == kind {
				f.Add(uint8(i), r.Author, r.Payload)
			}
		}
	}
	f.Add(uint8(1), ana, []byte(`{"case":"00000000-0000-0000-0000-000000000000","event":"effect","at":"2025-03-03T09:00:00Z"}`))
	state := w.community.State()
	f.Fuzz(func(t *testing.T, kind uint8, author string, payload []byte) {
		c := NewCases(state)
		for id, k := range w.cases.cases {
			c.cases[id] = k.clone()
		}
		r := &journal.Record{ID: uuid.Max, Kind: kinds[int(kind)%len(kinds)], Schema: 1, Author: author, Payload: payload, Time: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Position: 9}
		v, err := c.Decode(r)
		if err != nil || v == nil {
			return
		}
		switch v := v.(type) { // what is dated otherwise than when it was recorded is refused
		case *Tension:
			r.Time = v.At
		case *Act:
			r.Time = v.At
		case *Paper:
			r.Time = v.At
		case *PoolEntry:
			r.Time = v.At
		}
		if err := c.Apply(r, v); err == nil {
			for _, k := range c.cases {
				require.True(t, k.Stage == Archived || !k.Deadline.IsZero())
			}
		}
	})
}

// Whatever the parameters of a rule, they are refused or make rules under which every stage has a clock.
func FuzzRules(f *testing.F) {
	for _, rule := range defaultRules() {
		f.Add([]byte(rule))
	}
	f.Add([]byte(`{"kind":"mediation.ladder","rungs":[{"level":1,"step":"reminder"},{"level":2,"step":"suspension","maxDays":9},{"level":3,"step":"exclusion"}]}`))
	f.Fuzz(func(t *testing.T, rule []byte) {
		c, err := codesocial.NewCharter(codesocial.Document{
			ID: "https://la-trame.example/charter", Version: 1, Profile: "la-trame", Title: both("x", "x"), Currency: "EUR", TimeZone: "Europe/Paris",
			InForceFrom: day("2025-01-01"), Threshold: 1, Founders: []codesocial.Founder{{ID: commons, Name: "x", Type: codesocial.Organization}},
			Chapters: []codesocial.Chapter{{ID: "a", Title: both("x", "x"), Clauses: []codesocial.Clause{{ID: "b", Text: both("x", "x"), Rule: rule}}}},
		})
		if err != nil || c.CheckRules(Checks()...) != nil {
			return
		}
		rules, err := RulesOf(c)
		require.NoError(t, err)
		for _, clock := range defaultClocks {
			require.True(t, rules.afterClock(clock.Stage, start).After(start), "%s", clock.Stage)
		}
		require.NoError(t, rules.Ladder.Validate())
	})
}
