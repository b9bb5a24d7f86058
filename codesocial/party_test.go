package codesocial_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestRegisteringAgainChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	size := w.journal.Size()
	w.withParties()
	require.Equal(t, size, w.journal.Size())
	require.NoError(t, w.Read(func(s *codesocial.State) {
		var got []codesocial.Party
		for p := range s.Parties() {
			got = append(got, p)
		}
		want := parties()
		slices.SortFunc(want, func(a, b codesocial.Party) int { return map[bool]int{true: -1, false: 1}[a.ID < b.ID] })
		require.Equal(t, want, got)
		for range s.Parties() {
			break
		}
		_, ok := s.Party("urn:x:nobody")
		require.False(t, ok)
		require.True(t, s.KeyOf("urn:x:nobody").IsZero())
	}))
}

func TestALaterRegistrationReplacesTheEarlierOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	names := func() string {
		p, ok := w.State().Party(ana)
		require.True(t, ok)
		require.Equal(t, public(ana), p.Key, "the key stays")
		return p.Name
	}
	for _, name := range []string{"Ana M.", "Ana", "Ana M.", "Ana"} { // back and forth: each is an act of its own
		size := w.journal.Size()
		require.NoError(t, w.Register(t.Context(), codesocial.Party{ID: ana, Type: codesocial.Person, Name: name}))
		require.Equal(t, size+1, w.journal.Size())
		require.Equal(t, name, names())
	}
	require.NoError(t, w.Register(t.Context(),
		codesocial.Party{ID: ana, Type: codesocial.Person, Name: "A"}, codesocial.Party{ID: ana, Type: codesocial.Person, Name: "B"}), "twice in one call")
	require.Equal(t, "B", names())
}

func TestAPartyThatContradictsItselfOrOthersIsRefused(t *testing.T) {
	t.Parallel()
	person := func(edit func(*codesocial.Party)) codesocial.Party {
		p := codesocial.Party{ID: "urn:x:dan", Type: codesocial.Person, Name: "Dan"}
		edit(&p)
		return p
	}
	project := func(edit func(*codesocial.Party)) codesocial.Party {
		p := codesocial.Party{ID: "urn:x:p", Type: codesocial.Project, Name: "P"}
		edit(&p)
		return p
	}
	tests := map[string]struct {
		party codesocial.Party
		is    error
		words string
	}{
		"no IRI":                         {person(func(p *codesocial.Party) { p.ID = "dan" }), codesocial.ErrInvalid, `id "dan"`},
		"no type":                        {person(func(p *codesocial.Party) { p.Type = "" }), codesocial.ErrInvalid, "type"},
		"unknown type":                   {person(func(p *codesocial.Party) { p.Type = "robot" }), codesocial.ErrInvalid, "robot"},
		"no name":                        {person(func(p *codesocial.Party) { p.Name = "" }), codesocial.ErrInvalid, "name"},
		"declared erased":                {person(func(p *codesocial.Party) { p.Erased = true }), codesocial.ErrInvalid, "erased"},
		"organization that is unknown":   {person(func(p *codesocial.Party) { p.Organization = "urn:x:o" }), codesocial.ErrUnknown, "urn:x:o"},
		"organization that is a person":  {person(func(p *codesocial.Party) { p.Organization = ana }), codesocial.ErrInvalid, ana},
		"organization that is no IRI":    {person(func(p *codesocial.Party) { p.Organization = "o" }), codesocial.ErrInvalid, "organization"},
		"person with partners":           {person(func(p *codesocial.Party) { p.Partners = []string{atelier} }), codesocial.ErrInvalid, "partners"},
		"person with a lead":             {person(func(p *codesocial.Party) { p.Lead = ana }), codesocial.ErrInvalid, "lead"},
		"project with an organization":   {project(func(p *codesocial.Party) { p.Organization = atelier }), codesocial.ErrInvalid, "organization"},
		"project with an unknown lead":   {project(func(p *codesocial.Party) { p.Lead = "urn:x:o" }), codesocial.ErrUnknown, "lead"},
		"project led by a collective":    {project(func(p *codesocial.Party) { p.Lead = jardin }), codesocial.ErrInvalid, "lead"},
		"project led by no IRI":          {project(func(p *codesocial.Party) { p.Lead = "ana" }), codesocial.ErrInvalid, "lead"},
		"project that is its own lead":   {project(func(p *codesocial.Party) { p.Lead = p.ID }), codesocial.ErrUnknown, "lead"},
		"partner twice":                  {project(func(p *codesocial.Party) { p.Partners = []string{atelier, fournil, atelier} }), codesocial.ErrInvalid, "partners[2]"},
		"partner of itself":              {project(func(p *codesocial.Party) { p.Partners = []string{p.ID} }), codesocial.ErrInvalid, "partners[0]"},
		"partner that is unknown":        {project(func(p *codesocial.Party) { p.Partners = []string{atelier, "urn:x:o"} }), codesocial.ErrUnknown, "partners[1]"},
		"partner that is a project":      {project(func(p *codesocial.Party) { p.Partners = []string{relais} }), codesocial.ErrInvalid, "partners[0]"},
		"more partners than anyone says": {project(func(p *codesocial.Party) { p.Partners = make([]string, codesocial.MaxPartners+1) }), codesocial.ErrLimit, "partners"},
		"a key of somebody else":         {person(func(p *codesocial.Party) { p.Key = public(cleo) }), codesocial.ErrExists, cleo},
		"another type than before":       {person(func(p *codesocial.Party) { p.ID, p.Type = ana, codesocial.Organization }), codesocial.ErrExists, "person"},
		"another key than before":        {person(func(p *codesocial.Party) { p.ID, p.Key = ana, public("new") }), codesocial.ErrExists, "change of key"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t).withParties()
			good := codesocial.Party{ID: "urn:x:eva", Type: codesocial.Person, Name: "Eva"}
			w.refused(func(ctx context.Context) error { return w.Register(ctx, good, test.party) }, test.is, test.words, fmt.Sprintf("party %q", test.party.ID))
		})
	}
}

