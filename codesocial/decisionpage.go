package codesocial

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// DecisionPage writes what members read of a decision, as Markdown, in French for "fr" and otherwise in English: what was decided,
// by whom, how, with the arithmetic, and until when, and by what it can be checked. Parties are called by their names; whose registration has been erased is called by
// its IRI. Times are in the time zone of the version under which it was decided. The error wraps [ErrUnknown].
func (s *State) DecisionPage(id uuid.UUID, lang string) (string, error) {
	p, ok := s.decisions[id]
	if !ok {
		return "", errorf("page: %w", bad(ErrUnknown, "decision", id.String(), "has not been opened"))
	}
	w := &decisionPage{s: s, d: p.snapshot(), charter: p.charter, french: lang == "fr", lang: lang}
	if w.lang != "fr" {
		w.lang = "en"
	}
	w.line("# %s", plainText(w.d.Opening.Title.In(lang)))
	w.verdict()
	w.what()
	w.who()
	w.how()
	w.until()
	w.proof()
	return w.b.String(), nil
}

// A decisionPage is a page that is being written.
type decisionPage struct {
	b       strings.Builder
	s       *State
	d       Decision
	charter *Charter
	lang    string
	french  bool
}

func (w *decisionPage) pick(fr, en string) string {
	if w.french {
		return fr
	}
	return en
}

// line writes a paragraph.
func (w *decisionPage) line(format string, args ...any) {
	fmt.Fprintf(&w.b, format+"\n\n", args...)
}

// name returns what members call a party or option, without markup.
func (w *decisionPage) name(id string) string {
	if p, ok := w.s.parties[id]; ok && p.Name != "" {
		return plainText(p.Name)
	}
	if digits, ok := strings.CutPrefix(id, hashPrefix); ok && len(digits) > 12 {
		return hashPrefix + digits[:12] + "…"
	}
	return plainText(id)
}

func (w *decisionPage) names(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = w.name(id)
	}
	return strings.Join(names, ", ")
}

func (w *decisionPage) date(d Date) string {
	if !w.french {
		return fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year)
	}
	day := fmt.Sprint(d.Day)
	if d.Day == 1 {
		day = "1er"
	}
	months := []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	return fmt.Sprintf("%s %s %d", day, months[d.Month-1], d.Year)
}

func (w *decisionPage) time(t time.Time) string {
	t = t.In(w.charter.location)
	return fmt.Sprintf(w.pick("%s à %s", "%s at %s"), w.date(DateOf(t, w.charter.location)), t.Format("15:04"))
}

// verdict says in one line what came out.
func (w *decisionPage) verdict() {
	d := w.d.Decided
	word := d.Verdict.Label().In(w.lang)
	word = strings.ToUpper(word[:1]) + word[1:]
	if d.Verdict == Undecided {
		w.line("**%s.**", word)
		return
	}
	line := fmt.Sprintf(w.pick("**%s le %s.**", "**%s on %s.**"), word, w.date(d.On))
	if d.Chosen != "" {
		line += fmt.Sprintf(w.pick(" Choix : **%s**.", " Chosen: **%s**."), w.name(d.Chosen))
	}
	w.line("%s", line)
}

func (w *decisionPage) what() {
	o := w.d.Opening
	w.line("## %s", w.pick("Ce qui est décidé", "What is decided"))
	if words := w.words(); len(words) > 0 {
		w.line("%s", quoted(words.In(w.lang)))
	}
	matter := w.d.Decided.Matter
	w.line(w.pick("Objet : %s, désigné par `%s`.", "Matter: %s, named by `%s`."), matterWords(matter.Kind, w.lang), code(w.refName(matter.Ref)))
	if len(o.Options) > 0 {
		between := w.pick("Entre : %s.", "Between: %s.")
		if w.d.Nomination != nil {
			between = w.pick("Peuvent être choisis : %s.", "Can be chosen: %s.")
		}
		w.line(between, w.names(o.Options))
	}
	if v, ok := w.s.versions[matter.Ref]; ok && matter.Kind == AmendmentKind {
		if before, ok := w.s.versions[v.Charter.doc.Previous]; ok {
			for _, change := range Diff(before.Charter, v.Charter) {
				fmt.Fprintf(&w.b, "- %s\n", plainText(change.In(w.lang)))
			}
			w.b.WriteString("\n")
		}
	}
}

// words returns the text as it stands: that of the last amendment, or of the opening.
func (w *decisionPage) words() Text {
	for _, a := range slices.Backward(w.d.Acts) {
		if a.Kind == decision.Amend && len(a.Text) > 0 {
			return a.Text
		}
	}
	return w.d.Opening.Text
}

