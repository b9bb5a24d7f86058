package codesocial

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A ChangeKind says what kind of change a [Change] is.
type ChangeKind string

// The kinds of changes from one version to another.
const (
	HeaderChanged  ChangeKind = "header-changed"  // a member of the document outside its chapters
	FounderAdded   ChangeKind = "founder-added"   // New: the name
	FounderRemoved ChangeKind = "founder-removed" // Old: the name
	ChapterAdded   ChangeKind = "chapter-added"   // New: the place, counted from 1
	ChapterRemoved ChangeKind = "chapter-removed" // Old: the place
	ClauseAdded    ChangeKind = "clause-added"    // New: the chapter
	ClauseRemoved  ChangeKind = "clause-removed"  // Old: the chapter
	Moved          ChangeKind = "moved"           // a clause or chapter, Old and New: after which one it stands
	TitleChanged   ChangeKind = "title-changed"   // in the language Path; empty: it had or has none
	TextChanged    ChangeKind = "text-changed"    // in the language Path; empty: it had or has none
	RuleAdded      ChangeKind = "rule-added"      // New: its kind
	RuleRemoved    ChangeKind = "rule-removed"    // Old: its kind
	RuleChanged    ChangeKind = "rule-changed"    // the parameter Path of the same kind of rule
	TargetChanged  ChangeKind = "target-changed"  // the member Path; of one that is added or removed, the whole
	IntentionSet   ChangeKind = "intention-set"   // the clause becomes an intention (New: yes) or is none any more (Old: yes)
	ActionAdded    ChangeKind = "action-added"    // Path: the IRI of the action, New: its title
	ActionRemoved  ChangeKind = "action-removed"  // Path: the IRI of the action, Old: its title
	ActionChanged  ChangeKind = "action-changed"  // the title of the action, or their order
)

// A Change is one difference between two versions.
type Change struct {
	Kind ChangeKind
	// Place is the id of the chapter or clause, the IRI of the founder, or the name of the member of the document.
	Place string
	// Path is the language of a title or text, or the path of a parameter of a rule. Elements of a list
	// that have an "id" or "kind" are named by it: lines[commons].rate.
	Path string
	// Old and New are the values in the old and new version; empty where there is none. A parameter
	// stands as JSON, without the quotes when both are strings that are not empty.
	Old, New string
}

// String says the change on one line, in English.
func (c Change) String() string { return c.In("en") }

// headerWords call the members of a document outside its chapters by words.
var headerWords = map[string]Text{
	"id":          {"fr": "l'identifiant", "en": "the identifier"},
	"project":     {"fr": "le projet", "en": "the project"},
	"derivedFrom": {"fr": "l'origine du texte", "en": "the text that it is derived from"},
	"profile":     {"fr": "le profil", "en": "the profile"},
	"title":       {"fr": "le titre", "en": "the title"},
	"currency":    {"fr": "la monnaie", "en": "the currency"},
	"timeZone":    {"fr": "le fuseau horaire", "en": "the time zone"},
	"inForceFrom": {"fr": "le premier jour en vigueur", "en": "the first day in force"},
	"reviewBy":    {"fr": "le jour du réexamen", "en": "the day of the review"},
	"threshold":   {"fr": "le nombre de signatures qu'il faut", "en": "the number of signatures needed"},
}

