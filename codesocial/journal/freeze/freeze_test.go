package freeze_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/freeze"
)

type (
	kind  string
	small uint8
	day   struct{ Year, Month, Day int }
	key   struct {
		of  kind
		day day
	}
)

// A tree has one of everything that can be kept.
type tree struct {
	name     string
	kind     kind
	yes      bool
	a        int
	b        int8
	c        int16
	d        int32
	e        int64
	f        uint
	g        small
	h        uint16
	i        uint32
	j        uint64
	x        float32
	y        float64
	id       uuid.UUID
	days     [3]day
	bytes    []byte
	list     []tree
	names    []string
	amounts  []decimal.Decimal
	times    []time.Time
	zone     *time.Location
	parent   *tree
	twin     **tree
	byName   map[string]*tree
	byKey    map[key][]small
	set      map[uuid.UUID]struct{}
	again    map[uuid.UUID]struct{}
	byNumber map[int8]bool
	flags    map[bool]map[uint64]float64
	inner
	*link

	Cache sync.Mutex `freeze:"-"`
	owner any        `freeze:"-"`
}

type inner struct{ depth, Width int }

type link struct {
	next *link
	n    int
}

// A grove leads to a tree.
type grove struct{ *tree }

var (
	treeForm  = freeze.Of[tree]()
	groveForm = freeze.Of[grove]()
)

// grow returns a tree at random.
func grow(random *rand.Rand, depth int) *tree {
	some := func() int { return random.IntN(4) - 1 } // -1: nil, where there is a difference
	name := func() string { return strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(40)) }
	number := func() int64 { return int64(random.Uint64()) >> random.IntN(64) }
	t := &tree{
		name: name(), kind: kind(name()), yes: random.IntN(2) == 0, a: int(number()), b: int8(number()), c: int16(number()), d: int32(number()), e: number(), f: uint(number()),
		g: small(number()), h: uint16(number()), i: uint32(number()), j: uint64(number()), x: random.Float32(), y: random.NormFloat64(), inner: inner{int(number()), int(number())},
		days: [3]day{{2026, 11, random.IntN(30)}, {}, {-1, 0, 1}},
	}
	for i := range t.id {
		t.id[i] = byte(random.Uint32())
	}
	if n := some(); n >= 0 {
		t.bytes, t.names, t.amounts, t.times = make([]byte, n), make([]string, n), make([]decimal.Decimal, n), make([]time.Time, n)
		t.byName, t.byKey, t.set = make(map[string]*tree), make(map[key][]small), make(map[uuid.UUID]struct{})
		t.again = t.set
		t.byNumber, t.flags = map[int8]bool{}, map[bool]map[uint64]float64{}
		t.zone = []*time.Location{time.UTC, time.Local, nil}[random.IntN(3)]
		for i := range n {
			t.bytes[i], t.names[i] = byte(i), name()
			t.amounts[i] = decimal.New(number(), int32(random.IntN(9)-6)).Mul(decimal.New(number(), -2))
			t.times[i] = time.Unix(number()>>20, int64(random.IntN(1e9))).In([]*time.Location{time.UTC, time.FixedZone("", 3600*random.IntN(5))}[random.IntN(2)])
			t.byKey[key{kind(name()), day{Day: i}}] = []small{small(i)}
			t.set[uuid.UUID{byte(random.IntN(5)), 1}] = struct{}{}
			t.byNumber[int8(number())] = true
			t.flags[i == 0] = map[uint64]float64{random.Uint64(): math.Inf(-i)}
			if depth > 0 {
				child := grow(random, depth-1)
				child.parent, child.twin = t, &t.parent
				t.list = append(t.list, tree{name: name(), parent: child})
				t.byName[name()] = child
				t.byName["the same"] = child
			}
		}
	}
	for range random.IntN(3) {
		t.link = &link{t.link, int(number())}
	}
	return t
}

