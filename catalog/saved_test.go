package catalog_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// vault seals for one reader, who must be among those that it has a key of.
type vault []string

var errNoKey = errors.New("no key")

func (v vault) cipher(reader string) (cipher.AEAD, error) {
	for _, r := range v {
		if r == reader {
			key := sha256.Sum256([]byte("key of " + reader))
			block, err := aes.NewCipher(key[:])
			if err != nil {
				return nil, err
			}
			return cipher.NewGCMWithRandomNonce(block)
		}
	}
	return nil, errNoKey
}

func (v vault) Seal(readers []string, plain []byte) ([]byte, error) {
	c, err := v.cipher(strings.Join(readers, " "))
	if err != nil {
		return nil, err
	}
	return c.Seal(nil, nil, plain, nil), nil
}

func (v vault) Open(reader string, sealed []byte) ([]byte, error) {
	c, err := v.cipher(reader)
	if err != nil {
		return nil, err
	}
	return c.Open(nil, nil, sealed, nil)
}

func (w *world) save(by string, q search.Query) uuid.UUID {
	w.t.Helper()
	id, err := w.SaveSearch(w.t.Context(), by, today, q)
	require.NoError(w.t, err)
	return id
}

func (w *world) digest(by string, id uuid.UUID) (found []string) {
	w.t.Helper()
	hits, err := w.Digest(w.t.Context(), by, id, today)
	require.NoError(w.t, err)
	for _, h := range hits {
		found = append(found, h.ID[len(iri("")):])
	}
	return found
}

func TestADigestTellsNothingTwiceWhicheverProgramAsks(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(13, 0))
	w := setup(t)
	ids := []uuid.UUID{w.save(bob, search.Query{Text: "charpente ", Page: 2}), w.save(ecole, search.Query{Sort: search.Newest})}
	told := map[string]int{}
	for step := range 25 {
		name := fmt.Sprintf("e%d", rng.IntN(10))
		if e := offer(name, scierie); rng.IntN(2) == 0 && w.Write(t.Context(), scierie, today, e) == nil {
			_ = w.tryStep(scierie, name, today, catalog.Propose)
			_ = w.tryStep(bob, name, today, catalog.Check)
			_ = w.tryStep(scierie, name, today, catalog.Publish)
		} else {
			_ = w.tryStep(scierie, name, today, []catalog.Move{catalog.Pause, catalog.Resume}[rng.IntN(2)])
		}
		if step%3 == 0 {
			w = w.replayed() // another program, which has the record alone
		}
		for i, id := range ids {
			for _, name := range w.digest([]string{bob, ecole}[i], id) {
				told[fmt.Sprint(i, " ", name)]++
			}
		}
	}
	for i, id := range ids { // and nothing is left out
		by := []string{bob, ecole}[i]
		for list := w.digest(by, id); len(list) > 0; list = w.digest(by, id) {
			for _, name := range list {
				told[fmt.Sprint(i, " ", name)]++
			}
		}
		for _, name := range w.find(today, search.Query{}) {
			require.Equal(t, 1, told[fmt.Sprint(i, " ", name)], "search %d, %s", i, name)
		}
	}
	require.Greater(t, len(told), 10)
	for what, n := range told {
		require.Equal(t, 1, n, what)
	}
	require.Equal(t, w.State().Snapshot(), w.replayed().State().Snapshot())
}

func TestASavedSearchIsItsMembersAlone(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	q := search.Query{Text: "charpente secrète", Near: &search.Near{Place: search.Place{Latitude: 45.75, Longitude: 4.85}, Km: 20}, Where: []search.Facet{{Name: catalog.FacetKind, Value: "offer"}}}
	id := w.save(bob, q)
	require.Equal(t, []string{"charpente"}, w.digest(bob, id))

	got, err := w.Query(bob, id)
	require.NoError(t, err)
	require.Equal(t, q, got)
	_, err = w.Query(ecole, id)
	require.ErrorIs(t, err, catalog.ErrNotYours)
	_, err = w.Digest(t.Context(), ecole, id, today)
	require.ErrorIs(t, err, catalog.ErrNotYours)
	require.ErrorIs(t, w.EndSearch(t.Context(), ecole, id, today), catalog.ErrNotYours)
	require.NoError(t, w.Read(func(s *catalog.State) {
		require.Len(t, s.Searches(bob), 1)
		require.Empty(t, s.Searches(ecole))
	}))
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == catalog.KindSearch || r.Kind == catalog.KindDigest {
			for _, word := range []string{q.Text, "45.75"} { // with characters that no base64 has
				require.NotContains(t, string(r.Payload), word)
			}
		}
	}
	// A record by which another would tell, or end, her search is refused by the fold itself, and so is one that tells something twice.
	var digest catalog.Digest
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == catalog.KindDigest {
			require.NoError(t, r.Unmarshal(&digest))
		}
	}
	for author, want := range map[string]error{ecole: catalog.ErrNotYours, bob: catalog.ErrExists} {
		_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{{Kind: catalog.KindDigest, Schema: 1, Author: author, Payload: digest}}, nil
		})
		require.ErrorIs(t, err, want)
	}
	_, err = w.Query(bob, uuid.Nil)
	require.ErrorIs(t, err, catalog.ErrUnknown)
	_, err = w.SaveSearch(t.Context(), mairie, today, q)
	require.ErrorIs(t, err, catalog.ErrSealed, "there is no key of the mairie")
	unsealed, _, _ := opened(t, w.store, nil)
	_, err = unsealed.SaveSearch(t.Context(), bob, today, q)
	require.ErrorIs(t, err, catalog.ErrSealed, "without a sealer nothing is written in the clear")
	_, err = w.SaveSearch(t.Context(), bob, today, search.Query{Sort: search.Nearest})
	require.ErrorIs(t, err, search.ErrInvalid)
	_, err = w.SaveSearch(t.Context(), bob, codesocial.Date{}, q)
	require.ErrorIs(t, err, catalog.ErrInvalid)
	_, err = w.Digest(t.Context(), bob, id, codesocial.Date{})
	require.ErrorIs(t, err, catalog.ErrInvalid)
}

func TestASavedSearchEndsAndIsErased(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.publish(offer("charpente", scierie))
	id := w.save(bob, search.Query{})
	require.Len(t, w.digest(bob, id), 1)
	positions := map[string]uint64{}
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		positions[r.Kind] = r.Position
	}
	erase := func(kind string) error { return w.journal.Erase(t.Context(), positions[kind], "asked for", bob) }
	require.ErrorIs(t, erase(catalog.KindDigest), journal.ErrKept, "it would all be told again")
	require.NoError(t, w.EndSearch(t.Context(), bob, id, today))
	size := w.journal.Size()
	require.NoError(t, w.EndSearch(t.Context(), bob, id, today), "it has ended")
	require.Equal(t, size, w.journal.Size())
	_, err := w.Digest(t.Context(), bob, id, today)
	require.ErrorIs(t, err, catalog.ErrState)
	for _, kind := range []string{catalog.KindDigest, catalog.KindSearch} {
		require.NoError(t, erase(kind))
		require.NoError(t, w.Read(func(s *catalog.State) { require.Empty(t, s.Searches(bob)) }))
		require.Equal(t, w.State().Snapshot(), w.replayed().State().Snapshot())
	}
	for range catalog.MaxSearches {
		w.save(bob, search.Query{})
	}
	_, err = w.SaveSearch(t.Context(), bob, today, search.Query{})
	require.ErrorIs(t, err, catalog.ErrLimit)
}
