package mediation

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

// large returns 10 000 open cases in a community of 5 000 members with 200 mediators, and who gave 200 000 contributions to 300 projects.
func large(b *testing.B) (*Cases, []*Case) {
	b.Helper()
	w := newWorld(b)
	ctx := b.Context()
	rng := rand.New(rand.NewPCG(1, 2))
	member := func(i int) string { return fmt.Sprintf("urn:x:member-%d", i) }
	var parties []codesocial.Party
	for i := range 100 {
		parties = append(parties, codesocial.Party{ID: fmt.Sprintf("urn:x:org-%d", i), Type: codesocial.Organization, Name: "o"})
	}
	var admissions []codesocial.Admission
	for i := range 5000 {
		p := codesocial.Party{ID: member(i), Type: codesocial.Person, Name: "m"}
		if i%2 == 0 {
			p.Organization = fmt.Sprintf("urn:x:org-%d", i/2%100)
		}
		parties = append(parties, p)
		admissions = append(admissions, codesocial.Admission{Applicant: member(i), Charter: w.charter.Hash(), On: day("2025-01-02")})
	}
	for i := range 300 {
		parties = append(parties, codesocial.Party{
			ID: fmt.Sprintf("urn:x:project-%d", i), Type: codesocial.Project, Name: "p", Lead: member(i * 3), Partners: []string{fmt.Sprintf("urn:x:org-%d", i%100)},
		})
	}
	require.NoError(b, w.community.Register(ctx, parties...))
	require.NoError(b, w.community.Admit(ctx, admissions...))
	c := NewCases(w.community.State())
	for i := range 200 {
		iri := member(i * 25)
		c.pool[iri] = &mediator{PoolEntry: PoolEntry{Party: iri, Until: day("2030-01-01"), Languages: []string{"fr"}}}
		c.poolOrder = append(c.poolOrder, iri)
	}
	graph := new(Graph)
	for range 200_000 { // most people work on a few of the projects
		who := rng.IntN(5000)
		graph.Work(member(who), fmt.Sprintf("urn:x:project-%d", (who*7+rng.IntN(6))%300), day("2025-01-01").AddDays(-rng.IntN(1500)))
	}
	slices.Sort(c.poolOrder)
	c.SetTies(graph)
	var cases []*Case
	for i := range 10_000 {
		t := Tension{By: member(i % 5000), At: start, Respondents: []string{member((i + 1 + rng.IntN(4000)) % 5000)}}
		binary.BigEndian.PutUint64(t.ID[:], uint64(i+1))
		if t.Respondents[0] == t.By {
			continue
		}
		k, err := c.checkTension(&t)
		require.NoError(b, err)
		k.enter(Choosing, start)
		c.open(k)
		cases = append(cases, k)
	}
	return c, cases
}

func BenchmarkDrawAMediatorAmong10000Cases(b *testing.B) {
	c, cases := large(b)
	n, aside := 0, 0
	for b.Loop() {
		k := cases[n%len(cases)]
		n++
		a, err := c.NewDraw(k.ID, start, "")
		if err != nil {
			b.Fatal(err)
		}
		aside += len(a.Draw.Aside)
		a.By, a.ID = olga, uuid.Max
		if _, err := c.DraftAct(a); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(aside)/float64(n), "aside/op")
}

func BenchmarkClocksOf10000CasesInADay(b *testing.B) {
	c, cases := large(b)
	for i, k := range cases { // every deadline passes on this day
		k.Deadline = start.Add(time.Duration(i) * time.Second)
	}
	at := start.Add(oneDay)
	for b.Loop() {
		drafts, err := c.DraftClocks(at)
		if err != nil || len(drafts) != len(cases) {
			b.Fatal(len(drafts), err)
		}
	}
}

func BenchmarkFoldClocksOf10000CasesInADay(b *testing.B) {
	c, cases := large(b)
	at := start.Add(oneDay)
	for b.Loop() {
		b.StopTimer()
		for i, k := range cases {
			k.enter(Choosing, start)
			k.last = start
			k.Acts = nil
			k.Deadline = start.Add(time.Duration(i) * time.Second)
		}
		b.StartTimer()
		for _, k := range cases {
			a, ok := k.due(at)
			if !ok {
				b.Fatal("not due")
			}
			place, role, err := c.check(k, &a, nil)
			if err != nil {
				b.Fatal(err)
			}
			c.apply(k, &a, a.ID, place, role)
		}
	}
}
