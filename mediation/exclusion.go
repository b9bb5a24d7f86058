package mediation

import (
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A Requirement is one of the guards of an exclusion. All must be met; nothing else in this library can exclude anybody.
type Requirement string

// The requirements, in the order in which they are met.
const (
	NeedClause          Requirement = "clause"          // the charter provides for exclusion
	NeedMediation       Requirement = "mediation"       // mediation was tried and failed, or was lawfully bypassed
	NeedLadder          Requirement = "ladder"          // the rung below was tried, or a gravity is on record
	NeedPersistence     Requirement = "persistence"     // the difficulty persists
	NeedThreat          Requirement = "threat"          // it threatens the balance, with the clauses broken
	NeedGrievances      Requirement = "grievances"      // sent in writing, with exclusion as the measure envisaged
	NeedNotice          Requirement = "notice"          // with the notice that the charter gives
	NeedAssistance      Requirement = "assistance"      // the person could be assisted
	NeedHearing         Requirement = "hearing"         // and was heard, or invited to be
	NeedDecision        Requirement = "decision"        // then the competent body decided, by the charter's majority
	NeedImpartiality    Requirement = "impartiality"    // without the parties and without the conflicted
	NeedReasons         Requirement = "reasons"         // with reasons
	NeedProportionality Requirement = "proportionality" // and a statement why no lighter measure would do
	NeedNotification    Requirement = "notification"    // the decision and the right to appeal were notified
	NeedAppeal          Requirement = "appeal"          // the time to appeal is over, or another body has left the measure standing
)

// requirement is what a requirement says, and how it is met.
type requirement struct {
	name       Requirement
	title, how codesocial.Text
	later      bool // can only be met once the measure is pronounced
}

var requirements = []requirement{
	{
		NeedClause, both("the charter provides for exclusion", "la charte prévoit l'exclusion"),
		both("adopt a version of the charter with a rule "+ExclusionKind+" and a ladder that ends in exclusion; it holds for cases opened after", "adopter une version de la charte avec une règle "+ExclusionKind+" et une échelle qui se termine par l'exclusion ; elle vaut pour les affaires ouvertes ensuite"), false,
	},
	{
		NeedMediation, both("mediation was tried and failed, or was lawfully bypassed", "la médiation a été tentée et a échoué, ou a été légitimement écartée"),
		both("propose mediation to both sides; where it would endanger somebody, the review records that and why (event bypass)", "proposer une médiation aux deux côtés ; si elle mettait quelqu'un en danger, l'examen le consigne avec ses motifs (événement bypass)"), false,
	},
	{
		NeedLadder, both("the rung below was tried, or a gravity is on record", "le degré inférieur a été tenté, ou une gravité est consignée"),
		both("take the next lower measure first, or record the gravity with its reasons (event grave)", "prendre d'abord la mesure inférieure, ou consigner la gravité et ses motifs (événement grave)"), false,
	},
	{
		NeedPersistence, both("the difficulty persists", "la difficulté persiste"),
		both("further incidents are put on record with evidence (event incident), or a relapse after a measure", "de nouveaux incidents sont consignés avec pièces (événement incident), ou une récidive après une mesure"), false,
	},
	{
		NeedThreat, both("it threatens the balance of the community, with the clauses cited", "elle menace l'équilibre de la communauté, clauses citées"),
		both("the review finds so and names the clauses (event find)", "l'examen le constate et cite les clauses (événement find)"), false,
	},
	{
		NeedGrievances, both("precise grievances were sent in writing, with exclusion as the measure envisaged", "des griefs précis ont été adressés par écrit, l'exclusion étant envisagée"),
		both("the review sends the grievances, naming the rung of exclusion and the clauses (event notify)", "l'examen adresse les griefs, en nommant le degré de l'exclusion et les clauses (événement notify)"), false,
	},
	{
		NeedNotice, both("with the notice that the charter gives", "avec le préavis prévu par la charte"),
		both("set the hearing far enough away, and wait for it", "fixer l'audition assez loin, et l'attendre"), false,
	},
	{
		NeedAssistance, both("the person was told of the right to be assisted", "la personne a été informée de son droit à être assistée"),
		both("say so in the letter of grievances (event notify)", "l'indiquer dans la lettre de griefs (événement notify)"), false,
	},
	{
		NeedHearing, both("the person was heard, or invited and did not come", "la personne a été entendue, ou invitée sans venir"),
		both("hear the person (event hear), or record the absence once the hour has passed (event absent)", "entendre la personne (événement hear), ou constater l'absence une fois l'heure passée (événement absent)"), false,
	},
	{
		NeedDecision, both("the competent body decided exactly this, after the hearing, by the charter's majority", "l'organe compétent a décidé exactement cela, après l'audition, à la majorité de la charte"),
		both("open a decision on the matter "+ExclusionMatter+" with the reference of the sanction, after the hearing", "ouvrir une décision sur la matière "+ExclusionMatter+" avec la référence de la sanction, après l'audition"), false,
	},
	{
		NeedImpartiality, both("without the parties, without the conflicted, and without the body of appeal, and with all others", "sans les parties, sans les personnes en conflit d'intérêts et sans l'instance de recours, et avec tous les autres"),
		both("open the decision again, with those aside whom Cases.Aside lists, and nobody else", "rouvrir la décision en écartant ceux que Cases.Aside énumère, et personne d'autre"), false,
	},
	{
		NeedReasons, both("with reasons", "avec des motifs"),
		both("give the reasons when the measure is pronounced (event pronounce)", "donner les motifs en prononçant la mesure (événement pronounce)"), true,
	},
	{
		NeedProportionality, both("and a statement of proportionality", "et un énoncé de proportionnalité"),
		both("say why no lighter measure would do (event pronounce)", "dire pourquoi aucune mesure moindre ne suffirait (événement pronounce)"), true,
	},
	{
		NeedNotification, both("the decision and the right to appeal were notified", "la décision et le droit de recours ont été notifiés"),
		both("notify them (event inform)", "les notifier (événement inform)"), true,
	},
	{
		NeedAppeal, both("the time to appeal is over, or another body has left the measure standing", "le délai de recours est écoulé, ou une autre instance a maintenu la mesure"),
		both("wait for the end of the time to appeal, or for the other body", "attendre la fin du délai de recours, ou l'autre instance"), true,
	},
}

// A Finding says whether a requirement of an exclusion is met, and by what.
type Finding struct {
	Requirement Requirement
	Met         bool
	// Evidence are the records of the acts, and of the decision, that it rests on.
	Evidence []uuid.UUID
	At       time.Time // of the last of them
	Clauses  []string  // that were cited
	title    codesocial.Text
	how      codesocial.Text
}

// Title says what is required in the language lang, French for "fr" and otherwise English.
func (f Finding) Title(lang string) string { return f.title.In(lang) }

// How says how it is met, in the same languages.
func (f Finding) How(lang string) string { return f.how.In(lang) }

// resolution is the decision of the community on an exclusion.
type resolution struct {
	decision   uuid.UUID
	clause     codesocial.ClauseRef
	on         codesocial.Date
	opened     time.Time
	electorate string   // hash
	electors   []string // in order
	aside      []string // who did not decide, in order
}

// resolve finds the decision that adopted exactly this sanction.
func (c *Cases) resolve(s *Sanction) (resolution, bool) {
	adopted, ok := c.state.Adopted(codesocial.Matter{Kind: ExclusionMatter, Ref: s.Ref()})
	if !ok {
		return resolution{}, false
	}
	d, ok := c.state.Decision(adopted.ID)
	if !ok || d.Electorate == nil {
		return resolution{}, false
	}
	r := resolution{decision: adopted.ID, clause: adopted.Clause, on: adopted.On, opened: d.Opening.At, electorate: adopted.Electorate, aside: d.Electorate.Aside()}
	for e := range d.Electorate.Electors() {
		r.electors = append(r.electors, e.ID)
	}
	return r, true
}

// findings holds every requirement against a case. s is the sanction that is asked about, and pronouncing the act that is about to
// pronounce it, if that has not happened.
func (c *Cases) findings(k *Case, s *Sanction, pronouncing *Act) []Finding {
	list := make([]Finding, len(requirements))
	p := &k.facts.proceeding
	for i := range requirements {
		f := &list[i]
		*f = Finding{Requirement: requirements[i].name, title: requirements[i].title, how: requirements[i].how}
		rest := func(proofs ...proof) {
			for _, proof := range proofs {
				if proof != 0 {
					e := k.at(proof)
					f.Met = true
					f.Evidence, f.At = append(f.Evidence, e.Record), e.At
					f.Clauses = append(f.Clauses, e.Clauses...)
				}
			}
		}
		switch f.Requirement {
		case NeedClause:
			_, f.Met = k.Rules.Clause(ExclusionKind)
			f.Met = f.Met && k.Rules.Ladder.exclusion() > 0
		case NeedMediation:
			rest(append(k.attempted(s.Party), k.facts.bypassed)...)
		case NeedLadder:
			rest(p.grave)
			f.Met = f.Met || k.Reached[s.Party] >= s.Rung-1
		case NeedPersistence:
			rest(k.facts.incidents...)
			rest(k.facts.relapses...)
			f.Met = len(k.facts.incidents) >= k.Rules.Exclusion.Incidents || len(k.facts.relapses) > 0
		case NeedThreat:
			rest(p.threat)
			f.Met = f.Met && len(k.at(p.threat).Clauses) > 0
		case NeedGrievances:
			rest(p.notified)
			f.Met = f.Met && k.at(p.notified).Rung >= s.Rung && k.at(p.notified).For == s.Party && len(k.at(p.notified).Clauses) > 0
		case NeedNotice:
			rest(p.notified)
			f.Met = f.Met && p.heard != 0 && !k.at(p.heard).At.Before(k.Rules.afterDays(k.at(p.notified).At, k.Rules.Exclusion.NoticeDays-1))
		case NeedAssistance:
			rest(p.notified)
			f.Met = f.Met && k.at(p.notified).Assistance
		case NeedHearing:
			rest(p.heard)
		case NeedDecision, NeedImpartiality:
			r, ok := p.verdict, p.decided != 0
			if !ok {
				r, ok = c.decided(s)
			}
			if ok && p.heard != 0 && !r.opened.Before(k.at(p.heard).At) {
				f.Evidence, f.Met = []uuid.UUID{r.decision}, true
				if p.decided != 0 {
					f.At = k.at(p.decided).At
				}
			}
			if f.Requirement == NeedImpartiality && f.Met {
				at := k.at(p.heard).At
				if p.decided != 0 {
					at = k.at(p.decided).At
				} else if pronouncing != nil {
					at = pronouncing.At
				}
				// Once the measure is pronounced this was found; later ties do not undo it.
				f.Met = p.decided != 0 || c.impartial(k, &r, at)
			}
		case NeedReasons:
			rest(p.decided)
		case NeedProportionality:
			rest(p.decided)
		case NeedNotification:
			rest(p.informed)
		case NeedAppeal:
			rest(p.over, k.facts.appeal.settled)
		}
	}
	return list
}

// impartial reports whether nobody who decided is a party, is tied to one, or sits in the body that would hear an appeal, and no member was set aside who is not:
// otherwise whoever opens the decision could choose who decides.
func (c *Cases) impartial(k *Case, r *resolution, at time.Time) bool {
	now, then := c.inquire(k, at), c.inquire(k, r.opened)
	for _, elector := range r.electors {
		if _, ok := c.partial(now, elector, at); ok {
			return false
		}
	}
	for _, party := range r.aside {
		if !c.state.MemberOn(party, k.dayOf(r.opened)) {
			continue
		}
		_, ok := c.partial(then, party, r.opened)
		if !ok {
			_, ok = c.partial(now, party, at)
		}
		if !ok {
			return false
		}
	}
	return len(r.electors) > 0
}

// partial returns why somebody must not decide on an exclusion: a tie to a party, or a part in the case or in the body that would hear an appeal.
func (c *Cases) partial(q *inquiry, who string, at time.Time) (Conflict, bool) {
	k := q.of
	conflict, ok := q.conflict(who, nil)
	if !ok && (c.seated(who, AppealBody, k.dayOf(at)) || k.has(who, Mediator) || slices.Contains(k.Former, who)) {
		conflict, ok = Conflict{who, k.Respondents[0], SameCaseTie, urn(k.ID)}, true
	}
	return conflict, ok
}

// Aside returns the members who must not decide on an exclusion in this case, and why, in the order of their IRIs: parties, those tied
// to them by the records, the mediators of the case, and the body that would hear an appeal. Give them to codesocial.Community.Decide
// as recusals, and nobody else: a decision that sets other members aside excludes nobody. Who does not want to decide abstains. The error wraps [ErrUnknown].
func (c *Cases) Aside(of uuid.UUID, at time.Time) ([]Conflict, error) {
	k, err := c.find(of)
	if err != nil {
		return nil, err
	}
	var list []Conflict
	q := c.inquire(k, at)
	for m := range c.state.Members() {
		if conflict, ok := c.partial(q, m.Party, at); ok {
			list = append(list, conflict)
		}
	}
	return list, nil
}

// firstMissing returns an error for the first requirement that must be met when an exclusion is pronounced and is not.
func (c *Cases) firstMissing(k *Case, s *Sanction, a *Act) error {
	for i, f := range c.findings(k, s, a) {
		if !f.Met && !requirements[i].later {
			return k.Rules.refuse(ExclusionKind, bad(ErrGuard, string(f.Requirement), "", "%s", f.How("en")))
		}
	}
	return nil
}

// missing returns an error for the first requirement that is not met when an exclusion is to take effect.
func (c *Cases) missing(k *Case) error {
	for _, f := range c.findings(k, k.Sanction, nil) {
		if !f.Met {
			return k.Rules.refuse(ExclusionKind, bad(ErrGuard, string(f.Requirement), "", "%s", f.How("en")))
		}
	}
	return nil
}

// Requirements holds all requirements of an exclusion against a case: which are met, by what evidence, and how the others are. The
// error wraps [ErrUnknown].
func (c *Cases) Requirements(of uuid.UUID) ([]Finding, error) {
	k, err := c.find(of)
	if err != nil {
		return nil, err
	}
	s := k.Sanction
	if !k.exclusion(s) {
		s = c.envisaged(k)
	}
	return c.findings(k, s, nil), nil
}

// CanExclude lists what is still missing for an exclusion in a case, each with how to get it; nothing when all requirements are
// met. The error wraps [ErrUnknown].
func (c *Cases) CanExclude(of uuid.UUID) ([]Finding, error) {
	list, err := c.Requirements(of)
	return slices.DeleteFunc(list, func(f Finding) bool { return f.Met }), err
}

// envisaged returns the exclusion that was notified or, if none was, that of the first respondent.
func (c *Cases) envisaged(k *Case) *Sanction {
	s := &Sanction{Case: k.ID, Round: k.Round, Party: k.Respondents[0], Rung: k.Rules.Ladder.exclusion(), Clauses: []string{}}
	if notified := k.facts.proceeding.notified; notified != 0 {
		s.Party, s.Clauses = k.at(notified).For, slices.Clone(k.at(notified).Clauses)
	}
	return s
}

// Envisaged returns the exclusion that the grievances of a case envisage, exactly as the community decides on it: the matter of the
// decision is codesocial.Matter{Kind: ExclusionMatter, Ref: s.Ref()}. The error wraps [ErrUnknown], or [ErrGuard] if no
// exclusion was notified.
func (c *Cases) Envisaged(of uuid.UUID) (Sanction, error) {
	k, err := c.find(of)
	if err != nil {
		return Sanction{}, err
	}
	notified := k.facts.proceeding.notified
	if notified == 0 || k.at(notified).Rung != k.Rules.Ladder.exclusion() {
		return Sanction{}, bad(ErrGuard, "case", of.String(), "no grievances with rung %s, exclusion, were sent", strconv.Itoa(k.Rules.Ladder.exclusion()))
	}
	return *c.envisaged(k), nil
}
