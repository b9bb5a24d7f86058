package chart

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"
)

func TestTextIsCleanedOfWhatXMLAndReadersCannotTake(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" a \n\t b\r\n":                        "a b",
		"5\u00a0%":                             "5\u00a0%",
		"a\x00b\x1bc\x7fd":                     "abcd",
		"\xffa":                                "\ufffda",
		"\ufffe\uffff":                         "\ufffd\ufffd",
		"\u202eabc\u2069":                      "abc",
		"e\u0301":                              "e\u0301",
		"e" + "\u0301\u0301\u0301\u0301\u0301": "e\u0301\u0301\u0301",
		"":                                     "",
	} {
		require.Equal(t, want, clean(in), "%q", in)
	}
}

func TestLinesAreBrokenBetweenWordsAndWhatIsLeftOutIsMarked(t *testing.T) {
	t.Parallel()
	st := style{size: 10}
	wide := st.measure("Coopérative d’activités")
	require.Equal(t, []string{"Coopérative d’activités", "et d’emploi"}, st.wrap("Coopérative d’activités et d’emploi", wide, 2))
	require.Equal(t, []string{"Coopérative d’activités", "et d’emploi de Loire…"}, st.wrap("Coopérative d’activités et d’emploi de Loire-Atlantique", wide, 2))
	require.Equal(t, []string{"Sud-Ouest-", "Nord-Est"}, st.wrap("Sud-Ouest-Nord-Est", st.measure("Sud-Ouest-N"), 3))
	require.Equal(t, []string{"emploi", "« Ici »", "réunis :", "oui"}, st.wrap("emploi « Ici » réunis : oui", st.measure("réunis :"), 4))
	require.Empty(t, st.wrap("", 100, 2))
	require.Equal(t, "abc", st.shorten("abc", 100))
	require.Equal(t, "…", st.shorten("abc", 1))

	accented := "e\u0301e\u0301e\u0301e\u0301"
	require.Equal(t, "e\u0301e\u0301…", st.shorten(accented, st.measure("ee…")), "an accent stays with its letter")
}

func TestWrappedTextAlwaysFits(t *testing.T) {
	t.Parallel()
	for _, s := range append(append([]string{}, names...), hostile...) {
		s = clean(s)
		for _, wide := range []vg.Length{14, 40, 110, 400} {
			for _, limit := range []int{1, 2, 3} {
				lines := nameStyle.wrap(s, wide, limit)
				require.LessOrEqual(t, len(lines), limit)
				for _, line := range lines {
					require.LessOrEqual(t, nameStyle.measure(line), wide, "%q", line)
				}
				if limit == 3 && wide == 400 && nameStyle.measure(s) < wide {
					require.Equal(t, s, strings.Join(lines, ""))
				}
			}
		}
	}
}

func TestLettersTheFontDoesNotKnowAreGivenRoomAndNoFixedWidth(t *testing.T) {
	t.Parallel()
	w, exact := style{size: 10}.width("共同e")
	require.False(t, exact)
	require.Greater(t, w, vg.Length(20))
	svg := string(render(t, picture{"shares", func(w io.Writer) error {
		return Shares(w, Division{Title: "共同", Parts: []Part{{Name: "Zoé", Amount: dec("1")}}})
	}}))
	for _, line := range strings.Split(svg, "\n") {
		if strings.HasPrefix(line, "<text") {
			require.Equal(t, !strings.Contains(line, "共同"), strings.Contains(line, "textLength"), line)
		}
	}
}
