package mediation

import "github.com/commonstocommons/codesocial/codesocial"

// A Stage is where a case stands.
type Stage string

// The stages. Every one but the last has a clock; see [Rules] for how long they last and [Table] for what can happen there.
const (
	Reported     Stage = "reported"     // somebody has told of a tension
	Acknowledged Stage = "acknowledged" // the reception has answered
	Triaged      Stage = "triaged"      // it is clear what it is about and which way is open
	Dismissed    Stage = "dismissed"    // the reception found it out of scope; who reported can contest that
	Dialogue     Stage = "dialogue"     // the parties talk with each other
	Consenting   Stage = "consenting"   // mediation, or a circle, is proposed to both sides
	Choosing     Stage = "choosing"     // all consent; a mediator is to be drawn
	Proposed     Stage = "proposed"     // a mediator is drawn, and all are asked to accept her
	Meetings     Stage = "meetings"     // the mediator meets each party alone
	Sessions     Stage = "sessions"     // the mediator and all parties meet
	Signing      Stage = "signing"      // an agreement is drafted, and the parties sign it
	FollowUp     Stage = "follow-up"    // the agreement is carried out
	Failed       Stage = "failed"       // no agreement, or one that is not kept
	Interrupted  Stage = "interrupted"  // somebody left, or time ran out
	Review       Stage = "review"       // the collegial review looks into it
	Notified     Stage = "notified"     // the grievances are sent, the person prepares her defence
	Heard        Stage = "heard"        // the person was heard, or did not come; the body decides
	Pronounced   Stage = "pronounced"   // a measure is decided and must be notified with the way to appeal
	Informed     Stage = "informed"     // notified; the time to appeal runs, nothing is in effect
	Appealed     Stage = "appealed"     // an appeal is filed
	Admitted     Stage = "admitted"     // the appeal is admissible, the other body reviews
	Final        Stage = "final"        // no appeal is open any more; the measure is to be put into effect
	Monitoring   Stage = "monitoring"   // a measure is in effect
	Excluded     Stage = "excluded"     // the party is excluded, and may ask for a revision
	Closed       Stage = "closed"       // over; what was said in confidence is kept until the end of its retention
	Archived     Stage = "archived"     // what was said in confidence is erased
)

// stages lists all stages in the order of the path.
var stages = []Stage{
	Reported, Acknowledged, Triaged, Dismissed, Dialogue, Consenting, Choosing, Proposed, Meetings, Sessions, Signing, FollowUp, Failed,
	Interrupted, Review, Notified, Heard, Pronounced, Informed, Appealed, Admitted, Final, Monitoring, Excluded, Closed, Archived,
}

// Open reports whether something is still to come for the parties.
func (s Stage) Open() bool { return s != Closed && s != Archived }

// Title names the stage in the language lang, French for "fr" and otherwise English.
func (s Stage) Title(lang string) string { return stageTitles[s].In(lang) }

func both(en, fr string) codesocial.Text { return codesocial.Text{"en": en, "fr": fr} }

var stageTitles = map[Stage]codesocial.Text{
	Reported:     both("reported", "signalée"),
	Acknowledged: both("acknowledged", "accusée de réception"),
	Triaged:      both("triaged", "orientée"),
	Dismissed:    both("not admitted, can be contested", "non retenue, contestable"),
	Dialogue:     both("direct dialogue", "dialogue direct"),
	Consenting:   both("consent to mediation asked", "consentement à la médiation demandé"),
	Choosing:     both("mediator to be drawn", "médiateur à désigner"),
	Proposed:     both("mediator proposed", "médiateur proposé"),
	Meetings:     both("separate meetings", "entretiens séparés"),
	Sessions:     both("joint sessions", "séances communes"),
	Signing:      both("agreement to be signed", "accord à signer"),
	FollowUp:     both("follow-up of the agreement", "suivi de l'accord"),
	Failed:       both("failed", "en échec"),
	Interrupted:  both("interrupted", "interrompue"),
	Review:       both("collegial review", "examen collégial"),
	Notified:     both("grievances notified", "griefs notifiés"),
	Heard:        both("heard, to be decided", "entendue, à décider"),
	Pronounced:   both("measure decided, to be notified", "mesure décidée, à notifier"),
	Informed:     both("measure notified, appeal open", "mesure notifiée, recours ouvert"),
	Appealed:     both("appeal filed", "recours déposé"),
	Admitted:     both("appeal under review", "recours à l'examen"),
	Final:        both("measure final, to be put into effect", "mesure définitive, à exécuter"),
	Monitoring:   both("measure in effect", "mesure en cours"),
	Excluded:     both("excluded, revision possible", "exclusion en cours, révision possible"),
	Closed:       both("closed", "close"),
	Archived:     both("archived", "archivée"),
}

