package canonical_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

type sample struct {
	Name   string            `json:"name"`
	Amount decimal.Decimal   `json:"amount"`
	ID     uuid.UUID         `json:"id"`
	Count  int               `json:"count,omitempty"`
	Small  uint8             `json:"small,omitempty"`
	Tags   []string          `json:"tags,omitempty"`
	Texts  map[string]string `json:"texts,omitempty"`
	Inner  *inner            `json:"inner,omitempty"`
	List   []inner           `json:"list,omitempty"`
	Raw    canonical.Raw     `json:"raw,omitempty"`
	Bytes  []byte            `json:"bytes,omitempty"`
	Limit  decimal.Decimal   `json:"limit,omitzero"`
	Yes    bool              `json:"yes,omitempty"`
	Hidden string            `json:"-"`
}

type inner struct {
	Rate decimal.Decimal `json:"rate"`
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestMarshalSortsMembersAndLeavesOutWhatIsEmpty(t *testing.T) {
	t.Parallel()
	got, err := canonical.Marshal(sample{Name: "é\n\"", Amount: dec("0.050"), Hidden: "x"})
	require.NoError(t, err)
	require.Equal(t, `{"amount":"0.05","id":"00000000-0000-0000-0000-000000000000","name":"é\n\""}`, string(got))
	require.NoError(t, canonical.Valid(got))
}

func TestWhatIsMarshalledIsReadBackEqual(t *testing.T) {
	t.Parallel()
	in := sample{
		Name: "l’été 𝒳", Amount: dec("1234.56"), ID: uuid.MustParse("0197a1b2-0000-7000-8000-000000000001"), Count: -3, Small: 255,
		Tags: []string{"b", "a"}, Texts: map[string]string{"fr": "oui", "en": "yes"}, Inner: &inner{dec("0.1")},
		List: []inner{{dec("1")}, {dec("2")}}, Raw: canonical.Raw(`{"kind":"x"}`), Bytes: []byte{0, 1, 255}, Limit: dec("9"), Yes: true,
	}
	text, err := canonical.Marshal(in)
	require.NoError(t, err)
	var out sample
	require.NoError(t, canonical.Unmarshal(text, &out))
	again, err := canonical.Marshal(out)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	require.Equal(t, in.Texts, out.Texts)
	require.Equal(t, in.Bytes, out.Bytes)
}

func TestMembersAreOrderedByUTF16CodeUnits(t *testing.T) {
	t.Parallel()
	// The member names of RFC 8785 §3.2.3.
	const in = `{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`
	out, err := canonical.Transform([]byte(in))
	require.NoError(t, err)
	var values []string
	for part := range strings.SplitSeq(strings.Trim(string(out), "{}"), ",") {
		values = append(values, part[strings.Index(part, ":")+1:])
	}
	require.Equal(t, []string{
		`"Carriage Return"`, `"One"`, `"Control"`, `"Latin Small Letter O With Diaeresis"`, `"Euro Sign"`,
		`"Emoji: Grinning Face"`, `"Hebrew Letter Dalet With Dagesh"`,
	}, regroup(values))
}

// regroup mends the one value that holds no comma but a colon.
func regroup(values []string) []string {
	for i, v := range values {
		if j := strings.LastIndex(v, `":"`); j >= 0 {
			values[i] = v[j+2:]
		}
	}
	return values
}

func TestOrderOfNamesAgreesWithUTF16(t *testing.T) {
	t.Parallel()
	alphabet := []rune{'a', 'b', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xee80, 0xfffd, 0xffff, 0x10000, 0x1f600, 0x10ffff}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		members := map[string]int{}
		for range 4 {
			var name []rune
			for range rng.IntN(4) {
				name = append(name, alphabet[rng.IntN(len(alphabet))])
			}
			members[string(name)] = 1
		}
		text, err := canonical.Marshal(members)
		require.NoError(t, err)
		require.NoError(t, canonical.Valid(text))
		keys := slices.Collect(func(yield func(string) bool) {
			d := json.NewDecoder(strings.NewReader(string(text)))
			_, _ = d.Token()
			for d.More() {
				k, _ := d.Token()
				_, _ = d.Token()
				if !yield(k.(string)) {
					return
				}
			}
		})
		require.True(t, slices.IsSortedFunc(keys, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		}), "%q", keys)
	}
}

