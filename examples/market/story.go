package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/ledger"
)

// The people of the story: two organizations that offer a market hall together, one that checks what others publish, one that has raised halls for years, one that
// needs a hall, and one that brings them together.
var (
	carpenters, masons, checker, builders, school, friend = orgIRI(1), orgIRI(2), orgIRI(3), orgIRI(4), orgIRI(5), orgIRI(6)
)

func rate(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// hallOffer returns what the partners offer together.
func hallOffer(partners []string, split catalog.Split) catalog.Entry {
	return catalog.Entry{
		ID: base + "catalogue/halle-de-marche", Kind: catalog.Collective, Holder: carpenters, Partners: partners, Split: split,
		Title: codesocial.Text{"fr": "Halle de marché : charpente en bois local et murs de pierre", "en": "Market hall: a frame of local timber on stone walls"},
		Description: codesocial.Text{
			"fr": "Charpentiers et maçons lèvent ensemble une halle de marché, des fondations à la couverture, avec le bois et la pierre de la vallée. Le chantier est ouvert aux apprentis.",
		},
		Skills: []catalog.Tag{{Label: "charpente"}, {Label: "maçonnerie"}}, Themes: []catalog.Tag{{Label: "halle"}, {Label: "chantier-école"}},
		Where:    catalog.Where{Place: "Valdombre", Point: &catalog.Point{Latitude: 45_120_000, Longitude: 4_310_000}, Radius: 50},
		Capacity: &catalog.Quantity{Value: decimal.NewFromInt(600), Unit: "h"}, Price: catalog.Price{Mode: catalog.Quote}, Visibility: catalog.Public,
	}
}

// rivalOffer returns what one member has offered alone all along.
func rivalOffer() catalog.Entry {
	e := hallOffer(nil, nil)
	e.ID, e.Kind, e.Holder = base+"catalogue/halles-et-granges", catalog.Offer, builders
	e.Title = codesocial.Text{"fr": "Halles de marché et granges en bois, sur murs de pierre", "en": "Market halls and barns of timber, on stone walls"}
	e.Description = codesocial.Text{
		"fr": "Depuis trente ans nous levons des halles de marché et des granges, charpente et murs de pierre, avec le bois de la vallée. Nos chantiers sont ouverts aux apprentis.",
	}
	e.Capacity = &catalog.Quantity{Value: decimal.NewFromInt(300), Unit: "h"}
	return e
}

// schoolNeed returns what the school is looking for.
func schoolNeed() catalog.Entry {
	e := hallOffer(nil, nil)
	e.ID, e.Kind, e.Holder = base+"catalogue/cherche-halle", catalog.Need, school
	e.Title = codesocial.Text{"fr": "Cherche une halle de marché en bois et pierre pour la cour de l'école", "en": "Looking for a market hall of timber and stone for the school yard"}
	e.Description = codesocial.Text{"fr": "Les élèves veulent apprendre sur le chantier : une halle à construire ensemble, avec des apprentis, de la charpente aux murs."}
	e.Capacity = &catalog.Quantity{Value: decimal.NewFromInt(500), Unit: "h"}
	return e
}

// A teller carries out the story and says what happens.
type teller struct {
	*fair
	w   io.Writer
	err error
}

func (t *teller) say(format string, args ...any) {
	if t.err == nil {
		fmt.Fprintf(t.w, format+"\n", args...)
	}
}

// do does the next thing, unless something went wrong before.
func (t *teller) do(f func() error) {
	if t.err == nil {
		t.err = f()
	}
}

func (t *teller) step(ctx context.Context, by, entry string, move catalog.Move) error {
	return t.catalog.Step(ctx, catalog.Step{By: by, Entry: entry, Move: move, On: today})
}

// offer writes the collective offer, has every partner sign its consent, and proposes it.
func (t *teller) offer(ctx context.Context, e catalog.Entry) error {
	if err := t.catalog.Write(ctx, e.Holder, today, e); err != nil {
		return err
	}
	for _, partner := range e.Partners {
		consent := catalog.ConsentDraft(catalog.Consent{Partner: partner, Offer: e.ID, Hash: e.Hash(), On: today})
		if err := consent.Sign(keyOf(partner)); err != nil {
			return err
		}
		if err := t.catalog.Consent(ctx, consent); err != nil {
			return err
		}
	}
	return t.step(ctx, e.Holder, e.ID, catalog.Propose)
}

// tell carries out the story: an offer made together is held back, the member that it would compete with joins, it is published, meets a need, is cashed, and what it
// earned is shared as the partners signed.
func tell(ctx context.Context, f *fair, w io.Writer) (*ledger.Distribution, error) {
	t := &teller{fair: f, w: w}
	two := hallOffer([]string{carpenters, masons}, catalog.Split{
		{Role: catalog.IntroducerRole, Rate: rate("0.05")},
		{Role: "producer", Party: carpenters, Rate: rate("0.50")},
		{Role: "producer", Party: masons, Rate: rate("0.35")},
		{Role: "commons", Fund: "commons", Rate: rate("0.10")},
	})
	t.do(func() error { return t.publish(ctx, []catalog.Entry{rivalOffer(), schoolNeed()}) })
	t.do(func() error { return t.offer(ctx, two) })
	t.say("%s and %s propose together: %s", t.name(carpenters), t.name(masons), two.Title["en"])
	t.do(func() error {
		var held *catalog.HeldBack
		if err := t.step(ctx, checker, two.ID, catalog.Check); !errors.As(err, &held) {
			return fmt.Errorf("nobody held the offer back: %w", err)
		}
		for _, c := range held.By {
			t.say("  held back by %s of %s", c.Offer, t.name(c.Holder))
			t.say("    similarity %s; skills and themes %s: %v", c.Similarity, c.Evidence.TagSimilarity, c.Evidence.Tags)
			t.say("    words %s: %v", c.Evidence.TextSimilarity, c.Evidence.Words)
			t.say("    territory: %s; %s, to object until %s", c.Evidence.Territory, c.Clause, c.Until)
		}
		return nil
	})
	t.do(func() error {
		return t.catalog.Answer(ctx, catalog.Answer{By: builders, Offer: two.ID, Rival: rivalOffer().ID, Answer: catalog.Join, On: today})
	})
	t.say("%s asks to join", t.name(builders))
	three := hallOffer([]string{carpenters, masons, builders}, catalog.Split{
		{Role: catalog.IntroducerRole, Rate: rate("0.05")},
		{Role: "producer", Party: carpenters, Rate: rate("0.35")},
		{Role: "producer", Party: masons, Rate: rate("0.25")},
		{Role: "producer", Party: builders, Rate: rate("0.25")},
		{Role: "commons", Fund: "commons", Rate: rate("0.10")},
	})
	t.do(func() error { return t.offer(ctx, three) })
	t.do(func() error { return t.step(ctx, checker, three.ID, catalog.Check) })
	t.do(func() error { return t.step(ctx, builders, three.ID, catalog.Publish) })
	t.say("the three have signed a new split, and the offer is published")
	t.do(func() error { return t.match(schoolNeed().ID, three.ID) })
	deal := catalog.Deal{
		ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("market deal")), By: friend, Offer: three.ID, Need: schoolNeed().ID, Client: school, Introducer: friend,
		Quantity: &catalog.Quantity{Value: decimal.NewFromInt(500), Unit: "h"}, On: today,
	}
	t.do(func() error { return t.catalog.Contact(ctx, deal) })
	t.say("%s brings them together", t.name(friend))
	for _, m := range []struct {
		by   string
		move catalog.DealMove
	}{{school, catalog.Negotiate}, {school, catalog.Agree}, {masons, catalog.Agree}, {carpenters, catalog.Deliver}, {school, catalog.Confirm}} {
		t.do(func() error {
			return t.catalog.Deal(ctx, catalog.DealStep{By: m.by, Deal: deal.ID, Move: m.move, On: today})
		})
	}
	receipt := ledger.Receipt{
		ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("market receipt")), Project: hall, Amount: rate("12345.67"), Currency: "EUR", On: today, Introducer: friend,
	}
	t.do(func() error { return t.books.Receive(ctx, receipt) })
	t.do(func() error {
		return t.catalog.Deal(ctx, catalog.DealStep{By: carpenters, Deal: deal.ID, Move: catalog.Cash, On: today, Receipt: receipt.ID})
	})
	t.say("delivered, confirmed and cashed: %s EUR", receipt.Amount)
	return t.share(ctx)
}

