package intake

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoHeaderMeansTwoFields(t *testing.T) {
	t.Parallel()
	for _, fields := range [][]field{contributionFields, moneyFields} {
		owner := make(map[string]string)
		for _, f := range fields {
			for _, header := range f.headers {
				require.Equal(t, Fold(header), header, "headers of %s are compared folded", f.name)
				require.Empty(t, owner[header], "%s is a header of %s too", header, f.name)
				owner[header] = f.name
			}
		}
	}
}
