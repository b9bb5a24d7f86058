package codesocial

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"errors"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on gatherings.
const (
	MaxAgendaItems     = 200
	MaxAttendances     = 10_000
	MaxGatheringDays   = 31
	MaxAttendedMinutes = MaxGatheringDays * 24 * 60
	MaxRevision        = 10_000
)

// A Gathering is a meeting to which members are called, in person, online, or both. To change it, it is called again with the next
// revision.
type Gathering struct {
	ID       uuid.UUID `json:"id"`       // chosen by who calls it, the same in all revisions
	Revision int       `json:"revision"` // from 0
	Convener string    `json:"convener"` // IRI of the member who calls it, the same in all revisions
	At       time.Time `json:"at"`       // when it is called in this way; this and the others UTC, to the millisecond
	Title    Text      `json:"title"`
	Starts   time.Time `json:"starts"`
	Ends     time.Time `json:"ends"` // after Starts, by up to [MaxGatheringDays]
	// Place says where one meets in person, Link (http or https) where online; at least one is given.
	Place  string       `json:"place,omitempty"`
	Link   string       `json:"link,omitempty"`
	Agenda []AgendaItem `json:"agenda,omitempty"`
	// Project is the IRI of the project that it is about; empty for the whole community.
	Project   string `json:"project,omitempty"`
	Cancelled bool   `json:"cancelled,omitempty"`
}

// An AgendaItem is a point of the agenda.
type AgendaItem struct {
	Title    Text      `json:"title"`
	Minutes  int       `json:"minutes,omitempty"` // how long is planned
	Decision uuid.UUID `json:"decision,omitzero"` // the decision that it is about, if there is one
}

// Minutes say what took place. They are corrected by others with the next revision.
type Minutes struct {
	Gathering uuid.UUID `json:"gathering"`
	Revision  int       `json:"revision"` // from 0
	By        string    `json:"by"`       // IRI of the member who records them
	At        time.Time `json:"at"`       // not before the gathering starts, nor after their recording; UTC, to the millisecond
	// Attendance lists who was there, each once; Decisions the decisions that were opened or taken.
	Attendance []Attendance `json:"attendance,omitempty"`
	Decisions  []uuid.UUID  `json:"decisions,omitempty"`
	// Document is "sha256:" and, in hexadecimal, the SHA-256 of the document with the minutes, which is kept elsewhere; Link says where.
	Document string `json:"document"`
	Link     string `json:"link,omitempty"`
}

// An Attendance says that a party was there.
type Attendance struct {
	Party   string `json:"party"`   // IRI
	Minutes int    `json:"minutes"` // how long, from 1 to [MaxAttendedMinutes]
	Online  bool   `json:"online,omitempty"`
}

// HashDocument returns the hash by which [Minutes] name a document: "sha256:" and the SHA-256 in hexadecimal.
func HashDocument(document []byte) string { return hashOf(document) }

func (g *Gathering) check() error {
	if g.ID == uuid.Nil {
		return badly(ErrInvalid, "id", "must be given")
	}
	if g.Revision < 0 || g.Revision > MaxRevision {
		return bad(ErrInvalid, "revision", strconv.Itoa(g.Revision), "must be from 0 to %d", MaxRevision)
	}
	if err := checkIRI("convener", g.Convener); err != nil {
		return err
	}
	for _, t := range []struct {
		field string
		at    time.Time
	}{{"at", g.At}, {"starts", g.Starts}, {"ends", g.Ends}} {
		if err := checkInstant(t.field, t.at); err != nil {
			return err
		}
	}
	if !g.Ends.After(g.Starts) || g.Ends.After(g.Starts.AddDate(0, 0, MaxGatheringDays)) {
		return bad(ErrInvalid, "ends", g.Ends.Format(time.RFC3339), "must be after the beginning, by up to %d days", MaxGatheringDays)
	}
	if err := g.Title.checkTitle("title"); err != nil {
		return err
	}
	if g.Place == "" && g.Link == "" {
		return badly(ErrInvalid, "place", "must be given, or a link")
	}
	if g.Place != "" {
		if err := checkRef("place", g.Place); err != nil {
			return err
		}
	}
	if err := checkLink(g.Link); err != nil {
		return err
	}
	if g.Project != "" {
		if err := checkIRI("project", g.Project); err != nil {
			return err
		}
	}
	if len(g.Agenda) > MaxAgendaItems {
		return badly(ErrLimit, "agenda", "has %d items, the limit is %d", len(g.Agenda), MaxAgendaItems)
	}
	for i, item := range g.Agenda {
		if err := item.Title.checkTitle(at("agenda", i) + ".title"); err != nil {
			return err
		}
		if item.Minutes < 0 || item.Minutes > MaxAttendedMinutes {
			return bad(ErrInvalid, at("agenda", i)+".minutes", strconv.Itoa(item.Minutes), "must be from 0 to %d", MaxAttendedMinutes)
		}
	}
	return nil
}

