package mediation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
)

// An Event is what can happen in a case.
type Event string

// The events. [Table] says where each has its place, who triggers it, and what the parties are told.
const (
	Acknowledge Event = "acknowledge" // the reception answers that it has read it
	Join        Event = "join"        // a member joins those who report
	Triage      Event = "triage"      // what it is about, and which clauses
	Dismiss     Event = "dismiss"     // out of scope, with a reason
	Contest     Event = "contest"     // the dismissal goes to the review
	Talk        Event = "talk"        // direct dialogue begins
	Settle      Event = "settle"      // the parties have settled it among themselves
	Mediate     Event = "mediate"     // mediation is asked for
	Consent     Event = "consent"     // a party agrees to mediation
	Decline     Event = "decline"     // the respondent does not: a failure, by right and without reason
	Propose     Event = "propose"     // a mediator is drawn
	Accept      Event = "accept"      // a party, or the mediator, accepts
	Challenge   Event = "challenge"   // a party does not accept the mediator
	Recuse      Event = "recuse"      // the mediator steps back, and loses access at once
	Replace     Event = "replace"     // the reception replaces a mediator who cannot go on
	Meet        Event = "meet"        // the mediator has met a party alone
	Session     Event = "session"     // a joint session took place
	Extend      Event = "extend"      // the parties give the mediation more time, once
	Agree       Event = "agree"       // an agreement is drafted
	Rework      Event = "rework"      // the draft goes back to the table
	Sign        Event = "sign"        // a party signs the agreement
	Leave       Event = "leave"       // a party leaves the mediation, by right and without reason
	Fail        Event = "fail"        // the mediator states that there is no agreement, and nothing else
	Confirm     Event = "confirm"     // a party states that the agreement is kept
	Breach      Event = "breach"      // a party states that it is not
	Retry       Event = "retry"       // mediation is asked for once more; each party can do that once
	Circle      Event = "circle"      // a restorative circle is asked for
	Escalate    Event = "escalate"    // the collegial review is asked for
	Drop        Event = "drop"        // who reported leave it there, all of them
	Bypass      Event = "bypass"      // mediation would endanger somebody: straight to the review, with the reason on record
	Incident    Event = "incident"    // the difficulty has shown again
	Find        Event = "find"        // the difficulty threatens the balance of the community, with the clauses broken
	Grave       Event = "grave"       // gravity that justifies skipping rungs, with the reason
	Notify      Event = "notify"      // the grievances, the measure envisaged, the hearing and the right to be assisted
	Return      Event = "return"      // the review sends the case back to be triaged
	Clear       Event = "clear"       // no measure: nothing to hold against anybody, or a complaint that is itself abusive
	Answer      Event = "answer"      // a defence in writing
	Hear        Event = "hear"        // the person was heard
	Absent      Event = "absent"      // the person was invited and did not come
	Pronounce   Event = "pronounce"   // a measure is decided, with reasons and proportionality
	Inform      Event = "inform"      // the decision and the way to appeal are notified
	Appeal      Event = "appeal"      // the respondent appeals
	Admit       Event = "admit"       // the appeal is admissible
	Reject      Event = "reject"      // it is not
	Deny        Event = "deny"        // the measure stands
	Uphold      Event = "uphold"      // the measure is annulled
	Mitigate    Event = "mitigate"    // a lower rung takes its place
	Remand      Event = "remand"      // the review must begin again
	Effect      Event = "effect"      // the measure takes effect
	Relapse     Event = "relapse"     // a measure was not respected, or the difficulty came back
	Lift        Event = "lift"        // the measure ends early
	Withdraw    Event = "withdraw"    // who reported takes it back
	Merge       Event = "merge"       // the case goes on as part of another
	Close       Event = "close"       // one side no longer exists or has left: there is nothing left to settle
	Protect     Event = "protect"     // urgent protection, for a time
	Account     Event = "account"     // the protection is reported to the review
	Prolong     Event = "prolong"     // the review confirms the protection for longer
	Release     Event = "release"     // the protection ends early
	Disclose    Event = "disclose"    // confidence is lifted under one of the two legal exceptions
	Rate        Event = "rate"        // a party says how content it is with how it was dealt with
	Erase       Event = "erase"       // what was said in confidence is erased
	Warn        Event = "warn"        // the deadline of the stage comes near
	Lapse       Event = "lapse"       // the deadline of the stage has passed
)