// A Role is what somebody is in a case. One and the same party may have several.
type Role string

// The roles.
const (
	Member     Role = "member"     // any member of the community
	Reporter   Role = "reporter"   // who told of the tension, or joined in
	Respondent Role = "respondent" // whom it concerns
	Officer    Role = "officer"    // holds a seat in the body of reception
	Mediator   Role = "mediator"   // drawn for this case; never judges
	Reviewer   Role = "reviewer"   // holds a seat in the body of review
	Judge      Role = "judge"      // holds a seat in the body of appeal, and took no other part in the case
	Clock      Role = "clock"      // the organisation, when a deadline has passed: an act without author
)

var roles = []Role{Member, Reporter, Respondent, Officer, Mediator, Reviewer, Judge, Clock}

// Title names the role in the language lang, French for "fr" and otherwise English.
func (r Role) Title(lang string) string { return roleTitles[r].In(lang) }

var roleTitles = map[Role]codesocial.Text{
	Member:     both("any member", "tout membre"),
	Reporter:   both("who reported", "auteur du signalement"),
	Respondent: both("who is concerned", "partie mise en cause"),
	Officer:    both("reception", "accueil des tensions"),
	Mediator:   both("mediator", "médiateur"),
	Reviewer:   both("collegial review", "examen collégial"),
	Judge:      both("body of appeal", "instance de recours"),
	Clock:      both("the clock", "l'échéance"),
}

// An Outcome says how a case ended.
type Outcome string

// The outcomes. A case that is open has none.
const (
	Resolved    Outcome = "resolved"     // an agreement, carried out as far as anyone has said
	OutOfScope  Outcome = "out-of-scope" // not admitted, and not contested
	Withdrawn   Outcome = "withdrawn"    // taken back by who reported
	NoFurther   Outcome = "no-further"   // failed, and who reported leaves it there
	Unfounded   Outcome = "unfounded"    // the review found no breach
	Abusive     Outcome = "abusive"      // the review found that the complaint itself breaks the rules
	Served      Outcome = "served"       // a measure was carried out, or has run out
	Lifted      Outcome = "lifted"       // a measure was ended early
	Annulled    Outcome = "annulled"     // a measure was annulled on appeal
	ExcludedOut Outcome = "excluded"     // the party was excluded
	Merged      Outcome = "merged"       // goes on as part of another case
	Moot        Outcome = "moot"         // one side no longer exists or has left
)

// Title names the outcome in the language lang, French for "fr" and otherwise English.
func (o Outcome) Title(lang string) string { return outcomeTitles[o].In(lang) }

var outcomeTitles = map[Outcome]codesocial.Text{
	Resolved:    both("resolved", "résolue"),
	OutOfScope:  both("out of scope", "hors champ"),
	Withdrawn:   both("withdrawn", "retirée"),
	NoFurther:   both("left without further steps", "laissée sans suite"),
	Unfounded:   both("no breach found", "aucun manquement constaté"),
	Abusive:     both("abusive complaint", "plainte abusive"),
	Served:      both("measure served", "mesure accomplie"),
	Lifted:      both("measure lifted", "mesure levée"),
	Annulled:    both("measure annulled on appeal", "mesure annulée sur recours"),
	ExcludedOut: both("exclusion", "exclusion"),
	Merged:      both("joined with another case", "jointe à une autre affaire"),
	Moot:        both("without object", "devenue sans objet"),
}
