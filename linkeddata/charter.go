package linkeddata

import "github.com/commonstocommons/codesocial/codesocial"

// Charter exports one version of a social code with its chapters, clauses and rules, what it replaces,
// who founded it, and its hash. A rule is its kind and its parameters as canonical JSON text. That the
// version was adopted is exported by [Exporter.Adoption].
func (e *Exporter) Charter(c *codesocial.Charter) error {
	if c == nil {
		return refuse(ErrInvalid, "", "the charter must be given")
	}
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
	if v.Charter == nil {
		return refuse(ErrInvalid, "", "the charter must be given")
	}
	version := VersionIRI(v.Charter.ID(), v.Charter.Version())
	nodes := []*Node{
		(&Node{ID: version, Types: []string{"cs:CharterVersion", "pair:Document"}}).
			Add("dct:isVersionOf", Ref(v.Charter.ID())).
			Add("cs:hash", Literal(v.Charter.Hash())).
			Add("dct:dateAccepted", Literal(v.Adoption.On.String())),
	}
	for i, s := range v.Adoption.Signatures {
		nodes = append(nodes, (&Node{ID: Fragment(version, "signature", ordinal(i)), Types: []string{"cs:Signature"}}).
			Add("cs:signs", Ref(version)).
			Add("cs:signer", Ref(s.Signer)).
			Add("cs:signatureValue", Literal(s.Signature.String())))
	}
	return e.graph.Add(nodes...)
}
