package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/commonstocommons/codesocial/catalog/taxonomy"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// A Catalog is a journal together with the [State] that follows from it: the thin shell in which an organisation keeps its catalogue. Every operation is
// recorded durably when it returns nil, and records nothing when it returns an error. Safe for concurrent use.
type Catalog struct {
	journal *journal.Journal
	state   *State
	sealer  Sealer
}

// Options are what a catalogue can be opened with. Nil options, and fields left out, are the defaults.
type Options struct {
	// Taxonomy is the scheme of the concepts in tags; nil: a concept is near itself only.
	Taxonomy *taxonomy.Scheme
	// Sealer encrypts the searches that members save. Without one none can be saved.
	Sealer Sealer
}

// Open reads the history of the community's journal and returns its catalogue. Give codesocial.Open the checks of [Checks], so that no version of the
// charter is adopted whose rules the catalogue could not carry out.
func Open(ctx context.Context, community *codesocial.Community, opts *Options) (*Catalog, error) {
	if opts == nil {
		opts = new(Options)
	}
	c := &Catalog{journal: community.Journal(), state: NewState(community.State(), opts.Taxonomy), sealer: opts.Sealer}
	if err := c.journal.Attach(ctx, c.state); err != nil {
		return nil, fmt.Errorf("catalog: opening: %w", err)
	}
	return c, nil
}

// State returns the state. It is read only inside [Catalog.Read], or inside a decision given to journal.Journal.Update on the same journal; anywhere else it
// may be changing.
func (c *Catalog) State() *State { return c.state }

// Read calls f with the state, which stands still meanwhile and holds only what is durable. f must not keep the state, nor call a method of Catalog or of
// the journal. The error is the journal's, when its store has failed and the state cannot be trusted; f is not called then.
func (c *Catalog) Read(f func(*State)) error {
	return c.journal.Read(func() { f(c.state) })
}

// Write records entries, or new texts of entries, on a day, all or none, in one commit. by stands behind each of them; holders and partners are members. A new
// text begins as a draft: what was checked, and what partners consented to, was the text before. Writing what reads just so already records nothing. The
// errors wrap [ErrInvalid], [ErrLimit], [ErrSplit], [ErrUnknown], [ErrExists], [ErrState], [ErrNotYours], [ErrCapacity] or codesocial.ErrNotMember.
func (c *Catalog) Write(ctx context.Context, by string, on codesocial.Date, entries ...Entry) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftEntries(by, on, entries...) })
}

// Consent records what partners have signed, all or none, in one commit: drafts of [ConsentDraft] with the partners' signatures. The errors wrap [ErrInvalid],
// [ErrUnknown], [ErrConsent], [ErrNotYours], codesocial.ErrNotMember or codesocial.ErrSignature.
func (c *Catalog) Consent(ctx context.Context, signed ...journal.Draft) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftConsents(signed...) })
}

// Step moves entries from one state to the next, all or none, in one commit, as the table on the package page says. Proposing a collective offer asks the holders
// of the offers that it may compete with; publishing it needs their answers. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState], [ErrNotYours],
// [ErrConsent] or codesocial.ErrNoRule; where a rule refused, it is a *codesocial.RuleError, around a *[HeldBack] where offers of members hold the
// offer back.
func (c *Catalog) Step(ctx context.Context, steps ...Step) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftSteps(steps...) })
}

// Answer records what the holder of an offer says about a collective offer that may compete with it. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState] or
// [ErrNotYours]; after the last day to object it is a *codesocial.RuleError.
func (c *Catalog) Answer(ctx context.Context, a Answer) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftAnswer(a) })
}

// Override records that a decision of the community on [ClearanceMatter] and the hash of the offer's text lets a collective offer be published in spite of
// what holds it back. The errors wrap [ErrInvalid], [ErrUnknown] or [ErrState].
func (c *Catalog) Override(ctx context.Context, o Override) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftOverride(o) })
}

// Contact records the beginning of a deal. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState], [ErrNotYours] or codesocial.ErrNotMember.
func (c *Catalog) Contact(ctx context.Context, d Deal) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftDeal(d) })
}

// Deal moves a deal from one state to the next, as the table on the package page says. Nothing can be agreed on beyond the capacity of the offer or of the
// need. The errors wrap [ErrInvalid], [ErrUnknown], [ErrState], [ErrNotYours], [ErrCapacity] or codesocial.ErrNoRule.
func (c *Catalog) Deal(ctx context.Context, st DealStep) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftDealStep(st) })
}

// Erase carries out a request for erasure in one call, whatever state the entry is in: it withdraws the entry, and takes every text that it has had out of the
// journal, see journal.Journal.Erase; reason must name nobody. by stands behind the entry, as a member or not any more, and is the author of what is
// recorded. The IRI stays, and what deals say of it. What has been erased is passed over, so that a call that was cut short is completed by the next; until then the entry
// is withdrawn. The errors wrap [ErrInvalid], [ErrUnknown], [ErrNotYours], journal.ErrKept where the store cannot erase, or [ErrState] for a collective offer, to
// whose text partners have consented, and for an entry with deals that are agreed and not finished.
func (c *Catalog) Erase(ctx context.Context, by, entry string, on codesocial.Date, reason string) error {
	if reason == "" || len(reason) > MaxReasonBytes {
		return fmt.Errorf("catalog: erasing %s: %w", quote(entry), badly(ErrInvalid, "reason", "must be given, in at most %d bytes", MaxReasonBytes))
	}
	if err := c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftErasure(by, entry, on) }); err != nil {
		return err
	}
	var positions []uint64
	var texts []Entry
	for r, err := range c.journal.Records(ctx, 0) {
		if err != nil {
			return fmt.Errorf("catalog: erasing %s: %w", quote(entry), err)
		}
		if r.Kind != KindEntry || r.Erased() {
			continue
		}
		var e Entry
		if err := r.Unmarshal(&e); err == nil && e.ID == entry {
			positions, texts = append(positions, r.Position), append(texts, e)
		}
	}
	yours := len(texts) == 0
	if err := c.Read(func(s *State) {
		// Where the present text is gone already, an earlier one says whose entry it was.
		yours = yours || slices.ContainsFunc(texts, func(e Entry) bool { return s.behind(&e, by) })
	}); err != nil {
		return fmt.Errorf("catalog: erasing %s: %w", quote(entry), err)
	}
	if !yours {
		return fmt.Errorf("catalog: erasing %s: %w", quote(entry), bad(ErrNotYours, "by", by, "does not stand behind the entry"))
	}
	for _, position := range positions { // the present text, which says whose entry it is, is the last
		if err := c.journal.Erase(ctx, position, reason, by); err != nil {
			return fmt.Errorf("catalog: erasing %s: %w", quote(entry), err)
		}
	}
	return nil
}

func (c *Catalog) update(ctx context.Context, decide func() ([]journal.Draft, error)) error {
	_, err := c.journal.Update(ctx, decide)
	return err
}
