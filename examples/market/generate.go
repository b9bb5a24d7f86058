package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
)

const base = "https://la-foire.example/"

// orgIRI names the n-th organization, from 1.
func orgIRI(n int) string { return fmt.Sprintf("%sorg/%d", base, n) }

// An inventor makes up the fair: the same seed makes up the same.
type inventor struct {
	rng  *rand.Rand
	orgs int
}

func invent(seed uint64, orgs int) *inventor {
	return &inventor{rand.New(rand.NewPCG(seed, 2025)), orgs}
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// organizations returns the members of the fair. Only the first two are founders.
func (v *inventor) organizations() []codesocial.Party {
	list := make([]codesocial.Party, v.orgs)
	for i := range list {
		name := fmt.Sprintf("%s %s %d", pick(v.rng, beginnings), pick(v.rng, endings), i+1)
		list[i] = codesocial.Party{ID: orgIRI(i + 1), Type: codesocial.Organization, Name: name, Key: codesocial.PublicKeyOf(keyOf(orgIRI(i + 1)))}
	}
	return list
}

// entries returns n offers and needs, three to one, each of about seventy words in French and English together.
func (v *inventor) entries(n int) []catalog.Entry {
	list := make([]catalog.Entry, n)
	for i := range list {
		list[i] = v.entry(i)
	}
	return list
}

func (v *inventor) entry(i int) catalog.Entry {
	rng := v.rng
	t := pick(rng, trades)
	thing, place := rng.IntN(len(t.things)), pick(rng, towns)
	quality, reason, audience := rng.IntN(len(qualities)), rng.IntN(len(reasons)), pick(rng, audiences)
	first, second, third := rng.IntN(len(manners)), rng.IntN(len(manners)), rng.IntN(len(manners))
	e := catalog.Entry{
		Kind: catalog.Offer, Holder: orgIRI(4 + rng.IntN(v.orgs-3)),
		Title: codesocial.Text{
			"fr": fmt.Sprintf("%s : %s %s", capital(t.fr), t.things[thing], qualities[quality]),
			"en": fmt.Sprintf("%s: %s %s", capital(t.en), t.thingsEN[thing], qualitiesEN[quality]),
		},
		Description: codesocial.Text{
			"fr": fmt.Sprintf("%s %s. %s. %s.", manners[first], reasons[reason], manners[second], manners[third]),
			"en": fmt.Sprintf("%s %s. %s. %s.", mannersEN[first], reasonsEN[reason], mannersEN[second], mannersEN[third]),
		},
		Skills: []catalog.Tag{{Label: t.fr}}, Themes: []catalog.Tag{{Label: t.theme}}, Audience: []catalog.Tag{{Label: audience}}, Languages: []string{"fr"},
		Where: catalog.Where{
			Place:  place.name,
			Point:  &catalog.Point{Latitude: catalog.Degrees(place.lat + rng.Int32N(40_000)), Longitude: catalog.Degrees(place.lon + rng.Int32N(40_000))},
			Radius: 5 + rng.IntN(30),
		},
		Capacity: &catalog.Quantity{Value: decimal.NewFromInt(int64(10 * (1 + rng.IntN(20)))), Unit: "h"}, Visibility: catalog.Public,
	}
	switch rng.IntN(8) {
	case 0:
		e.Price = catalog.Price{Mode: catalog.Gift}
	case 1:
		e.Price = catalog.Price{Mode: catalog.Quote}
	case 2:
		e.Price = catalog.Price{Mode: catalog.PayWhatYouWant, Currency: "EUR"}
	default:
		amount := decimal.NewFromInt(int64(20 + rng.IntN(40)))
		e.Price = catalog.Price{Mode: catalog.Fixed, Amount: &amount, Currency: "EUR", Per: "h"}
	}
	if i%4 == 3 {
		e.Kind = catalog.Need
		e.Title = codesocial.Text{
			"fr": fmt.Sprintf("Cherche %s : %s %s", t.fr, t.things[thing], qualities[quality]),
			"en": fmt.Sprintf("Looking for %s: %s %s", t.en, t.thingsEN[thing], qualitiesEN[quality]),
		}
		if rng.IntN(3) == 0 { // a need that takes several trades
			e.Skills = append(e.Skills, catalog.Tag{Label: trades[(rng.IntN(len(trades)-1)+1+indexOf(t))%len(trades)].fr})
		}
	}
	e.ID = catalog.NameEntry(base+"catalogue/", e.Title["fr"], uuid.NewSHA1(uuid.NameSpaceURL, fmt.Append(nil, "market ", i)))
	return e
}

func indexOf(t trade) int {
	for i := range trades {
		if trades[i].fr == t.fr {
			return i
		}
	}
	return 0
}

func capital(s string) string {
	first, rest := s[:1], s[1:]
	if s[0] >= 0x80 {
		first, rest = s[:2], s[2:]
	}
	return strings.ToUpper(first) + rest
}
