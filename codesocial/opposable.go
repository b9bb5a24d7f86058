package codesocial

import (
	"fmt"
	"time"
)

// A Ground is why a clause binds a party, or why it does not.
type Ground string

// Grounds on which a clause binds.
const (
	Signed   Ground = "signed"   // the party, or its lead, signed the version: as a founder, on entering, or later
	Attested Ground = "attested" // the party accepted the version without a key to sign with: its sponsors, or the keeper of the journal, say so
	Noticed  Ground = "noticed"  // it was a member all through the notice of the version and did not object
)

// Grounds on which a clause does not bind.
const (
	NoVersion     Ground = "no-version"     // no version was in force
	NoClause      Ground = "no-clause"      // the version in force does not have the clause
	AcceptedLater Ground = "accepted-later" // the party accepted the version only later
	Objected      Ground = "objected"       // it objected during the notice
	NotMember     Ground = "not-member"     // it was not a member, and has not accepted the version
	Left          Ground = "left"           // it accepted the version, and has left or been excluded since
	NoNotice      Ground = "no-notice"      // it has not accepted the version, and no rule of amendment gave notice of it
	ShortNotice   Ground = "short-notice"   // it was a member for less than the notice
)

// An Opposability says whether a clause could be held against a party on a day, and why.
type Opposability struct {
	Party string // IRI
	// Project is the IRI of the project whose own charter has the clause, "" for the charter of the community.
	Project string
	On      Date      // the day, in the time zone of the version in force
	Clause  ClauseRef // in the version that was in force; without hash and version if none was
	Ground  Ground
	// Since is the day on which what Ground names took place: the acceptance, the objection, the first day
	// after the notice; zero where nothing did.
	Since Date
	// AdoptedOn is the day on which the version was adopted; PublishedOn that on which the adoption was recorded, where that is later: from then on every member could read it,
	// and its notice runs. Signatures is how many founders signed, of the Threshold needed; 0 of 0 where a decision adopted it.
	AdoptedOn             Date
	PublishedOn           Date
	Signatures, Threshold int
	Notice                int // days of notice that the rule of amendment asked for
	// DerivedFrom and Common are the numbers of two versions of the common charter: the one that the project's is derived from, and the one in force that day, 0 for
	// none. Where they differ, the project's charter is behind, see [State.Behind]. Both are 0 where Project is "".
	DerivedFrom, Common int
}

// Binding reports whether the clause binds.
func (o Opposability) Binding() bool {
	return o.Ground == Signed || o.Ground == Attested || o.Ground == Noticed
}

// Opposable says whether the clause with that id binds a party at an instant: whether the version then in
// force has the clause, was regularly adopted and readable before, and was accepted by the party, or announced to it
// as a member for as long as the rule "codesocial.amendment" of the version before asks, without its
// objecting. No version binds before its first day. It costs no memory and well under a microsecond.
func (s *State) Opposable(clause, party string, at time.Time) Opposability {
	return s.OpposableIn("", clause, party, at)
}

// OpposableIn is [State.Opposable] for a clause of the charter of a project. Its members are the partners who are among the founders of the version: they signed it, accepted
// it, or were its founders all through the notice of the version before. Whoever else accepted it is bound as well.
func (s *State) OpposableIn(project, clause, party string, at time.Time) Opposability {
	o := Opposability{Party: party, Project: project, On: DateOf(at, nil), Clause: ClauseRef{Clause: clause}, Ground: NoVersion}
	c, err := s.inForce(project, func(c *Charter) Date { o.On = c.today(at); return o.On })
	if err != nil {
		return o
	}
	o.Clause = c.ref(clause)
	s.judge(&o, c)
	return o
}

// judge finds the ground for a version that is in force.
func (s *State) judge(o *Opposability, c *Charter) {
	v := s.versions[c.hash]
	o.AdoptedOn, o.PublishedOn = v.Adoption.On, later(v.Adoption.On, v.published)
	o.Signatures, o.Threshold = len(v.Adoption.Signatures), v.threshold
	if o.Project != "" {
		o.DerivedFrom = c.doc.DerivedFrom.Version
		if common, err := s.inForceOn(o.On); err == nil {
			o.Common = common.doc.Version
		}
	}
	if _, ok := c.clauses[o.Clause.Clause]; !ok {
		o.Ground = NoClause
		return
	}
	of := statement{o.Party, c.hash}
	a, accepted := s.accepted[of]
	st := s.standings[o.Party]
	left, gone := st.left(o.On)
	gone = gone && !o.On.Before(st.known(o.On))
	if gone && accepted && a.on.Before(left) {
		o.Ground, o.Since = Left, left
		return
	}
	if accepted && !o.On.Before(a.on) {
		o.Ground, o.Since = Attested, a.on
		if a.signed {
			o.Ground = Signed
		}
		return
	}
	member := (st.on(o.On).Belongs() || st.on(o.On) == Resigned && !gone) && c.binds(o.Party)
	objection, objected := s.objections[of]
	switch {
	case objected && !o.On.Before(objection.known):
		o.Ground, o.Since = Objected, objection.On
	case member && v.noticed:
		o.Notice = v.notice
		from := o.PublishedOn
		if since := st.membership.Since; since.After(from) {
			from = since
		}
		if o.Ground = ShortNotice; s.before(c).binds(o.Party) && !c.doc.InForceFrom.Before(from.AddDays(v.notice)) {
			o.Ground, o.Since = Noticed, c.doc.InForceFrom
		}
	case member:
		o.Ground = NoNotice
	default:
		o.Ground = NotMember
	}
	if accepted && !o.Binding() {
		o.Ground, o.Since = AcceptedLater, a.on
	}
}

