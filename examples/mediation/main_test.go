package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/mediation"
)

var update = flag.Bool("update", false, "write the files into testdata instead of comparing them")

func TestTheFilesAreThoseInTestdata(t *testing.T) {
	t.Parallel()
	files, lessons, err := play(t.Context())
	require.NoError(t, err)
	require.Len(t, files, 10)
	files["lessons.txt"] = []byte(lessons)
	for name, got := range files {
		path := filepath.Join("testdata", name)
		if *update {
			require.NoError(t, os.WriteFile(path, got, 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), name)
	}
}

func TestTheFileOfTheExclusionShowsEveryGuardWithItsEvidence(t *testing.T) {
	t.Parallel()
	files, _, err := play(t.Context())
	require.NoError(t, err)
	for name, met := range map[string]string{"4-exclusion.en.md": "**met**", "4-exclusion.fr.md": "**rempli**"} {
		file := string(files[name])
		require.Equal(t, 15, strings.Count(file, met), "every requirement is met")
		section := file[strings.Index(file, met)-200:]
		guard := regexp.MustCompile(`(?m)^\d+\. .*\*\*(met|rempli)\*\*.*$`)
		lines := guard.FindAllString(section, -1)
		require.Len(t, lines, 15)
		for _, line := range lines[1:] { // the first is the clause
			require.Regexp(t, "`[0-9a-f-]{36}`", line, "with the record that it rests on")
		}
	}
}

func TestNothingThatWasSaidInMediationIsInAnyFile(t *testing.T) {
	t.Parallel()
	files, lessons, err := play(t.Context())
	require.NoError(t, err)
	for name, file := range files {
		for _, said := range []string{"stays there", "leaves half an hour", "names both authors", "childcare", "thief"} {
			require.False(t, bytes.Contains(file, []byte(said)), "%s: %s", name, said)
		}
	}
	for _, n := range names {
		require.NotContains(t, lessons, n.name)
	}
}

func TestWhatPeopleDoIsSigned(t *testing.T) {
	t.Parallel()
	s, err := newStage(t.Context())
	require.NoError(t, err)
	dialogue(s)
	require.NoError(t, s.err)
	report, err := codesocial.VerifyAuthors(t.Context(), s.journal)
	require.NoError(t, err)
	require.GreaterOrEqual(t, report.Signed, uint64(10), "the tension, its statement and every act")
}

// TestTheCasesComeBackFromASnapshotOfAnyMoment takes the state, and the cases with it, out of its snapshot after every record.
func TestTheCasesComeBackFromASnapshotOfAnyMoment(t *testing.T) {
	t.Parallel()
	s, err := newStage(t.Context())
	require.NoError(t, err)
	for _, story := range []func(*stage) uuid.UUID{dialogue, recusal, exclusion, abuse} {
		s.now = time.Date(s.now.Year(), s.now.Month(), s.now.Day(), 8, 0, 0, 0, time.UTC)
		story(s)
		s.days(10)
	}
	require.NoError(t, s.err)
	state := codesocial.NewState(mediation.Guard())
	for r, err := range s.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		kept, err := state.MarshalBinary()
		require.NoError(t, err)
		state = codesocial.NewState(mediation.Guard())
		require.NoError(t, state.UnmarshalBinary(kept))
		v, err := state.Decode(&r)
		require.NoError(t, err)
		if v != nil {
			require.NoError(t, state.Apply(&r, v))
		}
	}
	kept, err := state.MarshalBinary()
	require.NoError(t, err)
	live, err := s.community.State().MarshalBinary()
	require.NoError(t, err)
	require.True(t, bytes.Equal(live, kept))
}

func TestRunWritesTheFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "cases")
	require.NoError(t, run(t.Context(), dir, io.Discard))
	written, err := filepath.Glob(filepath.Join(dir, "*.md"))
	require.NoError(t, err)
	require.Len(t, written, 10)
}
