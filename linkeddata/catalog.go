package linkeddata

import (
	"slices"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
)

// CatalogIRI returns the IRI of the catalogue of the community that a social code constitutes.
func CatalogIRI(charter string) string { return Fragment(charter, "catalogue") }

// Catalog exports the public entries that can be seen on a day, and the list of them: a vf:ProposalList of the community of the version in force
// on that day.
func (e *Exporter) Catalog(s *codesocial.State, c *catalog.State, day codesocial.Date) error {
	if s == nil || c == nil {
		return refuse(ErrInvalid, "", "the state of the community and its catalogue must be given")
	}
	return e.onDay(s, day, func(rules *codesocial.Charter) error {
		list := (&Node{ID: CatalogIRI(rules.ID()), Types: []string{"vf:ProposalList", "schema:OfferCatalog"}}).
			Add("dct:isPartOf", Ref(CommunityIRI(rules.ID())))
		for l := range c.Entries(day, catalog.Filter{Visibility: catalog.Public}) {
			if l.Status != catalog.Published && l.Status != catalog.Reserved {
				continue
			}
			if err := e.Entry(l, rules); err != nil {
				return err
			}
			if l.Entry.Kind != catalog.Event {
				list.Add("vf:lists", Ref(l.Entry.ID))
			}
		}
		return e.graph.Add(list)
	})
}

// Entry exports an entry of the catalogue: in Valueflows a vf:Proposal that publishes a vf:Intent, with a provider for an offer and a receiver for a need; for schema.org
// a schema:Offer or schema:Demand; in PAIR a pair:Resource that somebody offers or needs. An event is a pair:Event and schema:Event. rules is the
// version of the social code whose units and time zone its quantities and days are in. The texts are public already; nothing else is said of persons than their IRIs.
func (e *Exporter) Entry(l catalog.Listing, rules *codesocial.Charter) error {
	if rules == nil {
		return at(refuse(ErrInvalid, "", "the version whose units and days they are must be given"), l.Entry.ID, "")
	}
	if l.Erased {
		return nil
	}
	x := &entryExport{e: &l.Entry, rules: rules, zone: rules.Location()}
	x.node = (&Node{ID: l.Entry.ID}).
		Add("dct:title", texts(l.Entry.Title)...).
		Add("dct:description", texts(l.Entry.Description)...).
		Add("cs:hash", Literal(l.Hash)).
		Add("cs:status", Literal(string(l.Status))).
		Add("cs:entryKind", Literal(string(l.Entry.Kind)))
	x.around(l)
	if l.Entry.Kind == catalog.Event {
		x.event()
	} else {
		x.proposal(l)
	}
	return e.graph.Add(append(x.nodes, x.node)...)
}

// An entryExport is an entry on its way into a graph.
type entryExport struct {
	e     *catalog.Entry
	rules *codesocial.Charter
	zone  *time.Location
	node  *Node
	nodes []*Node
}

// around says what every entry has: tags, place, licence, images, people, sources.
func (x *entryExport) around(l catalog.Listing) {
	for _, t := range x.e.Themes {
		x.node.Add("pair:hasTopic", x.tag(t, "theme", "pair:Theme"))
	}
	for _, t := range x.e.Audience {
		x.node.Add("cs:audience", x.tag(t, "audience", "pair:Theme"))
	}
	for _, c := range x.e.Credits {
		term := "dct:contributor"
		if strings.EqualFold(c.Role, "author") || strings.EqualFold(c.Role, "auteur") {
			term = "dct:creator"
		}
		x.node.Add(term, Ref(c.Party))
	}
	x.node.Add("prov:wasDerivedFrom", refs(x.e.DerivedFrom...)...)
	for _, image := range x.e.Images {
		x.node.Add("schema:image", Ref(image.URL))
		x.nodes = append(x.nodes, (&Node{ID: image.URL, Types: []string{"schema:ImageObject"}}).Add("dct:description", texts(image.Alt)...))
	}
	if x.e.Link != "" {
		x.node.Add("dct:references", Ref(x.e.Link))
	}
	if x.e.Licence != "" {
		x.node.Add("cs:licence", Literal(x.e.Licence))
	}
	if !l.Published.IsZero() {
		x.node.Add("vf:created", Time(beginning(l.Published, x.zone)))
	}
}

// tag names a tag: by its concept, or by a part of the entry.
func (x *entryExport) tag(t catalog.Tag, part, class string) Value {
	iri := t.Concept
	if iri == "" {
		iri = Fragment(x.e.ID, part, digest(t.Label))
	}
	n := &Node{ID: iri, Types: []string{class}}
	if t.Label != "" {
		n.Add("pair:label", Literal(t.Label))
	}
	x.nodes = append(x.nodes, n)
	return Ref(iri)
}

