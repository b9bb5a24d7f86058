package handover

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

// partyName returns what members call a party; what its IRI ends with where no name is known.
func partyName(s *codesocial.State, iri string) string {
	if p, ok := s.Party(iri); ok && p.Name != "" {
		return p.Name
	}
	return iri[strings.LastIndexAny(iri, "/:#")+1:]
}

// mark returns a short text that tells an IRI from others.
func mark(iri string) string {
	sum := sha256.Sum256([]byte(iri))
	return strings.ToUpper(hex.EncodeToString(sum[:4]))
}

// accountNames gives every account of the books a name in plain text. Accounts that would have one name get a mark of their owner.
func accountNames(s *codesocial.State, b *ledger.Books) map[ledger.Account]string {
	names := make(map[ledger.Account]string)
	for _, currency := range b.Currencies() {
		for account := range b.Accounts(currency) {
			names[account] = accountName(s, account)
		}
	}
	users := make(map[string]int)
	for _, name := range names {
		users[name]++
	}
	for _, account := range slices.Sorted(maps.Keys(names)) {
		if name := names[account]; users[name] > 1 {
			names[account] = name + "-" + mark(string(account))
		}
	}
	return names
}

func accountName(s *codesocial.State, account ledger.Account) string {
	switch owner := account.Owner(); {
	case account == ledger.Cash:
		return "Assets:Cash"
	case account == ledger.ProjectAccount(owner):
		return "Income:Projects:" + plaintext.Level(partyName(s, owner))
	case account == ledger.PartyAccount(owner):
		return "Liabilities:Parties:" + plaintext.Level(partyName(s, owner))
	case account.Fund() != "":
		return "Equity:Funds:" + plaintext.Level(account.Fund())
	}
	return "Equity:" + plaintext.Level(string(account))
}