// In says the change on one line, in French for "fr" and otherwise in English. Texts are not repeated in
// full; see Old and New.
func (c Change) In(lang string) string {
	was, becomes := quote(c.Old), quote(c.New)
	place := c.Place
	if name, ok := headerWords[place]; ok && c.Kind == HeaderChanged {
		place = name.In(lang)
	}
	if c.Path != "" {
		place += " (" + c.Path + ")"
	}
	words := map[ChangeKind]Text{
		HeaderChanged:  {"fr": "%s change : %s → %s", "en": "%s changes: %s → %s"},
		FounderAdded:   {"fr": "%[1]s devient fondateur : %[3]s", "en": "%[1]s becomes a founder: %[3]s"},
		FounderRemoved: {"fr": "%s n'est plus fondateur : %s", "en": "%s is no longer a founder: %s"},
		ChapterAdded:   {"fr": "chapitre ajouté : %s", "en": "chapter added: %s"},
		ChapterRemoved: {"fr": "chapitre retiré : %s", "en": "chapter removed: %s"},
		ClauseAdded:    {"fr": "clause ajoutée : %[1]s, au chapitre %[3]s", "en": "clause added: %[1]s, in chapter %[3]s"},
		ClauseRemoved:  {"fr": "clause retirée : %s, du chapitre %s", "en": "clause removed: %s, from chapter %s"},
		Moved:          {"fr": "%s change de place : après %s → après %s", "en": "%s moves: after %s → after %s"},
		TitleChanged:   {"fr": "%s : le titre change : %s → %s", "en": "%s: the title changes: %s → %s"},
		TextChanged:    {"fr": "%s : le texte change : %s → %s", "en": "%s: the text changes: %s → %s"},
		RuleAdded:      {"fr": "%[1]s : règle ajoutée : %[3]s", "en": "%[1]s: rule added: %[3]s"},
		RuleRemoved:    {"fr": "%s : règle retirée : %s", "en": "%s: rule removed: %s"},
		RuleChanged:    {"fr": "%s : la règle change : %s → %s", "en": "%s: the rule changes: %s → %s"},
		TargetChanged:  {"fr": "%s : l'objectif change : %s → %s", "en": "%s: the target changes: %s → %s"},
		IntentionSet:   {"fr": "%s : dit une intention : %s → %s", "en": "%s: says an intention: %s → %s"},
		ActionAdded:    {"fr": "%[1]s : action ajoutée : %[3]s", "en": "%[1]s: action added: %[3]s"},
		ActionRemoved:  {"fr": "%s : action retirée : %s", "en": "%s: action removed: %s"},
		ActionChanged:  {"fr": "%s : l'action change : %s → %s", "en": "%s: the action changes: %s → %s"},
	}[c.Kind]
	if len(words) == 0 {
		return string(c.Kind) + " " + place
	}
	if lang != "fr" {
		lang = "en"
	}
	switch c.Kind { // the verbs of a format must all be used
	case ChapterAdded, ChapterRemoved:
		return fmt.Sprintf(words[lang], place)
	case FounderRemoved, ClauseRemoved, RuleRemoved, ActionRemoved:
		return fmt.Sprintf(words[lang], place, was)
	}
	return fmt.Sprintf(words[lang], place, was, becomes)
}

// Diff returns what changes in meaning from one version to another, for the members who decide about it:
// the document's own members first, then the chapters and clauses of the new version in its order, each under its
// id, then what is gone. Version, previous and the order of JSON members are not changes. Two versions
// without a change say the same.
func Diff(from, to *Charter) []Change {
	d := differ{}
	d.header(&from.doc, &to.doc)
	d.founders(from, to)
	d.chapters(from, to)
	return d.changes
}

// A differ gathers changes.
type differ struct{ changes []Change }

// add notes a change, unless old and new are the same.
func (d *differ) add(kind ChangeKind, place, path, was, is string) {
	if was != is {
		d.changes = append(d.changes, Change{kind, place, path, was, is})
	}
}

func (d *differ) header(from, to *Document) {
	d.add(HeaderChanged, "id", "", from.ID, to.ID)
	d.add(HeaderChanged, "project", "", from.Project, to.Project)
	d.add(HeaderChanged, "derivedFrom", "", from.DerivedFrom.String(), to.DerivedFrom.String())
	d.add(HeaderChanged, "profile", "", from.Profile, to.Profile)
	d.text(HeaderChanged, "title", from.Title, to.Title)
	d.add(HeaderChanged, "currency", "", from.Currency, to.Currency)
	d.add(HeaderChanged, "timeZone", "", from.TimeZone, to.TimeZone)
	d.add(HeaderChanged, "inForceFrom", "", from.InForceFrom.String(), to.InForceFrom.String())
	d.add(HeaderChanged, "reviewBy", "", from.ReviewBy.String(), to.ReviewBy.String())
	d.add(HeaderChanged, "threshold", "", strconv.Itoa(from.Threshold), strconv.Itoa(to.Threshold))
}

