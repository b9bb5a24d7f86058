package mediation

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// Limits on acts.
const (
	MaxPapers  = 50 // of one act
	MaxCited   = 50 // clauses of one act or tension
	MaxParties = 50 // of one side
	MaxDrawn   = 2000
)

// A Gravity is why a rung is skipped, or mediation is.
type Gravity string

// The gravities.
const (
	Violence   Gravity = "violence"   // somebody was harmed, or threatened
	Harassment Gravity = "harassment" // again and again
	Fraud      Gravity = "fraud"      // money or work of others taken
	Danger     Gravity = "danger"     // it cannot wait
)

// A Ground is why a case is cleared, or an appeal is filed.
type Ground string

// The grounds. The first two are those of [Clear], the others those of [Appeal]; when a measure is in effect already, an appeal rests
// on one of the last three.
const (
	NoBreach       Ground = "no-breach"
	AbuseOfProcess Ground = "abuse" // the complaint itself breaks the rules

	Disproportion Ground = "disproportion"
	Facts         Ground = "facts"
	Bias          Ground = "bias"
	Procedure     Ground = "procedure"
	NewEvidence   Ground = "new-evidence"
	Revision      Ground = "revision" // of an exclusion, after the time that the rule gives
)

// An Exception is one of the two for which confidence in mediation can be lifted.
type Exception string

// The exceptions: those of the French code of civil procedure, article 1528-3.
const (
	Integrity      Exception = "integrity"      // imperative reasons of public order, the interest of a child, somebody's physical or psychological integrity
	Implementation Exception = "implementation" // to carry out the agreement
)

// codeTitles are the words for gravities, grounds and exceptions.
var codeTitles = map[string]codesocial.Text{
	string(Violence):       both("violence or threat", "violence ou menace"),
	string(Harassment):     both("harassment", "harcèlement"),
	string(Fraud):          both("misappropriation", "détournement"),
	string(Danger):         both("danger", "danger"),
	string(NoBreach):       both("no breach", "aucun manquement"),
	string(AbuseOfProcess): both("abuse", "abus"),
	string(Disproportion):  both("disproportion", "disproportion"),
	string(Facts):          both("error of fact", "erreur de fait"),
	string(Bias):           both("bias", "partialité"),
	string(Procedure):      both("breach of procedure", "vice de procédure"),
	string(NewEvidence):    both("new evidence", "élément nouveau"),
	string(Revision):       both("revision", "révision"),
	string(Integrity):      both("public order, the interest of a child, somebody's integrity", "ordre public, intérêt de l'enfant, intégrité d'une personne"),
	string(Implementation): both("carrying out the agreement", "mise en œuvre de l'accord"),
}

// An Act is one step that somebody takes in a case. It holds no words: what is said stands in papers, and the act refers to them. Each
// event asks for certain members and takes no others.
type Act struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of who acts, the author of the record; "" for [Warn], [Lapse] and [Erase].
	By    string    `json:"-"`
	Case  uuid.UUID `json:"case"`
	Event Event     `json:"event"`
	At    time.Time `json:"at"` // UTC, whole seconds; not before the act before it, and within [MaxDelay] before its recording
	// For is the party of the case in whose name By acts. It may be left out where By is that party, or speaks for just one. Of
	// [Meet] it is the party that was met, of [Notify] the respondent whom the grievances concern, of [Protect] the one who is kept away.
	For      string          `json:"for,omitempty"`
	Mediator string          `json:"mediator,omitempty"`
	Draw     *Draw           `json:"draw,omitempty"`
	Papers   []uuid.UUID     `json:"papers,omitempty"`
	Clauses  []string        `json:"clauses,omitempty"` // ids of clauses of the version under which the case runs
	Rung     int             `json:"rung,omitempty"`
	Until    codesocial.Date `json:"until,omitzero"` // last day of a bounded measure
	// Scope is what a restriction keeps the party from: the kind of a record, as in "catalog.offer", or a package, as in "catalog".
	Scope   string    `json:"scope,omitempty"`
	Gravity Gravity   `json:"gravity,omitempty"`
	Ground  Ground    `json:"ground,omitempty"`
	Into    uuid.UUID `json:"into,omitzero"`
	// Assistance says that the person was told that she may be assisted by somebody of her choice.
	Assistance bool      `json:"assistance,omitempty"`
	Hearing    time.Time `json:"hearing,omitzero"` // when the person is to be heard
	Hours      int       `json:"hours,omitempty"`  // of a protection
	// Suspend, of [Protect], asks that the party have no rights of a member meanwhile; otherwise it is kept away from the
	// reporters.
	Suspend   bool      `json:"suspend,omitempty"`
	Exception Exception `json:"exception,omitempty"`
	Readers   []string  `json:"readers,omitempty"` // of [Disclose]: the IRIs to whom the papers may be shown
	// Score, of [Rate], is from 1, not content at all, to 5.
	Score int `json:"score,omitempty"`
	// Decides says that with this voice a majority of the body is reached. It is set by [Office.Act] and [Cases.DraftAct].
	Decides bool `json:"decides,omitempty"`
	// Deadline, of [Warn], [Lapse] and [Erase], is the one that comes near or has passed.
	Deadline time.Time `json:"deadline,omitzero"`
}

// fields is a set of members of an act.
type fields uint32

const (
	fFor fields = 1 << iota
	fMediator
	fDraw
	fPapers
	fClauses
	fRung
	fDates
	fGravity
	fGround
	fInto
	fAssistance
	fHearing
	fHours
	fInterim
	fException
	fReaders
	fDeadline
	fScope
	fScore
)

