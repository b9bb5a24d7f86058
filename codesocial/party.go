package codesocial

import (
	"slices"
	"strings"
)

// A PartyType says what kind of party somebody is.
type PartyType string

// The types of parties.
const (
	Person       PartyType = "person"
	Organization PartyType = "organization" // an autonomous organisation, whatever its legal form
	Project      PartyType = "project"      // something that is done, by partners of one or several organisations
	Collective   PartyType = "collective"   // a group without a legal form
)

// MaxPartners is the largest number of partners of one project or collective.
const MaxPartners = 200

// Label returns the word for the type in French and English, to be shown to members.
func (t PartyType) Label() Text {
	switch t {
	case Person:
		return Text{"fr": "personne", "en": "person"}
	case Organization:
		return Text{"fr": "organisation", "en": "organisation"}
	case Project:
		return Text{"fr": "projet", "en": "project"}
	case Collective:
		return Text{"fr": "collectif", "en": "collective"}
	}
	return nil
}

func (t PartyType) check(field string) error {
	if t.Label() == nil {
		return bad(ErrInvalid, field, string(t), "must be person, organization, project or collective")
	}
	return nil
}

// A Party is somebody who can be spoken of in the journal: who contributes, is paid, signs, is a member or applies.
// Registering a party says who it is; it makes nobody a member (see [Community.Admit]).
type Party struct {
	// ID is the IRI that names the party everywhere, see [CheckIRI]. It never changes.
	ID string `json:"id"`
	// Type never changes.
	Type PartyType `json:"type"`
	// Name is what members call the party. It stands nowhere but in this payload, so that erasing the
	// payload erases it.
	Name string `json:"name"`
	// Key is the key under which the party signs. A party may have none: then what it accepts rests on its
	// sponsors' word alone, and it cannot sign for a charter. No two parties have had the same. Zero in a
	// later registration leaves the key as it is; [Community.ChangeKey] replaces it.
	Key PublicKey `json:"key,omitzero"`
	// Organization is the organization or collective that a person belongs to; empty for none, and
	// for parties that are not persons.
	Organization string `json:"organization,omitempty"`
	// Partners are the parties that carry a project or form a collective, in the order in which they want to be
	// named; empty for other parties.
	Partners []string `json:"partners,omitempty"`
	// Lead is the person or organization that speaks and signs for a project or collective; empty for
	// other parties.
	Lead string `json:"lead,omitempty"`
	// Erased reports that the payload has been erased from the journal: ID and Key alone are known. It is
	// never set by the caller.
	Erased bool `json:"-"`
}

// A partyRecord is the payload of a registration. The key has a record of its own, so that signatures can
// be checked after the name has been erased.
type partyRecord struct {
	ID           string    `json:"id"`
	Type         PartyType `json:"type"`
	Name         string    `json:"name"`
	Organization string    `json:"organization,omitempty"`
	Partners     []string  `json:"partners,omitempty"`
	Lead         string    `json:"lead,omitempty"`
}

func (r *partyRecord) party() *Party {
	return &Party{ID: r.ID, Type: r.Type, Name: r.Name, Organization: r.Organization, Partners: r.Partners, Lead: r.Lead}
}

func (p *Party) record() *partyRecord {
	return &partyRecord{ID: p.ID, Type: p.Type, Name: p.Name, Organization: p.Organization, Partners: slices.Clone(p.Partners), Lead: p.Lead}
}

// speaker returns the party that signs for p.
func (p *Party) speaker() string {
	if p.Lead != "" {
		return p.Lead
	}
	return p.ID
}

// clone returns a copy that shares no memory with p.
func (p *Party) clone() Party {
	c := *p
	c.Partners = slices.Clone(p.Partners)
	return c
}

// equal reports whether the two are registered in the same way, keys apart.
func (p *Party) equal(q *Party) bool {
	return p.ID == q.ID && p.Type == q.Type && p.Name == q.Name && p.Organization == q.Organization &&
		slices.Equal(p.Partners, q.Partners) && p.Lead == q.Lead && p.Erased == q.Erased
}

// check checks what can be seen on the party alone.
func (p *Party) check() error {
	if err := checkIRI("id", p.ID); err != nil {
		return err
	}
	if err := p.Type.check("type"); err != nil {
		return err
	}
	if err := checkName("name", p.Name); err != nil {
		return err
	}
	if p.Erased {
		return badly(ErrInvalid, "erased", "must not be set")
	}
	if p.Organization != "" {
		if p.Type != Person {
			return bad(ErrInvalid, "organization", p.Organization, "only a person belongs to one, not a party of type %s", p.Type)
		}
		if err := checkIRI("organization", p.Organization); err != nil {
			return err
		}
	}
	group := p.Type == Project || p.Type == Collective
	if p.Lead != "" {
		if !group {
			return bad(ErrInvalid, "lead", p.Lead, "only a project or collective has one, not a party of type %s", p.Type)
		}
		if err := checkIRI("lead", p.Lead); err != nil {
			return err
		}
	}
	if len(p.Partners) > 0 && !group {
		return badly(ErrInvalid, "partners", "only a project or collective has some, not a party of type %s", p.Type)
	}
	return checkIRIs("partners", p.Partners, MaxPartners, p.ID)
}

// checkIRIs checks a list of distinct IRIs of others than self.
func checkIRIs(field string, list []string, most int, self string) error {
	if len(list) > most {
		return badly(ErrLimit, field, "there are %d, the limit is %d", len(list), most)
	}
	seen := make(map[string]int, len(list))
	for i, iri := range list {
		if err := checkIRI(at(field, i), iri); err != nil {
			return err
		}
		if iri == self {
			return bad(ErrInvalid, at(field, i), iri, "is the party itself")
		}
		if first, ok := seen[iri]; ok {
			return bad(ErrInvalid, at(field, i), iri, "is also %s", at(field, first))
		}
		seen[iri] = i
	}
	return nil
}

// checkParty checks p against what is registered.
func (l lookup) checkParty(p *Party) error {
	if old, ok := l.party(p.ID); ok && !old.Erased && p.Type != old.Type {
		return bad(ErrExists, "type", string(p.Type), "is registered as %s", old.Type)
	}
	if err := l.checkRole("organization", p.Organization, Organization, Collective); err != nil {
		return err
	}
	if err := l.checkRole("lead", p.Lead, Person, Organization); err != nil {
		return err
	}
	for i, partner := range p.Partners {
		if err := l.checkRole(at("partners", i), partner, Person, Organization, Collective); err != nil {
			return err
		}
	}
	return nil
}

// checkRole checks that iri, unless empty, is registered, as one of types.
func (l lookup) checkRole(field, iri string, types ...PartyType) error {
	if iri == "" {
		return nil
	}
	p, ok := l.party(iri)
	if !ok {
		return bad(ErrUnknown, field, iri, "is not a registered party")
	}
	if !p.Erased && !slices.Contains(types, p.Type) {
		return bad(ErrInvalid, field, iri, "is a %s, must be %s", p.Type, oneOf(types))
	}
	return nil
}

func oneOf(types []PartyType) string {
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = string(t)
	}
	return strings.Join(words, " or ")
}
