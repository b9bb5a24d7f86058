package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// A Kind says what an entry is.
type Kind string

// The kinds of entries.
const (
	Offer       Kind = "offer"       // what a member makes, does or lends
	Need        Kind = "need"        // what a member is looking for
	Opportunity Kind = "opportunity" // a call for tenders, for projects, for partners: somebody else's need that a member passes on
	Event       Kind = "event"       // something that takes place at a time
	Collective  Kind = "collective"  // an offer that at least two member organizations make together
)

// Label returns the word for the kind in French and English, to be shown to members.
func (k Kind) Label() codesocial.Text {
	switch k {
	case Offer:
		return codesocial.Text{"fr": "offre", "en": "offer"}
	case Need:
		return codesocial.Text{"fr": "besoin", "en": "need"}
	case Opportunity:
		return codesocial.Text{"fr": "opportunité", "en": "opportunity"}
	case Event:
		return codesocial.Text{"fr": "événement", "en": "event"}
	case Collective:
		return codesocial.Text{"fr": "offre collective", "en": "collective offer"}
	}
	return nil
}

// Offers reports whether something is offered: an offer or a collective offer.
func (k Kind) Offers() bool { return k == Offer || k == Collective }

// Seeks reports whether something is looked for: a need or an opportunity.
func (k Kind) Seeks() bool { return k == Need || k == Opportunity }

// A Visibility says who may see an entry. It is the caller's to heed; [State.Entries] and what is written for others heed it.
type Visibility string

// Who may see an entry.
const (
	Public  Visibility = "public"
	Members Visibility = "members"
)

// An Entry is one line of the catalogue: what somebody offers or is looking for, in the words of its holder. [Entry.Check] says whether
// it can be recorded.
type Entry struct {
	// ID is the IRI that names the entry for ever. [NameEntry] makes one that reads well in an address.
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	// Holder is the IRI of the member that answers for the entry. For a collective offer it is one of the partners, or a project or
	// collective of theirs.
	Holder string `json:"holder"`
	// Title is one line, and Description prose, in each language that the holder writes. Both are plain text: markup in them is
	// shown as it stands.
	Title       codesocial.Text `json:"title"`
	Description codesocial.Text `json:"description,omitempty"`
	// Skills say what it takes, Themes what it is about.
	Skills []Tag `json:"skills,omitempty"`
	Themes []Tag `json:"themes,omitempty"`
	// Audience says for whom it is; empty: for everybody.
	Audience []Tag `json:"audience,omitempty"`
	// Languages are those in which it can be done; empty: any.
	Languages []string `json:"languages,omitempty"`
	Where     Where    `json:"where,omitzero"`
	// Available are the days on which it can be done, or is needed; empty: at any time.
	Available []Period `json:"available,omitempty"`
	// Capacity is how much there is, or is needed, in all; nil: no limit is known.
	Capacity *Quantity `json:"capacity,omitempty"`
	Price    Price     `json:"price,omitzero"`
	// Licence is that of what results: an SPDX expression or an IRI. Empty: not said.
	Licence    string     `json:"licence,omitempty"`
	Visibility Visibility `json:"visibility"`
	Images     []Image    `json:"images,omitempty"`
	// Valid are the days on which the entry can be seen, once published. Without a last day it does not expire.
	Valid Period `json:"valid,omitzero"`
	// Credits name authors and contributors with their roles.
	Credits []Credit `json:"credits,omitempty"`
	// DerivedFrom are the IRIs of what the entry was made from.
	DerivedFrom []string `json:"derivedFrom,omitempty"`
	// Link is a page that says more.
	Link string `json:"link,omitempty"`
	// Occasion says when an event takes place; nil for the other kinds.
	Occasion *Occasion `json:"occasion,omitempty"`
	// Partners are the IRIs of the member organizations that make a collective offer, and Split is how they share what it earns. Both
	// are empty for the other kinds.
	Partners []string `json:"partners,omitempty"`
	Split    Split    `json:"split,omitempty"`
}