// A Quorum says of whom it takes an event before the case moves on.
type Quorum string

// The quorums. Until it is reached the case stays where it is.
const (
	One       Quorum = ""           // whoever does it first
	EachParty Quorum = "each party" // every party of both sides; for the event accept, the mediator too
	EachSide  Quorum = "each party met"
	Reporters Quorum = "each reporter"
	Majority  Quorum = "majority" // more than half of the seats of the body whose holders can act in this case
)

// A Transition is a row of the table: what leads from where to where, and who may trigger it.
type Transition struct {
	From   Stage
	Event  Event
	By     []Role
	Quorum Quorum
	// To holds where the case can go once the quorum is reached. Where there are several, the rules, or what has happened
	// before, say which.
	To []Stage
	// Form holds the kinds of papers without which the event is refused.
	Form []PaperKind
	// Tells is what both sides are told.
	Tells codesocial.Text
}

// eventInfo is what holds for an event wherever it has its place.
type eventInfo struct {
	event  Event
	by     []Role
	quorum Quorum
	needs  fields // members of the act that must be given
	may    fields // and those that may
	form   []PaperKind
	open   bool // a charter may give the event to other roles
	tells  codesocial.Text
}

var sides = []Role{Reporter, Respondent}

var eventInfos = []eventInfo{
	{Acknowledge, []Role{Officer}, One, 0, 0, nil, true, both("Your message has been read; you will be told within days which way is open.", "Votre message a été lu ; la voie ouverte vous sera indiquée sous quelques jours.")},
	{Join, []Role{Member}, One, 0, 0, nil, false, both("Another member reports the same tension.", "Un autre membre signale la même tension.")},
	{Triage, []Role{Officer}, One, fClauses, 0, nil, true, both("It is clear what the tension is about; you can talk it over directly or ask for mediation.", "L'objet de la tension est établi ; vous pouvez en parler directement ou demander une médiation.")},
	{Dismiss, []Role{Officer}, One, fPapers, 0, []PaperKind{Reasons}, false, both("The tension is found to be out of scope; who reported can contest that.", "La tension est jugée hors champ ; l'auteur du signalement peut le contester.")},
	{Contest, []Role{Reporter}, One, 0, fPapers, nil, false, both("The dismissal is contested; the collegial review looks into it.", "Le rejet est contesté ; l'examen collégial en est saisi.")},
	{Talk, []Role{Officer, Reporter, Respondent}, One, 0, 0, nil, true, both("You are invited to talk with each other; either of you may ask for mediation at any time.", "Vous êtes invités à vous parler ; chacun peut demander une médiation à tout moment.")},
	{Settle, sides, EachParty, 0, fPapers, nil, false, both("A party states that you have settled it; when all have said so, the follow-up begins.", "Une partie déclare que vous vous êtes entendus ; quand toutes l'ont dit, le suivi commence.")},
	{Mediate, []Role{Officer, Reporter, Respondent}, One, 0, 0, nil, true, both("Mediation is proposed. It is voluntary, confidential, and free of charge; please say whether you agree.", "Une médiation est proposée. Elle est volontaire, confidentielle et gratuite ; dites si vous l'acceptez.")},
	{Consent, sides, EachParty, 0, 0, nil, false, both("A party agrees to mediation.", "Une partie accepte la médiation.")},
	{Decline, []Role{Respondent}, One, 0, 0, nil, false, both("The respondent does not want mediation; no reason needs to be given.", "La partie mise en cause ne souhaite pas de médiation ; aucun motif n'est demandé.")},
	{Propose, []Role{Officer}, One, fMediator | fDraw, 0, nil, true, both("A mediator is drawn; you are asked to accept the mediator, or to say that you do not.", "Un médiateur est désigné ; il vous est demandé de l'accepter ou de le refuser.")},
	{Accept, []Role{Reporter, Respondent, Mediator}, EachParty, 0, 0, nil, false, both("The mediator is accepted by one of those concerned.", "Le médiateur est accepté par l'un des intéressés.")},
	{Challenge, sides, One, 0, fPapers, nil, false, both("The mediator is not accepted; another one is drawn.", "Le médiateur n'est pas accepté ; un autre est désigné.")},
	{Recuse, []Role{Mediator}, One, 0, 0, nil, false, both("The mediator steps back and no longer has access to anything; another one is drawn.", "Le médiateur se récuse et n'a plus accès à rien ; un autre est désigné.")},
	{Replace, []Role{Officer}, One, 0, 0, nil, true, both("The mediator cannot go on and no longer has access to anything; another one is drawn.", "Le médiateur ne peut pas poursuivre et n'a plus accès à rien ; un autre est désigné.")},
	{Meet, []Role{Mediator}, EachSide, fFor, fPapers, nil, false, both("The mediator has met a party alone.", "Le médiateur a rencontré une partie séparément.")},
	{Session, []Role{Mediator}, One, 0, fPapers, nil, false, both("A joint session took place.", "Une séance commune a eu lieu.")},
	{Extend, sides, EachParty, 0, 0, nil, false, both("A party agrees to give the mediation more time.", "Une partie accepte de prolonger la médiation.")},
	{Agree, []Role{Mediator}, One, fPapers, 0, []PaperKind{Agreement}, false, both("An agreement is drafted; please read it and sign it, or ask for it to be reworked.", "Un accord est rédigé ; lisez-le et signez-le, ou demandez qu'il soit repris.")},
	{Rework, []Role{Reporter, Respondent, Mediator}, One, 0, 0, nil, false, both("The draft of the agreement goes back to the table.", "Le projet d'accord est remis sur la table.")},
	{Sign, sides, EachParty, 0, 0, nil, false, both("A party has signed the agreement.", "Une partie a signé l'accord.")},
	{Leave, sides, One, 0, 0, nil, false, both("A party has left the mediation, as is everybody's right.", "Une partie a quitté la médiation, comme chacun en a le droit.")},
	{Fail, []Role{Mediator}, One, 0, 0, nil, false, both("The mediator states that no agreement was found. Nothing of what was said goes further.", "Le médiateur constate l'absence d'accord. Rien de ce qui a été dit n'est transmis.")},
	{Confirm, sides, EachParty, 0, 0, nil, false, both("A party states that the agreement is kept.", "Une partie déclare que l'accord est respecté.")},
	{Breach, sides, One, 0, fPapers, nil, false, both("A party states that the agreement is not kept.", "Une partie déclare que l'accord n'est pas respecté.")},
	{Retry, sides, One, 0, 0, nil, false, both("Mediation is proposed once more; please say whether you agree.", "Une nouvelle médiation est proposée ; dites si vous l'acceptez.")},
	{Circle, sides, One, 0, 0, nil, false, both("A restorative circle is proposed; please say whether you agree.", "Un cercle restauratif est proposé ; dites si vous l'acceptez.")},
	{Escalate, []Role{Reporter, Officer}, One, 0, 0, nil, true, both("The collegial review is asked to look into it.", "L'examen collégial est saisi.")},
	{Drop, []Role{Reporter}, Reporters, 0, 0, nil, false, both("Somebody who reported leaves it there; when all have, the case is closed.", "Un auteur du signalement en reste là ; quand tous l'ont dit, l'affaire est close.")},
	{Bypass, []Role{Reviewer}, One, fGravity | fPapers, 0, []PaperKind{Reasons}, false, both("Mediation would endanger somebody; the collegial review looks into it directly, for the reason on record.", "Une médiation mettrait quelqu'un en danger ; l'examen collégial est saisi directement, pour le motif consigné.")},
	{Incident, []Role{Reporter, Respondent, Officer}, One, fPapers, 0, []PaperKind{Evidence}, true, both("A further incident is on record.", "Un nouvel incident est consigné.")},
	{Find, []Role{Reviewer}, One, fClauses | fPapers, 0, []PaperKind{Threat}, false, both("The review finds that the difficulty threatens the balance of the community, and names the clauses.", "L'examen constate que la difficulté menace l'équilibre de la communauté, et cite les clauses.")},
	{Grave, []Role{Reviewer}, One, fGravity | fPapers, 0, []PaperKind{Reasons}, false, both("The review records a gravity for which a rung of the ladder can be skipped.", "L'examen consigne une gravité permettant de passer un degré de l'échelle.")},
	{Notify, []Role{Reviewer}, One, fFor | fRung | fClauses | fPapers | fAssistance | fHearing, 0, []PaperKind{Grievances}, false, both("You are sent the precise grievances and the measure envisaged, invited to be heard, and may be assisted by a person of your choice.", "Les griefs précis et la mesure envisagée vous sont adressés ; vous êtes invité à être entendu et pouvez être assisté d'une personne de votre choix.")},
	{Return, []Role{Reviewer}, One, 0, 0, nil, false, both("The case goes back to the reception.", "L'affaire est renvoyée à l'accueil des tensions.")},
	{Clear, []Role{Reviewer}, Majority, fGround | fPapers, 0, []PaperKind{Reasons}, false, both("The review takes no measure; the reasons are on record.", "L'examen ne prend aucune mesure ; les motifs sont consignés.")},
	{Answer, []Role{Respondent}, One, fPapers, 0, []PaperKind{Defence}, false, both("A defence in writing is on record.", "Une défense écrite est consignée.")},
	{Hear, []Role{Reviewer}, One, fPapers, 0, []PaperKind{Minutes}, false, both("You were heard; the minutes are on record.", "Vous avez été entendu ; le procès-verbal est consigné.")},
	{Absent, []Role{Reviewer}, One, 0, 0, nil, false, both("You were invited to be heard and did not come.", "Vous avez été invité à être entendu et ne vous êtes pas présenté.")},
	{Pronounce, []Role{Reviewer}, Majority, fRung | fClauses | fPapers, fDates | fScope, []PaperKind{Reasons, Proportionality}, false, both("A measure is decided; nothing takes effect before it is notified and the time to appeal is over.", "Une mesure est décidée ; rien ne prend effet avant sa notification et la fin du délai de recours.")},
	{Inform, []Role{Reviewer}, One, 0, fPapers, nil, false, both("The decision is notified: you can appeal to another body, and nothing takes effect before that is settled.", "La décision est notifiée : vous pouvez former un recours devant une autre instance, et rien ne prend effet avant son issue.")},
	{Appeal, []Role{Respondent}, One, fGround | fPapers, 0, []PaperKind{Grounds}, false, both("An appeal is filed.", "Un recours est formé.")},
	{Admit, []Role{Judge}, One, 0, 0, nil, false, both("The appeal is admissible.", "Le recours est recevable.")},
	{Reject, []Role{Judge}, Majority, fPapers, 0, []PaperKind{Reasons}, false, both("The appeal is not admissible, for the reasons on record.", "Le recours est irrecevable, pour les motifs consignés.")},
	{Deny, []Role{Judge}, Majority, fPapers, 0, []PaperKind{Reasons}, false, both("The appeal is denied: the measure stands.", "Le recours est rejeté : la mesure est maintenue.")},
	{Uphold, []Role{Judge}, Majority, fPapers, 0, []PaperKind{Reasons}, false, both("The appeal is upheld: the measure is annulled, everything is as it was before.", "Le recours est accueilli : la mesure est annulée, tout est rétabli.")},
	{Mitigate, []Role{Judge}, Majority, fRung | fPapers, fDates | fScope, []PaperKind{Reasons}, false, both("The appeal is upheld in part: a lower measure takes the place of the one decided.", "Le recours est accueilli en partie : une mesure moindre remplace celle décidée.")},
	{Remand, []Role{Judge}, Majority, fPapers, 0, []PaperKind{Reasons}, false, both("The decision is set aside: the review must begin again.", "La décision est écartée : l'examen doit être repris.")},
	{Effect, []Role{Reviewer}, One, 0, 0, nil, false, both("The measure takes effect.", "La mesure prend effet.")},
	{Relapse, []Role{Reporter, Officer}, One, fPapers, 0, []PaperKind{Evidence}, true, both("The measure was not respected, or the difficulty came back; the review looks into it again.", "La mesure n'a pas été respectée, ou la difficulté est revenue ; l'examen est ressaisi.")},
	{Lift, []Role{Reviewer}, Majority, 0, fPapers, nil, false, both("The measure ends early.", "La mesure est levée avant terme.")},
	{Withdraw, []Role{Reporter}, Reporters, 0, 0, nil, false, both("A report is taken back.", "Un signalement est retiré.")},
	{Merge, []Role{Officer}, One, fInto, 0, nil, true, both("The case goes on as part of another one.", "L'affaire se poursuit au sein d'une autre.")},
	{Close, []Role{Officer}, One, 0, 0, nil, true, both("One side no longer exists or has left: there is nothing left to settle.", "L'une des parties n'existe plus ou est partie : il n'y a plus rien à régler.")},
	{Protect, []Role{Officer}, One, fFor | fHours | fPapers, fInterim, []PaperKind{Reasons}, true, both("Urgent protection is in place for a time; it is no judgement, and can be reviewed at once.", "Une protection d'urgence est en place pour un temps ; ce n'est pas un jugement, et elle peut être réexaminée aussitôt.")},
	{Account, []Role{Officer}, One, 0, 0, nil, true, both("The protection has been reported to the review.", "La protection a été signalée à l'examen collégial.")},
	{Prolong, []Role{Reviewer}, One, fHours | fPapers, 0, []PaperKind{Reasons}, false, both("The review confirms the protection for a time.", "L'examen confirme la protection pour un temps.")},
	{Release, []Role{Reviewer, Officer}, One, 0, 0, nil, false, both("The protection has ended.", "La protection a pris fin.")},
	{Disclose, []Role{Mediator, Officer, Reporter, Respondent}, One, fException | fPapers | fReaders, 0, []PaperKind{Reasons}, false, both("Confidence is lifted for certain papers, under an exception of the law that is on record.", "La confidentialité est levée pour certaines pièces, au titre d'une exception légale consignée.")},
	{Rate, sides, One, fScore, 0, nil, false, both("A party has said how content it is with how it was dealt with.", "Une partie a dit sa satisfaction quant à la façon dont elle a été traitée.")},
	{Warn, []Role{Clock}, One, fDeadline, 0, nil, false, both("A deadline comes near.", "Une échéance approche.")},
	{Erase, []Role{Clock}, One, fDeadline, 0, nil, false, both("What was said in confidence has been erased.", "Ce qui a été dit en confiance a été effacé.")},
	{Lapse, []Role{Clock}, One, fDeadline, 0, nil, false, both("A deadline has passed.", "Une échéance est passée.")},
}