func (d *differ) founders(from, to *Charter) {
	for _, f := range to.doc.Founders {
		old, ok := from.founder(f.ID)
		if !ok {
			d.add(FounderAdded, f.ID, "", "", f.Name)
			continue
		}
		d.add(HeaderChanged, "founders["+f.ID+"].name", "", old.Name, f.Name)
		d.add(HeaderChanged, "founders["+f.ID+"].type", "", string(old.Type), string(f.Type))
	}
	for _, f := range from.doc.Founders {
		if _, ok := to.founder(f.ID); !ok {
			d.add(FounderRemoved, f.ID, "", f.Name, "")
		}
	}
	d.moved(ids(from.doc.Founders, founderID), ids(to.doc.Founders, founderID))
}

func (d *differ) chapters(from, to *Charter) {
	old := make(map[string]Chapter)
	for _, chapter := range from.doc.Chapters {
		old[chapter.ID] = chapter
	}
	for i, chapter := range to.doc.Chapters {
		was, ok := old[chapter.ID]
		if !ok {
			d.add(ChapterAdded, chapter.ID, "", "", strconv.Itoa(i+1))
		}
		d.text(TitleChanged, chapter.ID, was.Title, chapter.Title)
		for _, clause := range chapter.Clauses {
			d.clause(from, chapter.ID, clause)
		}
	}
	for i, chapter := range from.doc.Chapters {
		for _, clause := range chapter.Clauses {
			if _, ok := to.clauses[clause.ID]; !ok {
				d.add(ClauseRemoved, clause.ID, "", chapter.ID, "")
			}
		}
		if !slices.ContainsFunc(to.doc.Chapters, func(c Chapter) bool { return c.ID == chapter.ID }) {
			d.add(ChapterRemoved, chapter.ID, "", strconv.Itoa(i+1), "")
		}
	}
	d.moved(outline(from), outline(to))
}

func (d *differ) clause(from *Charter, chapter string, clause Clause) {
	was, ok := from.Clause(clause.ID)
	if !ok {
		d.add(ClauseAdded, clause.ID, "", "", chapter)
		return
	}
	d.text(TitleChanged, clause.ID, was.Title, clause.Title)
	d.text(TextChanged, clause.ID, was.Text, clause.Text)
	d.rule(clause.ID, was, clause)
	d.target(clause.ID, was.Target, clause.Target)
	d.intention(clause.ID, was.Intention, clause.Intention)
}

// text notes the languages in which a text differs.
func (d *differ) text(kind ChangeKind, place string, from, to Text) {
	for _, lang := range union(from, to) {
		d.add(kind, place, lang, from[lang], to[lang])
	}
}

// union returns the languages of both texts in alphabetical order.
func union(a, b Text) []string {
	all := make(Text, len(a)+len(b))
	maps.Copy(all, a)
	maps.Copy(all, b)
	return all.Languages()
}

func (d *differ) rule(id string, from, to Clause) {
	kindOf := func(c Clause) (kind string, params []byte) {
		if len(c.Rule) > 0 {
			kind, params, _ = splitRule("rule", c.Rule) // the rule of a charter has been checked
		}
		return kind, params
	}
	was, old := kindOf(from)
	is, params := kindOf(to)
	if was == is {
		if was != "" {
			d.value(id, "", tree(old), tree(params))
		}
		return
	}
	d.add(RuleRemoved, id, "", was, "")
	d.add(RuleAdded, id, "", "", is)
}

// value notes the parameters in which two JSON values differ.
func (d *differ) value(id, path string, from, to any) {
	if a, ok := from.(map[string]any); ok {
		if b, ok := to.(map[string]any); ok {
			d.members(id, path, a, b)
			return
		}
	}
	if a, ok := from.([]any); ok {
		if b, ok := to.([]any); ok {
			d.members(id, path, named(a), named(b))
			d.order(id, path, a, b)
			return
		}
	}
	was, is := written(from), written(to)
	if was == is {
		return
	}
	a, isText := from.(string)
	if b, ok := to.(string); ok && isText && a != "" && b != "" {
		was, is = a, b
	}
	d.add(RuleChanged, id, path, was, is)
}

