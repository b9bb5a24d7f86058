package mediation_test

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/mediation"
)

// rot13 stands for real encryption (see package agebox): it keeps this example free of other modules, and hides nothing.
type rot13 struct{}

func (rot13) Seal(readers []string, plain []byte) ([]byte, error) {
	sealed := make([]byte, len(plain))
	for i, b := range plain {
		switch {
		case b >= 'a' && b <= 'z':
			b = 'a' + (b-'a'+13)%26
		case b >= 'A' && b <= 'Z':
			b = 'A' + (b-'A'+13)%26
		}
		sealed[i] = b
	}
	return sealed, nil
}

func (r rot13) Open(reader string, sealed []byte) ([]byte, error) { return r.Seal(nil, sealed) }

// A member reports a tension; the reception answers; the two settle it between them.
func Example() {
	const ana, cleo, olga, org = "urn:x:ana", "urn:x:cleo", "urn:x:olga", "https://la-trame.example/org/commons"
	ctx, now := context.Background(), time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)

	// A community with a charter that says who sits in the reception.
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	signer, err := journal.NewSigner("la-trame.example/journal", key)
	check(err)
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, &journal.Options{Now: func() time.Time { return now }}) // in life, the clock of the machine
	check(err)
	community, err := codesocial.Open(ctx, j, mediation.Guard(), mediation.Checks())
	check(err)
	charter, err := codesocial.NewCharter(codesocial.Document{
		ID: "https://la-trame.example/charter", Version: 1, Profile: "la-trame", Title: codesocial.Text{"en": "Social code of La Trame"},
		Currency: "EUR", TimeZone: "Europe/Paris", InForceFrom: codesocial.Date{Year: 2025, Month: 1, Day: 1}, Threshold: 1,
		Founders: []codesocial.Founder{{ID: org, Name: "La Trame", Type: codesocial.Organization}},
		Chapters: []codesocial.Chapter{{ID: "together", Title: codesocial.Text{"en": "Together"}, Clauses: []codesocial.Clause{
			{ID: "joining", Text: codesocial.Text{"en": "Anyone may join."}, Rule: []byte(`{"kind":"codesocial.admission","sponsors":0}`)},
			{ID: "reception", Text: codesocial.Text{"en": "Olga receives tensions."}, Rule: []byte(`{"kind":"mediation.bodies","reception":["urn:x:olga"]}`)},
			{ID: "respect", Text: codesocial.Text{"en": "We keep our word."}},
		}}},
	})
	check(err)
	check(community.Register(ctx, codesocial.Party{ID: org, Type: codesocial.Organization, Name: "La Trame", Key: codesocial.PublicKeyOf(key)}))
	check(community.Propose(ctx, charter))
	signature, err := codesocial.SignCharter(charter, org, key)
	check(err)
	check(community.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: codesocial.Date{Year: 2024, Month: 12, Day: 31}, Signatures: []codesocial.CharterSignature{signature}}))
	for _, iri := range []string{ana, cleo, olga} {
		check(community.Register(ctx, codesocial.Party{ID: iri, Type: codesocial.Person, Name: iri[6:]}))
		check(community.Admit(ctx, codesocial.Admission{Applicant: iri, Charter: charter.Hash(), On: codesocial.Date{Year: 2025, Month: 1, Day: 2}}))
	}

	// A tension, from the report to its end.
	office, err := mediation.Open(ctx, community, &mediation.Options{Sealer: rot13{}})
	check(err)
	id, err := office.Raise(ctx, mediation.Tension{By: ana, At: now, Respondents: []string{cleo}}, mediation.Words{
		Fact: "Our meeting was moved the evening before.", Effect: "I came for nothing.", Need: "To rely on dates.",
	})
	check(err)
	act := func(event mediation.Event, by string, clauses ...string) {
		now = now.Add(time.Hour)
		check(office.Act(ctx, mediation.Act{Case: id, Event: event, By: by, At: now, Clauses: clauses}))
	}
	show := func() {
		check(office.Read(func(c *mediation.Cases) {
			next, err := c.Next(id)
			check(err)
			fmt.Println(next.Stage, "until", next.At.Format(time.DateTime))
		}))
	}
	show()
	act(mediation.Acknowledge, olga)
	act(mediation.Triage, olga, "respect")
	act(mediation.Talk, ana)
	show()
	act(mediation.Settle, ana)
	act(mediation.Settle, cleo)
	show()
	// Output:
	// reported until 2025-03-04 09:00:00
	// dialogue until 2025-03-17 23:00:00
	// follow-up until 2025-04-02 22:00:00
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
