package match

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/catalog/taxonomy"
)

// Whole is the score of what fits wholly: scores are whole numbers of millionths, so that they add up exactly.
const Whole = 1_000_000

// A Criterion is something by which an offer fits a need.
type Criterion uint8

// The criteria. A need that says nothing about one is not judged by it; an offer that says nothing counts 0 there, except for time, where it counts as always to
// be had.
const (
	// Skills: for each skill that is needed the nearest that is offered ([taxonomy.Scheme.Similarity]; below [Near] it counts 0), and their mean.
	Skills Criterion = iota
	// Text: how much of the need's most telling words the offer has ([search.Index.Resemble]).
	Text
	// Distance: 1 where the offer reaches, half at [Options.HalfKm] beyond, a quarter at twice that, and so on.
	Distance
	// Availability: the share of the need's time in which the offer can be had. Where one of its ends is open, 1 if there is any such time.
	Availability
	// Capacity: the share of the units wanted that the offer has.
	Capacity
	// Price: 1 if they have a way of paying in common, else 0.
	Price
	// Language: 1 if they have a language in common, else 0.
	Language
	// Fairness: 1 for a holder who has not been chosen yet, 1/2 for one who has been once, 1/3 after two times, and so on.
	Fairness
	criteria int = iota
)

// String returns the name of the criterion in English, in lower case.
func (c Criterion) String() string {
	names := [criteria]string{"skills", "text", "distance", "availability", "capacity", "price", "language", "fairness"}
	if int(c) >= criteria {
		return "criterion " + strconv.Itoa(int(c))
	}
	return names[c]
}

// Near is the similarity from which a skill counts as near to another.
const Near = 0.5

// A Side is a need or an offer, as far as matching looks at it: its texts, places and time ([search.Document]), and more. For Distance, a need has the
// places where it is, and an offer its radius.
type Side struct {
	search.Document
	Holder    string   // whose it is
	Skills    []string // concepts of the scheme, or tags of one's own, which are near themselves only
	Languages []string
	Prices    []string // the ways of paying
	Units     int64    // wanted or available; 0 if units are not counted
	Served    int      // of an offer: how often its holder has been chosen
}

// Limits on a side.
const (
	MaxSkills = 100
	MaxServed = 1_000_000
)

func (s *Side) check() error {
	for _, list := range [][]string{s.Skills, s.Languages, s.Prices} {
		if len(list) > MaxSkills {
			return bad(ErrLimit, "skills, languages and prices of "+s.ID, strconv.Itoa(len(list)), "must be at most %d each", MaxSkills)
		}
	}
	if s.Units < 0 || s.Units > MaxCapacity {
		return bad(ErrInvalid, "units of "+s.ID, strconv.FormatInt(s.Units, 10), "must be from 0 to %d", MaxCapacity)
	}
	if s.Served < 0 || s.Served > MaxServed {
		return bad(ErrInvalid, "served of "+s.ID, strconv.Itoa(s.Served), "must be from 0 to %d", MaxServed)
	}
	return nil
}

// Weights say how much each criterion counts. They are not negative, and one is above zero.
type Weights [criteria]int64

// DefaultWeights are those where none are given. They are a habit of this library, not a rule of anyone.
var defaultWeights = Weights{Skills: 4, Text: 3, Distance: 2, Availability: 2, Capacity: 1, Price: 1, Language: 1, Fairness: 1}

// Options say how to match. Nil means the defaults.
type Options struct {
	Scheme  *taxonomy.Scheme // of skills; nil: a skill is near itself only
	Weights *Weights         // nil: [Skills] 4, [Text] 3, [Distance] and [Availability] 2, the others 1
	// Require lists the criteria of which an offer that has 0 is no match at all; nil: [Availability]. An offer that shares neither a near skill nor a
	// telling word with the need is never one.
	Require []Criterion
	// HalfKm is the distance at which Distance is a half, in kilometres; 0 means 50.
	HalfKm float64
	// Own lets a need be matched with offers of its own holder.
	Own bool
}

// A Match is an offer that fits a need.
type Match struct {
	Offer string // its id
	Score int64  // the mean of the parts by their weights, rounded down, in millionths of [Whole]
	Parts []Part // in the order of the criteria; those that the need says nothing about are left out
}

// A Part says how well an offer fits by one criterion.
type Part struct {
	Criterion Criterion
	Weight    int64
	Value     int64 // from 0 to [Whole]
}

// A Matcher finds offers for needs. Make one with [New]; any number of goroutines may use it.
type Matcher struct {
	options Options
	weights Weights
	offers  []Side
	numbers map[string]int32   // id → number
	holders map[string]int32   // holder → number
	holder  []int32            // of each offer
	index   *search.Index      // of the offers, by their numbers
	skills  map[string][]int32 // skill → the offers that have it, in order
	near    *nearness
	pool    *sync.Pool // of *candidates
}