func (d *differ) members(id, path string, from, to map[string]any) {
	names := maps.Clone(from)
	maps.Copy(names, to)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		next := name
		if path != "" && !strings.HasPrefix(name, "[") {
			next = "." + name
		}
		d.value(id, path+next, from[name], to[name])
	}
}

// order notes that elements which both lists have stand in another order, where that can be said: where
// they have names.
func (d *differ) order(id, path string, from, to []any) {
	a, b := common(keysOf(from), keysOf(to))
	if !slices.Equal(a, b) {
		d.add(RuleChanged, id, path, strings.Join(a, ", "), strings.Join(b, ", "))
	}
}

// named turns a list into members named by the "id" or "kind" of each element, if all have one and no two the
// same, and otherwise by their place.
func named(list []any) map[string]any {
	keys := keysOf(list)
	members := make(map[string]any, len(list))
	for i, element := range list {
		members["["+keys[i]+"]"] = element
	}
	return members
}

func keysOf(list []any) []string {
	for _, name := range []string{"id", "kind"} {
		keys, seen := make([]string, 0, len(list)), make(map[string]bool)
		for _, element := range list {
			members, _ := element.(map[string]any)
			key, ok := members[name].(string)
			if !ok || seen[key] {
				break
			}
			seen[key] = true
			keys = append(keys, key)
		}
		if len(keys) == len(list) {
			return keys
		}
	}
	keys := make([]string, len(list))
	for i := range list {
		keys[i] = fmt.Sprintf("%d", i)
	}
	return keys
}

// written returns a JSON value as it is written, and "" where there is none.
func written(v any) string {
	if v == nil {
		return ""
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // v was JSON, and is again; its members are written in alphabetical order
	return strings.TrimSuffix(b.String(), "\n")
}

// moved notes what both lists have and stands after another thing in the new one. Of a run of things that
// change places, the fewest that explain it are named.
func (d *differ) moved(from, to []string) {
	a, b := common(from, to)
	place := make(map[string]int, len(a))
	for i, id := range a {
		place[id] = i
	}
	stay := longestRise(b, place)
	for i, id := range b {
		if !stay[id] {
			d.add(Moved, id, "", before(a, place[id]), before(b, i))
		}
	}
}

// before returns what stands before an element, "" for the first.
func before(list []string, i int) string {
	if i == 0 {
		return ""
	}
	return list[i-1]
}

// common returns what both lists have, in the order of each.
func common(from, to []string) (a, b []string) {
	in := func(list []string) map[string]bool {
		m := make(map[string]bool, len(list))
		for _, s := range list {
			m[s] = true
		}
		return m
	}
	inFrom, inTo := in(from), in(to)
	keep := func(list []string, other map[string]bool) (kept []string) {
		for _, s := range list {
			if other[s] {
				kept = append(kept, s)
			}
		}
		return kept
	}
	return keep(from, inTo), keep(to, inFrom)
}

// longestRise returns the largest set of elements of list whose places rise along it (patience sorting,
// n log n).
func longestRise(list []string, place map[string]int) map[string]bool {
	var tails []int // tails[k] is the index in list of the lowest end of a rise of length k+1
	previous := make([]int, len(list))
	for i, id := range list {
		k, _ := slices.BinarySearchFunc(tails, place[id], func(t, want int) int { return place[list[t]] - want })
		previous[i] = -1
		if k > 0 {
			previous[i] = tails[k-1]
		}
		if k == len(tails) {
			tails = append(tails, i)
		} else {
			tails[k] = i
		}
	}
	stay := make(map[string]bool, len(tails))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = previous[i] {
			stay[list[i]] = true
		}
	}
	return stay
}

func founderID(f Founder) string { return f.ID }

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = id(v)
	}
	return out
}

// outline returns the ids of the chapters and clauses in the order of the document.
func outline(c *Charter) []string {
	var list []string
	for _, chapter := range c.doc.Chapters {
		list = append(list, chapter.ID)
		for _, clause := range chapter.Clauses {
			list = append(list, clause.ID)
		}
	}
	return list
}