// match shows the best offers for a need, of which one must be that one.
func (t *teller) match(need, offer string) error {
	var matching *catalog.Matching
	var err error
	if readErr := t.catalog.Read(func(s *catalog.State) { matching, err = s.Matching(today, nil) }); readErr != nil || err != nil {
		return errors.Join(readErr, err)
	}
	best, err := matching.Best(need, 3)
	if err != nil {
		return err
	}
	t.say("the best offers for the need of %s:", t.name(school))
	found := false
	for _, m := range best {
		t.say("  %s", english.explain(m))
		found = found || m.Offer == offer
	}
	if !found {
		return fmt.Errorf("%s is not among the best offers for %s", offer, need)
	}
	return nil
}

// share distributes what the hall earned and shows each line.
func (t *teller) share(ctx context.Context) (*ledger.Distribution, error) {
	var d *ledger.Distribution
	t.do(func() (err error) {
		d, err = t.books.Distribute(ctx, ledger.Run{Project: hall, From: codesocial.Date{Year: 2025, Month: 1, Day: 1}, To: codesocial.Date{Year: 2025, Month: 12, Day: 31}})
		return err
	})
	if t.err != nil {
		return nil, t.err
	}
	t.say("shared under %s:", d.Clause)
	for _, line := range d.Statement.Lines {
		for _, part := range line.Parts {
			to := part.ID
			if slices.Contains([]string{carpenters, masons, builders, friend}, part.ID) {
				to = t.name(part.ID)
			}
			t.say("  %-12s %10s EUR  %s", line.Line.ID, part.Amount.StringFixed(2), to)
		}
	}
	return d, t.err
}

func (f *fair) name(iri string) (name string) {
	if err := f.community.Read(func(s *codesocial.State) {
		p, _ := s.Party(iri)
		name = p.Name
	}); err != nil || name == "" {
		return iri
	}
	return name
}
