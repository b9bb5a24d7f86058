package mediation

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// An Office is a journal together with the [Cases] that follow from it: the thin shell in which a community settles its tensions. Every
// operation is recorded durably when it returns nil, and records nothing when it returns an error. Safe for concurrent use.
type Office struct {
	journal *journal.Journal
	state   *codesocial.State
	cases   *Cases
	sealer  Sealer
	keyOf   func(iri string) ed25519.PrivateKey
}

// Options are the settings of an office that have a default. A nil *Options is all defaults.
type Options struct {
	// Sealer encrypts what is said in confidence. Without one nothing can be written, and only acts are recorded.
	Sealer Sealer
	// Ties tells of common work and money when a mediator is drawn; without it the membership alone is asked.
	Ties Ties
	// KeyOf returns the private key under which what somebody does is signed, nil for none: a program of one member knows one key. What
	// is signed can be held against its author by anybody who has the journal.
	KeyOf func(iri string) ed25519.PrivateKey
}

// Open returns the office of a community that was opened with [Guard].
func Open(ctx context.Context, community *codesocial.Community, opts *Options) (*Office, error) {
	cases, ok := community.Guard().(*Cases)
	if !ok {
		return nil, fmt.Errorf("mediation: opening: %w: open the community with mediation.Guard()", codesocial.ErrUnguarded)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("mediation: opening: %w", err)
	}
	o := &Office{journal: community.Journal(), state: community.State(), cases: cases}
	if opts != nil {
		o.sealer, o.keyOf = opts.Sealer, opts.KeyOf
		cases.ties = opts.Ties
	}
	return o, nil
}

// Cases returns the cases. They are read only inside [Office.Read], or inside a decision given to journal.Journal.Update on the same
// journal; anywhere else they may be changing.
func (o *Office) Cases() *Cases { return o.cases }

// Read calls f with the cases, which stand still meanwhile and hold only what is durable. f must not keep them, nor call a method of
// Office or of the journal. The error is the journal's.
func (o *Office) Read(f func(*Cases)) error { return o.journal.Read(func() { f(o.cases) }) }

// Raise records a tension, with what it is about sealed for the parties and the bodies that deal with cases, and returns the id of
// the case. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown], [ErrRole], [ErrSealed] or codesocial.ErrNotMember.
func (o *Office) Raise(ctx context.Context, t Tension, words Words) (uuid.UUID, error) {
	if err := words.check(); err != nil {
		return uuid.Nil, wrap("tension", err)
	}
	plain, err := canonical.Marshal(words)
	if err != nil {
		return uuid.Nil, wrap("tension", bad(ErrInvalid, "words", "", "are not text in UTF-8"))
	}
	if t.ID == uuid.Nil {
		if t.ID, err = uuid.NewV7(); err != nil {
			return uuid.Nil, wrap("tension", err)
		}
	}
	var readers []string
	if err := read(o, func(c *Cases) (err error) { readers, err = c.FirstReaders(t); return err }); err != nil {
		return uuid.Nil, err
	}
	sealed, err := o.seal(readers, plain)
	if err != nil {
		return uuid.Nil, err
	}
	return t.ID, o.update(ctx, func() ([]journal.Draft, error) { return o.cases.DraftTension(t, sealed) })
}

// read calls f with the cases and returns its error, or the journal's.
func read(o *Office, f func(*Cases) error) error {
	var err error
	if readErr := o.Read(func(c *Cases) { err = f(c) }); readErr != nil {
		return readErr
	}
	return err
}

func (o *Office) seal(readers []string, plain []byte) ([]byte, error) {
	if o.sealer == nil {
		return nil, wrap("sealing", bad(ErrSealed, "sealer", "", "none was given to Open: nothing is written in the clear"))
	}
	sealed, err := o.sealer.Seal(readers, plain)
	if err != nil {
		return nil, fmt.Errorf("mediation: sealing for %d readers: %w: %w", len(readers), ErrSealed, err)
	}
	return sealed, nil
}

