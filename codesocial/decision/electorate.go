package decision

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"strconv"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on an electorate.
const (
	MaxElectors = 1_000_000
	MaxWeight   = 1_000_000_000
	MaxIDBytes  = 500 // the id of an elector or option
)

// An Elector may vote, with a weight.
type Elector struct {
	ID     string `json:"id"`     // IRI
	Weight int64  `json:"weight"` // from 1 to [MaxWeight]; 1 where each has one voice
}

// An Electorate is who may vote on one question, frozen when it is opened: who comes, goes or gains weight
// later changes nothing. It cannot be changed and may be used by many goroutines.
type Electorate struct {
	weights  map[string]int64
	electors []Elector // in the order of their ids
	aside    []string
	chair    string // who has the casting vote, "" for nobody
	total    int64
	hash     string
}

// NewElectorate freezes an electorate. Those named aside have a conflict of interest: they do not vote, and
// no quorum or base counts them; one who is not among the electors changes nothing. The errors wrap [ErrInvalid] or
// [ErrLimit]. An electorate may be empty; it decides nothing.
func NewElectorate(electors []Elector, aside ...string) (*Electorate, error) {
	if len(electors) > MaxElectors {
		return nil, refuse(ErrLimit, "electors", strconv.Itoa(len(electors)), "the limit is %d", MaxElectors)
	}
	e := &Electorate{weights: make(map[string]int64, len(electors))}
	out := make(map[string]bool, len(aside))
	for _, id := range aside {
		out[id] = true
	}
	seen := make(map[string]bool, len(electors))
	for _, elector := range electors {
		if elector.ID == "" || len(elector.ID) > MaxIDBytes {
			return nil, refuse(ErrInvalid, "elector", elector.ID, "must have from 1 to %d bytes", MaxIDBytes)
		}
		if elector.Weight < 1 || elector.Weight > MaxWeight {
			return nil, refuse(ErrInvalid, "weight", strconv.FormatInt(elector.Weight, 10), "that of %s must be from 1 to %d", elector.ID, MaxWeight)
		}
		if seen[elector.ID] {
			return nil, refuse(ErrInvalid, "elector", elector.ID, "is named twice")
		}
		seen[elector.ID] = true
		if out[elector.ID] {
			e.aside = append(e.aside, elector.ID)
			continue
		}
		e.weights[elector.ID] = elector.Weight
		e.electors = append(e.electors, elector)
		e.total += elector.Weight
	}
	slices.Sort(e.aside)
	slices.SortFunc(e.electors, func(a, b Elector) int { return cmp.Compare(a.ID, b.ID) })
	return e, e.sum()
}

// WithChair returns the electorate with one of its electors in the chair: who has the casting vote where the rule gives one, see [TieCasting]. It
// is frozen and hashed like the weights. The error wraps [ErrNotElector] for who may not vote, or has stepped aside.
func (e *Electorate) WithChair(id string) (*Electorate, error) {
	if e.Weight(id) == 0 {
		return nil, e.refuse("chair", id)
	}
	c := *e
	c.chair = id
	return &c, c.sum()
}

// sum sets the hash.
func (e *Electorate) sum() error {
	data, err := canonical.Marshal(struct {
		Aside    []string  `json:"aside"`
		Chair    string    `json:"chair,omitempty"`
		Electors []Elector `json:"electors"`
	}{e.aside, e.chair, e.electors})
	if err != nil {
		return refuse(ErrInvalid, "electors", err.Error(), "cannot be written")
	}
	sum := sha256.Sum256(data)
	e.hash = "sha256:" + hex.EncodeToString(sum[:])
	return nil
}

// Hash names the electorate: "sha256:" and the SHA-256, in hexadecimal, of its canonical JSON (RFC 8785),
// {"aside":[ids],"chair":id,"electors":[{"id":…,"weight":…}]}, both lists in the order of the ids, and without chair where there is none.
func (e *Electorate) Hash() string { return e.hash }

// Chair returns the id of who has the casting vote, "" for nobody.
func (e *Electorate) Chair() string { return e.chair }

// Weight returns the weight of an elector, 0 for who may not vote.
func (e *Electorate) Weight(id string) int64 { return e.weights[id] }

// Total returns the weight of all electors together.
func (e *Electorate) Total() int64 { return e.total }

// Len returns how many electors there are.
func (e *Electorate) Len() int { return len(e.electors) }

// Electors returns the electors in the order of their ids.
func (e *Electorate) Electors() iter.Seq[Elector] { return slices.Values(e.electors) }

// Aside returns, in alphabetical order, the ids of those who would have been electors and stepped aside. The
// caller owns them.
func (e *Electorate) Aside() []string { return slices.Clone(e.aside) }

// refuse returns the error for who is no elector.
func (e *Electorate) refuse(field, id string) error {
	if slices.Contains(e.aside, id) {
		return refuse(ErrNotElector, field, id, "has stepped aside")
	}
	return refuse(ErrNotElector, field, id, "is not in the electorate")
}
