package codesocial

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on a charter.
const (
	MaxCharterBytes = 1 << 20 // the JSON document, as given and in canonical form
	MaxChapters     = 64
	MaxClauses      = 2000 // over all chapters
	MaxFounders     = 500
	MaxVersion      = 1_000_000
)

// A Document is the content of one version of a social code, in the shape of its JSON document; the
// members of the JSON object are the fields under their tags. [NewCharter] and [ParseCharter] say whether it
// is one that can be proposed.
type Document struct {
	// ID is the IRI of the social code, the same for all its versions.
	ID string `json:"id"`
	// Version counts the versions from 1.
	Version int `json:"version"`
	// Previous is the [Charter.Hash] of the version before this one; empty in version 1.
	Previous string `json:"previous,omitempty"`
	// Project is the IRI of the project whose own charter it is, see [ProjectRule]; empty for the charter of a community.
	Project string `json:"project,omitempty"`
	// DerivedFrom names the version of another social code that this one was derived from, see [Charter.Derive]; nil for none. The charter of a project names a
	// version of the common one.
	DerivedFrom *Origin `json:"derivedFrom,omitempty"`
	// Profile names the list of chapters: a known one (see [LookupProfile]) or the community's own.
	Profile string `json:"profile"`
	Title   Text   `json:"title"`
	// Currency is that of the amounts in the rules: the code of ISO 4217 ("EUR"), or the community's own code of
	// up to 12 upper-case letters and digits.
	Currency string `json:"currency"`
	// TimeZone is the name, in the IANA time zone database, of the time zone in which days begin and end
	// ("Europe/Paris"). A program that runs where there is no such database imports time/tzdata.
	TimeZone string `json:"timeZone"`
	// InForceFrom is the first day of the version, if it is adopted.
	InForceFrom Date `json:"inForceFrom"`
	// ReviewBy is the day by which the community looks at its rules again; later than InForceFrom. When it has
	// passed, the version is overdue for review and goes on being in force. See [Charter.ReviewDue].
	ReviewBy Date `json:"reviewBy,omitzero"`
	// Founders are those whose signatures adopt version 1, and later the version after this one.
	Founders []Founder `json:"founders"`
	// Threshold is how many of the founders must sign, from 1 to all of them.
	Threshold int       `json:"threshold"`
	Chapters  []Chapter `json:"chapters"`
}

// A Founder is a party that may sign for a version. Its key is the one that it has registered as a [Party].
type Founder struct {
	ID   string    `json:"id"` // IRI
	Name string    `json:"name"`
	Type PartyType `json:"type"` // any but project
}

// A Chapter is a part of the charter.
type Chapter struct {
	// ID names the chapter; no other chapter and no clause of the document has the same.
	ID      string   `json:"id"`
	Title   Text     `json:"title"`
	Clauses []Clause `json:"clauses,omitempty"`
}

// A Clause is one rule of the game, in words, and where it is carried out by a program, in parameters.
type Clause struct {
	// ID names the clause in this and all later versions; no other clause and no chapter of the
	// document has the same. Lower-case letters, digits and hyphens: "economic-2".
	ID    string `json:"id"`
	Title Text   `json:"title,omitempty"`
	// Text is what members agree to, in one or more languages, as plain text or Markdown.
	Text Text `json:"text"`
	// Rule, if there is one, is a JSON object: the member "kind" says whose it is and what it means
	// ("dividend.waterfall"), the others are its parameters. See [Charter.Rule].
	Rule canonical.Raw `json:"rule,omitempty"`
	// Target is what the clause wants to reach in figures; nil for nothing.
	Target *Target `json:"target,omitempty"`
	// Intention is set where the clause says what the community intends.
	Intention *Intention `json:"intention,omitempty"`
}

// clone returns a copy that shares no memory with d.
func (d Document) clone() Document {
	d.Title, d.DerivedFrom = d.Title.clone(), copied(d.DerivedFrom)
	d.Founders = slices.Clone(d.Founders)
	d.Chapters = slices.Clone(d.Chapters)
	for i := range d.Chapters {
		d.Chapters[i] = d.Chapters[i].clone()
	}
	return d
}

