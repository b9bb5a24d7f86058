package journaltest_test

import (
	"crypto/ed25519"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/journaltest"
)

// keptSum is a sum whose state can be kept, rightly or not.
type keptSum struct {
	sum
	marshal func(s *sum) ([]byte, error)
	restore func(s *sum, state []byte) error
}

type sumState struct{ Records, Total int }

func (v *keptSum) Form() (name string, version int) { return "example.sum", 1 }

func (v *keptSum) MarshalBinary() ([]byte, error) { return v.marshal(&v.sum) }

func (v *keptSum) UnmarshalBinary(state []byte) error { return v.restore(&v.sum, state) }

func marshalSum(s *sum) ([]byte, error) { return json.Marshal(sumState{s.records, s.total}) }

func restoreSum(s *sum, state []byte) error {
	var kept sumState
	err := json.Unmarshal(state, &kept)
	s.records, s.total = kept.Records, kept.Total
	return err
}

// checkSum checks a view on a journal of three blocks.
func checkSum(t *testing.T, v keptSum) {
	t.Helper()
	signer, err := journal.NewSigner("example.org/trame", ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	require.NoError(t, err)
	store := journal.NewMemoryStore()
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	for i := range 2 {
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) {
			return []journal.Draft{{Kind: "example.amount", Payload: amount{i + 1}}}, nil
		})
		require.NoError(t, err)
	}
	journaltest.CheckSnapshots(t, store, signer, func(j *journal.Journal) (journal.Snapshotter, error) {
		fresh := v
		return &fresh, j.Attach(t.Context(), &fresh)
	})
}

func TestAViewThatRestoresItsStatePasses(t *testing.T) {
	t.Parallel()
	checkSum(t, keptSum{marshal: marshalSum, restore: restoreSum})
}

// A check that fails a test has to be run where that does no harm: in a process of its own.
const wrongViewVariable = "CODESOCIAL_JOURNALTEST_WRONG_VIEW"

func TestViewsThatKeepOrRestoreWronglyAreCaught(t *testing.T) {
	t.Parallel()
	wrong := map[string]keptSum{
		"forgets half": {marshal: marshalSum, restore: func(s *sum, state []byte) error {
			err := restoreSum(s, state)
			s.records = 0
			return err
		}},
		"restores nothing":  {marshal: marshalSum, restore: func(*sum, []byte) error { return nil }},
		"refuses its state": {marshal: marshalSum, restore: func(*sum, []byte) error { return os.ErrInvalid }},
		"cannot be written": {marshal: func(*sum) ([]byte, error) { return nil, os.ErrInvalid }, restore: restoreSum},
	}
	if v, ok := wrong[os.Getenv(wrongViewVariable)]; ok {
		checkSum(t, v)
		return
	}
	for name := range wrong {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1")
		cmd.Env = append(os.Environ(), wrongViewVariable+"="+name)
		out, err := cmd.CombinedOutput()
		require.Error(t, err, "the view that %s passes", name)
		require.Contains(t, string(out), "--- FAIL", name)
	}
}
