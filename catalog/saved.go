package catalog

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/catalog/search"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// Limits on saved searches.
const (
	MaxSearches    = 100 // of one member, that have not ended
	MaxSealedBytes = 1 << 16
)

// A Sealer keeps what a member saves from all others; mediation.Sealer is the same. The functions are given by the program, which knows the keys.
type Sealer interface {
	// Seal returns plain encrypted for all readers, by IRI. It refuses when one of them has no key.
	Seal(readers []string, plain []byte) ([]byte, error)
	// Open returns what was sealed, for a reader whose private key it holds.
	Open(reader string, sealed []byte) ([]byte, error)
}

// A SavedSearch is a query that a member asks again and again, and that tells each time only what it has not told before: the record "catalog.search".
type SavedSearch struct {
	ID uuid.UUID `json:"-"` // of its record
	// By is the IRI of the member whose search it is, the author of the record.
	By string `json:"-"`
	// On is the day on which it was saved, in the time zone of the charter.
	On codesocial.Date `json:"on"`
	// Sealed is the query, which only the member can open.
	Sealed []byte `json:"sealed"`
}

// A Digest says what a saved search has told: the record "catalog.digest".
type Digest struct {
	// By is the IRI of the member, the author of the record.
	By     string          `json:"-"`
	Search uuid.UUID       `json:"search"`
	On     codesocial.Date `json:"on"`
	// Told are marks of the entries, which without the sealed query say nothing about them.
	Told []string `json:"told"`
}

// A SearchEnd ends a saved search: the record "catalog.search-end".
type SearchEnd struct {
	By     string          `json:"-"`
	Search uuid.UUID       `json:"search"`
	On     codesocial.Date `json:"on"`
}

// secret is what is sealed of a saved search.
type secret struct {
	Query search.Query `json:"query"`
	// Key makes the marks, so that nobody can find out by trying what was told.
	Key []byte `json:"key"`
}

// mark stands for an entry that was told.
func (s *secret) mark(iri string) string {
	h := hmac.New(sha256.New, s.Key)
	h.Write([]byte(iri))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// saved is a saved search with what it has told.
type saved struct {
	SavedSearch
	told    map[string]bool // marks
	digests int
	ended   bool
}

func (v *SavedSearch) check() error {
	if len(v.Sealed) == 0 || len(v.Sealed) > MaxSealedBytes {
		return badly(ErrLimit, "sealed", "must be from 1 to %d bytes", MaxSealedBytes)
	}
	return cmp.Or(checkIRI("by", v.By), checkDay("on", v.On))
}

func (v *Digest) check() error {
	if len(v.Told) == 0 || len(v.Told) > search.MaxPage {
		return badly(ErrLimit, "told", "there are %d, must be from 1 to %d", len(v.Told), search.MaxPage)
	}
	for i, mark := range v.Told {
		if b, err := hex.DecodeString(mark); err != nil || len(b) != 16 || hex.EncodeToString(b) != mark {
			return bad(ErrInvalid, at("told", i), mark, "must be 32 hexadecimal digits")
		}
	}
	return cmp.Or(checkIRI("by", v.By), checkDay("on", v.On))
}

func (v *SearchEnd) check() error { return cmp.Or(checkIRI("by", v.By), checkDay("on", v.On)) }

// SaveSearch records a search of a member, sealed for her alone, and returns its id. [search.Query.After] must be empty; without a time in the query, what can be had
// on the day of each digest is looked for. The errors wrap [ErrInvalid], [ErrLimit], [ErrSealed], [ErrNotYours], codesocial.ErrNotMember, or search.ErrInvalid
// and search.ErrLimit.
func (c *Catalog) SaveSearch(ctx context.Context, by string, on codesocial.Date, q search.Query) (uuid.UUID, error) {
	fail := func(err error) (uuid.UUID, error) { return uuid.Nil, fmt.Errorf("catalog: saving a search: %w", err) }
	if _, err := (&search.Saved{Query: q}).Digest(search.New()); err != nil { // the query is sound
		return fail(err)
	}
	s := secret{Query: q, Key: make([]byte, 32)}
	if _, err := rand.Read(s.Key); err != nil {
		return fail(err)
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return fail(fmt.Errorf("%w: %w", ErrInvalid, err))
	}
	if c.sealer == nil {
		return fail(badly(ErrSealed, "sealer", "none was given to Open: nothing is written in the clear"))
	}
	v := SavedSearch{By: by, On: on}
	if v.Sealed, err = c.sealer.Seal([]string{by}, plain); err != nil {
		return fail(fmt.Errorf("%w: %w", ErrSealed, err))
	}
	if v.ID, err = uuid.NewV7(); err != nil {
		return fail(err)
	}
	return v.ID, c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftSearch(v) })
}