// Act records a step in a case, and the measures that follow from it. When the time of the stage has passed, what follows from
// that is recorded first. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown], [ErrState], [ErrRole], [ErrConflict], [ErrTime],
// [ErrGuard] or [ErrErased]; where a rule of the charter refused, it is a *codesocial.RuleError with the clause.
func (o *Office) Act(ctx context.Context, a Act) error {
	if err := o.update(ctx, func() ([]journal.Draft, error) { return o.cases.DraftAct(a) }); err != nil {
		return err
	}
	return o.measures(ctx, a.Case)
}

// Draw draws a mediator for a case and records that she is proposed, by the holder of a seat in the reception. seed decides a lot: it
// is published, and was not known before; it is left out where the charter rotates. It returns the draw, with the reason why each
// of the others was set aside. The errors are those of [Office.Act] and [Cases.NewDraw].
func (o *Office) Draw(ctx context.Context, of uuid.UUID, by string, at time.Time, seed string) (Act, error) {
	var a Act
	err := o.update(ctx, func() ([]journal.Draft, error) {
		var err error
		if a, err = o.cases.NewDraw(of, at, seed); err != nil {
			return nil, wrap("drawing a mediator", err)
		}
		a.By = by
		return o.cases.DraftAct(a)
	})
	return a, err
}

// Write seals a text for those who may read it as things stand, and records it: ID, By, Case, Kind, At, For and Digest are given, the
// rest is set. It returns the id of the paper. The errors wrap [ErrInvalid], [ErrUnknown], [ErrRole], [ErrSealed] or [ErrState].
func (o *Office) Write(ctx context.Context, p Paper, text []byte) (uuid.UUID, error) {
	if p.ID == uuid.Nil {
		id, err := uuid.NewV7()
		if err != nil {
			return uuid.Nil, wrap("paper", err)
		}
		p.ID = id
	}
	err := read(o, func(c *Cases) (err error) {
		p.Readers, err = c.Readers(p.Case, p.Kind, p.For, p.At)
		return wrap("paper", err)
	})
	if err != nil {
		return uuid.Nil, err
	}
	if p.Sealed, err = o.seal(p.Readers, text); err != nil {
		return uuid.Nil, err
	}
	return p.ID, o.update(ctx, func() ([]journal.Draft, error) { return o.cases.DraftPaper(p) })
}