func TestUnmarshalRefusesWhatIsNotExactlyMeant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, says string }{
		"unknown member":     {`{"nom":"x"}`, "nom: unknown member"},
		"other case":         {`{"Name":"x"}`, "Name: unknown member"},
		"member twice":       {`{"name":"x","name":"y"}`, "name: member twice"},
		"map member twice":   {`{"texts":{"fr":"a","fr":"b"}}`, "texts.fr: member twice"},
		"raw member twice":   {`{"raw":{"a":1,"a":2}}`, "twice"},
		"null":               {`{"name":null}`, "name: "},
		"null in raw":        {`{"raw":[null]}`, "raw[0]: null: leave the member out"},
		"number for decimal": {`{"amount":1}`, "amount: "},
		"bad decimal":        {`{"amount":"ten"}`, `amount: value "ten"`},
		"float":              {`{"count":1.5}`, "count: number with fraction or exponent"},
		"exponent":           {`{"count":1e3}`, "count: number with fraction or exponent"},
		"minus zero":         {`{"count":-0}`, "-0"},
		"leading zero":       {`{"count":01}`, "leading zero"},
		"too large":          {`{"count":9007199254740992}`, "beyond 2^53-1"},
		"much too large":     {`{"count":` + strings.Repeat("9", 400) + `}`, "beyond 2^53-1"},
		"does not fit":       {`{"small":256}`, "small: number 256: does not fit uint8"},
		"negative unsigned":  {`{"small":-1}`, "does not fit"},
		"string for integer": {`{"count":"1"}`, "count: "},
		"trailing data":      {`{} {}`, "trailing data"},
		"trailing comma":     {`{"name":"x",}`, "where"},
		"unfinished":         {`{"name":"x"`, "text ends"},
		"empty":              {``, "text ends"},
		"invalid UTF-8":      {"{\"name\":\"\xff\"}", "invalid UTF-8"},
		"lone surrogate":     {`{"name":"\ud800"}`, "stands for no character"},
		"control character":  {"{\"name\":\"a\x01\"}", "control character"},
		"deep":               {`{"raw":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, "nested deeper than 64 levels"},
		"path":               {`{"list":[{"rate":"1"},{"rate":"x"}]}`, `list[1].rate: value "x"`},
		"long decimal":       {`{"amount":"` + strings.Repeat("x", 1000) + `"}`, "is no decimal.Decimal"},
		"turned decimal":     {`{"amount":"1\u202e"}`, "is no decimal.Decimal"},
		"words are texts":    {`{"texts":{"a":1}}`, "texts.a: \"1\" where a string"},
		"words twice":        {`{"texts":{"a":"x","a":"y"}}`, "twice"},
		"words in a list":    {`{"texts":["x"]}`, "an object"},
		"bad base64":         {`{"bytes":"a"}`, "not base64"},
		"loose base64":       {`{"bytes":"AB=="}`, "not base64"},
		"not a boolean":      {`{"yes":1}`, "true or false"},
		"no object":          {`[]`, "an object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v sample
			err := canonical.Unmarshal([]byte(c.text), &v)
			var e *canonical.Error
			require.ErrorAs(t, err, &e)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestMarshalRefusesWhatHasNoCanonicalForm(t *testing.T) {
	t.Parallel()
	type loop struct {
		Next *loop `json:"next,omitempty"`
	}
	around := new(loop)
	around.Next = around
	type embedded struct{ inner }
	type twice struct {
		A int
		B int `json:"A"`
	}
	for name, v := range map[string]any{
		"float": 1.5, "nil": nil, "nil pointer": (*inner)(nil), "function": func() {}, "large": int64(1) << 53, "bad text": "\xff",
		"loose raw": canonical.Raw(`{ }`), "cycle": around, "embedded": struct{ Inner embedded }{}, "integer keys": map[int]int{1: 1}, "twice": twice{},
		"interface": []any{1.5},
	} {
		_, err := canonical.Marshal(v)
		require.Error(t, err, name)
	}
}

func TestATypeThatIsRefusedIsRefusedInTheSameWordsEachTime(t *testing.T) {
	type embedding struct{ List struct{ testing.B } }
	_, first := canonical.Marshal(embedding{})
	require.ErrorContains(t, first, "canonical: List: type")
	_, again := canonical.Marshal(embedding{})
	require.EqualError(t, again, first.Error())
	require.Equal(t, canonical.Unmarshal([]byte(`{"List":{}}`), new(embedding)).Error(), canonical.Unmarshal([]byte(`{"List":{}}`), new(embedding)).Error())
}

func TestValidAcceptsOnlyTheCanonicalBytes(t *testing.T) {
	t.Parallel()
	for _, good := range []string{`{}`, `[]`, `"é"`, `0`, `-1`, `true`, `{"a":1,"b":[{"c":"\u001f"}]}`, `"\b\f\n\r\t\"\\"`, `"\u000b"`, `"/"`} {
		require.NoError(t, canonical.Valid([]byte(good)), good)
	}
	for _, bad := range []string{
		``, ` {}`, `{} `, `{"b":1,"a":1}`, `{"a":1,"a":1}`, `{"a": 1}`, `"\u00e9"`, `"\/"`, `"\u0008"`, `"\u001F"`, `"\u0020"`, `null`, `1.0`, `-0`,
		`01`, `1e1`, `tru`, `[1,]`, `[1 ,2]`, "\"\x7f\xff\"", "\"\n\"", `{"a"}`, `{"a":}`, `{1:1}`,
	} {
		require.Error(t, canonical.Valid([]byte(bad)), bad)
	}
}

func TestTransformAgreesWithEncodingJSONOnRandomDocuments(t *testing.T) {
	t.Parallel()
	const seed = 7
	rng := rand.New(rand.NewPCG(seed, seed))
	for range 2000 {
		doc := randomValue(rng, 0)
		loose, err := json.MarshalIndent(doc, " ", "\t")
		require.NoError(t, err)
		out, err := canonical.Transform(loose)
		require.NoError(t, err, "%s", loose)
		require.NoError(t, canonical.Valid(out), "%s", out)
		var back any
		d := json.NewDecoder(strings.NewReader(string(out)))
		d.UseNumber()
		require.NoError(t, d.Decode(&back))
		require.True(t, reflect.DeepEqual(doc, back), "%s", out)
		twice, err := canonical.Transform(out)
		require.NoError(t, err)
		require.Equal(t, string(out), string(twice))
	}
}

func TestMembersHoldAllThatADocumentHolds(t *testing.T) {
	t.Parallel()
	const seed = 11
	rng := rand.New(rand.NewPCG(seed, seed))
	var rebuild func(data canonical.Raw) any
	rebuild = func(data canonical.Raw) any {
		switch data[0] {
		case '{':
			m := map[string]any{}
			for name, value := range canonical.Members(data) {
				m[name] = rebuild(value)
			}
			return m
		case '[':
			l := []any{}
			for name, value := range canonical.Members(data) {
				require.Empty(t, name)
				l = append(l, rebuild(value))
			}
			return l
		}
		for range canonical.Members(data) {
			t.Fatal("neither an object nor an array")
		}
		var v any
		d := json.NewDecoder(strings.NewReader(string(data)))
		d.UseNumber()
		require.NoError(t, d.Decode(&v))
		return v
	}
	for range 1000 {
		doc := randomValue(rng, 0)
		loose, err := json.Marshal(doc)
		require.NoError(t, err)
		out, err := canonical.Transform(loose)
		require.NoError(t, err)
		require.Equal(t, doc, rebuild(out))
	}
	for name := range canonical.Members([]byte(`{"a":1,"b":2}`)) {
		require.Equal(t, "a", name)
		break
	}
}

func randomValue(rng *rand.Rand, depth int) any {
	switch n := rng.IntN(7); {
	case n < 2 && depth < 4:
		m := map[string]any{}
		for range rng.IntN(5) {
			m[randomText(rng)] = randomValue(rng, depth+1)
		}
		return m
	case n < 3 && depth < 4:
		l := []any{}
		for range rng.IntN(5) {
			l = append(l, randomValue(rng, depth+1))
		}
		return l
	case n < 4:
		return rng.IntN(2) == 0
	case n < 5:
		text, _ := json.Marshal(rng.Int64N(1<<53) - 1<<52)
		return json.Number(text)
	}
	return randomText(rng)
}

func randomText(rng *rand.Rand) string {
	runes := []rune{'a', 'z', '"', '\\', '/', 0, 8, 9, 10, 0x1f, 0x7f, 0xe9, 0x2028, 0xfffd, 0xfeff, 0x1f600}
	out := make([]rune, rng.IntN(6))
	for i := range out {
		out[i] = runes[rng.IntN(len(runes))]
	}
	return string(out)
}

func FuzzTransform(f *testing.F) {
	for _, s := range []string{`{"b":1,"a":[true,"x\u00e9"]}`, `"\ud83d\ude00"`, `[[[]]]`, `{"a":-0}`, `nul`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, value := range canonical.Members(data) {
			require.NoError(t, canonical.Valid(value))
		}
		out, err := canonical.Transform(data)
		if err != nil {
			return
		}
		require.NoError(t, canonical.Valid(out))
		require.True(t, json.Valid(out))
		twice, err := canonical.Transform(out)
		require.NoError(t, err)
		require.Equal(t, out, twice)
		if canonical.Valid(data) == nil {
			require.Equal(t, string(data), string(out))
		}
	})
}

func FuzzUnmarshal(f *testing.F) {
	f.Add([]byte(`{"amount":"1.5","id":"0197a1b2-0000-7000-8000-000000000001","list":[{"rate":"1"}],"name":"x","texts":{"fr":"a"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var v struct {
			Name  string            `json:"name"`
			Count int               `json:"count,omitempty"`
			Texts map[string]string `json:"texts,omitempty"`
			Raw   canonical.Raw     `json:"raw,omitempty"`
			List  []string          `json:"list,omitempty"`
		}
		if canonical.Unmarshal(data, &v) != nil {
			return
		}
		text, err := canonical.Marshal(v)
		require.NoError(t, err)
		require.NoError(t, canonical.Valid(text))
	})
}

func BenchmarkPayload(b *testing.B) {
	in := sample{Name: "https://la-trame.example/party/0197", Amount: dec("3.25"), Count: 3, Tags: []string{"time"}, Texts: map[string]string{"fr": "réunion d'équipe"}, Inner: &inner{dec("1.5")}}
	text, err := canonical.Marshal(in)
	require.NoError(b, err)
	b.Run("Marshal", func(b *testing.B) {
		b.ReportAllocs()
		buf := make([]byte, 0, 1024)
		for b.Loop() {
			if buf, err = canonical.Append(buf[:0], in); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Unmarshal", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v sample
			if err := canonical.Unmarshal(text, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Valid", func(b *testing.B) {
		for b.Loop() {
			if err := canonical.Valid(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("EncodingJSONUnmarshal", func(b *testing.B) {
		for b.Loop() {
			var v sample
			if err := json.Unmarshal(text, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
