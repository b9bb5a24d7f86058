package codesocial

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// A Severity says how bad a [Finding] is.
type Severity string

const (
	// Broken: what the charter says cannot be carried out.
	Broken Severity = "broken"
	// Doubtful: the charter can be carried out; a community will probably regret it.
	Doubtful Severity = "doubtful"
)

// A Finding is something that the authors of a charter should look at.
type Finding struct {
	Severity Severity
	// Code names what is found, the same for all charters: see [Charter.Lint].
	Code string
	// Place is the id of the clause or chapter, "" for the charter as a whole.
	Place string
	// Message says it in French and English.
	Message Text
}

// String returns the finding on one line, in English.
func (f Finding) String() string {
	place := f.Place
	if place != "" {
		place += ": "
	}
	return fmt.Sprintf("%s%s: %s (%s)", place, f.Severity, f.Message.In("en"), f.Code)
}

// Lint returns what the authors of a version should look at before anyone signs it: first what
// concerns the whole, then chapter by chapter, clause by clause. The checks are those of the packages that own
// rules; the rules of this package are always checked. A charter without findings is not thereby a good one.
//
// Codes of broken charters:
//
//	rule-refused     a check refuses the parameters of a rule (rates over 100 %, …)
//	rule-twice       two clauses carry a rule of which one is asked for
//	unknown-clause   a rule refers to a clause that the charter does not have
//	circular         rules refer to each other in a circle
//	unknown-role     a rule refers to a role that no rule codesocial.roles has (a member named "role")
//	unreachable      a stage of a rule cannot be reached from its first (a member "stages": objects with "id" and "next")
//
// Codes of doubtful ones:
//
//	no-review        no review date is set
//	no-amendment     no clause says how the charter changes (rule codesocial.amendment)
//	no-admission     no clause says who may join (rule codesocial.admission)
//	threshold        fewer founders than a majority can change the rules of the game
//	unknown-rule     no check was given for a rule: it may be that nobody carries it out
//	untranslated     a title or text is missing in a language of the charter's title
//	empty-chapter    a chapter has no clause
//	lone-decider     a vote has no quorum, and a single ballot can decide
//	quorum-paradox   a ballot against, or an abstention, can get a proposal adopted by making up the quorum
//	shared-chair     several can hold the role that has the casting vote: then nobody has it
//	unmeasured       a target has no current value
//	idle             no action carries out an intention
func (c *Charter) Lint(checks ...RuleCheck) []Finding {
	l := linter{charter: c, checks: append(ownChecks(), checks...), titled: c.doc.Title.Languages()}
	l.whole()
	for _, chapter := range c.doc.Chapters {
		l.chapter(chapter)
	}
	return l.findings
}

// A linter gathers findings.
type linter struct {
	charter  *Charter
	checks   []RuleCheck
	titled   []string // the languages of the charter's title
	findings []Finding
	next     int // index of the next rule of the charter
}

func (l *linter) add(severity Severity, code, place, fr, en string) {
	l.findings = append(l.findings, Finding{severity, code, place, Text{"fr": fr, "en": en}})
}

func (l *linter) whole() {
	c := l.charter
	if c.doc.ReviewBy.IsZero() {
		l.add(Doubtful, "no-review", "",
			fmt.Sprintf("aucune date de réexamen n'est fixée : %d mois après l'entrée en vigueur, faute de mieux", DefaultReviewMonths),
			fmt.Sprintf("no review date is set: for want of one, %d months after the first day", DefaultReviewMonths))
	}
	for _, own := range []struct{ kind, code, fr, en string }{
		{AmendmentKind, "no-amendment", "aucune clause ne dit comment le texte change", "no clause says how the charter changes"},
		{AdmissionKind, "no-admission", "aucune clause ne dit qui peut entrer", "no clause says who may join"},
	} {
		if len(c.byKind[own.kind]) == 0 {
			l.add(Doubtful, own.code, "", own.fr+" (règle "+own.kind+")", own.en+" (rule "+own.kind+")")
		}
	}
	if n, k := len(c.doc.Founders), c.doc.Threshold; 2*k <= n {
		l.add(Doubtful, "threshold", "",
			fmt.Sprintf("%d des %d fondateurs, moins qu'une majorité, peuvent changer les règles du jeu", k, n),
			fmt.Sprintf("%d of the %d founders, less than a majority, can change the rules of the game", k, n))
	}
	for _, circle := range circles(c.references()) {
		path := strings.Join(circle, " → ")
		l.add(Broken, "circular", "", "des règles se renvoient l'une à l'autre : "+path, "rules refer to each other in a circle: "+path)
	}
}

