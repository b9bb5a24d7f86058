package mediation

import (
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// KindDispute is the kind of the record by which the catalogue asks for a tension to be raised.
const KindDispute = "catalog.dispute"

// A Referral is a record of another package that asks for a tension to be raised. It opens no case: people do.
type Referral struct {
	Record  uuid.UUID
	By      string    // IRI of its author
	Parties []string  // IRIs, as far as the record names any
	Case    uuid.UUID // the case that was opened for it, zero while it is still to be raised
}

// decodeDispute reads what matters here of a record that another package owns, and leaves the rest to it.
func decodeDispute(r *journal.Record) (any, error) {
	if r.Erased() {
		return &Referral{Record: r.ID, By: r.Author}, nil
	}
	var members map[string]canonical.Raw
	if err := canonical.Unmarshal(r.Payload, &members); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	v := &Referral{Record: r.ID, By: r.Author}
	if parties, ok := members["parties"]; ok {
		if err := canonical.Unmarshal(parties, &v.Parties); err != nil {
			v.Parties = nil
		}
	}
	v.Parties = slices.DeleteFunc(v.Parties, func(iri string) bool { return codesocial.CheckIRI(iri) != nil })
	if len(v.Parties) > 2*MaxParties {
		v.Parties = v.Parties[:2*MaxParties]
	}
	return v, nil
}

// Referrals returns the disputes that other packages have recorded and for which no tension has been raised yet, in the order of their
// recording. A [Tension] that refers to one answers it.
func (c *Cases) Referrals() []Referral {
	var list []Referral
	for _, r := range c.referred {
		if r.Case == uuid.Nil {
			r.Parties = slices.Clone(r.Parties)
			list = append(list, r)
		}
	}
	return list
}
