package match

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/catalog/search"
)

func TestTeamsAreThoseThatBruteForceFinds(t *testing.T) {
	t.Parallel()
	const seed = 21
	for round := range 500 {
		rng := rand.New(rand.NewPCG(seed, uint64(round)))
		parts, holders := 1+rng.IntN(6), rng.IntN(9)
		var covers []Cover
		scores := map[string]map[int]int64{}
		for h := range holders {
			name := fmt.Sprintf("urn:%d", h)
			for part := range parts {
				if rng.IntN(3) == 0 {
					score := 1 + rng.Int64N(4)
					covers = append(covers, Cover{name, part, score})
					if scores[name] == nil {
						scores[name] = map[int]int64{}
					}
					scores[name][part] = score
				}
			}
		}
		rng.Shuffle(len(covers), func(i, j int) { covers[i], covers[j] = covers[j], covers[i] })
		got, complete, err := Teams(parts, covers, MaxBest)
		require.NoError(t, err)
		require.True(t, complete)

		meets := func(set int) bool {
			for part := range parts {
				found := false
				for h := range holders {
					found = found || set&(1<<h) != 0 && scores[fmt.Sprintf("urn:%d", h)][part] > 0
				}
				if !found {
					return false
				}
			}
			return true
		}
		var want []Team
		for set := range 1 << holders {
			minimal := meets(set)
			team := Team{Parts: make([]string, parts)}
			for h := range holders {
				if set&(1<<h) != 0 {
					team.Holders = append(team.Holders, fmt.Sprintf("urn:%d", h))
					minimal = minimal && !meets(set&^(1<<h))
				}
			}
			if !minimal || len(team.Holders) < 2 || len(team.Holders) > MaxTeam {
				continue
			}
			for part := range parts {
				best := int64(0)
				for _, h := range team.Holders {
					if s := scores[h][part]; s > best {
						best, team.Parts[part] = s, h
					}
				}
				team.Score += best
			}
			team.Score /= int64(parts)
			want = append(want, team)
		}
		slices.SortFunc(want, func(a, b Team) int {
			return cmp.Or(cmp.Compare(len(a.Holders), len(b.Holders)), cmp.Compare(b.Score, a.Score), slices.Compare(a.Holders, b.Holders))
		})
		require.ElementsMatch(t, want, got, "seed %d, round %d", seed, round)
		for i := range want {
			require.Equal(t, want[i], got[i])
		}
	}
}

func TestTooManyTeamsAreCutOffAndSaidToBe(t *testing.T) {
	t.Parallel()
	var covers []Cover
	for h := range 400 {
		covers = append(covers, Cover{fmt.Sprintf("urn:%03d", h), h % 5, 1})
	}
	teams, complete, err := Teams(5, covers, 10)
	require.NoError(t, err)
	require.False(t, complete)
	require.LessOrEqual(t, len(teams), 10)
}

func TestSynergiesAreOfHoldersWhoCannotDoItAlone(t *testing.T) {
	t.Parallel()
	offer := func(id, holder string, skills ...string) Side {
		return Side{Document: search.Document{ID: id}, Holder: holder, Skills: skills}
	}
	m, err := New([]Side{offer("1", "wood", "urn:4"), offer("2", "straw", "urn:7"), offer("3", "house", "urn:4", "urn:7"), offer("4", "own", "urn:7")}, &Options{Scheme: scheme(t, 10)})
	require.NoError(t, err)
	teams, complete, err := m.Synergies(Side{Document: search.Document{ID: "need"}, Holder: "own", Skills: []string{"urn:2", "urn:7"}}, 10)
	require.NoError(t, err)
	require.True(t, complete)
	require.Equal(t, []Team{{Holders: []string{"straw", "wood"}, Score: (4*Whole/5 + Whole) / 2, Parts: []string{"wood", "straw"}}}, teams)
}

func TestANeedWithoutSkillsHasNoSynergies(t *testing.T) {
	t.Parallel()
	m, err := New(nil, nil)
	require.NoError(t, err)
	teams, complete, err := m.Synergies(Side{Document: search.Document{ID: "need"}}, 10)
	require.NoError(t, err)
	require.True(t, complete)
	require.Empty(t, teams)
}

func TestBadTeamsAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []Cover{{"", 0, 1}, {"a", 1, 1}, {"a", 0, 0}} {
		_, _, err := Teams(1, []Cover{c}, 1)
		require.ErrorIs(t, err, ErrInvalid)
	}
	_, _, err := Teams(0, nil, 1)
	require.ErrorIs(t, err, ErrInvalid)
	_, _, err = Teams(1, nil, 0)
	require.ErrorIs(t, err, ErrInvalid)
}