// refName adds the name of a party to its IRI.
func (w *decisionPage) refName(ref string) string {
	if p, ok := w.s.parties[ref]; ok && p.Name != "" {
		return ref + " (" + p.Name + ")"
	}
	return ref
}

// matterWords calls the kinds of matters that this library knows by words.
func matterWords(kind, lang string) string {
	words := map[string]Text{
		AmendmentKind:           {"fr": "une version du code social", "en": "a version of the social code"},
		AdmissionKind:           {"fr": "une admission", "en": "an admission"},
		KindRenewal:             {"fr": "le maintien du code social", "en": "the renewal of the social code"},
		KindRepeal:              {"fr": "l'abrogation du code social", "en": "the repeal of the social code"},
		RoleMatter:              {"fr": "un rôle", "en": "a role"},
		RevocationMatter:        {"fr": "la fin d'un mandat", "en": "the end of a mandate"},
		"codesocial.incubation": {"fr": "un projet en incubation", "en": "a project in incubation"},
		"ledger.distribution":   {"fr": "un partage", "en": "a distribution"},
		"ledger.reopening":      {"fr": "la réouverture d'une période", "en": "the reopening of a period"},
		"ledger.cancellation":   {"fr": "l'abandon d'une créance", "en": "the giving up of a claim"},
		"catalog.clearance":     {"fr": "une dérogation au catalogue", "en": "a clearance in the catalogue"},
		"mediation.exclusion":   {"fr": "une exclusion", "en": "an exclusion"},
	}[kind]
	if words == nil {
		return "`" + code(kind) + "`"
	}
	return words.In(lang) + " (`" + code(kind) + "`)"
}

func (w *decisionPage) who() {
	o := w.d.Opening
	w.line("## %s", w.pick("Par qui", "By whom"))
	w.line(w.pick("Proposé par %s, le %s.", "Put forward by %s, on %s."), w.name(o.Proposer), w.time(o.At))
	if o.Facilitator != "" {
		w.line(w.pick("Facilité par %s.", "Facilitated by %s."), w.name(o.Facilitator))
	}
	w.line(w.pick("Pouvaient décider : %d membres, %d voix, tels qu'ils étaient ce jour-là ; qui est venu ou parti depuis n'y change rien.",
		"Those who could decide: %d members with %d voices, as they were on that day; who has come or gone since changes nothing."), w.d.Electorate.Len(), w.d.Electorate.Total())
	for i, members := range o.Colleges {
		college := w.d.Rule.Colleges[i]
		in, weight := 0, int64(0)
		for _, iri := range members {
			if n := w.d.Electorate.Weight(iri); n > 0 {
				in, weight = in+1, n
			}
		}
		fmt.Fprintf(&w.b, w.pick("- collège %s : %d membres de %d voix\n", "- college %s: %d members of %d voices\n"), code(college.ID), in, weight)
	}
	if len(o.Colleges) > 0 {
		w.b.WriteString("\n")
	}
	reasons := make(map[string]string)
	for _, r := range o.Recusals {
		reasons[r.Party] = r.Reason
	}
	for _, iri := range o.Aside {
		says, why := "", w.pick("c'est son propre cas, ou celui de qui il représente", "it is their own case, or that of whom they represent")
		if reason, ok := reasons[iri]; ok {
			says, why = w.pick(", dit qui propose", ", says the proposer"), plainText(reason)
		}
		fmt.Fprintf(&w.b, w.pick("- %s n'y prend pas part%s : %s\n", "- %s takes no part%s: %s\n"), w.name(iri), says, why)
	}
	if len(o.Aside) > 0 {
		w.b.WriteString("\n")
	}
}