func TestWhatIsKeptComesBackJustAsItWas(t *testing.T) {
	t.Parallel()
	for range 50 {
		seed := rand.Uint64()
		random := rand.New(rand.NewPCG(seed, 0))
		given := &grove{grow(random, 4)}
		data, err := groveForm.Marshal(given)
		require.NoError(t, err)
		again, err := groveForm.Marshal(given)
		require.NoError(t, err)
		require.Equal(t, data, again, "seed %d: the same bytes for the same value", seed)
		var got grove
		require.NoError(t, groveForm.Unmarshal(data, &got), "seed %d", seed)
		found, err := groveForm.Differ(given, &got)
		require.NoError(t, err)
		require.Empty(t, found, "seed %d", seed)
		again, err = groveForm.Marshal(&got)
		require.NoError(t, err)
		require.Equal(t, data, again, "seed %d", seed)
	}
}

func TestDifferFindsWhatDiffers(t *testing.T) {
	t.Parallel()
	seed := func() *tree { return grow(rand.New(rand.NewPCG(3, 3)), 2) }
	two := func() *tree {
		x := &tree{byName: map[string]*tree{}, amounts: []decimal.Decimal{decimal.New(1, 0)}, times: make([]time.Time, 1), zone: time.UTC, bytes: []byte("abc"), set: map[uuid.UUID]struct{}{{}: {}}}
		x.byName["a"], x.byName["b"] = new(tree), new(tree)
		x.list = make([]tree, 2)
		return x
	}
	for name, test := range map[string]struct {
		change func(*tree)
		at     string
	}{
		"nothing":           {func(*tree) {}, ""},
		"what is left out":  {func(x *tree) { x.owner = 3 }, ""},
		"a number":          {func(x *tree) { x.list[1].h = 3 }, ".list[1].h"},
		"text":              {func(x *tree) { x.byName["a"].kind = "k" }, ".byName[a].kind"},
		"empty, not nil":    {func(x *tree) { x.names = []string{} }, ".names"},
		"length":            {func(x *tree) { x.list = x.list[:1] }, ".list"},
		"a key":             {func(x *tree) { x.set = map[uuid.UUID]struct{}{{1}: {}} }, ".set[00000000-0000-0000-0000-000000000000]"},
		"a byte":            {func(x *tree) { x.bytes[1] = 0 }, ".bytes[1]"},
		"places":            {func(x *tree) { x.amounts[0] = decimal.New(10, -1) }, ".amounts[0]"},
		"an instant":        {func(x *tree) { x.times[0] = time.Unix(0, 0) }, ".times[0]"},
		"a zone":            {func(x *tree) { x.zone = nil }, ".zone"},
		"shared, where not": {func(x *tree) { x.byName["b"] = x.byName["a"] }, ".byName["},
	} {
		changed := two()
		test.change(changed)
		found, err := treeForm.Differ(two(), changed)
		require.NoError(t, err)
		require.True(t, test.at == "" && found == "" || test.at != "" && strings.HasPrefix(found, "freeze_test.tree"+test.at), "%s: %q", name, found)
		found, err = treeForm.Differ(changed, two())
		require.NoError(t, err)
		require.Equal(t, test.at == "", found == "", name)
	}
	found, err := treeForm.Differ(seed(), seed())
	require.NoError(t, err)
	require.Empty(t, found)
}

func TestWhatIsLeftOutStaysAsItWasAndIsListed(t *testing.T) {
	t.Parallel()
	left, err := treeForm.Left()
	require.NoError(t, err)
	require.Equal(t, []string{"freeze_test.tree.Cache", "freeze_test.tree.owner"}, left)
	data, err := treeForm.Marshal(&tree{name: "new", owner: "gone"})
	require.NoError(t, err)
	got := &tree{name: "old", owner: "mine", a: 3}
	require.NoError(t, treeForm.Unmarshal(data, got))
	require.Equal(t, &tree{name: "new", owner: "mine"}, got)
}

