package codesocial_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestSocialCodesOfThreeStylesAreChartersWithNothingToFind(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/charters/*.md")
	require.NoError(t, err)
	require.Len(t, files, 3)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			charter, err := codesocial.ParseMarkdown(source)
			require.NoError(t, err)
			require.Equal(t, string(source), string(charter.Markdown()), "what people wrote is what the library writes")
			again, err := codesocial.ParseCharter(charter.Canonical())
			require.NoError(t, err)
			require.Equal(t, charter.Hash(), again.Hash())
			require.Empty(t, charter.Lint(anything("dividend.waterfall")))
			_, err = charter.ReviewOpens()
			require.NoError(t, err)
			var admission codesocial.AdmissionRule
			_, err = charter.Rule(codesocial.AdmissionKind, &admission)
			require.NoError(t, err)
		})
	}
}
