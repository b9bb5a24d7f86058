package codesocial_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

const river = "https://la-riviere.example/charter"

// fork derives a charter of two others.
func fork(t testing.TB, from *codesocial.Charter, edits ...func(*codesocial.Document)) *codesocial.Charter {
	t.Helper()
	doc := from.Derive(river, []codesocial.Founder{{ID: "urn:x:rive", Name: "La Rive", Type: codesocial.Collective}}, 1, day(t, "2025-07-01"))
	for _, edit := range edits {
		edit(&doc)
	}
	c, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	return c
}

func text(clause, words string) func(*codesocial.Document) {
	return func(d *codesocial.Document) {
		for i := range d.Chapters {
			for j := range d.Chapters[i].Clauses {
				if d.Chapters[i].Clauses[j].ID == clause {
					d.Chapters[i].Clauses[j].Text["en"] = words
				}
			}
		}
	}
}

func remove(clause string) func(*codesocial.Document) {
	return func(d *codesocial.Document) {
		for i := range d.Chapters {
			for j := len(d.Chapters[i].Clauses) - 1; j >= 0; j-- {
				if d.Chapters[i].Clauses[j].ID == clause {
					d.Chapters[i].Clauses = append(d.Chapters[i].Clauses[:j], d.Chapters[i].Clauses[j+1:]...)
				}
			}
		}
	}
}

func add(chapter, clause string, at int) func(*codesocial.Document) {
	return func(d *codesocial.Document) {
		for i := range d.Chapters {
			if d.Chapters[i].ID == chapter {
				c := append([]codesocial.Clause(nil), d.Chapters[i].Clauses[:at]...)
				c = append(c, codesocial.Clause{ID: clause, Text: codesocial.Text{"fr": clause, "en": clause}})
				d.Chapters[i].Clauses = append(c, d.Chapters[i].Clauses[at:]...)
				return
			}
		}
		d.Chapters = append(d.Chapters, codesocial.Chapter{ID: chapter, Title: codesocial.Text{"fr": "N", "en": "N"}})
		add(chapter, clause, at)(d)
	}
}

func TestAForkNamesItsOriginAndKeepsNobody(t *testing.T) {
	t.Parallel()
	v1 := small(t)
	f := fork(t, v1)
	origin, ok := f.DerivedFrom()
	require.True(t, ok)
	require.Equal(t, v1.Origin(), origin)
	require.Equal(t, v1.Hash(), origin.Hash)
	require.Equal(t, v1.Chapters(), f.Chapters())
	for _, founder := range v1.Founders() {
		require.NotContains(t, string(f.Canonical()), founder.ID)
	}
	again, err := codesocial.ParseMarkdown(f.Markdown())
	require.NoError(t, err)
	require.Equal(t, f.Hash(), again.Hash())
	_, ok = v1.DerivedFrom()
	require.False(t, ok)
	w := newWorld(t)
	require.NoError(t, w.Register(t.Context(), codesocial.Party{ID: "urn:x:rive", Type: codesocial.Collective, Name: "La Rive", Key: public(atelier)}))
	require.NoError(t, w.Propose(t.Context(), f))
	sig, err := codesocial.SignCharter(f, "urn:x:rive", keys[atelier])
	require.NoError(t, err)
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: f.Hash(), On: f.InForceFrom(), Signatures: []codesocial.CharterSignature{sig}}))
	require.True(t, w.member("urn:x:rive", "2025-07-01"))
	require.False(t, w.member(atelier, "2025-07-01"))

	for name, edit := range map[string]func(*codesocial.Document){
		"derivedFrom.charter": func(d *codesocial.Document) { d.DerivedFrom.Charter = "x" },
		"derivedFrom.version": func(d *codesocial.Document) { d.DerivedFrom.Version = 0 },
		"derivedFrom.hash":    func(d *codesocial.Document) { d.DerivedFrom.Hash = "x" },
		"is the charter":      func(d *codesocial.Document) { d.DerivedFrom.Charter = d.ID },
	} {
		doc := f.Document()
		edit(&doc)
		_, err := codesocial.NewCharter(doc)
		require.ErrorIs(t, err, codesocial.ErrInvalid)
		require.ErrorContains(t, err, name)
	}
	page := strings.Replace(string(f.Markdown()), "derivedFrom: ", "derivedFrom: x ", 1)
	_, err = codesocial.ParseMarkdown([]byte(page))
	require.ErrorContains(t, err, "derivedFrom")
}

func TestWhatAForkChangedComesBackClauseByClause(t *testing.T) {
	t.Parallel()
	v1 := small(t, sound)
	ours := next(t, v1, "2026-01-01", text("social-2", "Nobody leaves."), text("economic-2", "Ours."), add("social", "social-o", 2))
	theirs := fork(t, v1, text("social-1", "Everyone joins."), text("economic-2", "Theirs."), remove("economic-1"), add("social", "social-t", 1), add("arts", "arts-1", 0))
	m := codesocial.NewMerge(v1, ours, theirs)
	states := map[string]codesocial.MergeState{}
	for _, c := range m.Clauses {
		states[c.ID] = c.State
	}
	require.Equal(t, map[string]codesocial.MergeState{
		"social-1": codesocial.MergeTheirs, "social-2": codesocial.MergeOurs, "economic-1": codesocial.MergeTheirs, "economic-2": codesocial.MergeConflict,
		"social-o": codesocial.MergeOurs, "social-t": codesocial.MergeTheirs, "arts-1": codesocial.MergeTheirs,
	}, states)

	proposal, err := m.Proposal(day(t, "2027-01-01"), func(c codesocial.MergeClause) bool { return c.State == codesocial.MergeTheirs })
	require.NoError(t, err)
	var changes []string
	for _, c := range codesocial.Diff(ours, proposal) {
		if c.Kind != codesocial.HeaderChanged && c.Kind != codesocial.TitleChanged {
			changes = append(changes, string(c.Kind)+" "+c.Place)
		}
	}
	require.Equal(t, []string{"text-changed social-1", "clause-added social-t", "chapter-added arts", "clause-added arts-1", "clause-removed economic-1"}, changes)
	require.Equal(t, "social-t", proposal.Chapters()[0].Clauses[1].ID, "behind the clause it stands behind there")
	require.Equal(t, ours.Founders(), proposal.Founders())
	_, derived := proposal.DerivedFrom()
	require.False(t, derived)

	nothing, err := m.Proposal(day(t, "2027-01-01"), func(codesocial.MergeClause) bool { return false })
	require.NoError(t, err)
	require.Equal(t, ours.Chapters(), nothing.Chapters())
	all, err := m.Proposal(day(t, "2027-01-01"), func(c codesocial.MergeClause) bool { return c.State == codesocial.MergeConflict })
	require.NoError(t, err)
	clause, _ := all.Clause("economic-2")
	require.Equal(t, "Theirs.", clause.Text["en"])

	w := newWorld(t).withParties()
	w.adopt(v1, atelier, fournil)
	require.NoError(t, w.Propose(t.Context(), ours))
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: ours.Hash(), On: day(t, "2025-11-01"), Signatures: signatures(t, ours, atelier, fournil)}))
	require.NoError(t, w.Propose(t.Context(), proposal), "a proposal like any other")
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, theirs) }, codesocial.ErrChain, river)
}
