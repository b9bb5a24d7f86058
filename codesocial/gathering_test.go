package codesocial_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

const attending = `{"kind":"codesocial.attendance","project":"` + relais + `","wealth":"time","step":15,"most":120}`

var assemblyID = uuid.MustParse("0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2aff")

// spring is the call to an assembly of two hours and a half.
func spring(t testing.TB) codesocial.Gathering {
	t.Helper()
	return codesocial.Gathering{
		ID: assemblyID, Convener: atelier, At: at(t, "2025-03-01T08:00:00Z"), Title: codesocial.Text{"fr": "Assemblée de printemps", "en": "Spring assembly"},
		Starts: at(t, "2025-03-20T17:00:00Z"), Ends: at(t, "2025-03-20T19:30:00Z"), Place: "Salle du Pont; 2, quai des Brumes", Link: "https://la-trame.example/salle",
		Agenda: []codesocial.AgendaItem{{Title: codesocial.Text{"fr": "Accueil", "en": "Welcome"}, Minutes: 15}, {Title: codesocial.Text{"fr": "Comptes, budget", "en": "Accounts, budget"}}},
	}
}

func minutes(t testing.TB) codesocial.Minutes {
	t.Helper()
	return codesocial.Minutes{
		Gathering: assemblyID, By: fournil, At: at(t, "2025-03-21T09:00:00Z"), Document: codesocial.HashDocument([]byte("Compte rendu inventé.")),
		Attendance: []codesocial.Attendance{{Party: ana, Minutes: 100}, {Party: ben, Minutes: 14, Online: true}, {Party: cleo, Minutes: 500}},
	}
}

func TestAGatheringIsCalledChangedAndMinuted(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote, attending)
	g := spring(t)
	require.NoError(t, w.Convene(t.Context(), g, keys[atelier]))
	require.NoError(t, w.Convene(t.Context(), g, keys[atelier]), "twice is once")
	id := w.decide(admissionOf(t, cleo))
	g.Revision, g.Starts, g.Ends = 1, g.Starts.Add(time.Hour), g.Ends.Add(time.Hour)
	g.Agenda[1].Decision = id
	require.NoError(t, w.Convene(t.Context(), g, keys[atelier]))
	m := minutes(t)
	m.Decisions = []uuid.UUID{id}
	require.NoError(t, w.Minute(t.Context(), m, keys[fournil]))
	require.NoError(t, w.Minute(t.Context(), m, keys[fournil]))

	require.NoError(t, w.Read(func(s *codesocial.State) {
		meeting, ok := s.Gathering(assemblyID)
		require.True(t, ok)
		require.Equal(t, g, meeting.Gathering)
		require.Equal(t, m, *meeting.Minutes)
		credits, err := s.AttendanceCredits(assemblyID)
		require.NoError(t, err)
		require.Len(t, credits, 2, "14 minutes are less than a step")
		require.Equal(t, ana, credits[0].Party)
		require.Equal(t, "1.5", credits[0].Hours.String(), "100 minutes are six quarters of an hour")
		require.Equal(t, "2", credits[1].Hours.String(), "no more counts than the rule says")
		require.Equal(t, relais, credits[0].Project)
		require.Equal(t, day(t, "2025-03-20"), credits[0].On)
		require.Equal(t, "decide-2", credits[0].Clause.Clause)
	}))
	m.Revision, m.Attendance = 1, m.Attendance[:1]
	require.NoError(t, w.Minute(t.Context(), m, keys[fournil]), "minutes are corrected")
	g.Revision = 2
	w.refused(func(ctx context.Context) error { return w.Convene(ctx, g, keys[atelier]) }, codesocial.ErrRefused, "has taken place")
	require.Equal(t, w.replay(), w.State())
}