// A Tag is a word for something, or a concept of a taxonomy, or both.
type Tag struct {
	Label string `json:"label,omitempty"`
	// Concept is the IRI of a concept in a SKOS scheme, such as a skill of ESCO or a ROME code.
	Concept string `json:"concept,omitempty"`
}

// Where says where something is done or needed. The zero Where means that it does not matter.
type Where struct {
	// Remote: it can be done from anywhere.
	Remote bool `json:"remote,omitempty"`
	// Place is the name of a place, for people.
	Place string `json:"place,omitempty"`
	// Point is the place on the globe; nil: not known.
	Point *Point `json:"point,omitempty"`
	// Radius is how far around the point, in kilometres, up to [MaxRadius].
	Radius int `json:"radius,omitempty"`
}

// MaxRadius is the largest radius, in kilometres: half around the globe.
const MaxRadius = 20_038

// A Period goes from a first to a last day, both included, in the time zone of the charter. A zero From or Until leaves that side open.
type Period struct {
	From  codesocial.Date `json:"from,omitzero"`
	Until codesocial.Date `json:"until,omitzero"`
}

// Includes reports whether the day is within the period.
func (p Period) Includes(day codesocial.Date) bool {
	return !day.Before(p.From) && (p.Until.IsZero() || !day.After(p.Until))
}

// Meet returns the days that both periods have; false if there is none.
func (p Period) Meet(q Period) (Period, bool) {
	m := Period{p.From, p.Until}
	if q.From.After(m.From) {
		m.From = q.From
	}
	if m.Until.IsZero() || !q.Until.IsZero() && q.Until.Before(m.Until) {
		m.Until = q.Until
	}
	return m, m.Until.IsZero() || !m.Until.Before(m.From)
}

func (p Period) check(field string) error {
	for _, d := range []struct {
		name string
		day  codesocial.Date
	}{{"from", p.From}, {"until", p.Until}} {
		if d.day.IsZero() {
			continue
		}
		if err := checkDay(field+"."+d.name, d.day); err != nil {
			return err
		}
	}
	if !p.Until.IsZero() && p.Until.Before(p.From) {
		return bad(ErrInvalid, field+".until", p.Until.String(), "is before it begins, on %s", p.From)
	}
	return nil
}

// A Quantity is a positive decimal with its unit, such as 40 h or 12 places. Quantities of different units are never added or compared.
type Quantity struct {
	Value decimal.Decimal `json:"value"`
	Unit  string          `json:"unit"`
}

// String returns the quantity as in "40 h".
func (q Quantity) String() string { return q.Value.String() + " " + q.Unit }

func (q Quantity) check(field string) error {
	if err := checkNumber(field+".value", q.Value); err != nil {
		return err
	}
	if q.Value.Sign() <= 0 {
		return bad(ErrInvalid, field+".value", q.Value.String(), "must be positive")
	}
	if q.Unit == "" {
		return badly(ErrInvalid, field+".unit", "must be given")
	}
	return checkLine(field+".unit", q.Unit)
}

// MaxDigits is how many digits a number may have, before and after the decimal point each.
const MaxDigits = 12

func checkNumber(field string, d decimal.Decimal) error {
	if d.Exponent() < -MaxDigits || d.NumDigits()+int(d.Exponent()) > MaxDigits || d.Exponent() > MaxDigits {
		return badly(ErrLimit, field, "has more than %d digits before or after the decimal point", MaxDigits)
	}
	return nil
}

// An Image illustrates an entry.
type Image struct {
	URL string `json:"url"` // http or https
	// Alt says what is to be seen, for those who do not see it. Required, at least in one language.
	Alt     codesocial.Text `json:"alt"`
	Licence string          `json:"licence,omitempty"`
}

// A Credit names somebody who had a part in the entry.
type Credit struct {
	Party string `json:"party"` // IRI
	Role  string `json:"role"`  // such as author, contributor, illustrator
}

