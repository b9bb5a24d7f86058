package journal_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// minutes is what hours became: schema 2 named the unit, schema 3 counts in minutes.
type minutes struct {
	Minutes int    `json:"minutes"`
	Person  string `json:"person"`
}

type quantity struct {
	Person string `json:"person"`
	Unit   string `json:"unit"`
	Value  int    `json:"value"`
}

func minuteSchemas() journal.Schemas {
	return journal.Schemas{"example.hours": {
		journal.LiftFrom(func(e entry) (quantity, error) { return quantity{e.Person, "h", e.Hours}, nil }),
		journal.LiftFrom(func(q quantity) (minutes, error) {
			if q.Unit != "h" {
				return minutes{}, fmt.Errorf("unit %q: must be h", q.Unit)
			}
			return minutes{q.Value * 60, q.Person}, nil
		}),
	}}
}

// minuteView knows minutes only.
type minuteView struct {
	schemas journal.Schemas
	total   map[string]int
}

func newMinuteView() *minuteView { return &minuteView{minuteSchemas(), map[string]int{}} }

func (v *minuteView) Decode(r *journal.Record) (any, error) {
	if r.Kind != "example.hours" || r.Erased() {
		return nil, nil
	}
	var m minutes
	err := v.schemas.Unmarshal(r, &m)
	return m, err
}

func (v *minuteView) Apply(_ *journal.Record, value any) error {
	m := value.(minutes)
	v.total[m.Person] += m.Minutes
	return nil
}

func (v *minuteView) Reset() { clear(v.total) }

func TestPayloadsOfEverySchemaAreLiftedToThePresentOne(t *testing.T) {
	t.Parallel()
	j, err := journal.Open(t.Context(), journal.NewMemoryStore(), testSigner(t), nil)
	require.NoError(t, err)
	v := newMinuteView()
	require.NoError(t, j.Attach(t.Context(), v))
	require.Equal(t, 3, v.schemas.Present("example.hours"))
	require.Equal(t, 1, v.schemas.Present("example.other"))
	recorded := record(
		t, j,
		journal.Draft{Kind: "example.hours", Payload: entry{"Ada", 1}},
		journal.Draft{Kind: "example.hours", Schema: 2, Payload: quantity{"Ada", "h", 2}},
		journal.Draft{Kind: "example.hours", Schema: 3, Payload: minutes{5, "Ada"}},
	)
	require.Equal(t, map[string]int{"Ada": 185}, v.total)
	require.JSONEq(t, `{"hours":1,"person":"Ada"}`, string(recorded[0].Payload), "what is stored stays as it was")
}

func TestWhatCannotBeLiftedIsRefusedAndNotRecorded(t *testing.T) {
	t.Parallel()
	j, err := journal.Open(t.Context(), journal.NewMemoryStore(), testSigner(t), nil)
	require.NoError(t, err)
	v := newMinuteView()
	require.NoError(t, j.Attach(t.Context(), v))
	for want, d := range map[string]journal.Draft{
		"schema 4, known is 3": {Schema: 4, Payload: minutes{5, "Ada"}},
		"from schema 2: unit":  {Schema: 2, Payload: quantity{"Ada", "day", 2}},
		"from schema 1: ":      {Schema: 1, Payload: minutes{5, "Ada"}},
		"unknown member":       {Schema: 3, Payload: entry{"Ada", 1}},
	} {
		d.Kind = "example.hours"
		_, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{d}, nil })
		require.ErrorContains(t, err, want)
		require.Equal(t, d.Schema == 4, errors.Is(err, journal.ErrNewerSchema))
	}
	require.Equal(t, uint64(1), j.Size())
	require.ErrorContains(t, v.schemas.Unmarshal(&journal.Record{Kind: "example.hours", Schema: 1}, new(minutes)), "erased")
}

func TestALiftThatDoesNotGiveAPayloadIsAnError(t *testing.T) {
	t.Parallel()
	for _, result := range []string{"", "{", "[]", "null", `{"a":1}`} {
		s := journal.Schemas{"example.hours": {func([]byte) ([]byte, error) { return []byte(result), nil }}}
		require.Error(t, s.Unmarshal(&journal.Record{Kind: "example.hours", Schema: 1, Payload: []byte("{}")}, new(minutes)), result)
	}
}

// The blocks of testdata were written when hours had schema 1, and one was signed as schema 2.
func TestBlocksOfTheFirstVersionAreLifted(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	paths, err := filepath.Glob(filepath.Join(goldenDir, "*.json"))
	require.NoError(t, err)
	require.Len(t, paths, 4)
	for n, path := range paths {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, store.Put(t.Context(), uint64(n), b))
	}
	v := newMinuteView()
	v.schemas["example.hours"][1] = func(payload []byte) ([]byte, error) { // what schema 2 was in them
		var e entry
		if err := canonical.Unmarshal(payload, &e); err != nil {
			return nil, err
		}
		return canonical.Marshal(minutes{e.Hours * 60, strings.ToUpper(e.Person[:1])})
	}
	v.schemas["example.hours"][0] = func(payload []byte) ([]byte, error) { return payload, nil }
	j, err := journal.Open(t.Context(), store, testSigner(t), nil)
	require.NoError(t, err)
	require.NoError(t, j.Attach(t.Context(), v))
	require.Equal(t, map[string]int{"Z": 180, "A": 60}, v.total)
}

func ExampleSchemas() {
	// In the first version, hours had this payload.
	type hoursV1 struct {
		Hours  int    `json:"hours"`
		Person string `json:"person"`
	}
	type worked struct {
		Minutes int    `json:"minutes"`
		Person  string `json:"person"`
	}
	schemas := journal.Schemas{"example.hours": {
		journal.LiftFrom(func(old hoursV1) (worked, error) { return worked{60 * old.Hours, old.Person}, nil }),
	}}

	old := journal.Record{Kind: "example.hours", Schema: 1, Payload: []byte(`{"hours":3,"person":"Ada"}`)}
	var w worked
	err := schemas.Unmarshal(&old, &w) // as a view does in Decode
	fmt.Println(w, err, "schema", schemas.Present("example.hours"))
	// Output: {180 Ada} <nil> schema 2
}