// checkLink checks where something can be reached.
func checkLink(link string) error {
	if link == "" {
		return nil
	}
	if err := checkIRI("link", link); err != nil {
		return err
	}
	if u, err := url.Parse(link); err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return bad(ErrInvalid, "link", link, "must begin with https:// or http://")
	}
	return nil
}

func (m *Minutes) check() error {
	if m.Revision < 0 || m.Revision > MaxRevision {
		return bad(ErrInvalid, "revision", strconv.Itoa(m.Revision), "must be from 0 to %d", MaxRevision)
	}
	if err := checkIRI("by", m.By); err != nil {
		return err
	}
	if err := checkInstant("at", m.At); err != nil {
		return err
	}
	if err := checkHash("document", m.Document); err != nil {
		return err
	}
	if err := checkLink(m.Link); err != nil {
		return err
	}
	if len(m.Decisions) > MaxAgendaItems {
		return badly(ErrLimit, "decisions", "there are %d, the limit is %d", len(m.Decisions), MaxAgendaItems)
	}
	there := make([]string, len(m.Attendance))
	for i, a := range m.Attendance {
		there[i] = a.Party
		if a.Minutes < 1 || a.Minutes > MaxAttendedMinutes {
			return bad(ErrInvalid, at("attendance", i)+".minutes", strconv.Itoa(a.Minutes), "must be from 1 to %d", MaxAttendedMinutes)
		}
	}
	return checkIRIs("attendance", there, MaxAttendances, "")
}

// Convene records that members are called to a gathering, or called otherwise than before, signed with the convener's key; nil for a convener without a
// registered key. The errors wrap [ErrInvalid], [ErrLimit], [ErrUnknown], [ErrNotInForce], [ErrNotMember], [ErrExists] or [ErrSignature].
func (c *Community) Convene(ctx context.Context, g Gathering, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftGathering(g)) })
}

// Minute records what took place at a gathering, signed with the key of the member who records it; nil for one without a registered key. The errors are those
// of [Community.Convene].
func (c *Community) Minute(ctx context.Context, m Minutes, key ed25519.PrivateKey) error {
	return c.update(ctx, func() ([]journal.Draft, error) { return signed(key)(c.state.DraftMinutes(m)) })
}

// DraftGathering decides [Community.Convene] without recording it, and without a signature. It returns no draft for the revision that is
// recorded.
func (s *State) DraftGathering(g Gathering) ([]journal.Draft, error) {
	g = g.clone()
	g.At, g.Starts, g.Ends = instant(g.At), instant(g.Starts), instant(g.Ends)
	err := g.check()
	if err == nil {
		if old, ok := s.gatherings[g.ID]; ok && old.Gathering.Revision >= g.Revision {
			if sameJSON(&old.Gathering, &g) {
				return nil, nil
			}
			err = bad(ErrExists, "revision", strconv.Itoa(g.Revision), "revision %d is recorded", old.Gathering.Revision)
		} else {
			err = s.checkGathering(&g)
		}
	}
	if err != nil {
		return nil, errorf("gathering %s: %w", g.ID, err)
	}
	id := recordID(KindGathering, g.ID.String(), strconv.Itoa(g.Revision))
	return []journal.Draft{{ID: id, Kind: KindGathering, Schema: schema, Author: s.parties[g.Convener].speaker(), Payload: g}}, nil
}

func (g *Gathering) clone() Gathering {
	c := *g
	c.Title, c.Agenda = g.Title.clone(), slices.Clone(g.Agenda)
	for i := range c.Agenda {
		c.Agenda[i].Title = c.Agenda[i].Title.clone()
	}
	return c
}

