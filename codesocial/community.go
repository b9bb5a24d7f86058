package codesocial

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// A Community is a journal together with the [State] that follows from it: the thin shell in which an
// organisation acts. Every operation is recorded durably when it returns nil, records nothing when it returns an
// error, and does nothing when what it asks for is recorded already, so that it can be repeated after a
// crash. Safe for concurrent use.
type Community struct {
	journal  *journal.Journal
	state    *State
	checks   []RuleCheck
	windDown []WindDownCheck
}

// An Option says how a community is opened: a [RuleCheck] or several ([RuleChecks]), a [WindDownCheck], or a guard ([Guarded]).
type Option interface{ option(*options) }

type options struct {
	checks   []RuleCheck
	windDown []WindDownCheck
	guard    func(*State) Guard
}

type optionFunc func(*options)

func (f optionFunc) option(o *options) { f(o) }

// NewState returns the state of an empty journal, as the zero State is, with the guard among the options.
func NewState(opts ...Option) *State {
	s, _ := newState(opts)
	return s
}

func newState(opts []Option) (*State, options) {
	var o options
	for _, opt := range opts {
		opt.option(&o)
	}
	s := new(State)
	if o.guard != nil {
		s.guard = o.guard(s)
	}
	return s, o
}

// Open reads the history of the journal and returns the community that it describes. Propose and Adopt refuse a version
// whose rules fail one of the checks among the options; other packages offer checks for the rules that they own. Those of
// the rules of this package are always there. A journal with measures is opened with a guard ([Guarded]), or else the
// error wraps [ErrUnguarded].
func Open(ctx context.Context, j *journal.Journal, opts ...Option) (*Community, error) {
	state, o := newState(opts)
	c := &Community{journal: j, state: state, checks: append(ownChecks(), o.checks...), windDown: o.windDown}
	if err := j.Attach(ctx, c.state); err != nil {
		return nil, errorf("opening: %w", err)
	}
	return c, nil
}

// Guard returns the guard that the community was opened with, nil for none. It is read as the state is.
func (c *Community) Guard() Guard { return c.state.guard }

// Journal returns the journal that the community is kept in.
func (c *Community) Journal() *journal.Journal { return c.journal }

// State returns the state. It is read only inside [Community.Read], or inside a decision given to
// journal.Journal.Update on the same journal; anywhere else it may be changing.
func (c *Community) State() *State { return c.state }

// Read calls f with the state, which stands still meanwhile and holds only what is durable. f must not
// keep the state, nor call a method of Community or of the journal. The error is the journal's, when its
// store has failed and the state cannot be trusted; f is not called then.
func (c *Community) Read(f func(*State)) error {
	return c.journal.Read(func() { f(c.state) })
}

// Register records parties, all or none, in one commit. A party may refer to parties registered before it
// or earlier in the same call. Registering a party again with another name, organization, lead or partners replaces
// what is known of it. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown] or [ErrExists].
func (c *Community) Register(ctx context.Context, parties ...Party) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftParties(parties...) })
}

// ChangeKey records that parties sign under another key from now on, all or none, in one commit. The errors
// wrap [ErrInvalid], [ErrUnknown], [ErrExists] or [ErrSignature].
func (c *Community) ChangeKey(ctx context.Context, changes ...KeyChange) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftKeys(changes...) })
}

// Propose records a version that follows the one adopted last. It has no effect until it is adopted. The
// errors wrap [ErrChain], or come from the checks given to [Open].
func (c *Community) Propose(ctx context.Context, version *Charter) error {
	return c.update(ctx, func() ([]journal.Draft, error) {
		if version != nil {
			if err := version.CheckRules(c.checks...); err != nil {
				return nil, err
			}
		}
		return c.state.DraftCharter(version)
	})
}

