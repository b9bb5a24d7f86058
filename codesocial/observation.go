package codesocial

import (
	"context"
	"crypto/ed25519"
	"slices"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// An Observation is a new value of what a clause's target measures.
type Observation struct {
	// Clause is the clause with the target, in the version in force on the day: of the common charter, or of a project's own. A clause that a project's charter repeats
	// is observed in each for itself.
	Clause  ClauseRef `json:"clause"`
	Reading Reading   `json:"reading"`
	By      string    `json:"by"` // IRI of the member who observed it
	// Evidence says how it is known, in words or by the address or hash of a document, up to [MaxReasonBytes]; it may be left out.
	Evidence string `json:"evidence,omitempty"`
}

func (o *Observation) check() error {
	if err := within("clause", o.Clause.Check()); err != nil {
		return err
	}
	if err := checkIRI("by", o.By); err != nil {
		return err
	}
	if o.Evidence != "" {
		if err := checkReason("evidence", o.Evidence); err != nil {
			return err
		}
	}
	return o.Reading.check("reading.")
}

func (s *State) checkObservation(o *Observation) error {
	project := s.charterOf(o.Clause.Hash)
	c, err := s.inForce(project, func(*Charter) Date { return o.Reading.On })
	if err != nil {
		return err
	}
	if o.Clause.Hash != c.hash {
		return bad(ErrNotInForce, "clause", o.Clause.String(), "on %s %s is in force", o.Reading.On, c)
	}
	if clause, ok := c.Clause(o.Clause.Clause); !ok || clause.Target == nil || o.Clause != c.ref(clause.ID) {
		return bad(ErrUnknown, "clause", o.Clause.String(), "there is no such clause with a target")
	}
	if !s.MemberOn(o.By, o.Reading.On) {
		return bad(ErrNotMember, "by", o.By, "is not a member on %s", o.Reading.On)
	}
	return nil
}

// Observe records the current value of what a target measures, in the name of a member and signed with its key; nil for one without a
// registered key. A later observation of the same day takes the place of the one before. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown],
// [ErrNotInForce], [ErrNotMember] or [ErrSignature].
func (c *Community) Observe(ctx context.Context, o Observation, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftObservation(o)) })
}

// DraftObservation decides [Community.Observe] without recording it, and without a signature.
func (s *State) DraftObservation(o Observation) ([]journal.Draft, error) {
	err := o.check()
	if err == nil {
		err = s.checkObservation(&o)
	}
	if err != nil {
		return nil, errorf("observation for %s: %w", quote(o.Clause.Clause), err)
	}
	id := recordID(KindObservation, o.Clause.Hash, o.Clause.Clause, o.Reading.On.String(), o.By, o.Reading.Value.String())
	return []journal.Draft{{ID: id, Kind: KindObservation, Schema: schema, Author: s.author(o.By), Payload: o}}, nil
}

func (s *State) applyObservation(o *Observation, r *journal.Record) error {
	if err := s.checkObservation(o); err != nil {
		return err
	}
	if err := s.checkSpoken(r, o.By); err != nil {
		return err
	}
	if s.readings == nil {
		s.readings = make(map[[2]string][]Reading)
	}
	measured := [2]string{s.charterOf(o.Clause.Hash), o.Clause.Clause}
	s.readings[measured] = append(s.readings[measured], o.Reading)
	return nil
}

// charterOf returns the project whose own charter a version is of, "" for the common charter and for a version that nobody has proposed.
func (s *State) charterOf(hash string) (project string) {
	if v, ok := s.versions[hash]; ok {
		return v.Charter.doc.Project
	}
	return ""
}

// author returns who speaks for a party.
func (s *State) author(party string) string {
	if p, ok := s.parties[party]; ok {
		return p.speaker()
	}
	return party
}

// A Progress says where a community stands with a target.
type Progress struct {
	Clause  ClauseRef
	Target  Target
	Current *Reading // nil: nothing is known
	Met     bool     // the current value meets the goal
	Overdue bool     // the goal was to be met by an earlier day, and is not
}

// Progress returns where the community stands on a day with the target of a clause; false if the version in force has none there. The
// current value is the last that was observed up to that day, or else what the version says.
func (s *State) Progress(clause string, on Date) (Progress, bool) {
	return s.ProgressIn("", clause, on)
}

// ProgressIn is Progress with the target of a clause of a project's own charter.
func (s *State) ProgressIn(project, clause string, on Date) (Progress, bool) {
	c, err := s.inForce(project, func(*Charter) Date { return on })
	if err != nil {
		return Progress{}, false
	}
	found, ok := c.Clause(clause)
	if !ok || found.Target == nil {
		return Progress{}, false
	}
	p := Progress{Clause: c.ref(clause), Target: *found.Target, Current: copied(found.Target.Current)}
	for _, r := range s.readings[[2]string{project, clause}] {
		if !r.On.After(on) && (p.Current == nil || !r.On.Before(p.Current.On)) {
			p.Current = &r
		}
	}
	p.Met = p.Current != nil && p.Target.Met(p.Current.Value)
	p.Overdue = !p.Met && !p.Target.By.IsZero() && on.After(p.Target.By)
	return p, true
}

// Readings returns all values that were observed for the target of a clause, in the order in which they were recorded.
func (s *State) Readings(clause string) []Reading { return s.ReadingsIn("", clause) }

// ReadingsIn is Readings for the target of a clause of a project's own charter.
func (s *State) ReadingsIn(project, clause string) []Reading {
	return slices.Clone(s.readings[[2]string{project, clause}])
}