// place describes where something is done or needed; false if that is not known.
func (x *entryExport) place() (Value, bool) {
	w := x.e.Where
	if w.Place == "" && w.Point == nil {
		return Value{}, false
	}
	n := &Node{ID: Fragment(x.e.ID, "place"), Types: []string{"vf:SpatialThing", "pair:PhysicalPlace"}}
	if w.Place != "" {
		n.Add("vf:name", Literal(w.Place)).Add("pair:label", Literal(w.Place))
	}
	if w.Point != nil {
		n.Add("vf:lat", Literal(w.Point.Latitude.String())).Add("vf:long", Literal(w.Point.Longitude.String()))
	}
	if w.Radius > 0 {
		n.Add("cs:radius", Integer(int64(w.Radius)))
	}
	x.nodes = append(x.nodes, n)
	return Ref(n.ID), true
}

func (x *entryExport) event() {
	x.node.Types = []string{"pair:Event", "schema:Event"}
	x.node.Add("pair:startDate", Time(x.e.Occasion.Starts)).Add("pair:endDate", Time(x.e.Occasion.Ends)).Add("schema:organizer", Ref(x.e.Holder))
	if where, ok := x.place(); ok {
		x.node.Add("pair:hasLocation", where)
	}
}

// proposal says what an offer or need is in each of the three vocabularies.
func (x *entryExport) proposal(l catalog.Listing) {
	offers := x.e.Kind.Offers()
	action := "vf:deliverService"
	intent := (&Node{ID: Fragment(x.e.ID, "intent"), Types: []string{"vf:Intent"}}).Add("vf:action", individual(action))
	resource := (&Node{ID: Fragment(x.e.ID, "resource"), Types: []string{"pair:Resource", "schema:Service"}}).
		Add("dct:title", texts(x.e.Title)...)
	parties := append([]string{x.e.Holder}, slices.DeleteFunc(slices.Clone(x.e.Partners), func(p string) bool { return p == x.e.Holder })...)
	if offers {
		x.node.Types = []string{"vf:Proposal", "schema:Offer"}
		x.node.Add("vf:purpose", individual("vf:offer")).Add("schema:offeredBy", refs(parties...)...)
		intent.Add("vf:provider", Ref(x.e.Holder))
		resource.Add("pair:offeredBy", refs(parties...)...)
	} else {
		x.node.Types = []string{"vf:Proposal", "schema:Demand"}
		x.node.Add("vf:purpose", individual("vf:request"))
		intent.Add("vf:receiver", Ref(x.e.Holder))
		resource.Add("pair:neededBy", Ref(x.e.Holder))
	}
	x.node.Add("vf:publishes", Ref(intent.ID)).Add("schema:itemOffered", Ref(resource.ID))
	for _, t := range x.e.Skills {
		skill := x.tag(t, "skill", "pair:Skill")
		resource.Add("pair:hasTopic", skill)
		intent.Add("vf:resourceClassifiedAs", skill)
	}
	if c := x.e.Capacity; c != nil {
		quantity, described := measure(intent.ID, "quantity", x.rules.ID(), c.Value, c.Unit)
		intent.Add("vf:resourceQuantity", quantity)
		x.nodes = append(x.nodes, described...)
	}
	if where, ok := x.place(); ok {
		x.node.Add("vf:eligibleLocation", where).Add("schema:areaServed", where)
	}
	if !l.Published.IsZero() {
		x.node.Add("vf:hasBeginning", Time(beginning(l.Published, x.zone))).Add("schema:validFrom", Literal(l.Published.String()))
	}
	if !l.Until.IsZero() {
		x.node.Add("vf:hasEnd", Time(beginning(l.Until.AddDays(1), x.zone))).Add("schema:validThrough", Literal(l.Until.String()))
	}
	x.price()
	x.split()
	x.nodes = append(x.nodes, intent, resource)
}

func (x *entryExport) price() {
	p := x.e.Price
	if p.Mode == "" {
		return
	}
	x.node.Add("cs:priceMode", Literal(string(p.Mode)))
	if p.Amount != nil {
		x.node.Add("schema:price", Decimal(*p.Amount))
	}
	if p.Currency != "" {
		x.node.Add("schema:priceCurrency", Literal(p.Currency))
	}
}

// split describes how the partners of a collective offer share what it earns.
func (x *entryExport) split() {
	x.node.Add("cs:partner", refs(x.e.Partners...)...)
	for i, s := range x.e.Split {
		n := (&Node{ID: Fragment(x.e.ID, "split", ordinal(i)), Types: []string{"cs:SplitShare"}}).
			Add("dct:isPartOf", Ref(x.e.ID)).
			Add("schema:position", Integer(int64(i+1))).
			Add("cs:shareRole", Literal(s.Role)).
			Add("cs:rate", Decimal(s.Rate))
		if s.Party != "" {
			n.Add("cs:recipient", Ref(s.Party))
		}
		if s.Fund != "" {
			n.Add("cs:fund", Literal(s.Fund))
		}
		x.nodes = append(x.nodes, n)
	}
}