// rows say which events have their place where, and where they lead. What is not here is refused.
var rows = []struct {
	from  []Stage
	event Event
	to    []Stage
}{
	{[]Stage{Reported}, Acknowledge, []Stage{Acknowledged}},
	{[]Stage{Reported}, Join, []Stage{Reported}},
	{[]Stage{Reported}, Lapse, []Stage{Reported}},
	{[]Stage{Acknowledged}, Triage, []Stage{Triaged}},
	{[]Stage{Acknowledged}, Join, []Stage{Acknowledged}},
	{[]Stage{Acknowledged, Triaged}, Dismiss, []Stage{Dismissed}},
	{[]Stage{Acknowledged}, Lapse, []Stage{Acknowledged}},
	{[]Stage{Triaged}, Talk, []Stage{Dialogue}},
	{[]Stage{Triaged, Dialogue}, Mediate, []Stage{Consenting}},
	{[]Stage{Triaged}, Bypass, []Stage{Review}},
	{[]Stage{Triaged}, Lapse, []Stage{Triaged}},
	{[]Stage{Dismissed}, Contest, []Stage{Review}},
	{[]Stage{Dismissed}, Lapse, []Stage{Closed}},
	{[]Stage{Dialogue}, Settle, []Stage{FollowUp}},
	{[]Stage{Dialogue}, Lapse, []Stage{Consenting}},
	{[]Stage{Consenting}, Consent, []Stage{Choosing}},
	{[]Stage{Consenting}, Decline, []Stage{Failed}},
	{[]Stage{Consenting}, Lapse, []Stage{Interrupted, Choosing}},
	{[]Stage{Choosing}, Propose, []Stage{Proposed}},
	{[]Stage{Choosing}, Leave, []Stage{Interrupted}},
	{[]Stage{Choosing}, Lapse, []Stage{Choosing}},
	{[]Stage{Proposed}, Accept, []Stage{Meetings}},
	{[]Stage{Proposed}, Challenge, []Stage{Choosing}},
	{[]Stage{Proposed, Meetings, Sessions, Signing}, Recuse, []Stage{Choosing}},
	{[]Stage{Proposed, Meetings, Sessions, Signing}, Replace, []Stage{Choosing}},
	{[]Stage{Proposed, Meetings, Sessions, Signing}, Leave, []Stage{Interrupted}},
	{[]Stage{Proposed}, Lapse, []Stage{Choosing, Meetings}},
	{[]Stage{Meetings}, Meet, []Stage{Sessions}},
	{[]Stage{Meetings}, Extend, []Stage{Meetings}},
	{[]Stage{Sessions}, Extend, []Stage{Sessions}},
	{[]Stage{Meetings, Sessions, Signing}, Fail, []Stage{Failed}},
	{[]Stage{Meetings}, Lapse, []Stage{Interrupted, Sessions}},
	{[]Stage{Sessions}, Lapse, []Stage{Interrupted}},
	{[]Stage{Sessions}, Session, []Stage{Sessions}},
	{[]Stage{Sessions}, Agree, []Stage{Signing}},
	{[]Stage{Signing}, Rework, []Stage{Sessions}},
	{[]Stage{Signing}, Sign, []Stage{FollowUp}},
	{[]Stage{Signing}, Lapse, []Stage{Failed}},
	{[]Stage{FollowUp}, Confirm, []Stage{FollowUp, Closed}},
	{[]Stage{FollowUp}, Breach, []Stage{Failed}},
	{[]Stage{FollowUp}, Lapse, []Stage{FollowUp, Closed}},
	{[]Stage{Failed, Interrupted}, Retry, []Stage{Consenting}},
	{[]Stage{Failed, Interrupted}, Circle, []Stage{Consenting}},
	{[]Stage{Failed, Interrupted}, Escalate, []Stage{Review}},
	{[]Stage{Failed, Interrupted}, Drop, []Stage{Closed}},
	{[]Stage{Failed, Interrupted}, Lapse, []Stage{Review, Closed}},
	{[]Stage{Failed}, Incident, []Stage{Failed}},
	{[]Stage{Interrupted}, Incident, []Stage{Interrupted}},
	{[]Stage{Review}, Incident, []Stage{Review}},
	{[]Stage{Monitoring}, Incident, []Stage{Monitoring}},
	{[]Stage{Review}, Find, []Stage{Review}},
	{[]Stage{Review}, Grave, []Stage{Review}},
	{[]Stage{Review, Notified}, Notify, []Stage{Notified}},
	{[]Stage{Review}, Return, []Stage{Triaged}},
	{[]Stage{Review, Heard}, Clear, []Stage{Closed, Monitoring}},
	{[]Stage{Review}, Lapse, []Stage{Review}},
	{[]Stage{Notified}, Answer, []Stage{Notified}},
	{[]Stage{Notified}, Hear, []Stage{Heard}},
	{[]Stage{Notified}, Absent, []Stage{Heard}},
	{[]Stage{Notified}, Lapse, []Stage{Notified}},
	{[]Stage{Heard}, Pronounce, []Stage{Pronounced}},
	{[]Stage{Heard}, Lapse, []Stage{Heard}},
	{[]Stage{Pronounced}, Inform, []Stage{Informed}},
	{[]Stage{Pronounced}, Lapse, []Stage{Pronounced}},
	{[]Stage{Informed, Monitoring, Excluded, Closed}, Appeal, []Stage{Appealed}},
	{[]Stage{Informed}, Lapse, []Stage{Final}},
	{[]Stage{Appealed}, Admit, []Stage{Admitted}},
	{[]Stage{Appealed}, Reject, []Stage{Final, Monitoring, Excluded, Closed}},
	{[]Stage{Appealed}, Lapse, []Stage{Appealed}},
	{[]Stage{Admitted}, Deny, []Stage{Final, Monitoring, Excluded, Closed}},
	{[]Stage{Admitted}, Uphold, []Stage{Closed}},
	{[]Stage{Admitted}, Mitigate, []Stage{Final}},
	{[]Stage{Admitted}, Remand, []Stage{Review}},
	{[]Stage{Admitted}, Lapse, []Stage{Admitted}},
	{[]Stage{Final}, Effect, []Stage{Monitoring, Excluded}},
	{[]Stage{Final}, Lapse, []Stage{Final}},
	{[]Stage{Monitoring}, Relapse, []Stage{Review}},
	{[]Stage{Monitoring}, Lift, []Stage{Closed}},
	{[]Stage{Monitoring}, Lapse, []Stage{Closed}},
	{[]Stage{Excluded}, Lapse, []Stage{Closed}},
	{[]Stage{Closed}, Rate, []Stage{Closed}},
	{[]Stage{Closed}, Erase, []Stage{Archived}},
	{[]Stage{Reported, Acknowledged, Triaged, Dialogue, Consenting, Choosing, Proposed, Meetings, Sessions, Signing}, Withdraw, []Stage{Closed}},
	{[]Stage{Reported, Acknowledged, Triaged}, Merge, []Stage{Closed}},
}

