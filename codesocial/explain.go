package codesocial

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// An Explanation says of a record who made it, under which clause, and by which decision.
type Explanation struct {
	ID       uuid.UUID
	Position uint64
	Kind     string
	At       time.Time // when it was recorded; what it says may have happened earlier
	Who      string    // IRI of the author; "" for the organisation that keeps the journal
	Name     string    // of the author; "" where none is known
	Signed   bool      // the author signed it
	Erased   bool      // its payload is gone
	Project  string    // IRI of the project whose own charter it is about; "" for none
	// Clauses are those that the record names or rests on, each once, in the order in which they stand there.
	Clauses []ClauseRef
	// Decided is the decision that the record carries out or belongs to; the zero value for none.
	Decided Decided
	what    Text
}

// What says what kind of act the record is, in French and English; the kind itself where this package does not know it.
func (e Explanation) What() Text { return e.what.clone() }

// kindWords say what a record of each kind does.
var kindWords = map[string]Text{
	KindParty:        {"fr": "enregistre une partie", "en": "registers a party"},
	KindKey:          {"fr": "enregistre ou remplace une clé", "en": "registers or replaces a key"},
	KindCharter:      {"fr": "propose une version du code social", "en": "proposes a version of the social code"},
	KindAdoption:     {"fr": "adopte une version du code social", "en": "adopts a version of the social code"},
	KindRenewal:      {"fr": "reconduit le code social après réexamen", "en": "renews the social code after its review"},
	KindRepeal:       {"fr": "abroge le code social", "en": "repeals the social code"},
	KindReviewCall:   {"fr": "demande le réexamen du code social", "en": "calls for the review of the social code"},
	KindAdmission:    {"fr": "admet un membre", "en": "admits a member"},
	KindMembership:   {"fr": "fait avancer une adhésion", "en": "takes a membership to its next status"},
	KindMeasure:      {"fr": "prend ou lève une mesure", "en": "imposes or lifts a measure"},
	KindAcceptance:   {"fr": "accepte une version du code social", "en": "accepts a version of the social code"},
	KindObjection:    {"fr": "objecte à une version du code social", "en": "objects to a version of the social code"},
	KindObservation:  {"fr": "relève la valeur d'un objectif", "en": "observes the value of a target"},
	KindMandate:      {"fr": "confie un rôle", "en": "gives a role"},
	KindRelease:      {"fr": "met fin à un mandat", "en": "ends a mandate"},
	KindConsultation: {"fr": "consulte les auteurs", "en": "consults the authors"},
	KindOpinion:      {"fr": "donne un avis", "en": "gives an opinion"},
	KindRecovery:     {"fr": "remplace une clé perdue", "en": "replaces a lost key"},
	KindIncubation:   {"fr": "fait avancer l'incubation d'un projet", "en": "takes the incubation of a project further"},
	KindWindDown:     {"fr": "fait avancer le compostage d'un projet", "en": "takes the winding down of a project further"},
	KindDecision:     {"fr": "ouvre une décision", "en": "opens a decision"},
	KindBallot:       {"fr": "vote", "en": "votes"},
	KindAct:          {"fr": "agit dans une décision par consentement", "en": "acts in a decision by consent"},
	KindClosing:      {"fr": "clôt une décision", "en": "closes a decision"},
	KindDelegation:   {"fr": "délègue sa voix, ou la reprend", "en": "passes a voice on, or takes it back"},
	KindGathering:    {"fr": "convoque une rencontre", "en": "calls a gathering"},
	KindMinutes:      {"fr": "dépose un compte rendu", "en": "records the minutes of a gathering"},

	KindCredentialRequest: {"fr": "demande une accréditation pour un bulletin secret", "en": "asks for a credential for a secret ballot"},
	KindCredential:        {"fr": "délivre une accréditation pour un bulletin secret", "en": "issues a credential for a secret ballot"},
	KindSecretBallot:      {"fr": "reçoit un bulletin secret, dont nul ne peut dire de qui il est", "en": "receives a secret ballot, of which nobody can tell whose it is"},
}

// Explain says of any record, of this package or another, who made it, under which clause, and by which decision. The clauses are those that its payload names, in a
// member with the form of a [ClauseRef], and that of the decision it belongs to; the decision is the one that its payload names in a member "decision", or that adopted
// just what the record does. The state must have folded the record.
func (s *State) Explain(r *journal.Record) Explanation {
	e := Explanation{
		ID: r.ID, Position: r.Position, Kind: r.Kind, At: r.Time, Who: r.Author, Signed: len(r.Signature) > 0, Erased: r.Erased(),
		what: kindWords[r.Kind],
	}
	if e.what == nil {
		e.what = Text{"fr": "enregistre " + r.Kind, "en": "records " + r.Kind}
	}
	if p, ok := s.parties[r.Author]; ok {
		e.Name = p.Name
	}
	if e.Erased {
		return e
	}
	payload, _ := tree(r.Payload).(map[string]any)
	e.Project = s.projectOf(r.Kind, payload)
	e.clauses(payload)
	p := s.decisions[r.ID]
	if text, ok := payload["decision"].(string); ok && p == nil {
		if id, err := uuid.Parse(text); err == nil {
			p = s.decisions[id]
		}
	}
	if id, ok := s.adoptedMatters[matterOf(r)]; ok && p == nil && s.decisions[id].decided.Position < r.Position {
		p = s.decisions[id]
	}
	if p != nil {
		e.Decided = p.snapshot().Decided
		e.clause(p.opening.Clause)
	}
	if r.Kind == KindAdoption || r.Kind == KindRenewal || r.Kind == KindRepeal {
		if hash, _ := payload["charter"].(string); s.versions[hash] != nil {
			e.clause(s.ruled(s.versions[hash].Charter, r.Kind, payload))
		}
	}
	return e
}