var fieldNames = []string{
	"for", "mediator", "draw", "papers", "clauses", "rung", "until", "gravity", "ground", "into", "assistance", "hearing", "hours", "suspend", "exception",
	"readers", "deadline", "scope", "score",
}

func (f fields) String() string {
	for i, name := range fieldNames {
		if f&(1<<i) != 0 {
			return name
		}
	}
	return ""
}

// given returns the members that are set.
func (a *Act) given() (f fields) {
	set := func(is bool, field fields) {
		if is {
			f |= field
		}
	}
	set(a.For != "", fFor)
	set(a.Mediator != "", fMediator)
	set(a.Draw != nil, fDraw)
	set(len(a.Papers) > 0, fPapers)
	set(len(a.Clauses) > 0, fClauses)
	set(a.Rung != 0, fRung)
	set(!a.Until.IsZero(), fDates)
	set(a.Gravity != "", fGravity)
	set(a.Ground != "", fGround)
	set(a.Into != uuid.Nil, fInto)
	set(a.Assistance, fAssistance)
	set(!a.Hearing.IsZero(), fHearing)
	set(a.Hours != 0, fHours)
	set(a.Suspend, fInterim)
	set(a.Exception != "", fException)
	set(len(a.Readers) > 0, fReaders)
	set(!a.Deadline.IsZero(), fDeadline)
	set(a.Scope != "", fScope)
	set(a.Score != 0, fScore)
	return f
}

// check looks at everything that can be seen without the case.
func (a *Act) check() error {
	info, ok := infoOf[a.Event]
	if !ok {
		return bad(ErrInvalid, "event", string(a.Event), "is no event")
	}
	if err := checkTime("at", a.At); err != nil {
		return err
	}
	given := a.given()
	if missing := info.needs &^ given; missing != 0 {
		return bad(ErrInvalid, missing.String(), "", "must be given with %s", a.Event)
	}
	may := info.needs | info.may
	if actsForParty(info) {
		may |= fFor
	}
	if more := given &^ may; more != 0 {
		return bad(ErrInvalid, more.String(), "", "has no place with %s", a.Event)
	}
	if a.Decides && info.quorum != Majority {
		return bad(ErrInvalid, "decides", "", "has no place with %s", a.Event)
	}
	clock := slices.Contains(info.by, Clock)
	if clock != (a.By == "") {
		return bad(ErrRole, "by", a.By, "%s is an act of %s", a.Event, info.by[0])
	}
	if len(a.Papers) > MaxPapers || len(a.Clauses) > MaxCited || len(a.Readers) > MaxReaders {
		return bad(ErrLimit, "act", "", "has more than %d papers, %d clauses or %d readers", MaxPapers, MaxCited, MaxReaders)
	}
	if hasTwice(a.Papers) || hasTwice(a.Clauses) || hasTwice(a.Readers) {
		return bad(ErrInvalid, "act", "", "names a paper, clause or reader twice")
	}
	if a.Gravity != "" && !slices.Contains([]Gravity{Violence, Harassment, Fraud, Danger}, a.Gravity) {
		return bad(ErrInvalid, "gravity", string(a.Gravity), "is no gravity")
	}
	if a.Exception != "" && a.Exception != Integrity && a.Exception != Implementation {
		return bad(ErrInvalid, "exception", string(a.Exception), "must be integrity or implementation")
	}
	if a.Ground != "" {
		clears := a.Ground == NoBreach || a.Ground == AbuseOfProcess
		if clears != (a.Event == Clear) || !clears && !slices.Contains([]Ground{Disproportion, Facts, Bias, Procedure, NewEvidence, Revision}, a.Ground) {
			return bad(ErrInvalid, "ground", string(a.Ground), "is no ground of %s", a.Event)
		}
	}
	if !a.Hearing.IsZero() {
		if err := checkTime("hearing", a.Hearing); err != nil {
			return err
		}
	}
	for _, reader := range a.Readers {
		if err := codesocial.CheckIRI(reader); err != nil {
			return bad(ErrInvalid, "readers", reader, "is no IRI")
		}
	}
	if a.Score < 0 || a.Score > 5 {
		return bad(ErrInvalid, "score", fmt.Sprint(a.Score), "must be from 1 to 5")
	}
	if a.Draw != nil {
		return a.Draw.check()
	}
	return nil
}

// actsForParty reports whether the event is one that a party of the case triggers, in whose name somebody may act.
func actsForParty(info *eventInfo) bool {
	return slices.Contains(info.by, Reporter) || slices.Contains(info.by, Respondent)
}

func hasTwice[T comparable](list []T) bool {
	for i := range list {
		if slices.Contains(list[:i], list[i]) {
			return true
		}
	}
	return false
}

// A Sanction is exactly what a measure says, in the form in which a community decides on it.
type Sanction struct {
	Case    uuid.UUID       `json:"case"`
	Round   int             `json:"round"` // how often the case has been in review
	Party   string          `json:"party"`
	Rung    int             `json:"rung"`
	Clauses []string        `json:"clauses"`
	Until   codesocial.Date `json:"until,omitzero"`
	Scope   string          `json:"scope,omitempty"`
}

// ExclusionMatter is the kind of the matter under which a community decides on an exclusion; its reference is [Sanction.Ref].
const ExclusionMatter = "mediation.exclusion"

// Ref names exactly this sanction: "sha256:" and the SHA-256, in hexadecimal, of its canonical JSON.
func (s *Sanction) Ref() string {
	data, err := canonical.Marshal(s)
	if err != nil {
		return fmt.Sprintf("invalid: %v", err) // a clause or party that is not UTF-8: names nothing
	}
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}
