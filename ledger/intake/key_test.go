package intake_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const keyHeader = "person;project;hours;date;note;validated by\n"

func contributionKeys(t *testing.T, text string) []string {
	t.Helper()
	var keys []string
	for _, line := range contributions(t, text, nil) {
		keys = append(keys, line.Key)
	}
	return keys
}

func TestEqualLinesAreDifferentContributions(t *testing.T) {
	t.Parallel()
	keys := contributionKeys(t, keyHeader+"A;P;1;2025-01-01;x;\nA;P;1,0;01/01/2025;x;\n")
	require.NotEqual(t, keys[0], keys[1])
	more := contributionKeys(t, keyHeader+"A;P;1;2025-01-01;x;\nA;P;1;2025-01-01;x;\nA;P;1;2025-01-01;x;\n")
	require.Subset(t, more, keys, "a third equal line leaves the first two what they were")
}

func TestKeysDoNotDependOnOrderFormOrValidation(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	rows := make([]string, 60)
	for i := range rows {
		rows[i] = strings.Join([]string{
			string(rune('A' + random.IntN(3))), "P", []string{"1", "2"}[random.IntN(2)], "2025-01-01", []string{"", "x"}[random.IntN(2)],
			[]string{"", "V", "W"}[random.IntN(3)],
		}, ";") + "\n"
	}
	read := func() map[string]string { // key to who validated the line
		validated := make(map[string]string)
		for _, line := range contributions(t, keyHeader+strings.Join(rows, ""), nil) {
			validated[line.Key] = line.Person + line.Note + line.ValidatedBy
		}
		return validated
	}
	before := read()
	require.Len(t, before, len(rows))
	for range 20 {
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		require.Equal(t, before, read())
	}
}

func TestALineThatIsValidatedLaterStaysTheSameLine(t *testing.T) {
	t.Parallel()
	declared := contributionKeys(t, keyHeader+"A;P;1;2025-01-01;x;\n")
	validated := contributionKeys(t, "sep=;\n"+keyHeader+"A;P;1:00;1 janvier 2025;x;V\n")
	require.Equal(t, declared, validated)
}

func TestEveryOtherCellIsPartOfTheKey(t *testing.T) {
	t.Parallel()
	const header = "person;organization;project;kind;quantity;unit;date;note;evidence\n"
	rows := []string{
		"A;O;P;K;1;kg;2025-01-01;n;e", "B;O;P;K;1;kg;2025-01-01;n;e", "A;Q;P;K;1;kg;2025-01-01;n;e", "A;O;R;K;1;kg;2025-01-01;n;e",
		"A;O;P;L;1;kg;2025-01-01;n;e", "A;O;P;K;2;kg;2025-01-01;n;e", "A;O;P;K;1;t;2025-01-01;n;e", "A;O;P;K;1;kg;2025-01-02;n;e",
		"A;O;P;K;1;kg;2025-01-01;m;e", "A;O;P;K;1;kg;2025-01-01;n;f", "A;O;P;K;1;kg;2025-01-01;ne;",
	}
	keys := contributionKeys(t, header+strings.Join(rows, "\n")+"\n")
	slices.Sort(keys)
	require.Len(t, slices.Compact(keys), len(rows))
}

func TestAnIdIsTheKeyWhateverElseChanges(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		contributionKeys(t, "id;person;project;hours;date\n7;A;P;1;2025-01-01\n"),
		contributionKeys(t, "id;person;project;hours;date\n7;A;P;2;2025-01-02\n"))
}

func TestMoneyKeysAreStableAndApart(t *testing.T) {
	t.Parallel()
	first := money(t, "date;sens;montant;libellé\n2025-01-01;recette;1;x\n2025-01-01;recette;1;x\n2025-01-01;dépense;1;x\n")
	second := money(t, "sens;date;libellé;montant\ndépense;1/1/2025;x;1,00\nrecette;1/1/2025;x;1,00 €\nrecette;1/1/2025;x;1\n")
	require.NotEqual(t, first[0].Key, first[1].Key)
	require.NotEqual(t, first[0].Key, first[2].Key)
	require.ElementsMatch(t,
		[]string{first[0].Key, first[1].Key, first[2].Key},
		[]string{second[0].Key, second[1].Key, second[2].Key})
	// The key is what a journal knows a line by: it must never change.
	require.Equal(t, "line:342c30f2", first[2].Key[:13])
	require.NotEqual(t, contributions(t, "person;project;hours;date\nA;P;1;2025-01-01\n", nil)[0].Key[:13], first[2].Key[:13])
}
