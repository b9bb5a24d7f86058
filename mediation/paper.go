package mediation

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// A PaperKind says what a paper is, and with that who may read it.
type PaperKind string

// The kinds of papers. The first are what is said in mediation: for the parties and the mediator, and for nobody else ever. The others
// belong to the proceedings: for the parties and the bodies that deal with the case.
const (
	Note      PaperKind = "note"      // of a separate meeting: for that party and the mediator
	Position  PaperKind = "position"  // what a party says in mediation
	Protocol  PaperKind = "protocol"  // of a joint session
	Agreement PaperKind = "agreement" // what the parties agree on

	Statement       PaperKind = "statement"       // fact, effect, need, request
	Evidence        PaperKind = "evidence"        // a document that existed before, or what was seen; never confidential
	Reasons         PaperKind = "reasons"         // why something was decided
	Threat          PaperKind = "threat"          // in what way the balance of the community is threatened
	Grievances      PaperKind = "grievances"      // precisely what is held against a party
	Defence         PaperKind = "defence"         // its answer
	Minutes         PaperKind = "minutes"         // of the hearing
	Proportionality PaperKind = "proportionality" // why this measure, and no lighter one
	Grounds         PaperKind = "grounds"         // of an appeal
)

var paperTitles = map[PaperKind]codesocial.Text{
	Note:            both("note of a separate meeting", "note d'entretien séparé"),
	Position:        both("position in mediation", "position en médiation"),
	Protocol:        both("protocol of a session", "relevé de séance"),
	Agreement:       both("agreement", "accord"),
	Statement:       both("statement", "exposé"),
	Evidence:        both("evidence", "pièce"),
	Reasons:         both("reasons", "motifs"),
	Threat:          both("finding of a threat to the balance", "constat de menace pour l'équilibre"),
	Grievances:      both("grievances", "griefs"),
	Defence:         both("defence", "mémoire en défense"),
	Minutes:         both("minutes of the hearing", "procès-verbal d'audition"),
	Proportionality: both("proportionality", "proportionnalité"),
	Grounds:         both("grounds of appeal", "moyens du recours"),
}

// Title names the kind in the language lang, French for "fr" and otherwise English.
func (k PaperKind) Title(lang string) string { return paperTitles[k].In(lang) }

// Confidential reports whether papers of this kind are what is said in mediation: sealed for the parties and the mediator, in no
// export and no file, erased at the end of their retention.
func (k PaperKind) Confidential() bool {
	return k == Note || k == Position || k == Protocol || k == Agreement
}

// Limits on papers.
const (
	MaxSealedBytes = 1 << 20
	MaxReaders     = 1000 // the parties, who speaks for them, the mediator, and the seats of all bodies
)

// A Paper is a text of a case, sealed for those who may read it. It is the only record of this package that holds words; the acts
// refer to it. So what was said can be erased while the chain of acts and proofs stays whole.
type Paper struct {
	// ID is the id of its record; zero: a new one is drawn.
	ID uuid.UUID `json:"-"`
	// By is the IRI of who wrote it, the author of the record.
	By   string    `json:"-"`
	Case uuid.UUID `json:"case"`
	Kind PaperKind `json:"kind"`
	At   time.Time `json:"at"` // UTC, whole seconds
	// For is the party of a [Note]: nobody else but the mediator reads it.
	For string `json:"for,omitempty"`
	// Readers are the IRIs of those for whom it is sealed, in order; each of them may read papers of this kind in this case.
	Readers []string `json:"readers"`
	// Sealed is what [Sealer.Seal] returned.
	Sealed []byte `json:"sealed"`
	// Digest, of evidence, is the SHA-256 of the document that existed before, in hexadecimal, so that it can be compared.
	Digest string `json:"digest,omitempty"`
}

// A Sealer encrypts what is said in confidence for those who may read it, each under a key of its own, and opens it for one of
// them. Package agebox is one, with the keys under which members sign. Its errors must not show the text.
type Sealer interface {
	// Seal returns plain encrypted for all readers, by IRI. It refuses when one of them has no key: nothing is ever sealed for
	// fewer than it says.
	Seal(readers []string, plain []byte) ([]byte, error)
	// Open returns what was sealed, for a reader whose private key it holds.
	Open(reader string, sealed []byte) ([]byte, error)
}

func (p *Paper) check() error {
	if err := checkTime("at", p.At); err != nil {
		return err
	}
	if _, ok := paperTitles[p.Kind]; !ok {
		return bad(ErrInvalid, "kind", string(p.Kind), "is no kind of paper")
	}
	if err := codesocial.CheckIRI(p.By); err != nil {
		return bad(ErrInvalid, "by", p.By, "is no IRI")
	}
	if (p.Kind == Note) != (p.For != "") {
		return bad(ErrInvalid, "for", p.For, "names the party of a note, and of nothing else")
	}
	if len(p.Readers) == 0 || len(p.Readers) > MaxReaders {
		return bad(ErrLimit, "readers", fmt.Sprint(len(p.Readers)), "must be from 1 to %d", MaxReaders)
	}
	if !slices.IsSorted(p.Readers) || len(slices.Compact(slices.Clone(p.Readers))) != len(p.Readers) {
		return bad(ErrInvalid, "readers", "", "must be in order, each once")
	}
	if len(p.Sealed) == 0 || len(p.Sealed) > MaxSealedBytes {
		return bad(ErrLimit, "sealed", fmt.Sprint(len(p.Sealed)), "must be from 1 to %d bytes", MaxSealedBytes)
	}
	if p.Digest != "" && (p.Kind != Evidence || !isDigest(p.Digest)) {
		return bad(ErrInvalid, "digest", p.Digest, "is the SHA-256 of a piece of evidence, in 64 lower-case hexadecimal digits")
	}
	return nil
}

func isDigest(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// checkTime asks for UTC and whole seconds, so that a time is written in one way only.
func checkTime(field string, at time.Time) error {
	if at.IsZero() || at.Year() < 1900 || at.Year() > 9999 {
		return bad(ErrInvalid, field, "", "must be given, from 1900 to 9999")
	}
	if at.Nanosecond() != 0 || at.Location() != time.UTC {
		return bad(ErrInvalid, field, at.Format(time.RFC3339Nano), "must be in UTC and whole seconds")
	}
	return nil
}