func (c Chapter) clone() Chapter {
	c.Title = c.Title.clone()
	c.Clauses = slices.Clone(c.Clauses)
	for i := range c.Clauses {
		c.Clauses[i] = c.Clauses[i].clone()
	}
	return c
}

func (c Clause) clone() Clause {
	c.Title, c.Text, c.Rule = c.Title.clone(), c.Text.clone(), slices.Clone(c.Rule)
	c.Target, c.Intention = c.Target.clone(), c.Intention.clone()
	return c
}

// check returns an error for the first field, from the top of the document, that is not as it must be.
func (d *Document) check() error {
	if err := checkIRI("id", d.ID); err != nil {
		return err
	}
	if d.Version < 1 || d.Version > MaxVersion {
		return bad(ErrInvalid, "version", strconv.Itoa(d.Version), "must be from 1 to %d", MaxVersion)
	}
	if d.Version == 1 && d.Previous != "" {
		return bad(ErrInvalid, "previous", d.Previous, "must be absent: version 1 is the first")
	}
	if d.Version > 1 {
		if err := checkHash("previous", d.Previous); err != nil {
			return err
		}
	}
	if d.Project != "" {
		if err := checkIRI("project", d.Project); err != nil {
			return err
		}
		if d.DerivedFrom == nil {
			return badly(ErrInvalid, "derivedFrom", "must be given: the charter of a project is derived from the common one")
		}
	}
	if d.DerivedFrom != nil {
		if err := d.DerivedFrom.check(d.ID); err != nil {
			return err
		}
	}
	if err := checkID("profile", d.Profile); err != nil {
		return err
	}
	if err := d.Title.checkTitle("title"); err != nil {
		return err
	}
	if !isCurrency(d.Currency) {
		return bad(ErrInvalid, "currency", d.Currency, "must be 3 to 12 upper-case letters and digits, a letter first")
	}
	if _, err := loadLocation(d.TimeZone); err != nil {
		return err
	}
	if err := d.InForceFrom.check(); err != nil {
		return bad(ErrInvalid, "inForceFrom", d.InForceFrom.String(), "must be a day of the calendar")
	}
	if !d.ReviewBy.IsZero() {
		if err := d.ReviewBy.check(); err != nil || !d.ReviewBy.After(d.InForceFrom) {
			return bad(ErrInvalid, "reviewBy", d.ReviewBy.String(), "must be a day of the calendar after inForceFrom, %s", d.InForceFrom)
		}
	}
	if err := d.checkFounders(); err != nil {
		return err
	}
	return d.checkChapters()
}

func (d *Document) checkFounders() error {
	if len(d.Founders) == 0 {
		return badly(ErrInvalid, "founders", "there must be at least one")
	}
	if len(d.Founders) > MaxFounders {
		return badly(ErrLimit, "founders", "there are %d, the limit is %d", len(d.Founders), MaxFounders)
	}
	seen := make(map[string]int, len(d.Founders))
	for i, f := range d.Founders {
		field := at("founders", i)
		if err := checkIRI(field+".id", f.ID); err != nil {
			return err
		}
		if first, ok := seen[f.ID]; ok {
			return bad(ErrInvalid, field+".id", f.ID, "is also %s", at("founders", first))
		}
		seen[f.ID] = i
		if err := checkName(field+".name", f.Name); err != nil {
			return err
		}
		if err := f.Type.check(field + ".type"); err != nil {
			return err
		}
		if f.Type == Project {
			return bad(ErrInvalid, field+".type", string(f.Type), "a project cannot found a charter")
		}
	}
	if d.Threshold < 1 || d.Threshold > len(d.Founders) {
		return bad(ErrInvalid, "threshold", strconv.Itoa(d.Threshold), "must be from 1 to %d, the number of founders", len(d.Founders))
	}
	return nil
}