// everywhere are the events that have their place at every open stage, and leave the case there, except the last.
var everywhere = []Event{Warn, Protect, Account, Prolong, Release, Disclose, Close}

// A place is a row that is ready to be looked up.
type place struct {
	*Transition
	info *eventInfo
}

type stageEvent struct {
	stage Stage
	event Event
}

var (
	infoOf = func() map[Event]*eventInfo {
		m := make(map[Event]*eventInfo, len(eventInfos))
		for i := range eventInfos {
			m[eventInfos[i].event] = &eventInfos[i]
		}
		return m
	}()
	transitions = makeTransitions()
	placeOf     = func() map[stageEvent]*place {
		m := make(map[stageEvent]*place, len(transitions))
		for i := range transitions {
			t := &transitions[i]
			m[stageEvent{t.From, t.Event}] = &place{t, infoOf[t.Event]}
		}
		return m
	}()
)

func makeTransitions() []Transition {
	var list []Transition
	add := func(from Stage, event Event, to ...Stage) {
		info := infoOf[event]
		list = append(list, Transition{from, event, info.by, info.quorum, to, info.form, info.tells})
	}
	for _, from := range stages {
		for _, row := range rows {
			if slices.Contains(row.from, from) {
				add(from, row.event, row.to...)
			}
		}
		if from.Open() {
			for _, event := range everywhere {
				if event == Close {
					add(from, event, Closed)
				} else {
					add(from, event, from)
				}
			}
		}
	}
	return list
}