func (w *decisionPage) how() {
	o, rule := w.d.Opening, w.d.Rule
	w.line("## %s", w.pick("Comment", "How"))
	way := w.pick("par un vote", "by a vote")
	switch {
	case rule.Consent != nil:
		way = w.pick("par consentement : est adopté ce à quoi personne n'a d'objection argumentée", "by consent: what nobody has a reasoned objection to is adopted")
	case rule.Nomination != nil:
		way = w.pick("par une élection sans candidat : chacun nomme qui il voit dans le rôle, et pourquoi, puis consent à une personne", "by an election without candidates: each names whom they see in the role, and why, then consents to one person")
	case rule.Election != nil:
		way = w.pick("par un choix entre plusieurs options", "by a choice among options")
	}
	w.line("%s", fmt.Sprintf(w.pick("Selon la clause %s de la version %d du code social, %s.", "Under clause %s of version %d of the social code, %s."), code(o.Clause.Clause), o.Clause.Version, way))
	if clause, ok := w.charter.Clause(o.Clause.Clause); ok {
		w.line("%s", quoted(clause.Text.In(w.lang)))
	}
	switch {
	case !o.Closes.IsZero():
		w.line(w.pick("On pouvait voter du %s au %s.", "One could vote from %s until %s."), w.time(o.Opens), w.time(o.Closes))
	default:
		w.line(w.pick("Ouvert à la discussion depuis le %s.", "Open to discussion since %s."), w.time(o.Opens))
	}
	if rule.SealedHours > 0 {
		w.line(w.pick("Bulletins scellés jusqu'à la clôture, ouverts dans les %d heures qui suivent ; non ouverts : %d.",
			"Ballots sealed until the closing, opened within %d hours after it; not opened: %d."), rule.SealedHours, w.d.Sealed)
	}
	w.secret()
	w.casting()
	words := decision.Words{Name: w.name, Time: w.time}
	if w.d.Consent != nil {
		w.line("%s", w.d.Consent.ExplainWith(w.lang, words))
		w.objections(w.d.Consent.Objections())
	}
	if w.d.Nomination != nil {
		w.line("%s", w.d.Nomination.ExplainWith(w.lang, words))
		for _, n := range w.d.Nomination.Nominations() {
			fmt.Fprintf(&w.b, w.pick("- %s nomme %s : %s\n", "- %s names %s: %s\n"), w.name(n.Elector), w.name(n.Candidate), plainText(n.Reason))
		}
		w.b.WriteString("\n")
		w.objections(w.d.Nomination.Objections())
	}
	if w.d.Vote != nil {
		w.line("%s", w.d.Vote.ExplainWith(w.lang, words))
	}
	if w.d.Election != nil {
		w.line("%s", w.d.Election.ExplainWith(w.lang, words))
	}
	if w.d.Closing != nil && w.d.Closing.Seed != "" {
		w.line(w.pick("Graine du tirage au sort : `%s`. %s", "Seed of the lot: `%s`. %s"), code(w.d.Closing.Seed), plainText(o.Seed))
	}
}

// secret says how secret ballots stand, and what is protected and what not.
func (w *decisionPage) secret() {
	secret := w.d.Secret
	if secret == nil {
		return
	}
	offices := make([]string, len(w.d.Opening.Offices))
	for i, office := range w.d.Opening.Offices {
		offices[i] = office.Party
	}
	w.line(w.pick("Bulletins secrets. Bureaux de vote : %s. Accréditations jusqu'au %s, puis bulletins.", "Secret ballots. Ballot offices: %s. Credentials until %s, then ballots."),
		w.names(offices), w.time(secret.Casts))
	for _, c := range secret.Classes {
		fmt.Fprintf(&w.b, w.pick("- membres ayant %d voix : %d ; accréditations demandées : %d, délivrées : %d ; bulletins : %d\n", "- members with a weight of %d: %d; credentials asked for: %d, issued: %d; ballots: %d\n"),
			c.Weight, c.Electors, c.Asked, c.Issued, c.Cast)
		if c.Unanimous {
			fmt.Fprintf(&w.b, "  %s\n", w.pick("Tous ces bulletins disent la même chose : chacun sait donc ce qu'ils disent.", "All these ballots say the same, so everybody knows what each says."))
		}
	}
	w.b.WriteString("\n")
	if secret.TooFew {
		w.line(w.pick("Il faut au moins %d membres accrédités parmi ceux qui ont autant de voix ; sinon les bulletins ne seraient pas secrets, et rien n'est décidé.",
			"It takes at least %d members with a credential among those of the same weight; with fewer, ballots would not be secret, and nothing is decided."), w.d.Rule.Secret.Least)
	}
	w.line("%s", w.pick("Nul ne peut relier un bulletin à qui l'a rempli, ni les bureaux de vote ni qui tient le journal : "+
		"il peut venir de tout membre accrédité ayant autant de voix. Chacun peut vérifier qu'il n'y a pas plus de bulletins que d'accréditations, et recompter. "+
		"Les bureaux, tous ensemble, pourraient voter à la place de qui est accrédité et ne vote pas ; qui montre la clé privée de son bulletin prouve ce qu'il dit.",
		"Nobody can link a ballot to who filled it in, neither the ballot offices nor who keeps the journal: "+
			"it could come from every member with a credential and the same weight. Anybody can check that there are no more ballots than credentials, and count again. "+
			"The offices, all together, could vote in the place of who has a credential and does not vote; who shows the private key of a ballot proves what it says."))
}

