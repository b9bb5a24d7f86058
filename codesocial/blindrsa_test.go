package codesocial_test

import (
	"encoding/hex"
	"encoding/json"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

// The same holds for a key that an office has made badly on purpose, so that its exponent divides what it must not and every number has several roots, among
// which the office may pick as it likes: here with numbers small enough to try all of them.
func TestAnOfficeWithABadKeyLearnsNoMore(t *testing.T) {
	t.Parallel()
	const n = 7 * 13 // the exponent 3 divides 6 and 12
	cube := func(x int) int { return x * x % n * x % n }
	inverse, roots := map[int]int{}, map[int][]int{}
	for x := range n {
		for y := range n {
			if x*y%n == 1 {
				inverse[x] = y
				roots[cube(x)] = append(roots[cube(x)], x)
			}
		}
	}
	require.Len(t, inverse, 72)
	require.Len(t, roots, 8)
	for message, all := range roots { // only such a message can be signed at all
		for blinded, choices := range roots {
			for _, signed := range choices { // by whatever plan the office picks it
				var unblinded []int
				for factor, inverted := range inverse {
					if message*cube(factor)%n == blinded {
						unblinded = append(unblinded, signed*inverted%n)
					}
				}
				require.ElementsMatch(t, all, unblinded, "each blinded message is as likely, and then each signature that can be shown, once")
			}
		}
	}
}

func TestSignaturesAreThoseOfRFC9474(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/rfc9474.json")
	require.NoError(t, err)
	var vector map[string]any
	require.NoError(t, json.Unmarshal(data, &vector))
	value := func(name string) []byte {
		b, err := hex.DecodeString(strings.TrimPrefix(vector[name].(string), "0x"))
		require.NoError(t, err)
		return b
	}
	n := value("n")
	require.NoError(t, codesocial.CheckModulus("n", n))
	require.NoError(t, codesocial.VerifyBlind("blind_sig", n, value("blinded_msg"), value("blind_sig")))
	require.NoError(t, codesocial.VerifyUnblinded("sig", n, value("msg_prefix"), value("msg"), value("sig")))
	require.ErrorIs(t, codesocial.VerifyBlind("blind_sig", n, value("blinded_msg"), value("sig")), codesocial.ErrSignature)
	require.ErrorIs(t, codesocial.VerifyUnblinded("sig", n, value("msg_prefix"), value("msg"), value("blind_sig")), codesocial.ErrSignature)
	require.ErrorIs(t, codesocial.VerifyUnblinded("sig", n, value("msg"), value("msg_prefix"), value("sig")), codesocial.ErrSignature)
	// A number has one spelling: not that which is larger by the modulus.
	spelled := func(v *big.Int) []byte { return v.FillBytes(make([]byte, len(n))) }
	two := big.NewInt(2)
	asked := spelled(new(big.Int).Exp(two, big.NewInt(65537), new(big.Int).SetBytes(n)))
	require.NoError(t, codesocial.VerifyBlind("blind_sig", n, asked, spelled(two)))
	require.ErrorIs(t, codesocial.VerifyBlind("blind_sig", n, asked, spelled(two.Add(two, new(big.Int).SetBytes(n)))), codesocial.ErrSignature)
	// The blinding factor, too, is that of the pair.
	modulus, inv := new(big.Int).SetBytes(n), new(big.Int).SetBytes(value("inv"))
	inv.Mul(inv, new(big.Int).SetBytes(value("blind_sig"))).Mod(inv, modulus)
	require.Equal(t, value("sig"), inv.FillBytes(make([]byte, len(n))))
}