// Table returns all transitions, in the order of their stages: the whole of what can happen in a case, and who may trigger it
// where a charter says nothing else. The caller owns it.
func Table() []Transition { return slices.Clone(transitions) }

// Events returns all events.
func Events() []Event {
	list := make([]Event, len(eventInfos))
	for i := range eventInfos {
		list[i] = eventInfos[i].event
	}
	return list
}

// drawing draws the table as the package page shows it: a stage, an event, who triggers it, where it leads. The events of every
// open stage are drawn once.
func drawing() string {
	var b strings.Builder
	line := func(from string, t *Transition, to []Stage) {
		by := make([]string, len(t.By))
		for i, role := range t.By {
			by[i] = string(role)
		}
		who := strings.Join(by, ", ")
		switch t.Quorum {
		case One:
		case EachParty, EachSide, Reporters:
			who += " (each)"
		default:
			who += " (" + string(t.Quorum) + ")"
		}
		names := make([]string, len(to))
		for i, s := range to {
			names[i] = string(s)
		}
		fmt.Fprintf(&b, "%-12s  %-11s  %-38s → %s\n", from, t.Event, who, strings.Join(names, " | "))
	}
	for i := range transitions {
		if t := &transitions[i]; !slices.Contains(everywhere, t.Event) {
			line(string(t.From), t, t.To)
		}
	}
	for _, event := range everywhere {
		t := placeOf[stageEvent{Reported, event}].Transition
		if event == Close {
			line("any open", t, t.To)
		} else {
			line("any open", t, []Stage{"the same"})
		}
	}
	return b.String()
}