// New returns a matcher for these offers: live ones, since it knows nothing of paused or expired ones. The error wraps [ErrInvalid] or [ErrLimit] of
// this package or of search.
func New(offers []Side, options *Options) (*Matcher, error) {
	m := &Matcher{
		weights: defaultWeights, offers: slices.Clone(offers), numbers: make(map[string]int32, len(offers)), holders: make(map[string]int32),
		index: search.New(), skills: make(map[string][]int32), pool: &sync.Pool{New: func() any { return new(candidates) }},
	}
	if options != nil {
		m.options = *options
	}
	if m.options.Weights != nil {
		m.weights = *m.options.Weights
	}
	if m.options.Require == nil {
		m.options.Require = []Criterion{Availability}
	}
	if m.options.HalfKm == 0 {
		m.options.HalfKm = 50
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	for i := range m.offers {
		o := &m.offers[i]
		if err := o.check(); err != nil {
			return nil, err
		}
		if _, ok := m.numbers[o.ID]; ok {
			return nil, bad(ErrInvalid, "offer", o.ID, "must be given once")
		}
		if o.ID == "" || len(o.ID) > search.MaxIDBytes {
			return nil, bad(ErrInvalid, "id of an offer", o.ID, "must be 1 to %d bytes", search.MaxIDBytes)
		}
		d := o.Document
		d.ID = strconv.Itoa(i)
		if err := m.index.Put(d); err != nil {
			return nil, err
		}
		m.numbers[o.ID] = int32(i)
		if _, ok := m.holders[o.Holder]; !ok {
			m.holders[o.Holder] = int32(len(m.holders))
		}
		m.holder = append(m.holder, m.holders[o.Holder])
		for _, s := range slices.Compact(slices.Sorted(slices.Values(o.Skills))) {
			m.skills[s] = append(m.skills[s], int32(i))
		}
	}
	m.near = &nearness{scheme: m.options.Scheme, offered: slices.Sorted(maps.Keys(m.skills)), lists: make(map[string][]neighbour)}
	return m, nil
}

func (m *Matcher) check() error {
	total := int64(0)
	for c, w := range m.weights {
		if w < 0 || w > Whole {
			return bad(ErrInvalid, "weight of "+Criterion(c).String(), strconv.FormatInt(w, 10), "must be from 0 to %d", int64(Whole))
		}
		total += w
	}
	if total == 0 {
		return bad(ErrInvalid, "weights", "0", "must not all be zero")
	}
	for _, c := range m.options.Require {
		if int(c) >= criteria {
			return bad(ErrInvalid, "require", c.String(), "is not known")
		}
	}
	if h := m.options.HalfKm; !(h > 0) || math.IsInf(h, 0) {
		return bad(ErrInvalid, "halfKm", fmt.Sprint(h), "must be a distance above zero")
	}
	if len(m.offers) > MaxSides {
		return bad(ErrLimit, "offers", strconv.Itoa(len(m.offers)), "must be at most %d", MaxSides)
	}
	return nil
}

// judged returns the criteria that a need is judged by, those with weight or required, and the sum of their weights.
func (m *Matcher) judged(need *Side) (list []Criterion, total int64) {
	says := [criteria]bool{
		Skills: len(need.Skills) > 0, Text: true, Distance: len(need.Places) > 0, Availability: !need.From.IsZero() || !need.Until.IsZero(),
		Capacity: need.Units > 0, Price: len(need.Prices) > 0, Language: len(need.Languages) > 0, Fairness: true,
	}
	for c := range Criterion(criteria) {
		if says[c] && (m.weights[c] > 0 || slices.Contains(m.options.Require, c)) {
			list = append(list, c)
			total += m.weights[c]
		}
	}
	return list, total
}

// value returns how well an offer fits by a criterion other than [Skills] and [Text].
func (m *Matcher) value(c Criterion, need, offer *Side) int64 {
	switch c {
	case Distance:
		return m.distance(need, offer)
	case Availability:
		return overlap(need.From, need.Until, offer.From, offer.Until)
	case Capacity:
		return min(need.Units, offer.Units) * Whole / need.Units
	case Price:
		return common(need.Prices, offer.Prices)
	case Language:
		return common(need.Languages, offer.Languages)
	default:
		return Whole / int64(offer.Served+1)
	}
}

func (m *Matcher) distance(need, offer *Side) int64 {
	if offer.Anywhere || need.Anywhere {
		return Whole
	}
	km := math.Inf(1)
	for _, p := range need.Places {
		for _, q := range offer.Places {
			km = min(km, search.Distance(p, q)-offer.Radius)
		}
	}
	return int64(Whole * math.Exp2(-max(km, 0)/m.options.HalfKm))
}

// overlap returns the share of the time from a to b that lies within that from c to d.
func overlap(a, b, c, d time.Time) int64 {
	from, until := a, b
	if !c.IsZero() && (from.IsZero() || c.After(from)) {
		from = c
	}
	if !d.IsZero() && (until.IsZero() || d.Before(until)) {
		until = d
	}
	switch {
	case !from.IsZero() && !until.IsZero() && !from.Before(until):
		return 0
	case a.IsZero() || b.IsZero():
		return Whole
	}
	part, whole := until.Unix()-from.Unix(), b.Unix()-a.Unix()
	if whole <= 0 {
		return Whole
	}
	return int64(Whole * (float64(part) / float64(whole)))
}

// common returns [Whole] if the lists have an element in common.
func common(a, b []string) int64 {
	if slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) }) {
		return Whole
	}
	return 0
}
