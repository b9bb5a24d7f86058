package match

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// Limits on synergies.
const (
	MaxParts  = 32        // of a need
	MaxTeam   = 6         // members of a team
	MaxTrials = 1_000_000 // teams that are looked at, whole or in the making
)

// A Cover says that a holder can do a part of a need, and how well.
type Cover struct {
	Holder string
	Part   int   // its number, from 0
	Score  int64 // from 1 to [Whole]
}

// A Team is a set of holders who can meet a need together. None could be left out, and none could meet it alone.
type Team struct {
	Holders []string // in alphabetical order
	Score   int64    // the mean, over the parts, of the best score that one of them has, rounded down
	Parts   []string // for each part who does it best; in doubt, the first
}

// Teams returns teams of two to [MaxTeam] holders who together can do all parts of a need (numbered from 0 to parts-1): first the smallest, of those the best, and
// of those in alphabetical order; at most most of them. All teams of one size are looked at before any larger one. complete says that every team was; it is false when
// [MaxTrials] were not enough, and then better ones may be missing. The result does not depend on the order of the covers. The error wraps
// [ErrInvalid] or [ErrLimit].
func Teams(parts int, covers []Cover, most int) (teams []Team, complete bool, err error) {
	if parts < 1 || parts > MaxParts {
		return nil, false, bad(ErrInvalid, "parts", strconv.Itoa(parts), "must be from 1 to %d", MaxParts)
	}
	if most < 1 || most > MaxBest {
		return nil, false, bad(ErrInvalid, "most", strconv.Itoa(most), "must be from 1 to %d", MaxBest)
	}
	f := &formation{parts: parts, all: 1<<parts - 1, trials: MaxTrials}
	if err := f.read(covers); err != nil {
		return nil, false, err
	}
	for size := 2; size <= MaxTeam && f.trials > 0 && len(f.teams) < most; size++ {
		from := len(f.teams)
		f.grow(nil, 0, size)
		found := f.teams[from:]
		slices.SortFunc(found, func(a, b Team) int {
			return cmp.Or(cmp.Compare(b.Score, a.Score), slices.Compare(a.Holders, b.Holders))
		})
		f.teams = f.teams[:from+len(slices.CompactFunc(found, func(a, b Team) bool { return slices.Equal(a.Holders, b.Holders) }))]
	}
	return f.teams[:min(len(f.teams), most)], f.trials > 0, nil
}

// A formation is a search for teams.
type formation struct {
	parts   int
	all     uint32
	holders []holder // who can do something but not everything, by name
	teams   []Team
	trials  int
}

type holder struct {
	name   string
	can    uint32 // parts
	scores []int64
}

func (f *formation) read(covers []Cover) error {
	scores := make(map[string][]int64)
	for i, c := range covers {
		switch {
		case c.Part < 0 || c.Part >= f.parts:
			return bad(ErrInvalid, fmt.Sprintf("covers[%d].part", i), strconv.Itoa(c.Part), "must be the number of one of %d parts", f.parts)
		case c.Score < 1 || c.Score > Whole:
			return bad(ErrInvalid, fmt.Sprintf("covers[%d].score", i), strconv.FormatInt(c.Score, 10), "must be from 1 to %d", int64(Whole))
		case c.Holder == "":
			return bad(ErrInvalid, fmt.Sprintf("covers[%d].holder", i), "", "must be named")
		}
		if scores[c.Holder] == nil {
			scores[c.Holder] = make([]int64, f.parts)
		}
		scores[c.Holder][c.Part] = max(scores[c.Holder][c.Part], c.Score)
	}
	for name, list := range scores {
		h := holder{name: name, scores: list}
		for part, score := range list {
			if score > 0 {
				h.can |= 1 << part
			}
		}
		if h.can != f.all {
			f.holders = append(f.holders, h)
		}
	}
	slices.SortFunc(f.holders, func(a, b holder) int { return strings.Compare(a.name, b.name) })
	return nil
}

// grow completes a team to a size, by who can do the first part that nobody in it can.
func (f *formation) grow(team []int, done uint32, size int) {
	if f.trials == 0 {
		return
	}
	f.trials--
	if done == f.all {
		if len(team) == size && f.lean(team) {
			f.teams = append(f.teams, f.team(team))
		}
		return
	}
	if len(team) == size {
		return
	}
	part := bits.TrailingZeros32(^done)
	for i, h := range f.holders {
		if h.can&(1<<part) != 0 {
			f.grow(append(team[:len(team):len(team)], i), done|h.can, size)
		}
	}
}

// lean reports whether nobody could be left out.
func (f *formation) lean(team []int) bool {
	for i := range team {
		others := uint32(0)
		for j, n := range team {
			if j != i {
				others |= f.holders[n].can
			}
		}
		if others == f.all {
			return false
		}
	}
	return true
}

func (f *formation) team(members []int) Team {
	members = slices.Sorted(slices.Values(members))
	t := Team{Parts: make([]string, f.parts)}
	sum := int64(0)
	for part := range f.parts {
		best := int64(0)
		for _, n := range members {
			if h := &f.holders[n]; h.scores[part] > best {
				best, t.Parts[part] = h.scores[part], h.name
			}
		}
		sum += best
	}
	for _, n := range members {
		t.Holders = append(t.Holders, f.holders[n].name)
	}
	t.Score = sum / int64(f.parts)
	return t
}

// Synergies returns the teams of holders whose offers together have all skills that a need asks for, where none has them alone: see [Teams]. A skill is a part
// of the need, and an offer can do it as well as its nearest skill is near to it. A need without skills has none.
// Offers of the need's own holder are left out unless [Options.Own] is set.
func (m *Matcher) Synergies(need Side, most int) (teams []Team, complete bool, err error) {
	if err := need.check(); err != nil {
		return nil, false, err
	}
	skills := slices.Compact(slices.Sorted(slices.Values(need.Skills)))
	if len(skills) == 0 {
		return nil, true, nil
	}
	var covers []Cover
	for part, needed := range skills {
		for _, near := range m.near.to(needed) {
			for _, n := range m.skills[near.skill] {
				if holder := m.offers[n].Holder; holder != "" && (holder != need.Holder || m.options.Own) {
					covers = append(covers, Cover{holder, part, near.value})
				}
			}
		}
	}
	return Teams(len(skills), covers, most)
}
