package linkeddata

import "github.com/commonstocommons/codesocial/codesocial"

// Charter exports one version of a social code with its chapters, clauses and rules, what it replaces,
// what it was derived from, who founded it, and its hash. A rule is its kind and its parameters as canonical JSON text; a
// target has its goal, and where one stood when the version was written; an intention the actions that carry it out. The charter of a project documents
// the project, not a community. That the version was adopted is exported by [Exporter.Adoption].
func (e *Exporter) Charter(c *codesocial.Charter) error {
	if c == nil {
		return refuse(ErrInvalid, "", "the charter must be given")
	}
	doc := c.Document()
	version, currency := VersionIRI(doc.ID, doc.Version), currencyIRI(doc.ID, doc.Currency)
	nodes := []*Node{currencyNode(doc.ID, doc.Currency)}
	code := &Node{ID: doc.ID, Types: []string{"cs:SocialCode", "pair:Document"}}
	if doc.Project != "" {
		code.Add("pair:documents", Ref(doc.Project))
	} else {
		code.Add("pair:documents", Ref(CommunityIRI(doc.ID)))
		nodes = append(nodes, (&Node{ID: CommunityIRI(doc.ID), Types: []string{"pair:Ecosystem", "vf:Organization"}}).
			Add("dct:title", texts(doc.Title)...))
	}
	nodes = append(nodes, code)
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
	if doc.Project != "" {
		v.Add("cs:project", Ref(doc.Project))
	}
	if from, ok := c.DerivedFrom(); ok {
		origin := VersionIRI(from.Charter, from.Version)
		v.Add("prov:wasDerivedFrom", Ref(origin))
		nodes = append(nodes, (&Node{ID: origin, Types: []string{"cs:CharterVersion", "pair:Document"}}).
			Add("dct:isVersionOf", Ref(from.Charter)).
			Add("schema:version", Integer(int64(from.Version))).
			Add("cs:hash", Literal(from.Hash)))
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
			n := (&Node{ID: Fragment(version, "clause", clause.ID), Types: []string{"cs:Clause"}}).
				Add("dct:isPartOf", refs(version, iri)...).
				Add("dct:identifier", Literal(clause.ID)).
				Add("dct:title", texts(clause.Title)...).
				Add("dct:description", texts(clause.Text)...).
				Add("schema:position", Integer(int64(j+1)))
			nodes = append(append(nodes, n), aims(n, doc.ID, clause)...)
		}
	}
	for _, kind := range c.Kinds() {
		for rule := range c.Rules(kind) {
			nodes = append(nodes, ruleNodes(rule)...)
		}
	}
	return e.graph.Add(nodes...)
}

// aims adds to the node of a clause what it wants to reach and intends, and returns the nodes that describe it.
func aims(n *Node, charter string, c codesocial.Clause) (nodes []*Node) {
	if t := c.Target; t != nil {
		iri := Fragment(n.ID, "target")
		goal, described := measure(iri, "goal", charter, t.Goal, t.Unit)
		target := (&Node{ID: iri, Types: []string{"cs:Target"}}).
			Add("dct:title", texts(t.What)...).
			Add("cs:reach", Literal(string(t.Reach))).
			Add("cs:goal", goal)
		nodes = append(nodes, described...)
		if !t.By.IsZero() {
			target.Add("schema:endDate", Literal(t.By.String()))
		}
		if t.Current != nil {
			reading, described := measure(iri, "reading", charter, t.Current.Value, t.Unit)
			target.Add("cs:reading", reading).Add("dct:date", Literal(t.Current.On.String()))
			nodes = append(nodes, described...)
		}
		n.Add("cs:target", Ref(target.ID))
		nodes = append(nodes, target)
	}
	if i := c.Intention; i != nil {
		n.Types = append(n.Types, "cs:Intention")
		for _, a := range i.Actions {
			n.Add("cs:carriedOutBy", Ref(a.ID))
			nodes = append(nodes, (&Node{ID: a.ID, Types: []string{"prov:Activity"}}).Add("dct:title", texts(a.Title)...))
		}
	}
	return nodes
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