func TestBytesOfAnotherTypeAreRefused(t *testing.T) {
	t.Parallel()
	type v1 struct{ A, B int }
	type v2 struct {
		A int
		B int `freeze:"-"`
	}
	for name, other := range map[string]func([]byte) error{
		"another name": func(b []byte) error { return freeze.Of[struct{ A, B int }]().Unmarshal(b, new(struct{ A, B int })) },
		"another tag":  func(b []byte) error { return freeze.Of[v2]().Unmarshal(b, new(v2)) },
		"another form": func(b []byte) error {
			return freeze.Of[struct{ V v1 }]().Unmarshal(b, new(struct{ V v1 }))
		},
	} {
		data, err := freeze.Of[v1]().Marshal(&v1{1, 2})
		require.NoError(t, err)
		require.ErrorIs(t, other(data), freeze.ErrOther, name)
	}
	form := func(name string) *freeze.Plan[struct{ P *v1 }] {
		return freeze.Of[struct{ P *v1 }](freeze.As(name, func(*v1) ([]byte, error) { return nil, nil }, func([]byte) (*v1, error) { return new(v1), nil }))
	}
	data, err := form("v1 1").Marshal(&struct{ P *v1 }{new(v1)})
	require.NoError(t, err)
	require.NoError(t, form("v1 1").Unmarshal(data, new(struct{ P *v1 })))
	require.ErrorIs(t, form("v1 2").Unmarshal(data, new(struct{ P *v1 })), freeze.ErrOther)
}

func TestTypesThatCannotBeKeptAreRefused(t *testing.T) {
	t.Parallel()
	refused := func(err error, words string) {
		t.Helper()
		require.ErrorContains(t, err, words)
	}
	refused(marshal(struct{ a any }{}), "a interface cannot be kept")
	refused(marshal(struct{ f func() }{}), "a func cannot be kept")
	refused(marshal(struct{ c []chan int }{}), "a chan cannot be kept")
	refused(marshal(struct{ p uintptr }{}), "a uintptr cannot be kept")
	refused(marshal(struct{ m sync.Mutex }{}), "unexported fields")
	refused(marshal(struct{ l []struct{} }{}), "nothing of its elements is kept")
	refused(marshal(struct{ m map[*int]int }{}), "a key of this type cannot be kept")
	refused(marshal(struct{ m map[float64]int }{}), "a key of this type cannot be kept")
	refused(marshal(time.Now().In(time.FixedZone("CET", 3600))), "keep it in UTC")
	refused(marshal(struct{ l *time.Location }{time.FixedZone("Nowhere/Atall", 60)}), "Nowhere/Atall")
	round := new(link)
	round.next = round
	_, err := freeze.Of[link]().Marshal(round)
	refused(err, "leads back")
	var deep *link
	for range freeze.MaxDepth + 2 {
		deep = &link{next: deep}
	}
	refused(marshal(*deep), "deep")
}

func marshal[T any](v T) error { //nolint:govet // a mutex that is not locked
	_, err := freeze.Of[T]().Marshal(&v)
	return err
}

func TestFormMakesAValueAgainAndKeepsWhatIsShared(t *testing.T) {
	t.Parallel()
	type document struct{ text string }
	type holder struct{ a, b, c *document }
	form := freeze.Of[holder](freeze.As("document 1", func(d *document) ([]byte, error) { return []byte(d.text), nil },
		func(b []byte) (*document, error) { return &document{string(b)}, nil }))
	one := &document{"one"}
	data, err := form.Marshal(&holder{one, nil, one})
	require.NoError(t, err)
	var got holder
	require.NoError(t, form.Unmarshal(data, &got))
	require.Equal(t, holder{one, nil, one}, got)
	require.Same(t, got.a, got.c)
}

func TestWhichPointerToATimeZoneItIsSaysNothing(t *testing.T) {
	t.Parallel()
	type holder struct{ a, b *time.Location }
	form := freeze.Of[holder]()
	one, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	other, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	require.NotSame(t, one, other)
	same, err := form.Marshal(&holder{one, one})
	require.NoError(t, err)
	two, err := form.Marshal(&holder{one, other})
	require.NoError(t, err)
	require.Equal(t, same, two)
	var got holder
	require.NoError(t, form.Unmarshal(two, &got))
	require.Equal(t, "Europe/Paris", got.b.String())
}

