package charset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/internal/charset"
)

func TestTheSimplestEncodingInWhichATextCanBeReadIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		encoding charset.Encoding
		utf8     string
	}{
		"ble":       {charset.ASCII, "ble"},
		"blé €":     {charset.UTF8, "blé €"},
		"bl\xe9":    {charset.Latin9, "blé"},
		"\xa4 \xbd": {charset.Latin9, "€ œ"},
		"\x80 \x9c": {charset.Windows1252, "€ œ"},
		"\xe9\x81":  {charset.Windows1252, "é\ufffd"},
	} {
		e := charset.Of([]byte(text))
		require.Equal(t, want.encoding, e, "%q", text)
		require.Equal(t, "x"+want.utf8, string(charset.Decode([]byte("x"), []byte(text), e)), "%q", text)
	}
	require.Equal(t, "ISO-8859-15", charset.Latin9.String())
}
