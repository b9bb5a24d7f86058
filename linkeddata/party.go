package linkeddata

import "github.com/commonstocommons/codesocial/codesocial"

// Party exports who a party is: its type, its name and key (see [Options.Persons]), the organisation
// that a person belongs to, the partners and the lead of a project or collective. Of a party whose
// registration was erased only the IRI and that it is an agent.
func (e *Exporter) Party(p codesocial.Party) error {
	n := &Node{ID: p.ID, Types: partyTypes(p)}
	if p.Erased {
		return e.graph.Add(n)
	}
	nodes := []*Node{n}
	if p.Type != codesocial.Person || e.options.Persons {
		n.Add("pair:label", Literal(p.Name)).Add("vf:name", Literal(p.Name))
		if key := p.Key.String(); key != "" {
			iri := Fragment(p.ID, "key", key)
			n.Add("sec:verificationMethod", Ref(iri))
			nodes = append(nodes, (&Node{ID: iri, Types: []string{"sec:Multikey"}}).
				Add("sec:controller", Ref(p.ID)).
				Add("sec:publicKeyMultibase", Literal(key)))
		}
	}
	if p.Organization != "" {
		n.Add("pair:affiliatedBy", Ref(p.Organization))
	}
	if p.Type == codesocial.Project {
		n.Add("pair:involves", refs(p.Partners...)...)
	} else {
		n.Add("pair:hasPart", refs(p.Partners...)...)
	}
	if p.Lead != "" {
		n.Add("cs:lead", Ref(p.Lead))
	}
	return e.graph.Add(nodes...)
}

// partyTypes returns the classes of a party in both vocabularies.
func partyTypes(p codesocial.Party) []string {
	if p.Erased {
		return []string{"vf:Agent"}
	}
	switch p.Type {
	case codesocial.Person:
		return []string{"pair:Person", "vf:Person"}
	case codesocial.Organization:
		return []string{"pair:Organization", "vf:Organization"}
	case codesocial.Collective:
		return []string{"pair:Group", "vf:Organization"}
	case codesocial.Project:
		return []string{"pair:Project", "vf:Agent"}
	}
	return []string{"vf:Agent"}
}

// Membership exports since when a party is a member of the community, under which clause it was admitted,
// who stood for it, and which version it accepted: the charter whose hash the membership names. status says where the party stands, and since from which day on, or from which day
// on it did not belong any more; zero if that is not known. Who does not belong any more has a cs:FormerMembership instead, with its last day, and is no pair:membershipActor of anything. The status, and since when,
// is said only where [Options.Persons] asks for more than can be published: were it left out of who is suspended alone, everybody would know.
func (e *Exporter) Membership(m codesocial.Membership, accepted *codesocial.Charter, status codesocial.MembershipStatus, since codesocial.Date) error {
	if accepted == nil || accepted.Hash() != m.Charter {
		return at(refuse(ErrInvalid, m.Charter, "must be the hash of the charter that comes with the membership"), m.Party, "cs:accepts")
	}
	community := CommunityIRI(accepted.ID())
	n := (&Node{ID: Fragment(accepted.ID(), "membership", digest(m.Party))}).
		Add("cs:inForceFrom", Literal(m.Since.String())).
		Add("cs:accepts", Ref(VersionIRI(accepted.ID(), accepted.Version()))).
		Add("cs:sponsor", refs(m.Sponsors...)...)
	if status.Belongs() {
		n.Types = []string{"pair:MembershipAssociation"}
		n.Add("pair:membershipActor", Ref(m.Party)).Add("pair:membershipOrganization", Ref(community))
	} else {
		n.Types = []string{"cs:FormerMembership"}
		n.Add("cs:party", Ref(m.Party)).Add("dct:isPartOf", Ref(community))
		if !since.IsZero() {
			n.Add("schema:endDate", Literal(since.AddDays(-1).String()))
		}
	}
	if e.options.Persons {
		n.Add("cs:membershipStatus", Literal(string(status)))
		if status.Belongs() && !since.IsZero() {
			n.Add("cs:statusSince", Literal(since.String()))
		}
	}
	nodes := []*Node{n}
	if !m.Founder {
		admittedUnder, described := clause(m.Clause)
		n.Add("cs:restsOn", admittedUnder)
		nodes = append(nodes, described...)
	}
	return e.graph.Add(nodes...)
}