// Text opens a paper for a reader whose private key the sealer holds, if she may read it at that instant: who was recused may not,
// whatever she could before. The errors wrap [ErrUnknown], [ErrErased] or [ErrSealed].
func (o *Office) Text(ctx context.Context, paper uuid.UUID, reader string, at time.Time) ([]byte, error) {
	if o.sealer == nil {
		return nil, wrap("paper", bad(ErrSealed, "sealer", "", "none was given to Open"))
	}
	var position uint64
	err := read(o, func(c *Cases) error {
		may, err := c.MayRead(paper, reader, at)
		if err == nil && !may {
			err = wrap("paper", bad(ErrSealed, "reader", reader, "may not read paper %s", paper))
		}
		if err == nil {
			position = c.papers[paper].position
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r, err := o.journal.Record(ctx, position)
	if err != nil {
		return nil, wrap("paper", err)
	}
	if r.Erased() {
		return nil, wrap("paper", bad(ErrErased, "paper", paper.String(), "has been erased"))
	}
	p := new(Paper)
	if err := r.Unmarshal(p); err != nil {
		return nil, wrap("paper", err)
	}
	plain, err := o.sealer.Open(reader, p.Sealed)
	if err != nil {
		return nil, fmt.Errorf("mediation: paper %s: %w: %w", paper, ErrSealed, err)
	}
	return plain, nil
}

// Reseal writes a paper again, for those who may read it now: a mediator drawn since, a member who joined, a new seat, somebody whose key was
// lost. by is somebody who may read it and write its like, whose private key the sealer holds; the copy is hers. It returns the id of the copy. The
// errors are those of [Office.Text] and [Office.Write].
func (o *Office) Reseal(ctx context.Context, paper uuid.UUID, by string, at time.Time) (uuid.UUID, error) {
	text, err := o.Text(ctx, paper, by, at)
	if err != nil {
		return uuid.Nil, err
	}
	copied := Paper{By: by, At: at}
	if err := o.Read(func(c *Cases) {
		if p, ok := c.papers[paper]; ok {
			copied.Case, copied.Kind, copied.For, copied.Digest = p.of, p.kind, p.for_, p.digest
		}
	}); err != nil {
		return uuid.Nil, err
	}
	return o.Write(ctx, copied, text)
}

// Enrol records what is known of a mediator. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown] or [ErrRole].
func (o *Office) Enrol(ctx context.Context, m PoolEntry) error {
	return o.update(ctx, func() ([]journal.Draft, error) { return o.cases.DraftPool(m) })
}

// Seat records a mandate that the community has decided. The errors wrap [ErrInvalid], [ErrUnknown], [ErrGuard] or [ErrExists].
func (o *Office) Seat(ctx context.Context, m Mandate) error {
	return o.update(ctx, func() ([]journal.Draft, error) { return o.cases.DraftMandate(m) })
}

// Clocks records what the clocks of all cases have to say at an instant: warnings, what follows from deadlines that have passed, and
// measures that are not recorded yet. It returns the acts, so that those who can act next are told. Run it at least once a day. Many are
// recorded in several commits; after an error those that were come back with it. It erases nothing, see [Office.Forget].
func (o *Office) Clocks(ctx context.Context, at time.Time) ([]Act, error) {
	if err := checkTime("at", at); err != nil {
		return nil, wrap("clocks", err)
	}
	var acts []Act
	for {
		records, err := o.journal.Update(ctx, func() ([]journal.Draft, error) { return o.cases.clocks(at, clockBatch), nil })
		if err != nil {
			return acts, err
		}
		if len(records) == 0 {
			break
		}
		for i := range records {
			a := Act{ID: records[i].ID}
			if err := records[i].Unmarshal(&a); err != nil {
				return acts, wrap("clocks", err)
			}
			acts = append(acts, a)
		}
	}
	return acts, o.measures(ctx)
}

// Forget erases from the store what was said in confidence in cases whose retention is over, for good, and returns how many papers it
// erased. The chain of acts and proofs stays whole. by is the IRI of who orders it; the reason that is recorded names nobody. The errors
// are those of journal.Journal.Erase.
func (o *Office) Forget(ctx context.Context, at time.Time, by string) (int, error) {
	var positions []uint64
	if err := o.Read(func(c *Cases) { positions = c.Due(at) }); err != nil {
		return 0, err
	}
	for i, position := range positions {
		if err := o.journal.Erase(ctx, position, "mediation: end of retention", by); err != nil {
			return i, wrap("forgetting", err)
		}
	}
	return len(positions), nil
}

// measures records the measures that cases call for, until there are none or none of them can be recorded: then the error says why.
func (o *Office) measures(ctx context.Context, of ...uuid.UUID) error {
	for {
		records, err := o.journal.Update(ctx, func() ([]journal.Draft, error) { return o.cases.DraftMeasures(of...) })
		if err != nil || len(records) == 0 {
			return err
		}
	}
}

func (o *Office) update(ctx context.Context, decide func() ([]journal.Draft, error)) error {
	_, err := o.journal.Update(ctx, func() ([]journal.Draft, error) {
		drafts, err := decide()
		if err != nil || o.keyOf == nil {
			return drafts, err
		}
		for i := range drafts {
			key := o.keyOf(drafts[i].Author)
			if drafts[i].Author == "" || key == nil {
				continue
			}
			if err := drafts[i].Sign(key); err != nil {
				return nil, wrap("signing", err)
			}
		}
		return drafts, nil
	})
	return err
}
