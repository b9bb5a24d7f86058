package mediation

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

var update = flag.Bool("update", false, "write testdata/records.txt instead of comparing")

// The payloads that were written once are read for ever: a change of form takes another schema.
func TestTheFormOfTheRecordsIsKept(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("0197a1f0-5c1e-7c3a-9d0e-3b8f6f1f2a01")
	records := []struct {
		kind  string
		value any
	}{
		{KindTension, Tension{At: start, For: relais, Respondents: []string{ana}, Clauses: []string{"respect"}, Languages: []string{"fr"}, Follows: id, Refers: id}},
		{KindAct, Act{Case: id, Event: Acknowledge, At: start}},
		{KindAct, Act{Case: id, Event: Propose, At: start, Mediator: mona, Draw: &Draw{
			Choice: ByLot, Seed: "seed", Candidates: []string{mona}, Aside: []Conflict{{dora, ben, FamilyTie, fournil}},
		}}},
		{KindAct, Act{Case: id, Event: Notify, At: start, For: ben, Papers: []uuid.UUID{id}, Clauses: []string{"respect"}, Rung: 6, Assistance: true, Hearing: start.Add(20 * oneDay)}},
		{KindAct, Act{Case: id, Event: Pronounce, At: start, Papers: []uuid.UUID{id}, Clauses: []string{"respect"}, Rung: 3, Until: day("2025-09-01"), Scope: "catalog"}},
		{KindAct, Act{Case: id, Event: Grave, At: start, Papers: []uuid.UUID{id}, Gravity: Violence}},
		{KindAct, Act{Case: id, Event: Appeal, At: start, For: ben, Papers: []uuid.UUID{id}, Ground: Procedure}},
		{KindAct, Act{Case: id, Event: Merge, At: start, Into: id}},
		{KindAct, Act{Case: id, Event: Protect, At: start, For: ben, Papers: []uuid.UUID{id}, Hours: 72, Suspend: true}},
		{KindAct, Act{Case: id, Event: Disclose, At: start, Papers: []uuid.UUID{id}, Exception: Integrity, Readers: []string{rita}}},
		{KindAct, Act{Case: id, Event: Rate, At: start, For: ana, Score: 4}},
		{KindAct, Act{Case: id, Event: Lapse, At: start, Deadline: start.Add(-time.Hour)}},
		{KindPaper, Paper{Case: id, Kind: Note, At: start, For: ana, Readers: []string{ana, mona}, Sealed: []byte("sealed")}},
		{KindPaper, Paper{Case: id, Kind: Evidence, At: start, Readers: []string{ana}, Sealed: []byte("sealed"), Digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
		{KindPool, PoolEntry{At: start, Party: mona, Qualification: "certificate", Until: day("2027-12-31"), Languages: []string{"fr"}, Load: 2, Ties: []string{ana}, Gone: true}},
		{KindMandate, Mandate{Party: rita, Body: ReviewBody, From: day("2025-01-01"), Until: day("2025-12-31")}},
	}
	var got bytes.Buffer
	for _, r := range records {
		payload, err := canonical.Marshal(r.value)
		require.NoError(t, err)
		got.WriteString(r.kind + " ")
		got.Write(payload)
		got.WriteByte('\n')
	}
	const file = "testdata/records.txt"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got.String())
	for i, line := range bytes.Split(bytes.TrimSpace(want), []byte("\n")) {
		kind, payload, _ := bytes.Cut(line, []byte(" "))
		r := &journal.Record{ID: id, Kind: string(kind), Schema: 1, Author: ana, Payload: payload}
		if a, ok := records[i].value.(Act); ok && a.Event == Lapse {
			r.Author = ""
		}
		v, err := decode(r)
		require.NoError(t, err, "%s", line)
		require.NotNil(t, v)
	}
}
