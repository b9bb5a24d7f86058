package linkeddata

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

const (
	garden        = "https://le-jardin.example/charter"
	relaisCharter = "https://la-trame.example/project/relais/charter"
	workshop      = "https://le-jardin.example/action/workshop"
)

// exportLife exports a community with what happens to it over the years into a graph: it took its charter from elsewhere, aims at something, has a project with a charter of
// its own, and members come and go.
func exportLife(t testing.TB, g *Graph, options *Options) {
	t.Helper()
	ctx := t.Context()
	community := newCommunity(t)
	keys := map[string]byte{atelier: 1, jardin: 2, ana: 3}
	signed := func(c *codesocial.Charter, on string) codesocial.Adoption {
		a := codesocial.Adoption{Charter: c.Hash(), On: day(t, on)}
		for _, founder := range []string{atelier, jardin} {
			s, err := codesocial.SignCharter(c, founder, privateKey(keys[founder]))
			require.NoError(t, err)
			a.Signatures = append(a.Signatures, s)
		}
		return a
	}
	adopt := func(d codesocial.Document, on string) *codesocial.Charter {
		c, err := codesocial.NewCharter(d)
		require.NoError(t, err)
		require.NoError(t, community.Propose(ctx, c))
		require.NoError(t, community.Adopt(ctx, signed(c, on)))
		return c
	}
	second := secondVersion(t)
	d := second.Document()
	d.Version, d.Previous, d.InForceFrom = 3, second.Hash(), day(t, "2026-01-01")
	clauses := d.Chapters[0].Clauses
	clauses[1].Rule = []byte(`{"kind":"codesocial.project","partners":"1/1"}`)
	clauses[1].Target = &codesocial.Target{
		What: codesocial.Text{"fr": "Réunions", "en": "Meetings"}, Unit: "h", Reach: codesocial.AtMost, Goal: decimal.RequireFromString("4.5"), By: day(t, "2026-12-31"),
		Current: &codesocial.Reading{Value: decimal.NewFromInt(6), On: day(t, "2025-12-01")},
	}
	clauses[1].Intention = &codesocial.Intention{Actions: []codesocial.Action{{ID: workshop, Title: codesocial.Text{"fr": "Un atelier"}}}}
	adopt(d, "2025-12-31")
	derived, err := community.State().DeriveProject(relais, relaisCharter, day(t, "2026-02-01"))
	require.NoError(t, err)
	adopt(derived, "2026-01-31")
	for _, step := range []codesocial.MembershipStep{
		{Party: ben, Event: codesocial.EventTakeLeave, On: day(t, "2026-03-01"), By: ben},
		{Party: cleo, Event: codesocial.EventResign, On: day(t, "2026-04-01"), By: cleo},
	} {
		require.NoError(t, community.Step(ctx, step, nil))
	}
	require.NoError(t, community.Read(func(s *codesocial.State) {
		require.NoError(t, NewExporter(g, options).Community(s))
	}))
}

func lifeOf(t testing.TB, options *Options) *Graph {
	t.Helper()
	g := new(Graph)
	exportLife(t, g, options)
	return g
}

func TestTheLifeOfACommunityIsTheSameForOtherProcessors(t *testing.T) {
	t.Parallel()
	g := lifeOf(t, &Options{Persons: true})
	requireNoLooseEnds(t, g)
	requireSameForOthers(t, g)
	requireSameForJSONLDJS(t, g)
}

func TestWhatAClauseAimsAtIsExported(t *testing.T) {
	t.Parallel()
	g := lifeOf(t, nil)
	clause := Fragment(VersionIRI(charter, 3), "clause", "social-2")
	n, ok := g.Node(clause)
	require.True(t, ok)
	require.Equal(t, []string{"cs:Clause", "cs:Intention"}, n.Types)
	requireProperty(t, g, clause, "cs:carriedOutBy", Ref(workshop))
	requireProperty(t, g, workshop, "dct:title", Text("fr", "Un atelier"))
	target := Fragment(clause, "target")
	requireProperty(t, g, clause, "cs:target", Ref(target))
	requireMeasure(t, g, target, "cs:goal", "4.5", "h")
	requireMeasure(t, g, target, "cs:reading", "6", "h")
	requireProperty(t, g, target, "cs:reach", Literal("at-most"))
	requireProperty(t, g, target, "schema:endDate", Literal("2026-12-31"))
	requireProperty(t, g, target, "dct:date", Literal("2025-12-01"))
}

