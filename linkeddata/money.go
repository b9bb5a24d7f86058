package linkeddata

import (
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

// Receipt exports money that came in for a project: a transfer to it. rules is the version of the social
// code in force on that day. Who paid, the reference and the note are free text, see [Options.Notes].
func (e *Exporter) Receipt(r ledger.Receipt, rules *codesocial.Charter) error {
	iri := e.record(r.ID)
	if rules == nil {
		return at(refuse(ErrInvalid, "", "the version in force on that day must be given"), iri, "")
	}
	event, nodes := transfer(iri, r.Amount, r.Currency, r.On, rules)
	account, described := accountNodes(rules.ID(), ledger.ProjectAccount(r.Project), r.Currency)
	event.Add("vf:receiver", Ref(r.Project)).Add("vf:toResourceInventoriedAs", account)
	if r.Introducer != "" {
		event.Add("cs:introducer", Ref(r.Introducer))
	}
	e.fulfils(event, r.Fulfils)
	nodes = append(append(nodes, described...), e.outsider(event, "vf:provider", "payer", r.Payer)...)
	e.notes(event, r.Reference, r.Note)
	return e.graph.Add(nodes...)
}

// Expense exports money that went out: a transfer from the project or, when a fund bears it, from the
// community. rules is the version of the social code in force on that day. Who was paid, the reference and the
// note are free text, see [Options.Notes].
func (e *Exporter) Expense(x ledger.Expense, rules *codesocial.Charter) error {
	iri := e.record(x.ID)
	if rules == nil {
		return at(refuse(ErrInvalid, "", "the version in force on that day must be given"), iri, "")
	}
	event, nodes := transfer(iri, x.Amount, x.Currency, x.On, rules)
	provider, bearer := x.Project, ledger.ProjectAccount(x.Project)
	if x.Project == "" {
		provider, bearer = CommunityIRI(rules.ID()), ledger.FundAccount(x.Fund)
	}
	account, described := accountNodes(rules.ID(), bearer, x.Currency)
	event.Add("vf:provider", Ref(provider)).Add("vf:resourceInventoriedAs", account)
	e.fulfils(event, x.Fulfils)
	nodes = append(append(nodes, described...), e.outsider(event, "vf:receiver", "payee", x.Payee)...)
	e.notes(event, x.Reference, x.Note)
	return e.graph.Add(nodes...)
}

// transfer describes the transfer of an amount of money on a day, without its parties.
func transfer(iri string, amount decimal.Decimal, currency string, on codesocial.Date, rules *codesocial.Charter) (*Node, []*Node) {
	event := (&Node{ID: iri, Types: []string{"vf:EconomicEvent"}}).
		Add("vf:action", individual("vf:transfer")).
		Add("vf:resourceConformsTo", Ref(currencyIRI(rules.ID(), currency)))
	dated(event, on, rules)
	quantity, nodes := money(event.ID, "quantity", rules.ID(), amount)
	event.Add("vf:resourceQuantity", quantity)
	return event, append(nodes, event, currencyNode(rules.ID(), currency))
}

// outsider describes the other side of a transfer, who is known by a free text alone, if that is asked
// for.
func (e *Exporter) outsider(event *Node, term, role, name string) []*Node {
	if name == "" || !e.options.Notes {
		return nil
	}
	iri := Fragment(event.ID, role)
	event.Add(term, Ref(iri))
	return []*Node{(&Node{ID: iri, Types: []string{"vf:Agent"}}).Add("vf:name", Literal(name))}
}

// notes adds the free text of a record, if it is asked for.
func (e *Exporter) notes(event *Node, reference, note string) {
	if e.options.Notes && reference != "" {
		event.Add("dct:identifier", Literal(reference))
	}
	if e.options.Notes && note != "" {
		event.Add("vf:note", Literal(note))
	}
}

// money describes an amount of money as a part of the thing that iri names. Valueflows has currencies
// among the kinds of resources: the unit of an amount is one.
func money(iri, part, charter string, amount decimal.Decimal) (Value, []*Node) {
	return measure(iri, part, charter, amount, "one")
}

// currencyIRI returns the IRI of a currency as a social code means it.
func currencyIRI(charter, code string) string { return Fragment(charter, "currency", code) }

func currencyNode(charter, code string) *Node {
	return (&Node{ID: currencyIRI(charter, code), Types: []string{"vf:ResourceSpecification"}}).
		Add("vf:name", Literal(code)).
		Add("dct:identifier", Literal(code)).
		Add("vf:mediumOfExchange", Bool(true))
}

// accountNodes describes an account of the books in a currency: a resource for which the party, the
// project or the community is accountable.
func accountNodes(charter string, account ledger.Account, currency string) (Value, []*Node) {
	kind, name, _ := strings.Cut(string(account), ":")
	owner, step := CommunityIRI(charter), name
	if kind == "project" || kind == "party" {
		owner, step = name, digest(name)
	}
	path := []string{"account", currency, kind}
	if name != "" {
		path = append(path, step)
	}
	n := (&Node{ID: Fragment(charter, path...), Types: []string{"vf:EconomicResource"}}).
		Add("vf:conformsTo", Ref(currencyIRI(charter, currency))).
		Add("vf:primaryAccountable", Ref(owner)).
		Add("cs:accountKind", Literal(kind))
	if owner != name && name != "" {
		n.Add("dct:identifier", Literal(name))
	}
	return Ref(n.ID), []*Node{n, currencyNode(charter, currency)}
}

// postings describes postings as parts of the thing that iri names, in their order.
func postings(iri, charter, currency string, list []ledger.Posting) []*Node {
	var nodes []*Node
	for i, p := range list {
		account, described := accountNodes(charter, p.Account, currency)
		nodes = append(append(nodes, described...), (&Node{ID: Fragment(iri, "posting", ordinal(i)), Types: []string{"cs:Posting"}}).
			Add("dct:isPartOf", Ref(iri)).
			Add("schema:position", Integer(int64(i+1))).
			Add("cs:account", account).
			Add("cs:amount", Decimal(p.Amount)))
	}
	return nodes
}

// accounts exports the balance of every account, in the currency of each version: what who is accountable
// for it has there. In the books a debit is positive, so only cash has it with that sign.
func (e *Exporter) accounts(s *codesocial.State, b *ledger.Books) error {
	for _, v := range s.Versions() {
		charter, currency := v.Charter.ID(), v.Charter.Currency()
		for account, balance := range b.Accounts(currency) {
			ref, nodes := accountNodes(charter, account, currency)
			iri, _ := ref.IRI()
			if account != ledger.Cash {
				balance = balance.Neg()
			}
			quantity, described := money(iri, "balance", charter, balance)
			nodes[0].Add("vf:accountingQuantity", quantity)
			if err := e.graph.Add(append(nodes, described...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// record returns the IRI of a record.
func (e *Exporter) record(id uuid.UUID) string {
	if e.options.Base == "" {
		return id.URN()
	}
	return e.options.Base + id.String()
}