// sameJSON reports whether two payloads are written alike.
func sameJSON(a, b any) bool {
	x, err1 := canonical.Marshal(a)
	y, err2 := canonical.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

func (s *State) checkGathering(g *Gathering) error {
	if err := s.checkActor("convener", g.Convener, g.At); err != nil {
		return err
	}
	old, ok := s.gatherings[g.ID]
	next := 0
	if ok {
		next = old.Gathering.Revision + 1
	}
	if g.Revision != next {
		return bad(ErrInvalid, "revision", strconv.Itoa(g.Revision), "must be %d, the next", next)
	}
	if ok && old.Gathering.Convener != g.Convener {
		return bad(ErrInvalid, "convener", g.Convener, "it was called by %s", old.Gathering.Convener)
	}
	if ok && old.Minutes != nil {
		return bad(ErrRefused, "revision", strconv.Itoa(g.Revision), "there are minutes: it has taken place")
	}
	if g.Project != "" {
		if _, ok := s.parties[g.Project]; !ok {
			return bad(ErrUnknown, "project", g.Project, "is not a registered party")
		}
	}
	for i, item := range g.Agenda {
		if _, ok := s.decisions[item.Decision]; !ok && item.Decision != uuid.Nil {
			return bad(ErrUnknown, at("agenda", i)+".decision", item.Decision.String(), "has not been opened")
		}
	}
	return nil
}

// checkActor checks that a party is a member at an instant.
func (s *State) checkActor(field, iri string, when time.Time) error {
	c, err := s.InForce(when)
	if err != nil {
		return err
	}
	if on := c.today(when); !s.MemberOn(iri, on) {
		return bad(ErrNotMember, field, iri, "is not a member on %s", on)
	}
	return nil
}

func (s *State) applyGathering(g *Gathering, r *journal.Record) error {
	if err := s.checkGathering(g); err != nil {
		return err
	}
	if err := s.checkSpoken(r, g.Convener); err != nil {
		return err
	}
	if _, ok := s.gatherings[g.ID]; !ok {
		s.convened = append(s.convened, g.ID)
	}
	s.gatherings[g.ID] = &Meeting{Gathering: *g}
	return nil
}

// DraftMinutes decides [Community.Minute] without recording it, and without a signature. It returns no draft for minutes that are recorded.
func (s *State) DraftMinutes(m Minutes) ([]journal.Draft, error) {
	m.At = instant(m.At)
	m.Attendance, m.Decisions = slices.Clone(m.Attendance), slices.Clone(m.Decisions)
	err := m.check()
	if err == nil {
		if old, ok := s.gatherings[m.Gathering]; ok && old.Minutes != nil && sameJSON(old.Minutes, &m) {
			return nil, nil
		}
		err = s.checkMinutes(&m)
	}
	if err != nil {
		return nil, errorf("minutes of %s: %w", m.Gathering, err)
	}
	id := recordID(KindMinutes, m.Gathering.String(), strconv.Itoa(m.Revision))
	return []journal.Draft{{ID: id, Kind: KindMinutes, Schema: schema, Author: s.parties[m.By].speaker(), Payload: m}}, nil
}

func (s *State) checkMinutes(m *Minutes) error {
	g, ok := s.gatherings[m.Gathering]
	if !ok {
		return bad(ErrUnknown, "gathering", m.Gathering.String(), "has not been called")
	}
	if g.Gathering.Cancelled {
		return bad(ErrRefused, "gathering", m.Gathering.String(), "has been cancelled")
	}
	if m.At.Before(g.Gathering.Starts) {
		return bad(ErrRefused, "at", m.At.Format(time.RFC3339), "it begins at %s", g.Gathering.Starts.Format(time.RFC3339))
	}
	if err := s.checkActor("by", m.By, m.At); err != nil {
		return err
	}
	next := 0
	if g.Minutes != nil {
		next = g.Minutes.Revision + 1
	}
	if m.Revision != next {
		return bad(ErrInvalid, "revision", strconv.Itoa(m.Revision), "must be %d, the next", next)
	}
	for i, a := range m.Attendance {
		if _, ok := s.parties[a.Party]; !ok {
			return bad(ErrUnknown, at("attendance", i)+".party", a.Party, "is not a registered party")
		}
	}
	for i, id := range m.Decisions {
		if _, ok := s.decisions[id]; !ok || slices.Contains(m.Decisions[:i], id) {
			return bad(ErrUnknown, at("decisions", i), id.String(), "has not been opened, or is named twice")
		}
	}
	return nil
}

func (s *State) applyMinutes(m *Minutes, r *journal.Record) error {
	if err := cmp.Or(checkRecorded(m.At, r), s.checkMinutes(m)); err != nil {
		return err
	}
	if err := s.checkSpoken(r, m.By); err != nil {
		return err
	}
	s.gatherings[m.Gathering] = &Meeting{s.gatherings[m.Gathering].Gathering, m}
	return nil
}

// A Meeting is a gathering as it was last called, with the minutes as they were last recorded.
type Meeting struct {
	Gathering Gathering
	Minutes   *Minutes // nil: there are none
}

// Gathering returns the gathering with that id; false if members were never called to it. The result belongs to the caller.
func (s *State) Gathering(id uuid.UUID) (Meeting, bool) {
	m, ok := s.gatherings[id]
	if !ok {
		return Meeting{}, false
	}
	c := Meeting{m.Gathering.clone(), copied(m.Minutes)}
	if c.Minutes != nil {
		c.Minutes.Attendance, c.Minutes.Decisions = slices.Clone(c.Minutes.Attendance), slices.Clone(c.Minutes.Decisions)
	}
	return c, true
}

// Gatherings returns all gatherings, in the order in which members were first called to them.
func (s *State) Gatherings() iter.Seq[Meeting] {
	return func(yield func(Meeting) bool) {
		for _, id := range s.convened {
			if m, _ := s.Gathering(id); !yield(m) {
				return
			}
		}
	}
}

// AttendanceKind is the kind of the rule that makes attendance a contribution, see [AttendanceRule].
const AttendanceKind = "codesocial.attendance"

// An AttendanceRule holds the parameters of a rule of the kind "codesocial.attendance": attending gatherings counts as time given.
type AttendanceRule struct {
	// Project is the IRI of the project that is given to, where the gathering names none.
	Project string `json:"project"`
	// Wealth is the kind of wealth that it counts as, one that the rule "dividend.wealth" names, with the unit "h".
	Wealth string `json:"wealth"`
	// Step is what attended minutes are rounded down to multiples of; a multiple of 3, so that hours are exact.
	Step int `json:"step"`
	// Most is how many minutes of one gathering count at most; 0 for as many as it lasts.
	Most int `json:"most,omitempty"`
}

// Validate returns an error that wraps [ErrInvalid] for parameters out of range.
func (r *AttendanceRule) Validate() error {
	if err := checkIRI("project", r.Project); err != nil {
		return err
	}
	if err := checkName("wealth", r.Wealth); err != nil {
		return err
	}
	if r.Step < 3 || r.Step > 24*60 || r.Step%3 != 0 {
		return bad(ErrInvalid, "step", strconv.Itoa(r.Step), "must be a multiple of 3 up to %d minutes", 24*60)
	}
	if r.Most < 0 || r.Most > MaxAttendedMinutes {
		return bad(ErrInvalid, "most", strconv.Itoa(r.Most), "must be from 0 to %d minutes", MaxAttendedMinutes)
	}
	return nil
}

// An AttendanceCredit is what attending a gathering counts as under the charter: a contribution to be declared in the books.
type AttendanceCredit struct {
	ID      uuid.UUID // of version 5 over gathering and party: declaring it again under this id records nothing
	Party   string
	Project string
	Wealth  string          // kind of wealth
	Hours   decimal.Decimal // exact, positive
	On      Date            // the day of the gathering, in the time zone of the version
	Clause  ClauseRef       // that makes it count
}

// AttendanceCredits returns what attending the gathering counts as, in the order of the minutes: for each party at least one full step of
// the rule "codesocial.attendance" of the version in force when it began; none where that version has no such rule, or there are no minutes. No
// more counts than the gathering was called for. The error wraps [ErrUnknown], or comes from reading the rule.
func (s *State) AttendanceCredits(id uuid.UUID) ([]AttendanceCredit, error) {
	m, ok := s.gatherings[id]
	if !ok {
		return nil, errorf("attendance: %w", bad(ErrUnknown, "gathering", id.String(), "has not been called"))
	}
	if m.Minutes == nil {
		return nil, nil
	}
	g := &m.Gathering
	c, err := s.InForce(g.Starts)
	if err != nil {
		return nil, err
	}
	var rule AttendanceRule
	clause, err := c.Rule(AttendanceKind, &rule)
	if errors.Is(err, ErrNoRule) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	most := int(g.Ends.Sub(g.Starts) / time.Minute)
	if rule.Most > 0 {
		most = min(most, rule.Most)
	}
	project := rule.Project
	if g.Project != "" {
		project = g.Project
	}
	var credits []AttendanceCredit
	for _, a := range m.Minutes.Attendance {
		minutes := min(a.Minutes, most)
		if minutes -= minutes % rule.Step; minutes > 0 {
			credits = append(credits, AttendanceCredit{
				ID: recordID(AttendanceKind, id.String(), a.Party), Party: a.Party, Project: project, Wealth: rule.Wealth,
				Hours: decimal.New(int64(minutes)/3*5, -2), On: c.today(g.Starts), Clause: clause,
			})
		}
	}
	return credits, nil
}