func TestTheCharterOfAProjectNamesWhereItComesFrom(t *testing.T) {
	t.Parallel()
	g := lifeOf(t, nil)
	version := VersionIRI(relaisCharter, 1)
	requireProperty(t, g, relaisCharter, "pair:documents", Ref(relais))
	requireProperty(t, g, version, "cs:project", Ref(relais))
	requireProperty(t, g, version, "prov:wasDerivedFrom", Ref(VersionIRI(charter, 3)))
	requireProperty(t, g, version, "dct:dateAccepted", Literal("2026-01-31"))
	_, ok := g.Node(CommunityIRI(relaisCharter))
	require.False(t, ok, "a project is no community")

	doc := firstVersion(t).Derive(garden, firstVersion(t).Founders(), 2, day(t, "2026-01-01"))
	fork, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	own := new(Graph)
	require.NoError(t, NewExporter(own, nil).Charter(fork))
	requireProperty(t, own, VersionIRI(garden, 1), "prov:wasDerivedFrom", Ref(VersionIRI(charter, 1)))
	requireProperty(t, own, VersionIRI(charter, 1), "cs:hash", Literal(firstVersion(t).Hash()))
}

func TestFormerMembersAreNotListedAsMembers(t *testing.T) {
	t.Parallel()
	g := lifeOf(t, nil)
	membership := func(party string) string { return Fragment(charter, "membership", digest(party)) }
	told := lifeOf(t, &Options{Persons: true})
	requireProperty(t, told, membership(ana), "cs:membershipStatus", Literal("member"))
	requireProperty(t, told, membership(ana), "cs:statusSince", Literal("2025-01-02"))
	requireProperty(t, told, membership(ben), "cs:membershipStatus", Literal("on-leave"))
	requireProperty(t, told, membership(ben), "cs:statusSince", Literal("2026-03-01"))
	requireProperty(t, g, membership(ben), "pair:membershipActor", Ref(ben))
	n, ok := g.Node(membership(cleo))
	require.True(t, ok)
	require.Equal(t, []string{"cs:FormerMembership"}, n.Types)
	requireProperty(t, g, membership(cleo), "pair:membershipActor")
	requireProperty(t, g, membership(cleo), "pair:membershipOrganization")
	requireProperty(t, g, membership(cleo), "cs:party", Ref(cleo))
	requireProperty(t, g, membership(cleo), "cs:inForceFrom", Literal("2025-01-02"))
	requireProperty(t, g, membership(cleo), "schema:endDate", Literal("2026-03-31"))
	requireProperty(t, g, membership(cleo), "cs:membershipStatus")

	before := lifeOf(t, &Options{On: day(t, "2026-03-31")})
	requireProperty(t, before, membership(cleo), "pair:membershipActor", Ref(cleo))
	requireProperty(t, before, membership(cleo), "schema:endDate")
	requireProperty(t, lifeOf(t, &Options{On: day(t, "2026-02-28"), Persons: true}), membership(ben), "cs:membershipStatus", Literal("member"))
	requireProperty(t, lifeOf(t, &Options{Persons: true}), membership(cleo), "cs:membershipStatus", Literal("resigned"))
}

func TestThatSomebodyIsSuspendedStaysAtHome(t *testing.T) {
	t.Parallel()
	require.NoError(t, newCommunity(t).Read(func(s *codesocial.State) {
		m, _ := s.Membership(ana)
		for _, options := range []*Options{nil, {Persons: true}} {
			g := new(Graph)
			require.NoError(t, NewExporter(g, options).Membership(m, firstVersion(t), codesocial.Suspended, day(t, "2025-06-01")))
			iri := Fragment(charter, "membership", digest(ana))
			requireProperty(t, g, iri, "pair:membershipActor", Ref(ana))
			if options == nil {
				requireProperty(t, g, iri, "cs:membershipStatus")
				requireProperty(t, g, iri, "cs:statusSince")
				other := new(Graph)
				require.NoError(t, NewExporter(other, options).Membership(m, firstVersion(t), codesocial.Member, m.Since))
				require.Equal(t, other.Quads(), g.Quads(), "nor does what is left out tell it")
			} else {
				requireProperty(t, g, iri, "cs:membershipStatus", Literal("suspended"))
				requireProperty(t, g, iri, "cs:statusSince", Literal("2025-06-01"))
			}
		}
	}))
}
