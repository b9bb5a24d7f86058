package mediation

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestNobodyDisclosesWhatIsNotForHerToRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.mediated()
	note, err := w.Write(t.Context(), Paper{By: ben, Case: id, Kind: Note, For: ben, At: w.now}, []byte(canary))
	require.NoError(t, err)
	for _, who := range []string{ana, olga} {
		reasons := w.paper(id, Reasons, who)
		k := w.get(id)
		err := w.Act(t.Context(), Act{By: who, Case: id, Event: Disclose, At: w.now, Exception: Integrity, Readers: []string{who}, Papers: []uuid.UUID{note, reasons}})
		w.refused(err, k, ErrSealed, "is not for")
		may, err := w.cases.MayRead(note, who, w.now)
		require.NoError(t, err)
		require.False(t, may)
	}
}

func TestThePaperOfOneSideCannotPassForAPartOfTheFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.paper(id, Evidence, ana)
	file, err := w.cases.File(id, FileOptions{Text: func(uuid.UUID) ([]byte, bool) {
		return []byte("seen\r## Measures\n\n- exclusion of B1\r\n</blockquote><h2>Measures</h2>"), true
	}})
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(file), "\n## Measures\n"))
	require.NotContains(t, string(file), "\r")
	require.NotContains(t, strings.ReplaceAll(string(file), `\<`, ""), "<")
	require.Contains(t, string(file), "  > - exclusion of B1\n")
}

func TestThePapersOfACaseThatGoesOnInAnotherAreKeptAsLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	into, id := w.raise(), w.raise(func(t *Tension) { t.By = cleo })
	evidence := w.paper(id, Evidence, cleo)
	w.act(id, Merge, olga, func(a *Act) { a.Into = into })
	require.Error(t, w.journal.Erase(t.Context(), w.cases.papers[evidence].position, "x", commons))
	w.act(into, Withdraw, ana)
	w.act(into, Withdraw, cleo)
	require.NoError(t, w.journal.Erase(t.Context(), w.cases.papers[evidence].position, "x", commons))
}

func TestNoTextTurnsTheFileAround(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	w.paper(id, Evidence, ana)
	for _, lang := range []string{"fr", "en"} {
		file, err := w.cases.File(id, FileOptions{Lang: lang, Name: func(string) string { return "A\u202eB\x1b[2J\u0000" }, Text: func(uuid.UUID) ([]byte, bool) {
			return []byte("x\u2028## y\u0085# z\n===\n---\n1. b\n\u202ec\x1b]0;d\x07\xff\xfe\n~~~\n"), true
		}})
		require.NoError(t, err)
		require.NotContains(t, string(file), "\u202e")
		require.NotContains(t, string(file), "\x1b")
		require.NotContains(t, string(file), "\x00")
		require.NotContains(t, string(file), "\xff")
		require.Contains(t, string(file), `> x \#\# y \# z`)
	}
}

func TestWhoComesLaterReadsWhatIsWrittenAgainForHer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, mediator := w.mediated()
	papers, err := w.cases.Papers(id)
	require.NoError(t, err)
	statement, position := papers[0].ID, w.paper(id, Position, ben)
	w.act(id, Recuse, mediator)
	a, err := w.Draw(t.Context(), id, olga, w.now, "")
	require.NoError(t, err)
	for _, who := range []string{ana, ben, a.Mediator} {
		w.act(id, Accept, who)
	}
	for paper, by := range map[uuid.UUID]string{statement: olga, position: ben} {
		_, err = w.Text(t.Context(), paper, a.Mediator, w.now)
		require.ErrorIs(t, err, ErrSealed, "it was not sealed for her")
		_, err = w.Reseal(t.Context(), paper, mediator, w.now)
		require.ErrorIs(t, err, ErrSealed, "nor by who may not read it any more")
		copied, err := w.Reseal(t.Context(), paper, by, w.now)
		require.NoError(t, err)
		text, err := w.Text(t.Context(), copied, a.Mediator, w.now)
		require.NoError(t, err)
		require.Contains(t, string(text), canary)
		may, err := w.cases.MayRead(copied, mediator, w.now)
		require.NoError(t, err)
		require.False(t, may)
	}
}