func (d *Document) checkChapters() error {
	if len(d.Chapters) == 0 {
		return badly(ErrInvalid, "chapters", "there must be at least one")
	}
	if len(d.Chapters) > MaxChapters {
		return badly(ErrLimit, "chapters", "there are %d, the limit is %d", len(d.Chapters), MaxChapters)
	}
	if profile, known := LookupProfile(d.Profile); known {
		if err := profile.check(d.Chapters); err != nil {
			return err
		}
	}
	clauses := 0
	for _, chapter := range d.Chapters {
		clauses += len(chapter.Clauses)
	}
	if clauses > MaxClauses {
		return badly(ErrLimit, "chapters", "there are %d clauses, the limit is %d", clauses, MaxClauses)
	}
	seen := make(map[string]place, len(d.Chapters)+clauses)
	for i, chapter := range d.Chapters {
		field := at("chapters", i)
		if err := notePlace(seen, chapter.ID, place{i, -1}); err != nil {
			return err
		}
		if err := chapter.Title.checkTitle(field + ".title"); err != nil {
			return err
		}
		for j, clause := range chapter.Clauses {
			if err := notePlace(seen, clause.ID, place{i, j}); err != nil {
				return err
			}
			if err := clause.check(); err != nil {
				return within(place{i, j}.String(), err)
			}
		}
	}
	return nil
}

// check gives fields from the clause on.
func (c *Clause) check() error {
	if len(c.Title) > 0 {
		if err := c.Title.checkTitle("title"); err != nil {
			return err
		}
	}
	if err := c.Text.checkText("text"); err != nil {
		return err
	}
	if c.Target != nil {
		if err := c.Target.check("target"); err != nil {
			return err
		}
	}
	if c.Intention != nil {
		return c.Intention.check("intention")
	}
	return nil
}

// String returns the path to the clause, or the chapter.
func (p place) String() string {
	if p.clause < 0 {
		return at("chapters", p.chapter)
	}
	return at("chapters", p.chapter) + "." + at("clauses", p.clause)
}

// notePlace checks the id of a chapter or clause and notes where it stands.
func notePlace(seen map[string]place, id string, p place) error {
	if err := checkID("id", id); err != nil {
		return within(p.String(), err)
	}
	if first, ok := seen[id]; ok {
		return bad(ErrInvalid, p.String()+".id", id, "is also the id of %s", first)
	}
	seen[id] = p
	return nil
}

// checkPlace checks an id and notes where it stands.
func checkPlace(places map[string]string, field, id string) error {
	if err := checkID(field+".id", id); err != nil {
		return err
	}
	if first, ok := places[id]; ok {
		return bad(ErrInvalid, field+".id", id, "is also the id of %s", first)
	}
	places[id] = field
	return nil
}

// at writes the path to an element of a list.
func at(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

func isCurrency(s string) bool {
	return len(s) >= 3 && len(s) <= 12 && strings.Trim(s[:1], upperCase) == "" && strings.Trim(s, upperCase+decimals) == ""
}

// loadLocation finds a time zone by its name in the IANA database. "Local" would mean another zone on
// every machine.
func loadLocation(name string) (*time.Location, error) {
	if name != "" && name != "Local" && len(name) <= MaxIDBytes {
		if loc, err := time.LoadLocation(name); err == nil {
			return loc, nil
		}
	}
	return nil, bad(ErrInvalid, "timeZone", name, "must be a name of the IANA time zone database, such as Europe/Paris")
}

const hashPrefix = "sha256:"

// hashOf returns the name of some canonical bytes.
func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hashPrefix + hex.EncodeToString(sum[:])
}

// checkHash checks the name of a version.
func checkHash(field, s string) error {
	digits, ok := strings.CutPrefix(s, hashPrefix)
	if !ok || len(digits) != 2*sha256.Size || strings.Trim(digits, "0123456789abcdef") != "" {
		return bad(ErrInvalid, field, s, "must be sha256: and 64 lower-case hexadecimal digits")
	}
	return nil
}