func TestOneKeyForTwoPartiesInOneCallIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.refused(func(ctx context.Context) error {
		return w.Register(ctx,
			codesocial.Party{ID: ana, Type: codesocial.Person, Name: "Ana", Key: public(ana)},
			codesocial.Party{ID: ben, Type: codesocial.Person, Name: "Ben", Key: public(ana)})
	}, codesocial.ErrExists, ana)
}

func TestManyPartiesAreRegisteredInOneCommit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	blocks, err := w.store.Blocks(t.Context(), 0, 10)
	require.NoError(t, err)
	var many []codesocial.Party
	for i := range 1000 {
		many = append(many, codesocial.Party{ID: fmt.Sprintf("urn:x:%d", i), Type: codesocial.Person, Name: fmt.Sprint("P", i)})
	}
	require.NoError(t, w.Register(t.Context(), many...))
	after, err := w.store.Blocks(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Len(t, after, len(blocks)+1)
}

func TestAKeyIsReplacedOnlyWithTheKeyThatItReplaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	change, err := codesocial.SignKeyChange(ana, keys[ana], public("new"))
	require.NoError(t, err)
	unsigned, byAnother := change, change
	unsigned.Signature = codesocial.Signature{}
	other, err := codesocial.SignKeyChange(ana, keys[cleo], public("new"))
	require.NoError(t, err)
	byAnother.Signature = other.Signature
	try := func(k codesocial.KeyChange) func(context.Context) error {
		return func(ctx context.Context) error { return w.ChangeKey(ctx, k) }
	}
	w.refused(try(unsigned), codesocial.ErrSignature, ana)
	w.refused(try(byAnother), codesocial.ErrSignature, ana)
	taken, err := codesocial.SignKeyChange(ana, keys[ana], public(cleo))
	require.NoError(t, err)
	w.refused(try(taken), codesocial.ErrExists, cleo)
	w.refused(try(codesocial.KeyChange{Party: "urn:x:nobody", Key: public("new")}), codesocial.ErrUnknown, "urn:x:nobody")
	w.refused(try(codesocial.KeyChange{Party: "ana", Key: public("new")}), codesocial.ErrInvalid)
	w.refused(try(codesocial.KeyChange{Party: ben}), codesocial.ErrInvalid, ben)
	w.refused(try(codesocial.KeyChange{Party: ben, Key: public("new"), Signature: change.Signature}), codesocial.ErrSignature, ben)

	require.NoError(t, w.ChangeKey(t.Context(), change))
	size := w.journal.Size()
	require.NoError(t, w.ChangeKey(t.Context(), change), "again")
	require.Equal(t, size, w.journal.Size())
	require.Equal(t, public("new"), w.State().KeyOf(ana))
	back, err := codesocial.SignKeyChange(ana, keys["new"], public(ana))
	require.NoError(t, err)
	w.refused(try(back), codesocial.ErrExists, ana)

	gone, err := codesocial.SignKeyChange(ana, keys["new"], codesocial.PublicKey{})
	require.NoError(t, err)
	require.NoError(t, w.ChangeKey(t.Context(), gone))
	require.True(t, w.State().KeyOf(ana).IsZero())
	w.refused(try(codesocial.KeyChange{Party: ben, Key: public(ana)}), codesocial.ErrExists, ana)
	require.NoError(t, w.ChangeKey(t.Context(), codesocial.KeyChange{Party: ben, Key: public("urn:x:stranger")}))
}

func TestWhatWasSignedUnderAnOldKeyStaysAndNothingNewIsSignedUnderIt(t *testing.T) {
	t.Parallel()
	w, charter := founded(t)
	change, err := codesocial.SignKeyChange(fournil, keys[fournil], public("new"))
	require.NoError(t, err)
	require.NoError(t, w.ChangeKey(t.Context(), change))
	require.Equal(t, w.State(), w.replay(), "version 1 stays adopted")

	v2 := next(t, charter, "2026-01-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	list := signatures(t, v2, atelier, fournil)
	w.refused(func(ctx context.Context) error {
		return w.Adopt(ctx, codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-12-01"), Signatures: list})
	}, codesocial.ErrSignature, fournil)
	list[1], err = codesocial.SignCharter(v2, fournil, keys["new"])
	require.NoError(t, err)
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-12-01"), Signatures: list}))
}

func TestTypesOfPartiesHaveNamesInFrenchAndEnglish(t *testing.T) {
	t.Parallel()
	for _, p := range []codesocial.PartyType{codesocial.Person, codesocial.Organization, codesocial.Project, codesocial.Collective} {
		require.Equal(t, []string{"en", "fr"}, p.Label().Languages())
	}
	require.Empty(t, codesocial.PartyType("robot").Label())
}