// Query returns the query of a saved search, for the member whose search it is. The errors wrap [ErrUnknown], [ErrNotYours] or [ErrSealed].
func (c *Catalog) Query(by string, id uuid.UUID) (search.Query, error) {
	s, err := c.open(by, id)
	if err != nil {
		return search.Query{}, err
	}
	return s.Query, nil
}

func (c *Catalog) open(by string, id uuid.UUID) (*secret, error) {
	var sealed []byte
	var err error
	if readErr := c.Read(func(s *State) {
		var v *saved
		if v, err = s.search(by, id); err == nil {
			sealed = v.Sealed
		}
	}); readErr != nil {
		return nil, readErr
	}
	s := new(secret)
	if err == nil && c.sealer == nil {
		err = badly(ErrSealed, "sealer", "none was given to Open")
	}
	if err == nil {
		var plain []byte
		if plain, err = c.sealer.Open(by, sealed); err == nil {
			d := json.NewDecoder(bytes.NewReader(plain))
			d.DisallowUnknownFields()
			err = d.Decode(s)
		}
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrSealed, err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("catalog: search %s: %w", id, err)
	}
	return s, nil
}

// Digest returns what a saved search finds on a day and has not told before, in the order of its query, at most [search.Query.Page] of it, and records that it has been
// told; what does not fit comes with the next digest. When it returns, what it returns is told: it is in no later digest, whichever program asks. Only the
// member whose search it is may ask. The errors wrap [ErrUnknown], [ErrState], [ErrNotYours], [ErrSealed] or search.ErrLimit.
func (c *Catalog) Digest(ctx context.Context, by string, id uuid.UUID, on codesocial.Date) ([]search.Hit, error) {
	s, err := c.open(by, id)
	if err != nil {
		return nil, err
	}
	var hits []search.Hit
	err = c.update(ctx, func() (drafts []journal.Draft, err error) {
		hits, drafts, err = c.state.draftDigest(by, id, on, s)
		return drafts, err
	})
	if err != nil {
		return nil, err
	}
	return hits, nil
}

// EndSearch ends a saved search: there are no more digests of it, and the payloads of its records can be erased. Ending what has ended records nothing.
// The errors wrap [ErrUnknown], [ErrInvalid] or [ErrNotYours].
func (c *Catalog) EndSearch(ctx context.Context, by string, id uuid.UUID, on codesocial.Date) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftSearchEnd(SearchEnd{By: by, Search: id, On: on}) })
}

// Searches returns the searches of a member that have not ended, in the order of their ids. Show them to her alone.
func (s *State) Searches(by string) []SavedSearch {
	var list []SavedSearch
	for _, v := range s.searches {
		if v.By == by && !v.ended {
			out := v.SavedSearch
			out.Sealed = slices.Clone(v.Sealed)
			list = append(list, out)
		}
	}
	slices.SortFunc(list, func(a, b SavedSearch) int { return bytes.Compare(a.ID[:], b.ID[:]) })
	return list
}

// search returns a saved search of a member.
func (s *State) search(by string, id uuid.UUID) (*saved, error) {
	v, ok := s.searches[id]
	if !ok {
		return nil, bad(ErrUnknown, "search", id.String(), "is not saved")
	}
	if v.By != by {
		return nil, bad(ErrNotYours, "by", by, "is not the member whose search it is")
	}
	return v, nil
}

