package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

// written plays the year and returns the files that it writes, by name.
func written(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-dir", dir}, &out))
	require.Contains(t, out.String(), "files in "+dir)
	files := make(map[string]string)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return files
}

func TestTheYearIsWrittenInBothLanguagesAndAlwaysAlike(t *testing.T) {
	t.Parallel()
	files := written(t)
	require.Equal(t, files, written(t))
	for name, content := range files {
		require.NotEmpty(t, content, name)
		require.NotContains(t, content, "%!", name)
		if base, french := strings.CutSuffix(name, ".fr.md"); french {
			require.Contains(t, files, base+".en.md")
		}
		for _, link := range strings.Split(content, "](")[1:] {
			target, _, _ := strings.Cut(link, ")")
			require.Contains(t, files, target, "%s links to it", name)
		}
	}
}

func TestFilesAreNotScatteredWhereNoDirectoryIsNamed(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, run(t.Context(), []string{"-dir", ""}, io.Discard), "-dir must name a directory")
}

func TestThePagesSayWhatHappened(t *testing.T) {
	t.Parallel()
	files := written(t)
	for name, sentences := range map[string][]string{
		"02-2026-01-27.fr.md": {"**Adopté le 27 janvier 2026.**", "2 pour, 0 contre", "- La Ferme des Rives n'y prend pas part"},
		"03-2026-03-17.fr.md": {"Comptons deux heures par assemblée", "Elle est intégrée, ce que confirment qui l'a faite et qui propose", "La version 2, adoptée sur ce fondement, est en vigueur à partir du 1er mai 2026."},
		"04-2026-04-17.en.md": {"Chosen: **Malo Trévidic**", "1 changed after hearing the reasons", "until 30 April 2027"},
		"05-2026-06-13.fr.md": {"3 sur 4 : 3 × 3 > 4 × 2, atteint", "Clôture reportée au 13 juin 2026 à 17:00 : le quorum a été atteint tard.", "L'Atelier vélo n'y prend pas part"},
		"07-2026-11-27.en.md": {"Adopted by consent", "To be looked at again by 27 November 2027"},
		"year.fr.md":          {"Sacha Belin : 0,75 h, clause presence de la version 2", "clause ajoutée : saisons", "- saisons : On se retrouve à chaque saison, dehors."},
	} {
		for _, sentence := range sentences {
			require.Contains(t, files[name], sentence, name)
		}
	}
}

func TestAReaderOfCalendarsReadsOurs(t *testing.T) {
	t.Parallel()
	files := written(t)
	for _, lang := range languages {
		calendar, err := ics.ParseCalendar(strings.NewReader(files["calendar."+lang+".ics"]))
		require.NoError(t, err)
		events := calendar.Events()
		require.Len(t, events, 1+4+2+1, "a gathering, four votes, the review of two decisions and of the social code")
		ids := make(map[string]bool)
		for _, e := range events {
			require.False(t, ids[e.Id()], "every event has its own UID")
			ids[e.Id()] = true
			_, err := e.GetDtStampTime()
			require.NoError(t, err)
		}
		assembly := events[0]
		starts, err := assembly.GetStartAt()
		require.NoError(t, err)
		require.True(t, starts.Equal(time.Date(2026, 9, 10, 16, 0, 0, 0, time.UTC)), "18:00 in Paris")
		ends, err := assembly.GetEndAt()
		require.NoError(t, err)
		require.Equal(t, 150*time.Minute, ends.Sub(starts))
		require.Equal(t, "La Halle commune, 3, rue du Lavoir (adresse inventée)", assembly.GetProperty(ics.ComponentPropertyLocation).Value)
		agenda := assembly.GetProperty(ics.ComponentPropertyDescription).Value
		require.Equal(t, 2, len(strings.Split(agenda, "\n")), agenda)
		var reviews int
		for _, e := range events {
			if day, err := e.GetAllDayStartAt(); err == nil && e.GetProperty(ics.ComponentPropertyDtStart).ICalParameters["VALUE"] != nil {
				require.Positive(t, day.Year())
				reviews++
			}
		}
		require.Equal(t, 3, reviews)
	}
}

func TestWhatTheYearRecordsCanBeReplayed(t *testing.T) {
	t.Parallel()
	y, err := play(t.Context())
	require.NoError(t, err)
	report, err := codesocial.VerifyAuthors(t.Context(), y.Journal())
	require.NoError(t, err)
	require.Positive(t, report.Signed)
	require.Equal(t, y.Journal().Size(), report.Records)
	for _, finding := range y.rules.Lint() {
		require.NotEqual(t, codesocial.Broken, finding.Severity, finding)
	}
}

// TestTheYearComesBackFromASnapshotOfAnyDay takes the state out of its snapshot after every record.
func TestTheYearComesBackFromASnapshotOfAnyDay(t *testing.T) {
	t.Parallel()
	y, err := play(t.Context())
	require.NoError(t, err)
	state := new(codesocial.State)
	for r, err := range y.Journal().Records(t.Context(), 0) {
		require.NoError(t, err)
		kept, err := state.MarshalBinary()
		require.NoError(t, err)
		state = new(codesocial.State)
		require.NoError(t, state.UnmarshalBinary(kept))
		v, err := state.Decode(&r)
		require.NoError(t, err)
		if v != nil {
			require.NoError(t, state.Apply(&r, v))
		}
	}
	kept, err := state.MarshalBinary()
	require.NoError(t, err)
	live, err := y.State().MarshalBinary()
	require.NoError(t, err)
	require.True(t, bytes.Equal(live, kept))
}

func TestHelpAndUnknownArguments(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, run(t.Context(), []string{"x"}, new(bytes.Buffer)), "unexpected argument")
}