// An Occasion is when an event takes place: from an instant to another, each with the offset from UTC that holds there.
type Occasion struct {
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
}

// Check returns nil when the entry can be recorded. It sees the entry alone: whether its holder is a member, and its partners are organizations, is
// asked when it is recorded. The error wraps [ErrInvalid], [ErrLimit] or [ErrSplit] and names the field.
func (e *Entry) Check() error {
	if err := e.checkWhat(); err != nil {
		return err
	}
	for _, tags := range []struct {
		field string
		tags  []Tag
	}{{"skills", e.Skills}, {"themes", e.Themes}, {"audience", e.Audience}} {
		if err := checkTags(tags.field, tags.tags); err != nil {
			return err
		}
	}
	if len(e.Languages) > MaxLanguages {
		return badly(ErrLimit, "languages", "there are %d, the limit is %d", len(e.Languages), MaxLanguages)
	}
	for i, tag := range e.Languages {
		if err := checkLanguage(at("languages", i), tag); err != nil {
			return err
		}
	}
	if err := e.Where.check(); err != nil {
		return err
	}
	if err := e.checkWhen(); err != nil {
		return err
	}
	if e.Capacity != nil {
		if err := e.Capacity.check("capacity"); err != nil {
			return err
		}
	}
	if err := e.Price.check(); err != nil {
		return err
	}
	if err := e.checkAround(); err != nil {
		return err
	}
	return e.checkTogether()
}

func (e *Entry) checkWhat() error {
	if err := checkIRI("id", e.ID); err != nil {
		return err
	}
	if e.Kind.Label() == nil {
		return bad(ErrInvalid, "kind", string(e.Kind), "must be offer, need, opportunity, event or collective")
	}
	if err := checkIRI("holder", e.Holder); err != nil {
		return err
	}
	if len(e.Title) == 0 {
		return badly(ErrInvalid, "title", "must be given in at least one language")
	}
	if err := checkWords("title", e.Title, MaxTitleBytes, false); err != nil {
		return err
	}
	if err := checkWords("description", e.Description, MaxDescriptionBytes, true); err != nil {
		return err
	}
	if e.Visibility != Public && e.Visibility != Members {
		return bad(ErrInvalid, "visibility", string(e.Visibility), "must be public or members")
	}
	return nil
}

func (e *Entry) checkWhen() error {
	if len(e.Available) > MaxList {
		return badly(ErrLimit, "available", "there are %d periods, the limit is %d", len(e.Available), MaxList)
	}
	for i, p := range e.Available {
		if err := p.check(at("available", i)); err != nil {
			return err
		}
	}
	if err := e.Valid.check("valid"); err != nil {
		return err
	}
	if (e.Occasion != nil) != (e.Kind == Event) {
		return badly(ErrInvalid, "occasion", "an event has one, and nothing else does")
	}
	if o := e.Occasion; o != nil {
		if o.Starts.IsZero() || o.Ends.Before(o.Starts) || o.Starts.Year() < 1 || o.Ends.Year() > 9999 {
			return bad(ErrInvalid, "occasion.ends", o.Ends.Format(time.RFC3339), "must not be before it starts, at %s", o.Starts.Format(time.RFC3339))
		}
	}
	return nil
}

