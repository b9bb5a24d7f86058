package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
)

//go:embed charter.json
var charterText []byte

// hall is the project that carries out the collective offer of the story.
const hall = base + "project/halle"

var today = codesocial.Date{Year: 2025, Month: time.March, Day: 3}

// A fair is a community with its catalogue and its books, in memory.
type fair struct {
	community *codesocial.Community
	journal   *journal.Journal
	catalog   *catalog.Catalog
	books     *ledger.Ledger
}

// keyOf returns the key of an invented party. Nobody's real key follows from a name.
func keyOf(iri string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("market " + iri))
	return ed25519.NewKeyFromSeed(seed[:])
}

// openFair founds the community and admits the organizations.
func openFair(ctx context.Context, organizations []codesocial.Party) (*fair, error) {
	signer, err := journal.NewSigner("la-foire.example/journal", keyOf("journal"))
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, &journal.Options{
		Now:  func() time.Time { return today.In(time.UTC) },
		Salt: func(id uuid.UUID) [16]byte { return id }, // invented data has nothing to hide
	})
	if err != nil {
		return nil, err
	}
	f := &fair{journal: j}
	if f.community, err = codesocial.Open(ctx, j, ledger.Checks(), catalog.Checks()); err != nil {
		return nil, err
	}
	if f.books, err = ledger.Open(ctx, f.community); err != nil {
		return nil, err
	}
	if f.catalog, err = catalog.Open(ctx, f.community, nil); err != nil {
		return nil, err
	}
	return f, f.found(ctx, organizations)
}

func (f *fair) found(ctx context.Context, organizations []codesocial.Party) error {
	charter, err := codesocial.ParseCharter(charterText)
	if err != nil {
		return err
	}
	parties := append(slices.Clone(organizations),
		codesocial.Party{ID: hall, Type: codesocial.Project, Name: "La halle de Valdombre", Lead: orgIRI(1), Partners: []string{orgIRI(1), orgIRI(2)}})
	if err := f.community.Register(ctx, parties...); err != nil {
		return err
	}
	if err := f.community.Propose(ctx, charter); err != nil {
		return err
	}
	adoption := codesocial.Adoption{Charter: charter.Hash(), On: charter.InForceFrom().AddDays(-1)}
	for _, founder := range charter.Founders() {
		signature, err := codesocial.SignCharter(charter, founder.ID, keyOf(founder.ID))
		if err != nil {
			return err
		}
		adoption.Signatures = append(adoption.Signatures, signature)
	}
	if err := f.community.Adopt(ctx, adoption); err != nil {
		return err
	}
	var admissions []codesocial.Admission
	for _, p := range append(slices.Clone(organizations[2:]), parties[len(organizations)]) {
		speaker := p.ID
		if p.Lead != "" {
			speaker = p.Lead
		}
		signature, err := codesocial.SignAcceptance(p.ID, charter, keyOf(speaker))
		if err != nil {
			return err
		}
		admissions = append(admissions, codesocial.Admission{
			Applicant: p.ID, Charter: charter.Hash(), On: charter.InForceFrom(), Sponsors: []string{orgIRI(1)}, Signature: signature,
		})
	}
	return f.community.Admit(ctx, admissions...)
}

// publish takes entries from draft to published: written by their holders, read by another member.
func (f *fair) publish(ctx context.Context, entries []catalog.Entry) error {
	byHolder := make(map[string][]catalog.Entry)
	var holders []string
	for _, e := range entries {
		if byHolder[e.Holder] == nil {
			holders = append(holders, e.Holder)
		}
		byHolder[e.Holder] = append(byHolder[e.Holder], e)
	}
	slices.Sort(holders)
	for _, holder := range holders {
		if err := f.catalog.Write(ctx, holder, today, byHolder[holder]...); err != nil {
			return err
		}
	}
	for _, move := range []catalog.Move{catalog.Propose, catalog.Check, catalog.Publish} {
		const batch = 1000
		for part := range slices.Chunk(entries, batch) {
			steps := make([]catalog.Step, len(part))
			for i, e := range part {
				steps[i] = catalog.Step{By: e.Holder, Entry: e.ID, Move: move, On: today}
				if move == catalog.Check {
					steps[i].By = orgIRI(3)
				}
			}
			if err := f.catalog.Step(ctx, steps...); err != nil {
				return fmt.Errorf("publishing: %w", err)
			}
		}
	}
	return nil
}
