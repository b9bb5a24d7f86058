package main

import (
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// review looks at the version in force again, and keeps it by a version with another day of review.
func (y *year) review() error {
	var status codesocial.Status
	y.do(y.Read(func(s *codesocial.State) {
		var err error
		status, err = s.Status(y.rules.Hash(), y.day("2026-11-20"))
		y.do(err)
	}))
	if y.err == nil && status != codesocial.UnderReview {
		return fmt.Errorf("on 20 November version 2 is %s", status)
	}
	kept := y.after("2027-01-01", func(d *codesocial.Document) { d.ReviewBy = y.day("2027-12-15") })
	if y.err != nil {
		return y.err
	}
	id := y.decide(codesocial.Opening{
		Matter: codesocial.Matter{Kind: codesocial.AmendmentKind, Ref: kept.Hash()},
		Title:  codesocial.Text{"fr": "Relecture du code social", "en": "Review of the social code"},
		Text: codesocial.Text{
			"fr": "Nous l'avons relu clause par clause. Gardons-le tel quel, et relisons-le dans un an.",
			"en": "We have read it again, clause by clause. Let us keep it as it is, and read it again in a year.",
		},
		Proposer: sacha, Facilitator: louise, At: y.at("2026-11-20 09:00"), Opens: y.at("2026-11-27 09:00"),
	})
	when := y.at("2026-11-27 18:00")
	for range 3 {
		y.act(id, &when, codesocial.Act{Kind: decision.Advance, Actor: louise})
	}
	for _, member := range []string{ines, sacha, halle, malo} {
		y.act(id, &when, codesocial.Act{Kind: decision.Agree, Actor: member, Ref: kept.Hash()})
	}
	y.act(id, &when, codesocial.Act{Kind: decision.Aside, Actor: ferme, Ref: kept.Hash()})
	y.act(id, &when, codesocial.Act{Kind: decision.Close, Actor: louise})
	y.close(id, when)
	y.adopt(kept, "2026-12-05", ferme, atelier)
	y.tell("2026-11-27", id,
		codesocial.Text{"fr": "La relecture", "en": "The review"},
		codesocial.Text{
			"fr": "Elle s'est ouverte d'elle-même le 15 novembre. Le texte est gardé ; la version 3 n'en change que la date de la prochaine relecture.",
			"en": "It opened by itself on 15 November. The text is kept; version 3 changes nothing but the day of the next review.",
		})
	return y.err
}

// essaimage lets the farm and Inès begin a community of their own with the same text, and a clause of their own.
func (y *year) essaimage() error {
	doc := y.rules.Document()
	doc.ID, doc.Version, doc.Previous = "https://le-vallon.example/charter", 1, ""
	doc.Title = codesocial.Text{"fr": "Code social du Vallon (inventé), essaimé des Rives", "en": "Social code of Le Vallon (invented), come from Les Rives"}
	doc.InForceFrom, doc.ReviewBy = y.day("2027-02-01"), y.day("2028-01-31")
	doc.Founders = []codesocial.Founder{
		{ID: ferme, Name: "La Ferme des Rives", Type: codesocial.Organization}, {ID: ines, Name: "Inès Carrel", Type: codesocial.Person},
	}
	doc.Chapters[2].Clauses = append(doc.Chapters[2].Clauses, codesocial.Clause{
		ID: "saisons", Text: codesocial.Text{"fr": "On se retrouve à chaque saison, dehors.", "en": "We meet in every season, outdoors."},
	})
	fork, err := codesocial.NewCharter(doc)
	if err != nil {
		return err
	}
	y.fork = fork
	y.tell("2026-12-20", [16]byte{},
		codesocial.Text{"fr": "Un essaimage", "en": "A fork"},
		codesocial.Text{
			"fr": "La Ferme et Inès commencent une communauté au Vallon, avec le texte des Rives et une clause à elles.",
			"en": "The farm and Inès begin a community at Le Vallon, with the text of Les Rives and a clause of their own.",
		})
	return y.err
}