func (l *linter) chapter(chapter Chapter) {
	if len(chapter.Clauses) == 0 {
		l.add(Doubtful, "empty-chapter", chapter.ID, "le chapitre n'a pas de clause", "the chapter has no clause")
	}
	l.languages(chapter.ID, "titre", "title", chapter.Title)
	for _, clause := range chapter.Clauses {
		if len(clause.Title) > 0 {
			l.languages(clause.ID, "titre", "title", clause.Title)
		}
		l.languages(clause.ID, "texte", "text", clause.Text)
		l.aims(clause)
		if len(clause.Rule) > 0 {
			l.rule(clause)
		}
	}
}

// aims looks at target and intention.
func (l *linter) aims(clause Clause) {
	if t := clause.Target; t != nil {
		l.languages(clause.ID, "nom de ce qui est mesuré", "name of what is measured", t.What)
		if t.Current == nil {
			l.add(Doubtful, "unmeasured", clause.ID, "l'objectif n'a pas de valeur actuelle", "the target has no current value")
		}
	}
	if i := clause.Intention; i != nil {
		if len(i.Actions) == 0 {
			l.add(Doubtful, "idle", clause.ID, "aucune action ne réalise l'intention", "no action carries out the intention")
		}
		for _, a := range i.Actions {
			l.languages(clause.ID, "titre de l'action "+a.ID, "title of the action "+a.ID, a.Title)
		}
	}
}

// languages reports the languages of the charter's title that a text lacks.
func (l *linter) languages(place, fr, en string, text Text) {
	for _, lang := range l.titled {
		if _, ok := text[lang]; !ok {
			l.add(Doubtful, "untranslated", place, "le "+fr+" manque en langue "+lang, "the "+en+" is missing in language "+lang)
		}
	}
}

func (l *linter) rule(clause Clause) {
	c := l.charter
	rule, known := c.rules[l.next], false
	l.next++
	for _, check := range l.checks {
		if check.Kind != rule.Kind {
			continue
		}
		known = true
		if err := check.Check(rule); err != nil {
			l.add(Broken, "rule-refused", clause.ID, "la règle "+rule.Kind+" est refusée : "+err.Error(), "the rule "+rule.Kind+" is refused: "+err.Error())
		}
	}
	if !known {
		l.add(Doubtful, "unknown-rule", clause.ID, "personne ici ne connaît la règle "+rule.Kind, "nobody here knows the rule "+rule.Kind)
	}
	if first := c.rules[c.byKind[rule.Kind][0]]; first.Clause != rule.Clause && rule.Kind != DecisionKind && strings.HasPrefix(rule.Kind, "codesocial.") {
		l.add(Broken, "rule-twice", clause.ID, "la clause "+first.Clause.Clause+" porte déjà une règle "+rule.Kind, "the clause "+first.Clause.Clause+" carries a rule "+rule.Kind+" already")
	}
	l.roles(clause.ID, rule)
	l.stages(clause.ID, rule)
	l.decision(clause.ID, rule)
	for _, id := range rule.references() {
		if _, ok := c.clauses[id]; !ok {
			l.add(Broken, "unknown-clause", clause.ID, "la règle renvoie à la clause "+quote(id)+", qui n'existe pas", "the rule refers to the clause "+quote(id)+", which does not exist")
		}
	}
}

// references returns, for each clause whose rule refers to other clauses, those clauses.
func (c *Charter) references() map[string][]string {
	refs := make(map[string][]string)
	for _, r := range c.rules {
		for _, id := range r.references() {
			if id != r.Clause.Clause { // a rule may well name the clause that it stands in
				refs[r.Clause.Clause] = append(refs[r.Clause.Clause], id)
			}
		}
	}
	return refs
}

