package linkeddata

import (
	"strconv"

	"github.com/commonstocommons/codesocial/codesocial"
)

// Charter exports one version of a social code with its chapters, clauses and rules, what it replaces,
// who founded it, and its hash. A rule is its kind and its parameters as canonical JSON text. That the
// version was adopted is exported by [Exporter.Adoption].
func (e *Exporter) Charter(c *codesocial.Charter) error {
	doc := c.Document()
	version, currency := VersionIRI(doc.ID, doc.Version), currencyIRI(doc.ID, doc.Currency)
	nodes := []*Node{
		(&Node{ID: doc.ID, Types: []string{"cs:SocialCode", "pair:Document"}}).
			Add("pair:documents", Ref(CommunityIRI(doc.ID))),
		(&Node{ID: CommunityIRI(doc.ID), Types: []string{"pair:Ecosystem", "vf:Organization"}}).
			Add("dct:title", texts(doc.Title)...),
		currencyNode(doc.ID, doc.Currency),
	}
	v := (&Node{ID: version, Types: []string{"cs:CharterVersion", "pair:Document"}}).
		Add("dct:isVersionOf", Ref(doc.ID)).
		Add("dct:title", texts(doc.Title)...).
		Add("schema:version", Integer(int64(doc.Version))).
		Add("cs:hash", Literal(c.Hash())).
		Add("cs:profile", Literal(doc.Profile)).
		Add("cs:currency", Ref(currency)).
		Add("cs:timeZone", Literal(doc.TimeZone)).
		Add("cs:inForceFrom", Literal(doc.InForceFrom.String())).
		Add("cs:threshold", Integer(int64(doc.Threshold)))
	if doc.Version > 1 {
		v.Add("dct:replaces", Ref(VersionIRI(doc.ID, doc.Version-1)))
	}
	if !doc.ReviewBy.IsZero() {
		v.Add("cs:reviewBy", Literal(doc.ReviewBy.String()))
	}
	for _, f := range doc.Founders {
		v.Add("cs:founder", Ref(f.ID))
	}
	nodes = append(nodes, v)
	for i, chapter := range doc.Chapters {
		iri := Fragment(version, "chapter", chapter.ID)
		nodes = append(nodes, (&Node{ID: iri, Types: []string{"cs:Chapter"}}).
			Add("dct:isPartOf", Ref(version)).
			Add("dct:identifier", Literal(chapter.ID)).
			Add("dct:title", texts(chapter.Title)...).
			Add("schema:position", Integer(int64(i+1))))
		for j, clause := range chapter.Clauses {
			nodes = append(nodes, (&Node{ID: Fragment(version, "clause", clause.ID), Types: []string{"cs:Clause"}}).
				Add("dct:isPartOf", refs(version, iri)...).
				Add("dct:identifier", Literal(clause.ID)).
				Add("dct:title", texts(clause.Title)...).
				Add("dct:description", texts(clause.Text)...).
				Add("schema:position", Integer(int64(j+1))))
		}
	}
	for _, kind := range c.Kinds() {
		for rule := range c.Rules(kind) {
			nodes = append(nodes, ruleNodes(rule)...)
		}
	}
	return e.graph.Add(nodes...)
}

// ruleIRI returns the IRI of the rule that a clause carries.
func ruleIRI(ref codesocial.ClauseRef) string { return Fragment(ClauseIRI(ref), "rule") }

// ruleNodes describes a rule and the clause that carries it.
func ruleNodes(rule codesocial.Rule) []*Node {
	carrier, nodes := clause(rule.Clause)
	return append(nodes, (&Node{ID: ruleIRI(rule.Clause), Types: []string{"cs:Rule"}}).
		Add("dct:isPartOf", carrier).
		Add("cs:ruleKind", Literal(rule.Kind)).
		Add("cs:parameters", Literal(string(rule.Params()))))
}

// Adoption exports that a version was adopted: when, and by whose signatures. A signature is over the
// bytes of [codesocial.CharterMessage]; under which key it was made, the journal says, because keys change. For
// a version that was only proposed, and so has no effect, nothing is exported.
func (e *Exporter) Adoption(v codesocial.Version) error {
	if v.Adoption == nil {
		return nil
	}
	version := VersionIRI(v.Charter.ID(), v.Charter.Version())
	nodes := []*Node{
		(&Node{ID: version, Types: []string{"cs:CharterVersion", "pair:Document"}}).
			Add("dct:isVersionOf", Ref(v.Charter.ID())).
			Add("cs:hash", Literal(v.Charter.Hash())).
			Add("dct:dateAccepted", Literal(v.Adoption.On.String())),
	}
	for i, s := range v.Adoption.Signatures {
		nodes = append(nodes, (&Node{ID: Fragment(version, "signature", strconv.Itoa(i+1)), Types: []string{"cs:Signature"}}).
			Add("cs:signs", Ref(version)).
			Add("cs:signer", Ref(s.Signer)).
			Add("cs:signatureValue", Literal(s.Signature.String())))
	}
	return e.graph.Add(nodes...)
}

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
// who stood for it, and which version it accepted: the charter whose hash the membership names.
func (e *Exporter) Membership(m codesocial.Membership, accepted *codesocial.Charter) error {
	if accepted == nil || accepted.Hash() != m.Charter {
		return at(refuse(ErrInvalid, m.Charter, "must be the hash of the charter that comes with the membership"), m.Party, "cs:accepts")
	}
	community := CommunityIRI(accepted.ID())
	n := (&Node{ID: Fragment(accepted.ID(), "membership", digest(m.Party)), Types: []string{"pair:MembershipAssociation"}}).
		Add("pair:membershipActor", Ref(m.Party)).
		Add("pair:membershipOrganization", Ref(community)).
		Add("cs:inForceFrom", Literal(m.Since.String())).
		Add("cs:accepts", Ref(VersionIRI(accepted.ID(), accepted.Version()))).
		Add("cs:sponsor", refs(m.Sponsors...)...)
	nodes := []*Node{n}
	if !m.Founder {
		admittedUnder, described := clause(m.Clause)
		n.Add("cs:restsOn", admittedUnder)
		nodes = append(nodes, described...)
	}
	return e.graph.Add(nodes...)
}

// Community exports the social code, the parties and the members of a community: every version that was
// adopted, who adopted it, every registered party, every membership. Proposals, which have no effect, are
// left out.
func (e *Exporter) Community(s *codesocial.State) error {
	for _, v := range s.Versions() {
		if err := e.Charter(v.Charter); err != nil {
			return err
		}
		if err := e.Adoption(v); err != nil {
			return err
		}
	}
	for p := range s.Parties() {
		if err := e.Party(p); err != nil {
			return err
		}
	}
	for m := range s.Members() {
		v, _ := s.Version(m.Charter) // a membership names a version of its state; Membership refuses any other
		if err := e.Membership(m, v.Charter); err != nil {
			return err
		}
	}
	return nil
}

// currencyIRI returns the IRI of a currency as a social code means it. Valueflows has currencies among the
// kinds of resources, not among the units.
func currencyIRI(charter, code string) string { return Fragment(charter, "currency", code) }

func currencyNode(charter, code string) *Node {
	return (&Node{ID: currencyIRI(charter, code), Types: []string{"vf:ResourceSpecification"}}).
		Add("vf:name", Literal(code)).
		Add("dct:identifier", Literal(code)).
		Add("vf:mediumOfExchange", Bool(true))
}