// Adopt records that a proposed version is adopted, under the conditions of [Adoption]. With version 1 its
// founders become members from its first day. All founders must be registered, and in later versions be
// members. The errors wrap [ErrUnknown], [ErrChain], [ErrNotInForce], [ErrNotFounder], [ErrSignature],
// [ErrTooFew], [ErrNotMember], or come from the checks given to [Open].
func (c *Community) Adopt(ctx context.Context, adoption Adoption) error {
	return c.update(ctx, func() ([]journal.Draft, error) {
		if version, ok := c.state.versions[adoption.Charter]; ok {
			if err := version.Charter.CheckRules(c.checks...); err != nil {
				return nil, err
			}
		}
		return c.state.DraftAdoption(adoption)
	})
}

// Admit records that parties become members, all or none, in one commit. A sponsor may be admitted earlier in
// the same call. The errors wrap [ErrUnknown], [ErrExists], [ErrNotInForce], [ErrSignature] or
// [ErrNoRule]; where the rule of admission refuses it is a *[RuleError] that wraps [ErrNotMember],
// [ErrTooFew] or [ErrRefused].
func (c *Community) Admit(ctx context.Context, admissions ...Admission) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftAdmissions(admissions...) })
}

// Accept records that a party takes an adopted version as binding. The errors wrap [ErrUnknown],
// [ErrNotInForce] or [ErrSignature].
func (c *Community) Accept(ctx context.Context, a Acceptance) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftAcceptance(a) })
}

// Object records that a member does not want to be bound by a version that will be in force. The errors
// wrap [ErrInvalid], [ErrUnknown], [ErrNotMember] or [ErrExists].
func (c *Community) Object(ctx context.Context, o Objection) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return c.state.DraftObjection(o) })
}

func (c *Community) update(ctx context.Context, decide func() ([]journal.Draft, error)) error {
	_, err := c.journal.Update(ctx, decide)
	return err
}

// DraftParties decides [Community.Register] without recording it: for a decision that records more in the
// same commit, and for simulations. It returns no draft for what is registered just so.
func (s *State) DraftParties(parties ...Party) ([]journal.Draft, error) {
	var drafts []journal.Draft
	l, revisions := s.draft(), make(map[string]int)
	for _, given := range parties {
		p := given.clone()
		if err := cmp.Or(p.check(), l.checkParty(&p)); err != nil {
			return nil, errorf("party %s: %w", quote(p.ID), err)
		}
		if old, ok := l.party(p.ID); !ok || !old.equal(&p) {
			l.parties[p.ID] = &p
			revisions[p.ID]++
			drafts = append(drafts, journal.Draft{
				ID:   recordID(KindParty, p.ID, fmt.Sprint(s.revisions[p.ID]+revisions[p.ID])),
				Kind: KindParty, Schema: schema, Author: p.ID, Payload: p.record(),
			})
		}
		switch old := l.key(p.ID); {
		case p.Key == old || p.Key.IsZero():
		case !old.IsZero():
			return nil, errorf("party %s: %w", quote(p.ID), bad(ErrExists, "key", p.Key.String(), "is registered with %s, which only a signed change of key replaces", old))
		default:
			draft, err := l.draftKey(&KeyChange{Party: p.ID, Key: p.Key})
			if err != nil {
				return nil, errorf("party %s: %w", quote(p.ID), err)
			}
			drafts = append(drafts, draft)
		}
	}
	return drafts, nil
}

// DraftKeys decides [Community.ChangeKey] without recording it. It returns no draft for a change that has
// been made.
func (s *State) DraftKeys(changes ...KeyChange) ([]journal.Draft, error) {
	var drafts []journal.Draft
	l := s.draft()
	for _, k := range changes {
		err := k.check()
		if old := l.key(k.Party); err == nil && old == k.Key && !old.IsZero() {
			continue
		}
		var draft journal.Draft
		if err == nil {
			draft, err = l.draftKey(&k)
		}
		if err != nil {
			return nil, errorf("key of %s: %w", quote(k.Party), err)
		}
		drafts = append(drafts, draft)
	}
	return drafts, nil
}

