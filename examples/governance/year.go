package main

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
)

//go:embed charter.json
var firstCharter []byte

// play plays the year.
func play(ctx context.Context) (*year, error) {
	y, err := open(ctx)
	if err != nil {
		return nil, err
	}
	for _, act := range []func() error{
		y.adoption1, y.admissions, y.amendment, y.electionWithoutCandidates, y.lateQuorum, y.assembly, y.review, y.essaimage,
	} {
		if err := act(); err != nil {
			return nil, err
		}
	}
	return y, nil
}

// adoption1 registers everybody and adopts the first version.
func (y *year) adoption1() error {
	for i := range parties {
		p := parties[i]
		p.Key = codesocial.PublicKeyOf(key(p.ID))
		y.do(y.Register(y.ctx, p))
	}
	c, err := codesocial.ParseCharter(firstCharter)
	if err != nil {
		return err
	}
	y.adopt(c, "2026-01-05", ferme, halle)
	y.tell("2026-01-05", uuid.Nil,
		codesocial.Text{"fr": "Adoption du code social", "en": "The social code is adopted"},
		codesocial.Text{
			"fr": "Deux des trois organisations fondatrices ont signé la version 1 ; il en fallait deux. Elle est en vigueur à partir du 10 janvier.",
			"en": "Two of the three founding organisations signed version 1; two were needed. It is in force from 10 January.",
		})
	return y.err
}

// admissions votes on three persons and admits them.
func (y *year) admissions() error {
	for i, person := range []string{ines, malo, sacha} {
		p := parties[3+i]
		id := y.decide(codesocial.Opening{
			Matter: codesocial.Matter{Kind: codesocial.AdmissionKind, Ref: person},
			Title:  codesocial.Text{"fr": "Accueillons-nous un nouveau membre ?", "en": "Shall we welcome a new member?"},
			Text: codesocial.Text{ // no name: this is kept for ever, the name stands in the registration, and on the page
				"fr": "Cette personne travaille avec nous depuis l'automne et souhaite entrer.", "en": "This person has worked with us since autumn and wishes to join.",
			},
			Proposer: p.Organization, At: y.at("2026-01-20 09:00"), Opens: y.at("2026-01-22 09:00"), Closes: y.at("2026-01-27 18:00"),
			Recusals: []codesocial.Recusal{{Party: p.Organization, Reason: "Son organisation la parraine / sponsors this person."}},
		})
		for _, organization := range []string{ferme, atelier, halle} {
			if organization != p.Organization {
				y.vote(id, y.at("2026-01-23 10:00"), decision.For, organization)
			}
		}
		y.now = y.at("2026-01-24 10:00")
		y.refused(y.Vote(y.ctx, codesocial.Ballot{Decision: id, Voter: p.Organization, At: y.now, Answer: decision.For}, key(p.Organization)), codesocial.ErrNotMember)
		y.close(id, y.at("2026-01-27 18:00"))
		y.admit(person, "2026-02-01", p.Organization)
		if i == 0 {
			y.tell("2026-01-27", id,
				codesocial.Text{"fr": "Une admission", "en": "An admission"},
				codesocial.Text{
					"fr": "Inès est admise par un vote ; son organisation, qui la parraine, n'y prend pas part. Malo et Sacha le sont de même.",
					"en": "Inès is admitted by a vote; her organisation, which sponsors her, takes no part. Malo and Sacha are admitted likewise.",
				})
		}
	}
	return y.err
}

// after returns the version after the one in force.
func (y *year) after(from string, edit func(*codesocial.Document)) *codesocial.Charter {
	doc := y.rules.Document()
	doc.Version, doc.Previous, doc.InForceFrom = y.rules.Version()+1, y.rules.Hash(), y.day(from)
	edit(&doc)
	c, err := codesocial.NewCharter(doc)
	y.do(err)
	return c
}

// attendanceUpTo has attendance count for so many minutes, in words and as a rule.
func attendanceUpTo(minutes int, fr, en string) func(*codesocial.Document) {
	return func(d *codesocial.Document) {
		clause := &d.Chapters[2].Clauses[0]
		clause.Text = codesocial.Text{
			"fr": "Le temps passé en assemblée compte comme une contribution, par quarts d'heure, jusqu'à " + fr + ".",
			"en": "Time spent in assemblies counts as a contribution, by quarters of an hour, up to " + en + ".",
		}
		clause.Rule = fmt.Appendf(nil, `{"kind":"codesocial.attendance","project":%q,"wealth":"time","step":15,"most":%d}`, halle, minutes)
	}
}