// references returns the clauses that a rule refers to: the values of all members named "clause", wherever they
// stand in its parameters; sorted, each once.
func (r Rule) references() []string { return r.named("clause") }

// named returns the text values of all members of that name, wherever they stand in the parameters; sorted, each once.
func (r Rule) named(name string) []string {
	if !bytes.Contains(r.params, []byte(`"`+name+`"`)) {
		return nil
	}
	values := valuesOf(nil, r.params, name)
	slices.Sort(values)
	return slices.Compact(values)
}

// valuesOf appends the text values of all members of that name in a canonical value.
func valuesOf(values []string, data canonical.Raw, name string) []string {
	for member, value := range canonical.Members(data) {
		var text string
		if member == name && canonical.Unmarshal(value, &text) == nil {
			values = append(values, text)
		} else {
			values = valuesOf(values, value, name)
		}
	}
	return values
}

// roles reports the roles that a rule refers to and the charter does not have.
func (l *linter) roles(place string, rule Rule) {
	asked := rule.named("role")
	if len(asked) == 0 {
		return
	}
	known, _, _ := l.charter.roles() // a rule that cannot be read is reported where it stands
	for _, role := range asked {
		if known == nil || !slices.ContainsFunc(known.Roles, func(r Role) bool { return r.ID == role }) {
			l.add(Broken, "unknown-role", place, "la règle renvoie au rôle "+quote(role)+", qui n'existe pas", "the rule refers to the role "+quote(role)+", which does not exist")
		}
	}
}

// stages reports the stages of a rule that cannot be reached.
func (l *linter) stages(place string, rule Rule) {
	if !bytes.Contains(rule.params, []byte(`"stages"`)) {
		return
	}
	var shape struct {
		Stages []struct {
			ID   string   `json:"id"`
			Next []string `json:"next"`
		} `json:"stages"`
	}
	if err := json.Unmarshal(rule.params, &shape); err != nil || len(shape.Stages) == 0 {
		return // not such a rule
	}
	reached := map[string]bool{shape.Stages[0].ID: true}
	for range shape.Stages { // as many rounds as any path is long
		for i, stage := range shape.Stages {
			if !reached[stage.ID] {
				continue
			}
			if stage.Next == nil && i+1 < len(shape.Stages) {
				reached[shape.Stages[i+1].ID] = true
			}
			for _, next := range stage.Next {
				reached[next] = true
			}
		}
	}
	for _, stage := range shape.Stages {
		if !reached[stage.ID] {
			l.add(Broken, "unreachable", place, "l'étape "+quote(stage.ID)+" ne peut pas être atteinte", "the stage "+quote(stage.ID)+" cannot be reached")
		}
	}
}

// tree reads canonical JSON into maps, lists, strings, booleans and json.Numbers.
func tree(data []byte) any {
	var v any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil // cannot be: the data is canonical JSON
	}
	return v
}

// circles returns the circles of references, each from its alphabetically first clause and back to it,
// sorted. A graph with circles that share clauses yields at least one for each of its strongly tied parts.
func circles(refs map[string][]string) [][]string {
	const (
		onPath = 1
		done   = 2
	)
	var found [][]string
	state, path := make(map[string]int), []string(nil)
	var visit func(id string)
	visit = func(id string) {
		state[id] = onPath
		path = append(path, id)
		for _, next := range refs[id] {
			switch state[next] {
			case onPath:
				circle := slices.Clone(path[slices.Index(path, next):])
				first := slices.Index(circle, slices.Min(circle))
				circle = slices.Concat(circle[first:], circle[:first], circle[first:first+1])
				found = append(found, circle)
			case 0:
				visit(next)
			}
		}
		path = path[:len(path)-1]
		state[id] = done
	}
	for _, id := range slices.Sorted(maps.Keys(refs)) {
		if state[id] == 0 {
			visit(id)
		}
	}
	slices.SortFunc(found, slices.Compare[[]string])
	return found
}