// draftKey checks a change of key, notes it in the lookup and returns its draft.
func (l lookup) draftKey(k *KeyChange) (journal.Draft, error) {
	if err := l.checkKey(k); err != nil {
		return journal.Draft{}, err
	}
	id := recordID(KindKey, k.Party, l.key(k.Party).String(), k.Key.String())
	l.setKey(k)
	return journal.Draft{ID: id, Kind: KindKey, Schema: schema, Author: k.Party, Payload: *k}, nil
}

// DraftCharter decides [Community.Propose] without recording it, and without the checks of rules. It
// returns no draft for a version that has been proposed already.
func (s *State) DraftCharter(c *Charter) ([]journal.Draft, error) {
	if c == nil {
		return nil, errorf("proposal: %w", badly(ErrInvalid, "charter", "must be given"))
	}
	if _, ok := s.versions[c.hash]; ok {
		return nil, nil
	}
	if err := s.checkNext(c); err != nil {
		return nil, errorf("proposal of %s: %w", c, err)
	}
	return []journal.Draft{{ID: recordID(KindCharter, c.hash), Kind: KindCharter, Schema: schema, Payload: canonical.Raw(c.Canonical())}}, nil
}

// DraftAdoption decides [Community.Adopt] without recording it, and without the checks of rules. It
// returns no draft when the version is adopted already and these signatures would adopt it too.
func (s *State) DraftAdoption(a Adoption) ([]journal.Draft, error) {
	a.Signatures = sorted(a.Signatures)
	err := a.check()
	if err == nil {
		err = s.checkAdoption(&a)
	}
	if err != nil {
		return nil, errorf("adoption of %s: %w", quote(a.Charter), err)
	}
	if s.versions[a.Charter].Adoption != nil {
		return nil, nil
	}
	return []journal.Draft{{ID: recordID(KindAdoption, a.Charter), Kind: KindAdoption, Schema: schema, Payload: a}}, nil
}

// DraftAdmissions decides [Community.Admit] without recording it. It returns no draft for a member that was
// admitted in just this way.
func (s *State) DraftAdmissions(admissions ...Admission) ([]journal.Draft, error) {
	var drafts []journal.Draft
	l := s.draft()
	for _, a := range admissions {
		if st := l.standing(a.Applicant); st != nil && st.membership != nil && st.membership.grantedBy(&a) {
			continue
		}
		err := a.check()
		if p, ok := l.party(a.Applicant); ok && p.Erased && err == nil {
			err = bad(ErrUnknown, "applicant", a.Applicant, "its registration has been erased")
		}
		var after *standing
		if err == nil {
			after, err = l.checkAdmission(&a)
		}
		if err != nil {
			return nil, errorf("admission of %s: %w", quote(a.Applicant), err)
		}
		l.standings[a.Applicant] = after
		payload := admissionRecord{Applicant: a.Applicant, Charter: a.Charter, Clause: after.membership.Clause, On: a.On, Sponsors: slices.Clone(a.Sponsors), Signature: a.Signature}
		drafts = append(drafts, journal.Draft{
			ID: recordID(KindAdmission, a.Applicant, a.On.String()), Kind: KindAdmission, Schema: schema, Author: a.Applicant, Payload: payload,
		})
	}
	return drafts, nil
}

// grantedBy reports whether the membership is the one that the admission asks for.
func (m *Membership) grantedBy(a *Admission) bool {
	return !m.Founder && m.Party == a.Applicant && m.Charter == a.Charter && m.Since == a.On &&
		slices.Equal(m.Sponsors, a.Sponsors) && m.signature == a.Signature
}

// namespace makes the ids of records their own among all name-based UUIDs.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://commonstocommons.github.io/codesocial/ns#record"))

// recordID returns the id of the record of an act: a UUID of version 5 (RFC 9562) over what identifies
// the act, so that recording it twice records it once. No part holds a line feed.
func recordID(kind string, parts ...string) uuid.UUID {
	name := []byte(kind)
	for _, part := range parts {
		name = append(append(name, '\n'), part...)
	}
	return uuid.NewSHA1(namespace, name)
}
