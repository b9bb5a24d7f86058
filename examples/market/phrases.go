package main

import (
	"cmp"

	"github.com/commonstocommons/codesocial/catalog/match"
)

// phrases are what the program says at the terminal in one language. Those with % are formats.
type phrases struct {
	invented, picture string
	help              string
	tooLong           string
	noLine, noTown    string
	result            string
	offers, together  string
	met               string
	criteria          map[match.Criterion]string // nil: as they are
}

var english = phrases{
	invented: "%d offers and needs of %d organizations, invented and published in %s\n\n",
	picture:  "\nwho offers and who needs what: %s\nwhat is new: %s\n",
	help: `words             search: menuiserie école
near TOWN words   search within 20 km: near Valdombre pain
kind=need words   search among needs; also kind=offer, skill=…, theme=…, price=…, place=Les_Orlines (_ is a space)
for N             the best offers for the N-th need of the last search
all               give offers to all needs as well as can be
help              say this again
quit`,
	tooLong:  "the line is longer than %d bytes\n",
	noLine:   "there is no line %q in the last search\n",
	noTown:   "there is no town %q",
	result:   "%d found in %s",
	offers:   "the best offers, in %s:\n",
	together: "  together: %s\n",
	met:      "%d needs are met by %d pairings, in %s\n",
}

var french = phrases{
	invented: "%d offres et besoins de %d organisations, inventés et publiés en %s\n\n",
	picture:  "\nqui offre et qui cherche quoi : %s\nles nouveautés : %s\n",
	help: `des mots          chercher : menuiserie école
near VILLE mots   chercher à moins de 20 km : near Valdombre pain
kind=need mots    chercher parmi les besoins ; aussi kind=offer, skill=…, theme=…, price=…, place=Les_Orlines (_ est une espace)
for N             les meilleures offres pour le besoin numéro N de la dernière recherche
all               attribuer les offres à tous les besoins, au mieux
help              redire ceci
quit              quitter`,
	tooLong:  "la ligne dépasse %d octets\n",
	noLine:   "la dernière recherche n'a pas de ligne %q\n",
	noTown:   "il n'y a pas de ville %q",
	result:   "%d résultats en %s",
	offers:   "les meilleures offres, en %s :\n",
	together: "  ensemble : %s\n",
	met:      "%d besoins sont satisfaits par %d attributions, en %s\n",
	criteria: map[match.Criterion]string{
		match.Skills: "compétences", match.Text: "texte", match.Distance: "distance", match.Availability: "disponibilité", match.Capacity: "capacité",
		match.Price: "prix", match.Language: "langue", match.Fairness: "équité",
	},
}

// criterion names a criterion of matching.
func (p *phrases) criterion(c match.Criterion) string { return cmp.Or(p.criteria[c], c.String()) }

func phrasesIn(language string) *phrases {
	if language == "fr" {
		return &french
	}
	return &english
}