// amendment changes a clause by consent, with an objection that is integrated, and puts the new version into force.
func (y *year) amendment() error {
	draft := y.after("2026-05-01", attendanceUpTo(60, "une heure", "one hour"))
	better := y.after("2026-05-01", attendanceUpTo(120, "deux heures", "two hours"))
	if y.err != nil {
		return y.err
	}
	id := y.decide(codesocial.Opening{
		Matter: codesocial.Matter{Kind: codesocial.AmendmentKind, Ref: draft.Hash()},
		Title:  codesocial.Text{"fr": "Compter moins d'heures d'assemblée", "en": "Count fewer hours of assemblies"},
		Text: codesocial.Text{
			"fr": "Nos assemblées s'allongent. Ne comptons plus qu'une heure par assemblée.", "en": "Our assemblies grow longer. Let us count one hour of each only.",
		},
		Proposer: atelier, Facilitator: louise, At: y.at("2026-03-10 09:00"), Opens: y.at("2026-03-17 09:00"),
	})
	when := y.at("2026-03-17 18:00")
	for range 3 {
		y.act(id, &when, codesocial.Act{Kind: decision.Advance, Actor: louise})
	}
	y.act(id, &when, codesocial.Act{Kind: decision.Agree, Actor: halle, Ref: draft.Hash()})
	y.act(id, &when, codesocial.Act{
		Kind: decision.Object, Actor: ines, Ref: draft.Hash(), Criterion: decision.HarmsPurpose,
		Reason: "Une heure ne paie pas le trajet de qui vient de loin : ils ne viendront plus. / One hour does not pay the way of those who come from afar: they will stay away.",
	})
	y.act(id, &when, codesocial.Act{Kind: decision.Close, Actor: louise})
	y.act(id, &when, codesocial.Act{
		Kind: decision.Amend, Actor: atelier, Ref: better.Hash(),
		Text: codesocial.Text{"fr": "Comptons deux heures par assemblée, trajet compris.", "en": "Let us count two hours of each assembly, the way there included."},
	})
	for _, actor := range []string{ines, atelier} {
		y.act(id, &when, codesocial.Act{Kind: decision.Confirm, Actor: actor, Ref: better.Hash(), Objection: 1})
	}
	for _, member := range []string{ines, atelier, halle, malo} {
		y.act(id, &when, codesocial.Act{Kind: decision.Agree, Actor: member, Ref: better.Hash()})
	}
	y.do(y.Propose(y.ctx, better))
	y.refused(y.Adopt(y.ctx, y.adoption(better, "2026-04-01", ferme, halle)), codesocial.ErrRefused) // not decided yet
	y.act(id, &when, codesocial.Act{Kind: decision.Close, Actor: louise})
	y.close(id, when)
	y.adopt(better, "2026-04-01", ferme, halle)
	y.tell("2026-03-17", id,
		codesocial.Text{"fr": "Un changement par consentement, une objection intégrée", "en": "An amendment by consent, one objection integrated"},
		codesocial.Text{
			"fr": "L'objection d'Inès a changé le texte ; elle et qui proposait ont confirmé qu'il y répond. La version 2 est en vigueur à partir du 1er mai.",
			"en": "The objection of Inès changed the text; she and the proposer confirmed that it is met. Version 2 is in force from 1 May.",
		})
	return y.err
}

// electionWithoutCandidates gives the role of treasurer.
func (y *year) electionWithoutCandidates() error {
	id := y.decide(codesocial.Opening{
		Matter: codesocial.Matter{Kind: codesocial.RoleMatter, Ref: "treasurer"},
		Title:  codesocial.Text{"fr": "Qui tient nos comptes ?", "en": "Who keeps our books?"},
		Text: codesocial.Text{
			"fr": "Tenir les comptes de la Halle, les montrer à chaque assemblée.", "en": "Keep the books of the Halle, and show them at every assembly.",
		},
		Proposer: halle, Facilitator: halle, Options: []string{ines, malo, sacha},
		At: y.at("2026-04-10 09:00"), Opens: y.at("2026-04-17 09:00"), Until: y.day("2027-04-30"),
	})
	when := y.at("2026-04-17 18:00")
	for _, n := range []struct{ elector, person, reason string }{
		{ines, sacha, "Sait expliquer les chiffres. / Can explain figures."},
		{malo, ines, "Elle est précise. / She is precise."},
		{sacha, malo, "Dix ans de comptes à l'atelier. / Ten years of books at the workshop."},
		{ferme, malo, "Il a le temps cette année. / He has time this year."},
	} {
		y.act(id, &when, codesocial.Act{Kind: decision.Nominate, Actor: n.elector, Ref: n.person, Reason: n.reason})
	}
	y.act(id, &when, codesocial.Act{Kind: decision.Advance, Actor: halle})
	y.act(id, &when, codesocial.Act{Kind: decision.Nominate, Actor: ines, Ref: malo, Reason: "Dix ans : j'avais oublié. / Ten years: I had forgotten."})
	y.act(id, &when, codesocial.Act{Kind: decision.Advance, Actor: halle})
	y.act(id, &when, codesocial.Act{Kind: decision.Propose, Actor: halle, Ref: malo, Reason: "L'expérience et le temps. / Experience, and time."})
	for _, member := range []string{ines, sacha, ferme, atelier} {
		y.act(id, &when, codesocial.Act{Kind: decision.Agree, Actor: member, Ref: malo})
	}
	y.act(id, &when, codesocial.Act{Kind: decision.Accept, Actor: malo, Ref: malo})
	y.act(id, &when, codesocial.Act{Kind: decision.Close, Actor: halle})
	y.close(id, when)
	y.do(y.Mandate(y.ctx, codesocial.Mandate{Role: "treasurer", Party: malo, From: y.day("2026-05-01"), Until: y.day("2027-04-30")}))
	y.tell("2026-04-17", id,
		codesocial.Text{"fr": "Une élection sans candidat", "en": "An election without candidates"},
		codesocial.Text{
			"fr": "Personne ne s'est présenté. Malo tient les comptes pour un an : trois l'ont nommé, une après avoir entendu les raisons des autres.",
			"en": "Nobody ran. Malo keeps the books for a year: three named him, one of them having heard the reasons of the others.",
		})
	return y.err
}

