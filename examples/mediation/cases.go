package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/mediation"
)

// play plays the five cases and returns their files, by name, and what the community learns.
func play(ctx context.Context) (map[string][]byte, string, error) {
	s, err := newStage(ctx)
	if err != nil {
		return nil, "", err
	}
	files := make(map[string][]byte)
	for i, story := range []struct {
		name string
		play func(*stage) uuid.UUID
	}{
		{"dialogue", dialogue}, {"follow-up", followUp}, {"recusal", recusal}, {"exclusion", exclusion}, {"abuse", abuse},
	} {
		s.now = time.Date(s.now.Year(), s.now.Month(), s.now.Day(), 8, 0, 0, 0, time.UTC)
		of := story.play(s)
		if s.err != nil {
			return nil, "", fmt.Errorf("%s: %w", story.name, s.err)
		}
		for _, lang := range []string{"en", "fr"} {
			file, err := s.file(of, lang)
			if err != nil {
				return nil, "", fmt.Errorf("%s: %w", story.name, err)
			}
			files[fmt.Sprintf("%d-%s.%s.md", i+1, story.name, lang)] = file
		}
		s.days(10)
	}
	lessons, err := s.lessons()
	return files, lessons, err
}

// dialogue is settled by the two themselves.
func dialogue(s *stage) uuid.UUID {
	of := s.raise(ana, cleo, mediation.Words{
		Fact: "Three meetings of our working group were moved the evening before.", Effect: "I paid for childcare three times for nothing.",
		Need: "To be able to rely on dates.", Request: "Move meetings a week ahead, or not at all.",
	}, "respect")
	s.receive(of, "respect")
	s.act(of, mediation.Talk, ana, nil)
	s.days(6)
	s.each(of, mediation.Settle, ana, cleo)
	s.days(25)
	s.each(of, mediation.Confirm, ana, cleo)
	s.days(50)
	s.each(of, mediation.Confirm, ana, cleo)
	s.act(of, mediation.Rate, ana, func(a *mediation.Act) { a.Score = 5 })
	return of
}

// followUp is a mediation whose agreement is not kept; a second one, by somebody else, holds.
func followUp(s *stage) uuid.UUID {
	of := s.raise(cleo, ana, mediation.Words{
		Fact: "The shared workshop was left without being cleaned, five times in a month.", Effect: "I spent my mornings cleaning before I could work.",
		Need: "A place that is ready when my turn comes.",
	}, "respect")
	s.receive(of, "respect")
	s.act(of, mediation.Mediate, cleo, nil)
	for attempt := range 2 {
		s.each(of, mediation.Consent, cleo, ana)
		mediator := s.draw(of, cleo, ana)
		s.meet(of, mediator, cleo, ana)
		s.days(4)
		s.act(of, mediation.Agree, mediator, nil, word{mediation.Agreement, "Who uses the workshop leaves half an hour for cleaning."})
		s.each(of, mediation.Sign, cleo, ana)
		if attempt == 0 {
			s.days(20)
			s.act(of, mediation.Breach, cleo, nil)
			s.days(3)
			s.act(of, mediation.Retry, ana, nil)
		}
	}
	s.days(28)
	s.each(of, mediation.Confirm, cleo, ana)
	s.days(55)
	s.each(of, mediation.Confirm, cleo, ana)
	return of
}

// recusal has a mediator who steps back, and loses access at once.
func recusal(s *stage) uuid.UUID {
	of := s.raise(cleo, ben, mediation.Words{
		Fact: "My name is missing on the report that I wrote half of.", Effect: "I cannot show my work to others.", Need: "That what each gave is named.",
	}, "respect")
	s.receive(of, "respect")
	s.act(of, mediation.Mediate, ben, nil)
	s.each(of, mediation.Consent, cleo, ben)
	first := s.draw(of, cleo, ben)
	s.days(2)
	s.act(of, mediation.Meet, first, func(a *mediation.Act) { a.For = cleo })
	s.days(1)
	s.act(of, mediation.Recuse, first, nil)
	s.days(2)
	second := s.draw(of, cleo, ben)
	s.meet(of, second, cleo, ben)
	s.act(of, mediation.Agree, second, nil, word{mediation.Agreement, "The report names both authors."})
	s.each(of, mediation.Sign, cleo, ben)
	s.days(29)
	s.each(of, mediation.Confirm, cleo, ben)
	s.days(55)
	s.each(of, mediation.Confirm, cleo, ben)
	return of
}