// checkAround checks what surrounds the entry: licence, images, credits, sources, link.
func (e *Entry) checkAround() error {
	if err := checkLine("licence", e.Licence); err != nil {
		return err
	}
	if len(e.Images) > MaxList || len(e.Credits) > MaxList {
		return badly(ErrLimit, "images", "there are %d, and %d credits; the limit is %d", len(e.Images), len(e.Credits), MaxList)
	}
	for i, image := range e.Images {
		field := at("images", i)
		if err := checkLink(field+".url", image.URL); err != nil {
			return err
		}
		if len(image.Alt) == 0 {
			return badly(ErrInvalid, field+".alt", "must say what is to be seen, for those who do not see it")
		}
		if err := checkWords(field+".alt", image.Alt, MaxTitleBytes, false); err != nil {
			return err
		}
		if err := checkLine(field+".licence", image.Licence); err != nil {
			return err
		}
	}
	for i, c := range e.Credits {
		if err := checkIRI(at("credits", i)+".party", c.Party); err != nil {
			return err
		}
		if c.Role == "" {
			return badly(ErrInvalid, at("credits", i)+".role", "must be given")
		}
		if err := checkLine(at("credits", i)+".role", c.Role); err != nil {
			return err
		}
	}
	if err := checkIRIs("derivedFrom", e.DerivedFrom, MaxList); err != nil {
		return err
	}
	if e.Link != "" {
		return checkLink("link", e.Link)
	}
	return nil
}

func checkLink(field, s string) error {
	if err := checkIRI(field, s); err != nil {
		return err
	}
	if scheme, _, _ := strings.Cut(s, ":"); scheme != "http" && scheme != "https" {
		return bad(ErrInvalid, field, s, "must begin with http:// or https://")
	}
	return nil
}

func checkTags(field string, tags []Tag) error {
	if len(tags) > MaxList {
		return badly(ErrLimit, field, "there are %d, the limit is %d", len(tags), MaxList)
	}
	for i, t := range tags {
		field := at(field, i)
		if t.Label == "" && t.Concept == "" {
			return badly(ErrInvalid, field, "must have a label or a concept")
		}
		if err := checkLine(field+".label", t.Label); err != nil {
			return err
		}
		if t.Concept != "" {
			if err := checkIRI(field+".concept", t.Concept); err != nil {
				return err
			}
		}
		if slices.Contains(tags[:i], t) {
			return bad(ErrInvalid, field, t.String(), "is given twice")
		}
	}
	return nil
}

// String returns the label, or the concept where there is none.
func (t Tag) String() string {
	if t.Label == "" {
		return t.Concept
	}
	return t.Label
}

func (w Where) check() error {
	if err := checkLine("where.place", w.Place); err != nil {
		return err
	}
	if w.Radius < 0 || w.Radius > MaxRadius {
		return bad(ErrInvalid, "where.radius", fmt.Sprint(w.Radius), "must be from 0 to %d kilometres", MaxRadius)
	}
	if w.Point == nil {
		if w.Radius != 0 {
			return badly(ErrInvalid, "where.radius", "needs a point that it goes around")
		}
		return nil
	}
	return w.Point.check("where.point")
}

// Canonical returns the entry as canonical JSON, the bytes that are recorded and that [Entry.Hash] is over.
func (e *Entry) Canonical() ([]byte, error) {
	b, err := canonical.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return b, nil
}

// Hash names exactly this text of the entry: "sha256:" and 64 hexadecimal digits, over its canonical JSON. It is "" for an entry that
// has none, which [Entry.Check] refuses.
func (e *Entry) Hash() string {
	b, err := e.Canonical()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Clone returns a copy that shares no memory with e.
func (e *Entry) Clone() Entry {
	c := *e
	c.Title, c.Description = maps.Clone(e.Title), maps.Clone(e.Description)
	c.Skills, c.Themes, c.Audience = slices.Clone(e.Skills), slices.Clone(e.Themes), slices.Clone(e.Audience)
	c.Languages, c.Available = slices.Clone(e.Languages), slices.Clone(e.Available)
	c.Credits, c.DerivedFrom = slices.Clone(e.Credits), slices.Clone(e.DerivedFrom)
	c.Partners, c.Split = slices.Clone(e.Partners), slices.Clone(e.Split)
	c.Images = slices.Clone(e.Images)
	for i := range c.Images {
		c.Images[i].Alt = maps.Clone(c.Images[i].Alt)
	}
	c.Where.Point, c.Capacity, c.Occasion = clone(e.Where.Point), clone(e.Capacity), clone(e.Occasion)
	c.Price = e.Price.clone()
	return c
}

func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}
