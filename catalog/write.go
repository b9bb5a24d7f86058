package catalog

import (
	"cmp"
	"fmt"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// MaxBatch is how many entries one call may write.
const MaxBatch = 100_000

// namespace makes the ids of records their own among all name-based UUIDs.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://commonstocommons.github.io/codesocial/ns#catalog"))

// recordID returns the id of the record of an act: a UUID of version 5 over what identifies the act, so that recording it twice records it once.
func recordID(kind string, parts ...string) uuid.UUID {
	name := []byte(kind)
	for _, part := range parts {
		name = append(append(name, '\n'), part...)
	}
	return uuid.NewSHA1(namespace, name)
}

// DraftEntries decides [Catalog.Write] without recording it. It returns no draft for an entry that reads just so already.
func (s *State) DraftEntries(by string, on codesocial.Date, entries ...Entry) ([]journal.Draft, error) {
	if len(entries) > MaxBatch {
		return nil, fmt.Errorf("catalog: %w", badly(ErrLimit, "entries", "there are %d, the limit is %d", len(entries), MaxBatch))
	}
	drafts := make([]journal.Draft, 0, len(entries))
	seen := make(map[string]string, len(entries))
	for i := range entries {
		e := entries[i].Clone()
		err := e.Check()
		if err == nil {
			err = s.mayWrite(by, on, &e)
		}
		hash := ""
		if err == nil {
			hash = e.Hash()
			if other, ok := seen[e.ID]; ok && other != hash {
				err = bad(ErrExists, "id", e.ID, "is given twice, with different texts")
			} else if ok {
				continue
			}
		}
		if err != nil {
			return nil, fmt.Errorf("catalog: entry %d (%s): %w", i+1, quote(e.ID), err)
		}
		seen[e.ID] = hash
		before := uuid.Nil
		if it, ok := s.items[e.ID]; ok {
			if it.hash == hash {
				continue
			}
			before = it.revision
		}
		drafts = append(drafts, journal.Draft{
			ID: recordID(KindEntry, e.ID, hash, before.String()), Kind: KindEntry, Schema: schema, Author: by, Payload: e,
		})
	}
	return drafts, nil
}

// mayWrite checks that somebody may write an entry: against members, and against what is there under its IRI.
func (s *State) mayWrite(by string, on codesocial.Date, e *Entry) error {
	if err := checkDay("on", on); err != nil {
		return err
	}
	if err := s.checkMember("by", by, on); err != nil {
		return err
	}
	if err := s.checkMember("holder", e.Holder, on); err != nil {
		return err
	}
	if err := cmp.Or(s.checkFree("by", by, KindEntry, on), s.checkFree("holder", e.Holder, KindEntry, on)); err != nil {
		return err
	}
	if !s.behind(e, by) {
		return bad(ErrNotYours, "by", by, "does not stand behind the entry, whose holder is %s", e.Holder)
	}
	for i, partner := range e.Partners {
		if err := s.checkMember(at("partners", i), partner, on); err != nil {
			return err
		}
		if p, _ := s.community.Party(partner); p.Type != codesocial.Organization && p.Type != codesocial.Collective {
			return bad(ErrInvalid, at("partners", i), partner, "is a %s, must be an organization or a collective", p.Type)
		}
	}
	if e.Kind == Collective && !s.behind(&Entry{Holder: e.Partners[0], Partners: e.Partners[1:]}, e.Holder) && !s.carries(e) {
		return bad(ErrInvalid, "holder", e.Holder, "must be one of the partners, or a project or collective of theirs")
	}
	if it, ok := s.items[e.ID]; ok {
		if it.erased {
			return bad(ErrExists, "id", e.ID, "has been erased: a new entry has an IRI of its own")
		}
		if !s.behind(it.entry, by) {
			return bad(ErrExists, "id", e.ID, "is an entry of %s", it.entry.Holder)
		}
		if it.hash == e.Hash() {
			return nil
		}
		if on.Before(it.since) {
			return bad(ErrState, "on", on.String(), "something happened to the entry on %s already", it.since)
		}
		if _, err := it.onDay(on).after(Revise); err != nil {
			return err
		}
	}
	return s.checkEntry(e)
}

// carries reports whether the holder of a collective offer is a project or collective with a partner of the offer among its own.
func (s *State) carries(e *Entry) bool {
	holder, _ := s.community.Party(e.Holder)
	for _, partner := range append([]string{holder.Lead}, holder.Partners...) {
		for _, of := range e.Partners {
			if partner == of {
				return true
			}
		}
	}
	return false
}

// checkEntry checks a text against the entries alone.
func (s *State) checkEntry(e *Entry) error {
	it, ok := s.items[e.ID]
	if !ok || it.erased { // a later text of one whose earlier texts are gone
		return nil
	}
	if it.entry.Kind != e.Kind {
		return bad(ErrExists, "kind", string(e.Kind), "is recorded as %s", it.entry.Kind)
	}
	if it.status == Reserved || it.status == Fulfilled || it.status == Withdrawn {
		_, err := it.status.after(Revise)
		return err
	}
	if promised := it.promised; promised.Sign() > 0 {
		if e.Capacity == nil || it.entry.Capacity != nil && e.Capacity.Unit != it.entry.Capacity.Unit || e.Capacity.Value.LessThan(promised) {
			return bad(ErrCapacity, "capacity", capacityText(e), "deals hold %s of it", promised)
		}
	}
	return nil
}

func capacityText(e *Entry) string {
	if e.Capacity == nil {
		return "none"
	}
	return e.Capacity.String()
}

func (s *State) applyEntry(id uuid.UUID, e *Entry) error {
	if err := s.checkEntry(e); err != nil {
		return err
	}
	it, ok := s.items[e.ID]
	if !ok {
		it = &item{}
		s.items[e.ID] = it
		if e.Kind == Collective {
			s.together = append(s.together, e.ID)
		}
	}
	s.unlist(it)
	s.compact(e)
	s.domains.meet(e)
	*it = item{entry: e, hash: e.Hash(), revision: id, status: Draft, since: it.since, promised: it.promised, running: it.running}
	return nil
}

// compact makes an entry share the strings that many entries have.
func (s *State) compact(e *Entry) {
	e.Holder = s.intern(e.Holder)
	for _, tags := range [][]Tag{e.Skills, e.Themes, e.Audience} {
		for i := range tags {
			tags[i] = Tag{s.intern(tags[i].Label), s.intern(tags[i].Concept)}
		}
	}
	for i := range e.Languages {
		e.Languages[i] = s.intern(e.Languages[i])
	}
	e.Where.Place, e.Licence, e.Price.Currency, e.Price.Per = s.intern(e.Where.Place), s.intern(e.Licence), s.intern(e.Price.Currency), s.intern(e.Price.Per)
	if e.Capacity != nil {
		e.Capacity.Unit = s.intern(e.Capacity.Unit)
	}
}