// DraftSearch decides [Catalog.SaveSearch] without recording it.
func (s *State) DraftSearch(v SavedSearch) ([]journal.Draft, error) {
	err := v.check()
	if err == nil {
		err = s.checkMember("by", v.By, v.On)
	}
	if err == nil {
		err = s.checkFree("by", v.By, KindSearch, v.On)
	}
	if n := len(s.Searches(v.By)); err == nil && n >= MaxSearches {
		err = badly(ErrLimit, "searches", "there are %d of the member, the limit is %d", n, MaxSearches)
	}
	if err != nil {
		return nil, fmt.Errorf("catalog: saving a search: %w", err)
	}
	return []journal.Draft{{ID: v.ID, Kind: KindSearch, Schema: schema, Author: v.By, Payload: v}}, nil
}

// draftDigest decides [Catalog.Digest].
func (s *State) draftDigest(by string, id uuid.UUID, on codesocial.Date, secret *secret) ([]search.Hit, []journal.Draft, error) {
	fail := func(err error) ([]search.Hit, []journal.Draft, error) {
		return nil, nil, fmt.Errorf("catalog: digest of %s: %w", id, err)
	}
	d := Digest{By: by, Search: id, On: on}
	if err := cmp.Or(checkDay("on", on), s.checkDigest(&d)); err != nil {
		return fail(err)
	}
	v := s.searches[id]
	hits, err := s.index.Unseen(s.asked(on, secret.Query), func(iri string) bool { return v.told[secret.mark(iri)] })
	if err != nil {
		return fail(err)
	}
	if len(hits) == 0 {
		return nil, nil, nil
	}
	for _, h := range hits {
		d.Told = append(d.Told, secret.mark(h.ID))
	}
	if err := s.checkDigest(&d); err != nil {
		return fail(err)
	}
	return hits, []journal.Draft{{ID: recordID(KindDigest, id.String(), fmt.Sprint(v.digests)), Kind: KindDigest, Schema: schema, Author: by, Payload: d}}, nil
}

// DraftSearchEnd decides [Catalog.EndSearch] without recording it.
func (s *State) DraftSearchEnd(e SearchEnd) ([]journal.Draft, error) {
	err := e.check()
	var v *saved
	if err == nil {
		v, err = s.search(e.By, e.Search)
	}
	if err != nil {
		return nil, fmt.Errorf("catalog: ending search %s: %w", e.Search, err)
	}
	if v.ended {
		return nil, nil
	}
	return []journal.Draft{{ID: recordID(KindSearchEnd, e.Search.String()), Kind: KindSearchEnd, Schema: schema, Author: e.By, Payload: e}}, nil
}

// checkDigest checks that a digest tells nothing twice.
func (s *State) checkDigest(d *Digest) error {
	v, err := s.search(d.By, d.Search)
	if err != nil {
		return err
	}
	if v.ended {
		return bad(ErrState, "search", d.Search.String(), "has ended")
	}
	seen := make(map[string]bool, len(d.Told))
	for i, mark := range d.Told {
		if v.told[mark] || seen[mark] {
			return bad(ErrExists, at("told", i), mark, "has been told")
		}
		seen[mark] = true
	}
	if n := len(v.told) + len(d.Told); n > search.MaxShown {
		return badly(ErrLimit, "told", "there would be %d of the search, the limit is %d", n, search.MaxShown)
	}
	return nil
}

func (s *State) applySearch(v *SavedSearch) error {
	if _, ok := s.searches[v.ID]; ok {
		return bad(ErrExists, "search", v.ID.String(), "is saved")
	}
	s.searches[v.ID] = &saved{SavedSearch: *v, told: make(map[string]bool)}
	return nil
}

func (s *State) applyDigest(d *Digest) error {
	if s.erased[d.Search] {
		return nil
	}
	if err := s.checkDigest(d); err != nil {
		return err
	}
	v := s.searches[d.Search]
	for _, mark := range d.Told {
		v.told[mark] = true
	}
	v.digests++
	return nil
}

func (s *State) applySearchEnd(e *SearchEnd) error {
	if s.erased[e.Search] {
		return nil
	}
	v, err := s.search(e.By, e.Search)
	if err != nil {
		return err
	}
	v.ended = true
	return nil
}