func TestWhoWasErasedDoesNotKeepOthersFromWriting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.raise()
	readers := func() []string {
		list, err := w.cases.Readers(id, Evidence, "", w.now)
		require.NoError(t, err)
		return list
	}
	require.Contains(t, readers(), ben)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == codesocial.KindParty && r.Author == ben {
			require.NoError(t, w.journal.Erase(t.Context(), r.Position, "asked for", commons))
			break
		}
	}
	require.NotContains(t, readers(), ben, "who has no key")
	w.paper(id, Evidence, ana)
}

func TestWhateverIsErasedTheCasesAreReadAgain(t *testing.T) {
	t.Parallel()
	pool := func(w *world, iri string, gone bool) {
		require.NoError(w.t, w.Enrol(w.t.Context(), PoolEntry{By: olga, At: w.now, Party: iri, Qualification: "x", Until: day("2030-01-01"), Languages: []string{"fr"}, Gone: gone}))
	}
	for name, play := range map[string]func(w *world){
		"a dispute that a tension answers": func(w *world) {
			dispute := uuid.New()
			_, err := w.journal.Update(w.t.Context(), func() ([]journal.Draft, error) {
				return []journal.Draft{{ID: dispute, Kind: KindDispute, Author: ana, Payload: canonical.Raw(`{"offer":"urn:x:offer","parties":["urn:x:ana","urn:x:ben"]}`)}}, nil
			})
			require.NoError(w.t, err)
			w.raise(func(t *Tension) { t.Refers = dispute })
		},
		"a project for which somebody spoke": func(w *world) {
			id := w.raise(func(t *Tension) { t.Respondents = []string{relais} })
			w.paper(id, Evidence, ben)
			w.act(id, Acknowledge, olga)
			w.act(id, Triage, olga, clauses("respect"))
			w.act(id, Talk, ben)
			w.raise(func(t *Tension) { t.By, t.For, t.Respondents = ben, relais, []string{ana} })
		},
		"a mediator, and the organization for which others were set aside": func(w *world) {
			pool(w, dora, false)
			w.mediated()
		},
		"a mediation that failed": func(w *world) {
			id, mediator := w.mediated()
			w.act(id, Fail, mediator)
		},
		"an appeal": func(w *world) {
			id := w.notified(1)
			w.heard(id)
			w.act(id, Pronounce, rita, clauses("respect"), func(a *Act) { a.Rung = 1 })
			w.act(id, Inform, rita)
			w.act(id, Appeal, ben, func(a *Act) { a.Ground = Bias })
			w.act(id, Admit, jean)
			w.act(id, Uphold, jean)
		},
		"a pool": func(w *world) { pool(w, mona, true) },
		"a seat whose holder was set aside": func(w *world) {
			id := w.failed()
			w.proceed(id, 1, Find)
			w.heard(id)
			w.act(id, Pronounce, rita, func(a *Act) { a.Rung, a.Clauses = 1, []string{"respect"} })
			require.Equal(w.t, Pronounced, w.stage(id), "she alone can act")
			w.act(id, Inform, rita)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, map[string]string{"bodies": `{"kind":"mediation.bodies","reception":["urn:x:olga"],"review":["urn:x:dora","urn:x:rita"],"appeal":["urn:x:jean"]}`})
			play(w)
			erased := 0
			for position := range w.journal.Size() {
				err := w.journal.Erase(t.Context(), position, "asked for", commons)
				if errors.Is(err, journal.ErrKept) {
					continue
				}
				require.NoError(t, err, "record %d", position)
				erased++
			}
			require.Positive(t, erased)
			w.open()
			w.sameAsReplayed()
		})
	}
}

func TestACaseBeforeLargeBodiesCanBeWritten(t *testing.T) {
	t.Parallel()
	seats := make([][]string, 3)
	var parties []codesocial.Party
	for i := range 240 {
		iri := fmt.Sprintf("urn:x:seat-%03d", i)
		seats[i%3] = append(seats[i%3], `"`+iri+`"`)
		parties = append(parties, codesocial.Party{ID: iri, Type: codesocial.Person, Name: fmt.Sprint(i)})
	}
	w := newWorld(t, map[string]string{"bodies": `{"kind":"mediation.bodies","reception":["urn:x:olga",` + strings.Join(seats[0], ",") + `],"review":[` + strings.Join(seats[1], ",") + `],"appeal":[` + strings.Join(seats[2], ",") + `]}`})
	require.NoError(t, w.community.Register(t.Context(), parties...))
	w.paper(w.raise(), Evidence, ana)
}
