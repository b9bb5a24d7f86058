package paper_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
)

func TestTextIsNoMarkup(t *testing.T) {
	t.Parallel()
	require.Equal(t, `\*a\* \[b\](c) &lt;i&gt; R&D \| \#1 d`, paper.Markdown("*a* [b](c) <i> R&D | #1\nd"))
	require.Equal(t, `&amp;lt;b&amp;gt; &amp;\#60;`, paper.Markdown("&lt;b&gt; &#60;"), "an entity stays what was written")
	require.Equal(t, "'''a b", paper.Plain("```a\nb"))
	require.Equal(t, "a\n'''\nb", paper.Fenced("a\n```\nb\n\n"))
	require.Equal(t, "", paper.Lead(""))
	require.Equal(t, `*a\_b.* `, paper.Lead("a_b"))
}

func TestNumbersHaveOnePunctuation(t *testing.T) {
	t.Parallel()
	d := decimal.RequireFromString("1234567.50")
	require.Equal(t, "1 234 567.50", paper.Number("en", d, 2))
	require.Equal(t, "1 234 567,50", paper.Number("fr", d, 2))
	require.Equal(t, "1 234 567.5", paper.PlainNumber("en", d))
	require.Equal(t, "40", paper.PlainNumber("fr", decimal.New(4, 1)))
}

func TestKindsAreCalledByTheirNames(t *testing.T) {
	t.Parallel()
	wealth := dividend.Wealth{Kinds: []dividend.Kind{{ID: "time", Name: map[string]string{"fr": "temps"}}}}
	steps := []dividend.Step{{Rule: dividend.StepWeight, Subject: "time", Steps: []dividend.Step{{Rule: dividend.StepTerm, Subject: "time"}}}}
	paper.NameKinds(steps, wealth, "fr")
	require.Equal(t, "time", steps[0].Subject, "a line may have the id of a kind")
	require.Equal(t, "temps", steps[0].Steps[0].Subject)
	require.Equal(t, "time", paper.KindName(wealth.Kinds[0], "en"))
}

func TestFileIsThereWhollyAndLeftoversAreNot(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a")
	require.NoError(t, os.WriteFile(path+".unfinished", []byte("left by a run that was killed"), 0o600))
	require.NoError(t, paper.WriteFile(path, []byte("one"), 0o600))
	require.NoFileExists(t, path+".unfinished")
	before, err := os.Stat(path)
	require.NoError(t, err)
	require.NoError(t, paper.WriteFile(path, []byte("one"), 0o600))
	after, err := os.Stat(path)
	require.NoError(t, err)
	require.True(t, os.SameFile(before, after), "the same content is not written again")
	require.NoError(t, paper.WriteFile(path, []byte("two"), 0o600))
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "two", string(b))
	require.Error(t, paper.WriteFile(filepath.Join(path, "below a file"), nil, 0o600))
}