// lateQuorum votes on a purchase; the quorum comes on the last day, and the vote is extended.
func (y *year) lateQuorum() error {
	opens, closes := y.at("2026-06-05 09:00"), y.at("2026-06-12 18:00")
	id := y.decide(codesocial.Opening{
		Matter:   codesocial.Matter{Kind: "codesocial.purchase", Ref: "cargo-bike-2026"},
		Title:    codesocial.Text{"fr": "Acheter un vélo cargo, 4 200 € ?", "en": "Buy a cargo bike for 4 200 €?"},
		Proposer: ferme, At: y.at("2026-06-01 09:00"), Opens: opens, Closes: closes,
		Recusals: []codesocial.Recusal{{Party: atelier, Reason: "L'Atelier vend le vélo. / The workshop sells the bike."}},
	})
	y.vote(id, opens, decision.For, ferme, ines)
	y.vote(id, closes.Add(-time.Hour), decision.For, halle) // three of five: the quorum, an hour before the end
	y.vote(id, closes.Add(10*time.Hour), decision.Against, malo)
	y.now = closes.Add(23 * time.Hour)
	y.refused(y.Vote(y.ctx, codesocial.Ballot{Decision: id, Voter: sacha, At: y.now, Answer: decision.Against}, key(sacha)), decision.ErrLate)
	y.close(id, closes.Add(23*time.Hour))
	y.tell("2026-06-13", id,
		codesocial.Text{"fr": "Un vote dont le quorum vient tard", "en": "A vote whose quorum comes late"},
		codesocial.Text{
			"fr": "Le quorum n'a été atteint qu'une heure avant la fin : le vote a duré un jour de plus, et Malo a pu y dire non.",
			"en": "The quorum was reached only an hour before the end: the vote lasted a day longer, and Malo could say no in it.",
		})
	return y.err
}

// assembly calls a gathering and minutes it.
func (y *year) assembly() error {
	id := uuid.MustParse("0199f0a0-2222-7c3a-9d0e-000000000001")
	y.now = y.at("2026-08-20 09:00")
	y.do(y.Convene(y.ctx, codesocial.Gathering{
		ID: id, Convener: halle, At: y.now, Title: codesocial.Text{"fr": "Assemblée d'automne", "en": "Autumn assembly"},
		Starts: y.at("2026-09-10 18:00"), Ends: y.at("2026-09-10 20:30"), Place: "La Halle commune, 3, rue du Lavoir (adresse inventée)", Link: "https://les-rives.example/salle",
		Agenda: []codesocial.AgendaItem{
			{Title: codesocial.Text{"fr": "Comptes du premier semestre", "en": "Accounts of the first half-year"}, Minutes: 45},
			{Title: codesocial.Text{"fr": "Relire le code social : comment nous y prendre", "en": "Reading our social code again: how to go about it"}, Minutes: 60},
		},
	}, key(halle)))
	minutes := []byte("Compte rendu inventé de l'assemblée d'automne.\n")
	y.now = y.at("2026-09-11 09:00")
	y.do(y.Minute(y.ctx, codesocial.Minutes{
		Gathering: id, By: sacha, At: y.now, Document: codesocial.HashDocument(minutes),
		Attendance: []codesocial.Attendance{{Party: ines, Minutes: 150}, {Party: malo, Minutes: 130}, {Party: sacha, Minutes: 50, Online: true}},
	}, key(sacha)))
	y.tell("2026-09-10", uuid.Nil,
		codesocial.Text{"fr": "Une assemblée", "en": "An assembly"},
		codesocial.Text{
			"fr": "Trois membres étaient là, dont un en ligne. La version 2 compte leur temps jusqu'à deux heures.",
			"en": "Three members were there, one of them online. Version 2 counts their time up to two hours.",
		})
	return y.err
}