func TestAGatheringThatMakesNoSenseIsRefused(t *testing.T) {
	t.Parallel()
	w := assembly(t)
	for name, c := range map[string]struct {
		edit     func(*codesocial.Gathering)
		sentinel error
	}{
		"nowhere":          {func(g *codesocial.Gathering) { g.Place, g.Link = "", "" }, codesocial.ErrInvalid},
		"ends first":       {func(g *codesocial.Gathering) { g.Ends = g.Starts }, codesocial.ErrInvalid},
		"by a stranger":    {func(g *codesocial.Gathering) { g.Convener = cleo }, codesocial.ErrNotMember},
		"script as a link": {func(g *codesocial.Gathering) { g.Link = "javascript:alert(1)" }, codesocial.ErrInvalid},
		"second first":     {func(g *codesocial.Gathering) { g.Revision = 1 }, codesocial.ErrInvalid},
		"no such decision": {func(g *codesocial.Gathering) { g.Agenda[0].Decision = uuid.New() }, codesocial.ErrUnknown},
		"forged line":      {func(g *codesocial.Gathering) { g.Place = "Hall\r\nATTACH:file" }, codesocial.ErrInvalid},
		"10 MB":            {func(g *codesocial.Gathering) { g.Title["fr"] = strings.Repeat("x", 10<<20) }, codesocial.ErrLimit},
	} {
		g := spring(t)
		c.edit(&g)
		require.Error(t, w.refused(func(ctx context.Context) error { return w.Convene(ctx, g, keys[g.Convener]) }, c.sentinel), name)
	}
	require.NoError(t, w.Convene(t.Context(), spring(t), keys[atelier]))
	for name, edit := range map[string]func(*codesocial.Minutes){
		"too early": func(m *codesocial.Minutes) { m.At = at(t, "2025-03-20T16:59:59Z") },
		"twice":     func(m *codesocial.Minutes) { m.Attendance = append(m.Attendance, m.Attendance[0]) },
		"nobody":    func(m *codesocial.Minutes) { m.Attendance[0].Party = "urn:x:nobody" },
		"no hash":   func(m *codesocial.Minutes) { m.Document = "minutes.pdf" },
		"elsewhere": func(m *codesocial.Minutes) { m.Gathering = uuid.Nil },
	} {
		m := minutes(t)
		edit(&m)
		size := w.journal.Size()
		require.Error(t, w.Minute(t.Context(), m, keys[m.By]), name)
		require.Equal(t, size, w.journal.Size())
	}
	g := spring(t)
	g.Revision, g.Cancelled = 1, true
	require.NoError(t, w.Convene(t.Context(), g, keys[atelier]))
	w.refused(func(ctx context.Context) error { return w.Minute(ctx, minutes(t), keys[fournil]) }, codesocial.ErrRefused, "cancelled")
}

func TestTheCalendarIsFoldedEscapedAndInUTC(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVote)
	g := spring(t)
	g.Title["fr"] = "Assemblée, " + strings.Repeat("été ", 40) + "fin"
	require.NoError(t, w.Convene(t.Context(), g, keys[atelier]))
	w.decide(admissionOf(t, cleo))
	var file string
	require.NoError(t, w.Read(func(s *codesocial.State) {
		file = string(s.Calendar("fr"))
		require.Equal(t, file, string(s.Calendar("fr")))
	}))
	lines := strings.SplitAfter(file, "\r\n")
	for _, line := range lines {
		require.LessOrEqual(t, len(line), 75+2)
		require.True(t, utf8.ValidString(line), "no character is cut in two")
		require.NotContains(t, strings.TrimSuffix(line, "\r\n"), "\n")
	}
	whole := strings.ReplaceAll(file, "\r\n ", "")
	for _, line := range []string{
		"UID:" + assemblyID.String(), "DTSTART:20250320T170000Z", "DTEND:20250320T193000Z", "STATUS:CONFIRMED",
		`LOCATION:Salle du Pont\; 2\, quai des Brumes`, "URL:https://la-trame.example/salle", `DESCRIPTION;LANGUAGE=fr:1. Accueil (15 min)\n2. Comptes\, budget`,
		"SUMMARY;LANGUAGE=fr:" + strings.ReplaceAll(g.Title["fr"], ",", `\,`), "SUMMARY;LANGUAGE=fr:Vote : Accueillons-nous un nouveau membre ?",
		"DTSTART:20250312T090000Z", "DTSTART;VALUE=DATE:20260101",
	} {
		require.Contains(t, whole, line+"\r\n")
	}
}