// ruled returns the clause of the rule under which a version was adopted, renewed or repealed; the zero value for none.
func (s *State) ruled(c *Charter, kind string, payload map[string]any) (clause ClauseRef) {
	if c.doc.Project != "" {
		if on, err := ParseDate(fmt.Sprint(payload["on"])); err == nil {
			_, clause, _ = s.projectRule(on)
		}
		return clause
	}
	if n := c.doc.Version; kind == KindAdoption && n > 1 {
		c = s.adopted[""][n-2]
	}
	_, clause, _, _ = c.amendment()
	return clause
}

// projectOf returns the project whose charter a record is about; "" for none.
func (s *State) projectOf(kind string, payload map[string]any) string {
	switch kind {
	case KindCharter:
		project, _ := payload["project"].(string)
		return project
	case KindAdoption, KindRenewal, KindRepeal, KindReviewCall, KindAcceptance, KindObjection:
		hash, _ := payload["charter"].(string)
		return s.charterOf(hash)
	case KindObservation:
		clause, _ := payload["clause"].(map[string]any)
		hash, _ := clause["hash"].(string)
		return s.charterOf(hash)
	}
	return ""
}

// matterOf returns what must have been decided for a record; the zero Matter for none.
func matterOf(r *journal.Record) Matter {
	v, err := decode(r)
	if err != nil {
		return Matter{}
	}
	switch v := v.(type) {
	case interface{ Matter() Matter }:
		return v.Matter()
	case *admissionRecord:
		return Matter{AdmissionKind, v.Applicant}
	case *MembershipStep:
		if v.Event == EventConfirm {
			return Matter{AdmissionKind, v.Party}
		}
	case *Release:
		return Matter{RevocationMatter, v.Role + " " + v.Party}
	}
	return Matter{}
}

// clauses notes the clauses that a payload names.
func (e *Explanation) clauses(v any) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			e.clauses(element)
		}
	case map[string]any:
		if ref, ok := clauseRef(v); ok {
			e.clause(ref)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			e.clauses(v[name])
		}
	}
}

// clauseRef reads a JSON object that has the form of a reference to a clause.
func clauseRef(v map[string]any) (ref ClauseRef, ok bool) {
	charter, _ := v["charter"].(string)
	hash, _ := v["hash"].(string)
	clause, _ := v["clause"].(string)
	number, _ := v["version"].(json.Number)
	version, err := strconv.Atoi(number.String())
	ref = ClauseRef{Charter: charter, Version: version, Hash: hash, Clause: clause}
	return ref, err == nil && len(v) == 4 && ref.Check() == nil
}

func (e *Explanation) clause(ref ClauseRef) {
	if ref != (ClauseRef{}) && !slices.Contains(e.Clauses, ref) {
		e.Clauses = append(e.Clauses, ref)
	}
}

// In says it in one paragraph, in French for "fr" and otherwise in English.
func (e Explanation) In(lang string) string {
	if lang != "fr" {
		lang = "en"
	}
	say := func(fr, en string, args ...any) string { return fmt.Sprintf(Text{"fr": fr, "en": en}[lang], args...) }
	var b strings.Builder
	who := e.Who
	switch {
	case e.Who == "":
		who = say("L'organisation qui tient le journal", "The organisation that keeps the journal")
	case e.Name != "":
		who = e.Name + " (" + e.Who + ")"
	}
	b.WriteString(who + " " + e.what.In(lang))
	if e.Project != "" {
		b.WriteString(say(", pour la charte du projet %s", ", for the charter of the project %s", e.Project))
	}
	if e.Signed {
		b.WriteString(say(", sous sa signature", ", under its signature"))
	}
	for i, c := range e.Clauses {
		if i == 0 {
			b.WriteString(say(", selon la clause %s de la version %d de %s", ", under clause %s of version %d of %s", c.Clause, c.Version, c.Charter))
		} else {
			b.WriteString(say(", et la clause %s de la version %d", ", and clause %s of version %d", c.Clause, c.Version))
		}
	}
	if len(e.Clauses) == 0 {
		b.WriteString(say(" ; aucune clause n'est nommée", "; no clause is named"))
	}
	if d := e.Decided; d.ID != uuid.Nil {
		b.WriteString(say(" ; décision %s (%s)", "; decision %s (%s)", d.ID, d.Verdict.Label().In(lang)))
		if !d.On.IsZero() {
			b.WriteString(say(", le %s", ", on %s", d.On))
		}
		if d.Casting != "" {
			b.WriteString(say(", par la voix prépondérante de %s", ", by the casting vote of %s", d.Casting))
		}
	}
	if e.Erased {
		b.WriteString(say(" ; son contenu a été effacé", "; its content has been erased"))
	}
	return b.String() + "."
}
