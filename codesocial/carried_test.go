package codesocial_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestWhoCarriesAProjectFollowsItsLastRegistration(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	carries := func(iri string) (list []string) {
		require.NoError(t, w.Read(func(s *codesocial.State) { list = s.Carries(iri) }))
		return list
	}
	require.Equal(t, []string{relais}, carries(ana), "its lead")
	require.Equal(t, []string{relais}, carries(atelier), "a partner")
	require.Empty(t, carries(cleo))

	require.NoError(t, w.Register(t.Context(), codesocial.Party{
		ID: relais, Type: codesocial.Project, Name: "Le Relais", Partners: []string{fournil, jardin}, Lead: cleo,
	}))
	require.Empty(t, carries(ana))
	require.Empty(t, carries(atelier))
	require.Equal(t, []string{relais}, carries(cleo))
	require.Equal(t, []string{relais}, carries(jardin))
	require.Equal(t, []string{relais}, carries(fournil))
}
