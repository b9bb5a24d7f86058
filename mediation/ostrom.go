package mediation

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Principle is one of the eight design principles of long-lived commons, held against a charter and a year.
type Principle struct {
	Number int
	Title  codesocial.Text
	Met    bool
	// Why says what was found, in French and English, without a name.
	Why codesocial.Text
}

// Ostrom holds the eight design principles (Elinor Ostrom, Governing the Commons, 1990, chapter 3) against the charter in force on the
// last of a range of days, and against the cases of those days. What a program can see is a sign, not a proof: it asks where to look.
// The error wraps codesocial.ErrNotInForce.
func (c *Cases) Ostrom(from, to codesocial.Date) ([]Principle, error) {
	charter, err := c.state.InForceOn(to)
	if err != nil {
		return nil, err
	}
	rules, err := c.rulesOf(charter)
	if err != nil {
		return nil, err
	}
	version, ok := c.state.Version(charter.Hash())
	overdue := !ok || version.Overdue(to)
	kinds := charter.Kinds()
	has := func(list ...string) bool {
		return slices.ContainsFunc(list, func(kind string) bool { return slices.Contains(kinds, kind) })
	}
	figures := c.Indicators(from, to)
	families := make(map[string]bool)
	mediators := 0
	for _, m := range c.pool {
		if !m.Gone && !m.Until.Before(to) {
			mediators++
			p, _ := c.state.Party(m.Party)
			families[p.Organization] = true
		}
	}
	skipped, untried := c.irregular(from, to)
	outsiders := 0
	for _, f := range charter.Founders() {
		if !c.state.MemberOn(f.ID, to) {
			outsiders++
		}
	}
	circular := false
	for _, f := range charter.Lint(Checks()...) {
		circular = circular || f.Code == "circular"
	}
	reception, review, appeal := c.Seats(Reception, to), c.Seats(ReviewBody, to), c.Seats(AppealBody, to)
	_, shared := common(review, appeal)
	quick := !figures.FirstAnswer.Shown || figures.FirstAnswer.P90 <= 24*time.Hour
	found := func(met bool, yes, no codesocial.Text) codesocial.Text {
		if met {
			return yes
		}
		return no
	}
	joining, sharing, changing := has(codesocial.AdmissionKind), has("dividend.waterfall", "dividend.weights"), has(codesocial.AmendmentKind)
	validation, nested := has("ledger.validation"), len(appeal) > 0 && !shared
	list := []Principle{
		{
			1, both("clearly defined boundaries", "des limites clairement définies"), joining,
			found(joining, both("A clause says who may join (rule codesocial.admission).", "Une clause dit qui peut entrer (règle codesocial.admission)."),
				both("No clause says who may join (rule codesocial.admission).", "Aucune clause ne dit qui peut entrer (règle codesocial.admission).")),
		},
		{
			2, both("rules that fit local conditions, and give in proportion", "des règles adaptées au lieu, et proportionnées"), sharing,
			found(sharing, both("Clauses say who receives what for what was given (rules dividend.…).", "Des clauses disent qui reçoit quoi pour ce qui a été donné (règles dividend.…)."),
				both("No clause says who receives what for what was given (rules dividend.…).", "Aucune clause ne dit qui reçoit quoi pour ce qui a été donné (règles dividend.…).")),
		},
		{
			3, both("those affected take part in changing the rules", "les personnes concernées participent aux règles"), changing && !overdue,
			found(!changing, both("No clause says how the charter changes (rule codesocial.amendment).", "Aucune clause ne dit comment la charte change (règle codesocial.amendment)."),
				found(overdue, both("A clause says how the charter changes (rule codesocial.amendment), but its review is overdue.", "Une clause dit comment la charte change (règle codesocial.amendment), mais sa révision est en retard."),
					both("A clause says how the charter changes (rule codesocial.amendment), and its review is not overdue.", "Une clause dit comment la charte change (règle codesocial.amendment), et sa révision n'est pas en retard."))),
		},
		{
			4, both("monitors who answer to the members", "des observateurs responsables devant les membres"), validation && len(review) > 0,
			found(validation, both(fmt.Sprintf("Contributions are validated by others (rule ledger.validation); seats in the review: %d.", len(review)), fmt.Sprintf("Les contributions sont validées par d'autres (règle ledger.validation) ; sièges à l'examen collégial : %d.", len(review))),
				both(fmt.Sprintf("No clause says that others validate contributions (rule ledger.validation); seats in the review: %d.", len(review)), fmt.Sprintf("Aucune clause ne dit que d'autres valident les contributions (règle ledger.validation) ; sièges à l'examen collégial : %d.", len(review)))),
		},
		{
			5, both("graduated sanctions", "des sanctions graduées"), len(rules.Ladder.Rungs) >= 3 && skipped == 0 && untried == 0,
			both(fmt.Sprintf("The ladder has %d rungs; measures that skipped some without a gravity on record: %d; exclusions without a mediation tried or lawfully bypassed: %d.", len(rules.Ladder.Rungs), skipped, untried),
				fmt.Sprintf("L'échelle a %d degrés ; mesures ayant sauté des degrés sans gravité consignée : %d ; exclusions sans médiation tentée ni légitimement écartée : %d.", len(rules.Ladder.Rungs), skipped, untried)),
		},
		{
			6, both("conflict resolution that is near, quick and free", "une résolution des conflits proche, rapide et gratuite"), len(reception) > 0 && mediators >= 3 && len(families) >= 2 && quick,
			both(fmt.Sprintf("Seats in the reception: %d; mediators in the pool: %d, from %d organizations; first answers within a day: %s.", len(reception), mediators, len(families), map[bool]string{true: "yes", false: "no"}[quick]),
				fmt.Sprintf("Sièges à l'accueil : %d ; médiateurs inscrits : %d, de %d organisations ; premières réponses en un jour : %s.", len(reception), mediators, len(families), map[bool]string{true: "oui", false: "non"}[quick])),
		},
		{
			7, both("the right to organise is respected", "le droit de s'organiser est respecté"), outsiders == 0,
			both(fmt.Sprintf("Founders who must sign a change and are not members: %d.", outsiders), fmt.Sprintf("Fondateurs dont la signature est requise sans qu'ils soient membres : %d.", outsiders)),
		},
		{
			8, both("nested layers", "des niveaux emboîtés"), nested && !circular,
			found(!nested, both("No body other than the review hears appeals.", "Aucune instance autre que l'examen ne connaît des recours."),
				found(circular, both("An appeal goes before another body than the review, but rules refer to each other in a circle.", "Un recours va devant une autre instance que l'examen, mais des règles renvoient en rond."),
					both("An appeal goes before another body than the review, and no rules refer to each other in a circle.", "Un recours va devant une autre instance que l'examen, et aucune règle ne renvoie en rond."))),
		},
	}
	return list, nil
}

