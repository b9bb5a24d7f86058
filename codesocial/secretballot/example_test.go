package secretballot_test

import (
	"context"
	"crypto/rsa"
	"fmt"
	"log"
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/secretballot"
)

// Three members vote in secret on buying an oven; the first of them keeps the ballot office.
func Example() {
	ctx := context.Background()
	members := []string{"urn:x:ana", "urn:x:ben", "urn:x:cleo"}
	opens := time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC)
	now := opens
	community, err := commons(ctx, members, func() time.Time { return now }) // in earnest, the clock of the machine
	if err != nil {
		log.Fatal(err)
	}
	office, err := secretballot.NewOffice(members[0], map[int64]*rsa.PrivateKey{1: officeKeys()[0]}) // one from NewKey, in earnest
	if err != nil {
		log.Fatal(err)
	}
	purchase := codesocial.Opening{
		Matter: codesocial.Matter{Kind: "commons.purchase", Ref: "oven-2025"}, Title: codesocial.Text{"en": "Shall we buy an oven?"},
		Proposer: members[0], At: opens, Opens: opens, Closes: opens.AddDate(0, 0, 3), Offices: []codesocial.BallotOffice{office.BallotOffice()},
	}
	if err := community.Decide(ctx, purchase, key(1)); err != nil {
		log.Fatal(err)
	}
	read := func() (d codesocial.Decision) {
		if err := community.Read(func(s *codesocial.State) { d, _ = s.Decision(purchase.ID()) }); err != nil {
			log.Fatal(err)
		}
		return d
	}

	// The first day: each member asks for a credential under her name, and the office signs what it cannot see.
	voters := make([]*secretballot.Voter, len(members))
	for i, member := range members {
		if voters[i], err = secretballot.NewVoter(read(), member); err != nil {
			log.Fatal(err)
		}
		if err := community.AskCredential(ctx, voters[i].Request(opens), key(i+1)); err != nil {
			log.Fatal(err)
		}
	}
	if _, err := office.Issue(ctx, community, purchase.ID(), opens, key(1)); err != nil {
		log.Fatal(err)
	}

	// Afterwards: ballots without a name.
	now = opens.AddDate(0, 0, 2)
	for i, answer := range []decision.Answer{decision.For, decision.Against, decision.For} {
		var issued []codesocial.Credential
		if err := community.Read(func(s *codesocial.State) { _, issued, _ = s.CredentialRequest(purchase.ID(), members[i]) }); err != nil {
			log.Fatal(err)
		}
		ballot, err := voters[i].Ballot(issued, codesocial.Ballot{Answer: answer, At: now})
		if err != nil {
			log.Fatal(err)
		}
		if err := community.Cast(ctx, ballot); err != nil {
			log.Fatal(err)
		}
	}
	now = purchase.Closes
	if err := community.Close(ctx, codesocial.Closing{Decision: purchase.ID(), At: purchase.Closes}); err != nil {
		log.Fatal(err)
	}
	d := read()
	fmt.Println(d.Vote.Explain("en"))
	fmt.Printf("%d credentials, %d ballots\n", d.Secret.Classes[0].Issued, d.Secret.Classes[0].Cast)
	// Output:
	// Adopted. 2 for, 1 against, 0 abstaining, 0 silent, of 3. Threshold: at least 1/2 of the base (all ballots); 2 of 3: 2 × 2 > 3 × 1, met.
	// 3 credentials, 3 ballots
}

// commons returns a community of these founders, under a social code that has them vote in secret.
func commons(ctx context.Context, members []string, clock func() time.Time) (*codesocial.Community, error) {
	signer, err := journal.NewSigner("commons.example/journal", key(0))
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, &journal.Options{Now: clock})
	if err != nil {
		return nil, err
	}
	community, err := codesocial.Open(ctx, j)
	if err != nil {
		return nil, err
	}
	doc := codesocial.Document{
		ID: "https://commons.example/charter", Version: 1, Profile: "plain", Title: codesocial.Text{"en": "Our rules"}, Currency: "EUR", TimeZone: "Europe/Paris",
		InForceFrom: codesocial.Date{Year: 2025, Month: 1, Day: 1}, Threshold: 1,
		Chapters: []codesocial.Chapter{{ID: "deciding", Title: codesocial.Text{"en": "Deciding"}, Clauses: []codesocial.Clause{{
			ID: "purchases", Text: codesocial.Text{"en": "We vote on purchases, in secret."},
			Rule: []byte(`{"kind":"codesocial.decision","matters":["commons.purchase"],"vote":{"threshold":"1/2","base":"cast","final":true},"secret":{"hours":24,"least":3},"days":2}`),
		}}}},
	}
	parties := make([]codesocial.Party, len(members))
	for i, member := range members {
		parties[i] = codesocial.Party{ID: member, Type: codesocial.Person, Name: "A member", Key: codesocial.PublicKeyOf(key(i + 1))}
		doc.Founders = append(doc.Founders, codesocial.Founder{ID: member, Name: "A member", Type: codesocial.Person})
	}
	charter, err := codesocial.NewCharter(doc)
	if err != nil {
		return nil, err
	}
	signature, err := codesocial.SignCharter(charter, members[0], key(1))
	if err != nil {
		return nil, err
	}
	if err := community.Register(ctx, parties...); err != nil {
		return nil, err
	}
	if err := community.Propose(ctx, charter); err != nil {
		return nil, err
	}
	return community, community.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: charter.InForceFrom(), Signatures: []codesocial.CharterSignature{signature}})
}
