package journal_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func head(t testing.TB, j *journal.Journal) journal.Head {
	t.Helper()
	h, err := journal.OpenCheckpoint(j.Checkpoint(), testSigner(t).VerifierKey())
	require.NoError(t, err)
	return h
}

func TestInclusionAndConsistencyAreProvenForEverySize(t *testing.T) {
	t.Parallel()
	j, _ := setup(t, journal.NewMemoryStore(), nil)
	heads := []journal.Head{head(t, j)}
	for i := range 20 {
		record(t, j, draft("Ada", i))
		heads = append(heads, head(t, j))
	}
	records := all(t, j, 0)
	for _, h := range heads {
		for p := range h.Size {
			proof, err := j.ProveInclusion(p, h.Size)
			require.NoError(t, err)
			require.NoError(t, journal.CheckInclusion(proof, h, p, records[p].Leaf()))
			other := records[(p+1)%uint64(len(records))]
			require.Error(t, journal.CheckInclusion(proof, h, p, other.Leaf()))
		}
		for _, older := range heads {
			if older.Size > h.Size {
				continue
			}
			proof, err := j.ProveConsistency(older.Size, h.Size)
			require.NoError(t, err)
			require.NoError(t, journal.CheckConsistency(proof, older, h))
			if older.Size < h.Size {
				rewritten := older
				rewritten.Root[0] ^= 1
				require.Error(t, journal.CheckConsistency(proof, rewritten, h))
			}
		}
	}
	for _, bad := range [][2]uint64{{21, 21}, {0, 22}, {3, 2}} {
		_, err := j.ProveInclusion(bad[0], bad[1])
		require.Error(t, err)
	}
	for _, bad := range [][2]uint64{{0, 1}, {3, 2}, {1, 22}} {
		_, err := j.ProveConsistency(bad[0], bad[1])
		require.Error(t, err)
	}
	require.Error(t, journal.CheckInclusion(nil, heads[0], 1, tlog.Hash{}))
	require.Error(t, journal.CheckConsistency(nil, journal.Head{}, heads[0]))
	require.Error(t, journal.CheckInclusion(nil, journal.Head{Size: 1 << 63}, 1, tlog.Hash{}))
	_, err := journal.OpenCheckpoint(j.Checkpoint(), "nonsense")
	require.Error(t, err)
}

func TestBundleIsCheckedOffline(t *testing.T) {
	t.Parallel()
	j, _ := setup(t, journal.NewMemoryStore(), nil)
	for i := range 10 {
		record(t, j, draft("Ada", i), draft("Bob", i))
	}
	key := testSigner(t).VerifierKey()
	records := all(t, j, 0)

	some, err := j.Bundle(t.Context(), 7, 3, 7, 20)
	require.NoError(t, err)
	report, err := journal.VerifyBundle(some, key)
	require.NoError(t, err)
	require.False(t, report.Whole)
	require.Equal(t, head(t, j), report.Head)
	require.Equal(t, origin, report.Origin)
	require.Equal(t, []journal.Record{records[3], records[7], records[20]}, report.Records)

	whole, err := j.Bundle(t.Context())
	require.NoError(t, err)
	report, err = journal.VerifyBundle(whole, key)
	require.NoError(t, err)
	require.True(t, report.Whole)
	require.Equal(t, records, report.Records)

	readOnly, err := journal.OpenReadOnly(t.Context(), journal.NewMemoryStore(), key, nil)
	require.ErrorIs(t, err, journal.ErrForeign)
	require.Nil(t, readOnly)
	_, err = j.Bundle(t.Context(), 21)
	require.ErrorContains(t, err, "position 21")
	other, err := journal.NewSigner(origin, testKey(2))
	require.NoError(t, err)
	_, err = journal.VerifyBundle(some, other.VerifierKey())
	require.ErrorIs(t, err, journal.ErrBundle)
	for from, to := range map[string]string{
		`"hours":1`: `"hours":9`, `"position":3`: `"position":4`, `"format":1`: `"format":2`, `"person":"Ada"`: `"person":"Eve"`, `"proof":["`: `"proof":["AA==","`,
	} {
		for _, b := range [][]byte{some, whole} {
			if changed := bytes.Replace(b, []byte(from), []byte(to), 1); !bytes.Equal(changed, b) {
				_, err := journal.VerifyBundle(changed, key)
				require.ErrorIs(t, err, journal.ErrBundle, "%s", from)
			}
		}
	}
	for i := range some { // no changed byte passes for another record
		changed := bytes.Clone(some)
		changed[i] ^= 1
		if report, err := journal.VerifyBundle(changed, key); err == nil {
			require.Equal(t, fmt.Sprint(records[3], records[7], records[20]), fmt.Sprint(report.Records[0], report.Records[1], report.Records[2]), "byte %d", i)
		}
	}
}

func FuzzVerifyBundle(f *testing.F) {
	j, _ := setup(f, journal.NewMemoryStore(), reproducible())
	record(f, j, numbered(1, draft("Ada", 1)), numbered(2, draft("Bob", 2)))
	some, err := j.Bundle(f.Context(), 1)
	require.NoError(f, err)
	whole, err := j.Bundle(f.Context())
	require.NoError(f, err)
	f.Add(some)
	f.Add(whole)
	known := map[[32]byte]bool{}
	for _, r := range all(f, j, 0) {
		known[r.Leaf()] = true
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		report, err := journal.VerifyBundle(data, testSigner(t).VerifierKey())
		if err != nil {
			return
		}
		for _, r := range report.Records {
			require.True(t, known[r.Leaf()], "only what was recorded is proven")
		}
	})
}

// FuzzProof checks proofs of any bytes: nothing but the record that is there, and the history that was, is ever proven.
func FuzzProof(f *testing.F) {
	j, _ := setup(f, journal.NewMemoryStore(), reproducible())
	for i := range 6 {
		record(f, j, draft("Ada", i))
	}
	records, now := all(f, j, 0), head(f, j)
	flat := func(proof []tlog.Hash) (b []byte) {
		for _, h := range proof {
			b = append(b, h[:]...)
		}
		return b
	}
	for p := range now.Size {
		inclusion, err := j.ProveInclusion(p, now.Size)
		require.NoError(f, err)
		f.Add(flat(inclusion), now.Size, p)
		consistency, err := j.ProveConsistency(p+1, now.Size)
		require.NoError(f, err)
		f.Add(flat(consistency), now.Size, p+1)
	}
	f.Fuzz(func(t *testing.T, data []byte, size, position uint64) {
		var proof []tlog.Hash
		for ; len(data) >= tlog.HashSize; data = data[tlog.HashSize:] {
			proof = append(proof, tlog.Hash(data[:tlog.HashSize]))
		}
		leaf := tlog.RecordHash(binary.AppendUvarint(nil, position))
		for i := range records {
			if journal.CheckInclusion(proof, journal.Head{Size: size, Root: now.Root}, position, records[i].Leaf()) == nil {
				require.Equal(t, records[i].Position, position)
				require.Equal(t, now.Size, size)
			}
		}
		require.Error(t, journal.CheckInclusion(proof, now, position, leaf), "a record that is not in the journal")
		require.Error(t, journal.CheckConsistency(proof, journal.Head{Size: position, Root: leaf}, now), "a history that was not")
	})
}