// exclusion parts with a project by every step, and takes it back on appeal.
func exclusion(s *stage) uuid.UUID {
	of := s.raise(ana, relais, mediation.Words{
		Fact: "The project spent 4,200 euros of common money without a second signature.", Effect: "Two of us were not paid for January.", Need: "That common money is safe.",
	}, "money")
	s.act(of, mediation.Protect, olga, func(a *mediation.Act) { a.For, a.Hours = relais, 72 }, word{mediation.Reasons, "Payments are stopped for three days, so that nothing more is lost.\n--\nLes paiements sont arrêtés trois jours, pour que rien d'autre ne soit perdu."})
	s.act(of, mediation.Account, olga, nil)
	s.receive(of, "money", "respect")
	s.act(of, mediation.Mediate, olga, nil)
	s.each(of, mediation.Consent, ana, ben)
	mediator := s.draw(of, ana, ben)
	s.meet(of, mediator, ana, relais)
	s.days(9)
	s.act(of, mediation.Fail, mediator, nil)
	for _, text := range []string{
		"Bank statement of 5 March: 900 euros, one signature.\n--\nRelevé bancaire du 5 mars : 900 euros, une seule signature.",
		"Bank statement of 16 March: 1,150 euros, one signature.\n--\nRelevé bancaire du 16 mars : 1 150 euros, une seule signature.",
	} {
		s.days(8)
		s.act(of, mediation.Incident, ana, nil, word{mediation.Evidence, text})
	}
	s.act(of, mediation.Escalate, ana, nil)
	s.days(5)
	s.act(of, mediation.Find, rita, s.clauses("money"), word{mediation.Threat, "6,250 euros are a third of what the community has; two members could not be paid.\n--\n6 250 euros sont un tiers de ce que possède la communauté ; deux membres n'ont pu être payés."})
	s.act(of, mediation.Grave, rita, func(a *mediation.Act) { a.Gravity = mediation.Fraud }, word{mediation.Reasons, "Common money went on being taken while the mediation was under way: a lighter rung would not stop it.\n--\nDe l'argent commun a continué d'être pris pendant la médiation : un degré moindre ne l'arrêterait pas."})
	s.act(of, mediation.Notify, rita, func(a *mediation.Act) {
		a.For, a.Rung, a.Clauses, a.Assistance, a.Hearing = relais, 6, []string{"money"}, true, s.now.AddDate(0, 0, 17)
	}, word{mediation.Grievances, "1. 4,200 euros spent in January with one signature. 2. 900 euros on 5 March. 3. 1,150 euros on 16 March. The measure envisaged is exclusion.\n--\n1. 4 200 euros dépensés en janvier avec une seule signature. 2. 900 euros le 5 mars. 3. 1 150 euros le 16 mars. La mesure envisagée est l'exclusion."})
	s.days(10)
	s.act(of, mediation.Answer, ben, nil, word{mediation.Defence, "The second signatory had left; nobody told us who had taken her place.\n--\nLa seconde signataire était partie ; personne ne nous a dit qui l'avait remplacée."})
	s.days(7)
	s.act(of, mediation.Hear, rita, nil, word{mediation.Minutes, "Heard with the person of its choice. It repeats its defence and offers to pay back 1,000 euros.\n--\nEntendu avec la personne de son choix. Il répète sa défense et propose de rendre 1 000 euros."})
	s.days(1)
	s.decide(of)
	for _, by := range []string{rita, remi} {
		s.act(of, mediation.Pronounce, by, func(a *mediation.Act) { a.Rung, a.Clauses = 6, []string{"money"} },
			word{mediation.Reasons, "The three payments are established; the clause is clear; they went on after the mediation.\n--\nLes trois paiements sont établis ; la clause est claire ; ils ont continué après la médiation."},
			word{mediation.Proportionality, "A suspension would leave the access to the account in place; no lighter measure protects the others.\n--\nUne suspension laisserait l'accès au compte ; aucune mesure moindre ne protège les autres."})
	}
	s.days(1)
	s.act(of, mediation.Inform, rita, nil)
	s.days(32)
	s.act(of, mediation.Effect, rita, nil)
	s.days(12)
	s.act(of, mediation.Appeal, ben, func(a *mediation.Act) { a.Ground = mediation.NewEvidence },
		word{mediation.Grounds, "A letter of December shows that the second signature had been waived by the treasurer.\n--\nUne lettre de décembre montre que la trésorière avait renoncé à la seconde signature."})
	s.days(5)
	s.act(of, mediation.Admit, jean, nil)
	s.days(14)
	for _, by := range []string{jean, jane} {
		s.act(of, mediation.Uphold, by, nil, word{mediation.Reasons, "The letter is authentic; the main grievance falls, and the rest does not bear an exclusion.\n--\nLa lettre est authentique ; le grief principal tombe, et le reste ne justifie pas une exclusion."})
	}
	if s.err == nil {
		s.err = s.community.Read(func(state *codesocial.State) {
			if status := state.StatusOn(relais, codesocial.DateOf(s.now, s.charter.Location())); status != codesocial.Member {
				s.err = fmt.Errorf("the project is %s, not restored", status)
			}
		})
	}
	return of
}

// abuse is a complaint that breaks the rules itself.
func abuse(s *stage) uuid.UUID {
	of := s.raise(dora, cleo, mediation.Words{
		Fact: "She is a thief, everybody knows it.", Effect: "I want her out.", Need: "That she goes.",
	}, "money")
	s.receive(of, "money")
	s.act(of, mediation.Dismiss, olga, nil, word{mediation.Reasons, "No fact is named, and none was found.\n--\nAucun fait n'est nommé, et aucun n'a été trouvé."})
	s.days(3)
	s.act(of, mediation.Contest, dora, nil)
	s.days(20)
	for _, by := range []string{rita, rosa} {
		s.act(of, mediation.Clear, by, func(a *mediation.Act) { a.Ground = mediation.AbuseOfProcess },
			word{mediation.Reasons, "Asked twice for a fact, the author of the complaint named none and spread it all the same.\n--\nDeux fois invitée à citer un fait, l'auteur de la plainte n'en a cité aucun et l'a répandue quand même."})
	}
	return of
}