// before returns the version that c follows.
func (s *State) before(c *Charter) *Charter { return s.adopted[c.doc.Project][c.doc.Version-2] }

// Explain says it in one paragraph, in French for "fr" and otherwise in English.
func (o Opposability) Explain(lang string) string {
	say := func(fr, en string, args ...any) string {
		if lang == "fr" {
			return fmt.Sprintf(fr, args...)
		}
		return fmt.Sprintf(en, args...)
	}
	clause, version, charter, behind := o.Clause.Clause, o.Clause.Version, "", ""
	if o.Project != "" {
		charter = say(" de la charte du projet %s", " of the charter of the project %s", o.Project)
	}
	if o.Ground == NoVersion {
		return say("Non : aucune version%[2]s n'était en vigueur le %[1]s.", "No: no version%[2]s was in force on %[1]s.", o.On, charter)
	}
	if o.Ground == NoClause {
		return say("Non : la version %[2]d%[4]s, en vigueur le %[3]s, n'a pas de clause %[1]s.", "No: version %[2]d%[4]s, in force on %[3]s, has no clause %[1]s.",
			clause, version, o.On, charter)
	}
	switch o.Common {
	case o.DerivedFrom:
	case 0:
		behind = say(" Cette charte est dérivée de la version %d du code social ; ce jour-là, aucune n'est en vigueur.",
			" That charter is derived from version %d of the social code; on that day none is in force.", o.DerivedFrom)
	default:
		behind = say(" Cette charte est dérivée de la version %d du code social ; ce jour-là, la version %d est en vigueur.",
			" That charter is derived from version %d of the social code; on that day version %d is in force.", o.DerivedFrom, o.Common)
	}
	published := say("et publiée le %s", "and published on %s", o.AdoptedOn)
	if o.PublishedOn != o.AdoptedOn {
		published = say("le %s et publiée le %s", "on %s and published on %s", o.AdoptedOn, o.PublishedOn)
	}
	start := say("Oui : ", "Yes: ")
	if !o.Binding() {
		start = say("Non : ", "No: ")
	}
	start += say(
		"la clause %[1]s est dans la version %[2]d%[5]s, en vigueur le %[3]s, adoptée %[4]s ",
		"clause %[1]s is in version %[2]d%[5]s, in force on %[3]s, adopted %[4]s ",
		clause, version, o.On, published, charter)
	if o.Threshold > 0 {
		start += say("par %[1]d signatures de fondateurs (il en fallait %[2]d) ; ", "by the signatures of %[1]d founders (%[2]d were needed); ", o.Signatures, o.Threshold)
	} else {
		start += say("par une décision ; ", "by a decision; ")
	}
	var end string
	switch o.Ground {
	case Signed:
		end = say("%s l'a acceptée par sa signature le %s.", "%s accepted it with its signature on %s.", o.Party, o.Since)
	case Attested:
		end = say("%s l'a acceptée le %s, sans clé pour signer.", "%s accepted it on %s, without a key to sign with.", o.Party, o.Since)
	case Noticed:
		end = say("%s était membre pendant tout le préavis de %d jours, et n'a pas objecté.", "%s was a member all through the notice of %d days, and did not object.", o.Party, o.Notice)
	case AcceptedLater:
		end = say("%s ne l'a acceptée que le %s.", "%s accepted it only on %s.", o.Party, o.Since)
	case Objected:
		end = say("%s a objecté le %s.", "%s objected on %s.", o.Party, o.Since)
	case Left:
		end = say("%s l'avait acceptée, et n'est plus membre depuis le %s.", "%s had accepted it, and is no longer a member since %s.", o.Party, o.Since)
	case NoNotice:
		end = say("%s ne l'a pas acceptée, et aucune règle ne prévoyait de préavis.", "%s has not accepted it, and no rule provided for a notice.", o.Party)
	case ShortNotice:
		end = say("%s ne l'a pas acceptée, et n'était pas membre pendant tout le préavis de %d jours.", "%s has not accepted it, and was not a member all through the notice of %d days.", o.Party, o.Notice)
	default:
		end = say("%s n'était pas membre et ne l'a pas acceptée.", "%s was not a member and has not accepted it.", o.Party)
	}
	return start + end + behind
}