func TestCheckFindsMemoryThatIsReachedInTwoWays(t *testing.T) {
	t.Parallel()
	require.NoError(t, treeForm.Check(grow(rand.New(rand.NewPCG(1, 1)), 0)))
	inside := &tree{list: make([]tree, 2)}
	inside.parent = &inside.list[1]
	require.ErrorContains(t, treeForm.Check(inside), ".list and .parent share memory")
	twice := &tree{bytes: []byte("abc"), list: make([]tree, 1)}
	twice.list[0].bytes = twice.bytes[:2]
	require.ErrorContains(t, treeForm.Check(twice), "share memory")
	alike := &tree{list: make([]tree, 2)}
	alike.list[0].byName = map[string]*tree{"x": alike}
	alike.list[1].byName, alike.list[1].list = alike.list[0].byName, alike.list
	alike.list[0].bytes, alike.list[1].bytes = []byte("abc"), nil
	alike.bytes = alike.list[0].bytes
	require.NoError(t, treeForm.Check(alike), "what is shared as a whole stays shared")
	data, err := groveForm.Marshal(&grove{alike})
	require.NoError(t, err)
	var got grove
	require.NoError(t, groveForm.Unmarshal(data, &got))
	require.Same(t, &got.list[1], &got.list[1].list[1])
	got.bytes[0] = 'x'
	require.Equal(t, "xbc", string(got.list[0].bytes))
	require.Same(t, got.tree, got.list[1].byName["x"])
}

func TestDamagedBytesAreAnErrorAndLeaveTheValueAsItWas(t *testing.T) {
	t.Parallel()
	data, err := groveForm.Marshal(&grove{grow(rand.New(rand.NewPCG(7, 7)), 2)})
	require.NoError(t, err)
	for n := range len(data) {
		got := grove{&tree{name: "as it was"}}
		require.Error(t, groveForm.Unmarshal(data[:n], &got), "cut at %d", n)
		require.Equal(t, "as it was", got.name)
	}
	require.ErrorIs(t, groveForm.Unmarshal(append(data, 0), new(grove)), freeze.ErrInvalid)
	random := rand.New(rand.NewPCG(8, 8))
	for i := range data {
		harmless(t, append(append(bytes.Clone(data[:i]), data[i]^byte(1+random.IntN(255))), data[i+1:]...))
		for b := range 8 {
			harmless(t, append(append(bytes.Clone(data[:i]), data[i]^1<<b), data[i+1:]...))
		}
	}
	for range 2000 {
		junk := make([]byte, random.IntN(300))
		for i := range junk {
			junk[i] = byte(random.Uint32() >> random.IntN(24))
		}
		harmless(t, append(bytes.Clone(data[:8]), junk...))
	}
	for range 200 { // large numbers everywhere
		harmless(t, append(bytes.Clone(data[:8+random.IntN(len(data)-8)]), "\xff\xff\xff\xff\xff\xff\xff\xff\x7f\xff\xff\xff\xff\x0f"...))
	}
}

// harmless checks that bytes are an error, or make a value that can be kept.
func harmless(t *testing.T, data []byte) {
	t.Helper()
	var got grove
	if groveForm.Unmarshal(data, &got) != nil {
		return
	}
	again, err := groveForm.Marshal(&got)
	require.NoError(t, err)
	require.NoError(t, groveForm.Unmarshal(again, new(grove)))
}

// memory returns how many bytes f allocates.
func memory(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func FuzzUnmarshal(f *testing.F) {
	for depth := range 3 {
		data, err := groveForm.Marshal(&grove{grow(rand.New(rand.NewPCG(uint64(depth), 3)), depth)})
		require.NoError(f, err)
		f.Add(data[8:])
	}
	head, err := groveForm.Marshal(new(grove))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, data []byte) { harmless(t, append(bytes.Clone(head[:8]), data...)) })
}