// irregular counts, among the measures that took effect in a time, those that skipped rungs without a gravity on record, and exclusions
// without a mediation. The guards leave none; this counts on the acts alone.
func (c *Cases) irregular(from, to codesocial.Date) (skipped, untried int) {
	joined := make(map[uuid.UUID][]*Case) // cases that were merged into one
	for _, k := range c.order {
		if k.Outcome == Merged {
			joined[k.Into] = append(joined[k.Into], k)
		}
	}
	for _, k := range c.order {
		reached, grave, tried := make(map[string]int), false, false
		if earlier, ok := c.cases[k.Follows]; ok {
			maps.Copy(reached, earlier.Reached)
		}
		for _, other := range joined[k.ID] {
			for party, rung := range other.Reached {
				reached[party] = max(rung, reached[party])
			}
		}
		rung, party := 0, ""
		for i := range k.Acts {
			e := &k.Acts[i]
			switch e.Event {
			case Grave:
				grave = true
			case Fail, Decline, Breach, Bypass, Leave:
				tried = true
			case Lapse:
				tried = tried || e.To == Interrupted || e.From == Signing
			case Notify:
				party = e.For
			case Pronounce, Mitigate:
				rung = e.Rung
			case Effect:
				if on := k.dayOf(e.At); !on.Before(from) && !on.After(to) {
					if rung > reached[party]+1 && !grave {
						skipped++
					}
					if rung == k.Rules.Ladder.exclusion() && !tried {
						untried++
					}
				}
				reached[party] = max(reached[party], rung)
			}
		}
	}
	return skipped, untried
}
