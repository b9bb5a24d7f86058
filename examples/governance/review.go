package main

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// review looks at the version in force again, and keeps it.
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
	renewal := codesocial.Renewal{Charter: y.rules.Hash(), On: y.day("2026-12-05"), ReviewBy: y.day("2027-12-15")}
	matter := renewal.Matter()
	id := y.decide(codesocial.Opening{
		Matter: matter,
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
		y.act(id, &when, codesocial.Act{Kind: decision.Agree, Actor: member, Ref: matter.Ref})
	}
	y.act(id, &when, codesocial.Act{Kind: decision.Aside, Actor: ferme, Ref: matter.Ref})
	y.act(id, &when, codesocial.Act{Kind: decision.Close, Actor: louise})
	y.close(id, when)
	for _, founder := range []string{ferme, atelier} {
		s, err := codesocial.SignRenewal(y.rules, renewal.ReviewBy, founder, key(founder))
		y.do(err)
		renewal.Signatures = append(renewal.Signatures, s)
	}
	y.now = y.at("2026-12-05 10:00")
	y.do(y.Renew(y.ctx, renewal))
	y.tell("2026-11-27", id,
		codesocial.Text{"fr": "La relecture", "en": "The review"},
		codesocial.Text{
			"fr": "Elle s'est ouverte d'elle-même le 15 novembre. Le texte est gardé tel quel, et relu d'ici le 15 décembre 2027.",
			"en": "It opened by itself on 15 November. The text is kept as it is, and read again by 15 December 2027.",
		})
	return y.err
}

// essaimage lets the farm and Inès begin a community of their own with the same text and a clause of their own, which Les Rives
// could take over by a decision like any other.
func (y *year) essaimage() error {
	doc := y.rules.Derive("https://le-vallon.example/charter", []codesocial.Founder{
		{ID: ferme, Name: "La Ferme des Rives", Type: codesocial.Organization}, {ID: ines, Name: "Inès Carrel", Type: codesocial.Person},
	}, 2, y.day("2027-02-01"))
	doc.Title = codesocial.Text{"fr": "Code social du Vallon (inventé)", "en": "Social code of Le Vallon (invented)"}
	doc.Chapters[2].Clauses = append(doc.Chapters[2].Clauses, codesocial.Clause{
		ID: "saisons", Text: codesocial.Text{"fr": "On se retrouve à chaque saison, dehors.", "en": "We meet in every season, outdoors."},
	})
	fork, err := codesocial.NewCharter(doc)
	if err != nil {
		return err
	}
	vallon, err := open(y.ctx) // a journal of its own
	if err != nil {
		return err
	}
	for _, i := range []int{0, 3} {
		p := parties[i]
		p.Key = codesocial.PublicKeyOf(key(p.ID))
		vallon.do(vallon.Register(vallon.ctx, p))
	}
	vallon.adopt(fork, "2027-01-15", ferme, ines)
	if vallon.err != nil {
		return vallon.err
	}
	y.fork, y.merge = fork, codesocial.NewMerge(y.rules, y.rules, fork)
	y.tell("2027-01-15", uuid.Nil,
		codesocial.Text{"fr": "Un essaimage", "en": "A fork"},
		codesocial.Text{
			"fr": "La Ferme et Inès commencent une communauté au Vallon, avec le texte des Rives et une clause à elles. Les Rives peuvent la reprendre par une décision.",
			"en": "The farm and Inès begin a community at Le Vallon, with the text of Les Rives and a clause of their own. Les Rives can take it over by a decision.",
		})
	return y.err
}