// objections lists what was objected and what became of it.
func (w *decisionPage) objections(list []decision.Objection) {
	criteria := map[decision.Criterion]string{
		decision.HarmsPurpose: w.pick("nuit à la raison d'être", "harms the purpose"),
		decision.HarmsRole:    w.pick("empêche de tenir son rôle", "keeps from holding a role"),
		decision.Irreversible: w.pick("n'est pas sans risque à l'essai", "is not safe to try"),
		decision.BreaksRules:  w.pick("enfreint le code social", "breaks the social code"),
	}
	states := map[decision.ObjectionState]string{
		decision.Raised:     w.pick("demeure", "stands"),
		decision.Dismissed:  w.pick("sans argument", "without an argument"),
		decision.Retracted:  w.pick("retirée par qui l'a faite", "taken back by its author"),
		decision.Integrated: w.pick("intégrée, ce que confirment qui l'a faite et qui propose", "integrated, as its author and the proposer confirm"),
		decision.Lapsed:     w.pick("caduque : une autre personne, ou d'autres raisons, ont été proposées", "void: another person, or other reasons, were proposed"),
	}
	for _, o := range list {
		fmt.Fprintf(&w.b, w.pick("- Objection %d, %s (%s) : %s. Elle est %s.", "- Objection %d, %s (%s): %s. It is %s."),
			o.Number, w.name(o.Author), criteria[o.Criterion], strings.TrimRight(plainText(o.Reason), ". "), states[o.State])
		if o.Finding != "" {
			fmt.Fprintf(&w.b, " %s", plainText(o.Finding))
		}
		w.b.WriteString("\n")
	}
	if len(list) > 0 {
		w.b.WriteString("\n")
	}
}

func (w *decisionPage) until() {
	d := w.d.Decided
	if d.Verdict != Carried {
		return
	}
	w.line("## %s", w.pick("Jusqu'à quand", "Until when"))
	line := fmt.Sprintf(w.pick("A effet depuis le %s", "Has effect from %s"), w.date(d.On))
	if d.Until.IsZero() {
		line += w.pick(", sans terme : une autre décision peut la changer.", ", without an end: another decision can change it.")
	} else {
		line += fmt.Sprintf(w.pick(" jusqu'au %s.", " until %s."), w.date(d.Until))
	}
	if !d.Review.IsZero() {
		line += fmt.Sprintf(w.pick(" À réexaminer d'ici le %s.", " To be looked at again by %s."), w.date(d.Review))
	}
	w.line("%s", line)
	v, ok := w.s.versions[d.Matter.Ref]
	switch {
	case !ok || d.Matter.Kind != AmendmentKind:
	case v.Adoption != nil:
		w.line(w.pick("La version %d, adoptée sur ce fondement, est en vigueur à partir du %s.", "Version %d, adopted on this ground, is in force from %s."), v.Charter.doc.Version, w.date(v.Charter.doc.InForceFrom))
	default:
		w.line("%s", w.pick("La version n'a d'effet qu'une fois signée par les fondateurs.", "The version has no effect until founders have signed it."))
	}
}

func (w *decisionPage) proof() {
	o := w.d.Opening
	w.line("## %s", w.pick("Pour vérifier", "To check"))
	fmt.Fprintf(&w.b, w.pick("- décision `%s`\n", "- decision `%s`\n"), w.d.ID)
	fmt.Fprintf(&w.b, w.pick("- code social, version %d : `%s`\n", "- social code, version %d: `%s`\n"), o.Clause.Version, o.Clause.Hash)
	fmt.Fprintf(&w.b, w.pick("- corps électoral : `%s`\n", "- electorate: `%s`\n"), o.Electorate)
	if w.d.Closing != nil {
		fmt.Fprintf(&w.b, w.pick("- enregistrement de la clôture : n° %d du journal\n", "- record of the closing: number %d of the journal\n"), w.d.Decided.Position)
	}
}

// markup are the characters that mean something in Markdown or HTML.
var markup = strings.NewReplacer("\\", `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "#", `\#`, "|", `\|`, "~", `\~`, "!", `\!`)

// plainText returns words that are no markup, on one line.
func plainText(s string) string { return markup.Replace(strings.Join(strings.Fields(s), " ")) }

// code returns words to stand between back quotes.
func code(s string) string { return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "`", "'") }

// quoted returns words as a quotation, paragraph by paragraph.
func quoted(s string) string {
	var b strings.Builder
	for i, line := range strings.Split(strings.TrimSpace(s), "\n") {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(strings.TrimRight("> "+plainText(line), " "))
	}
	return b.String()
}
