package mediation

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// FileOptions say how the file of a case is written.
type FileOptions struct {
	// Lang is "fr" for French; anything else is English.
	Lang string
	// Name returns what a party is called in the file. Nil: by code names.
	Name func(iri string) string
	// Text returns the text of a paper of the proceedings, false where it is not to be shown; see [Office.Text]. It is never asked for what
	// was said in mediation. Nil: no texts.
	Text func(paper uuid.UUID) ([]byte, bool)
}

// phrases of the file, English then French.
var phrases = map[string]codesocial.Text{
	"title":     both("File of the case %s", "Dossier de l'affaire %s"),
	"intro":     both("Written from the records of the journal. Every line names the record that it rests on; whoever holds the journal can check that none was changed. Times are those of the time zone %s.", "Établi d'après les enregistrements du journal. Chaque ligne nomme l'enregistrement sur lequel elle repose ; quiconque détient le journal peut vérifier qu'aucun n'a été modifié. Les heures sont celles du fuseau %s."),
	"state":     both("State", "État"),
	"id":        both("Case", "Affaire"),
	"opened":    both("Opened", "Ouverte le"),
	"stage":     both("Stage", "Étape"),
	"outcome":   both("Outcome", "Issue"),
	"deadline":  both("Next deadline", "Prochaine échéance"),
	"forgotten": both("What was said in confidence is erased", "Effacement de ce qui a été dit en confiance"),
	"rules":     both("Runs under", "Régie par"),
	"version":   both("version %d of %s (%s)", "la version %d de %s (%s)"),
	"clauses":   both("Clauses concerned", "Clauses concernées"),
	"cited":     both("clauses", "clauses"),
	"parties":   both("Parties", "Parties"),
	"reports":   both("reports", "auteur du signalement"),
	"concerned": both("is concerned", "mise en cause"),
	"steps":     both("What happened", "Déroulement"),
	"by":        both("by %s (%s)", "par %s (%s)"),
	"in":        both("in the name of %s", "au nom de %s"),
	"about":     both("about %s", "concernant %s"),
	"record":    both("record", "enregistrement"),
	"papers":    both("papers", "pièces"),
	"draw":      both("drawn by %s among %s", "désigné par %s parmi %s"),
	"lot":       both("lot, seed “%s”", "tirage au sort, graine « %s »"),
	"rotation":  both("rotation", "rotation"),
	"aside":     both("set aside: %s, who %s (%s)", "écarté : %s, qui %s (%s)"),
	"measure":   both("Measures", "Mesures"),
	"none":      both("None.", "Aucune."),
	"from":      both("rung %d, %s, of %s from %s", "degré %d, %s, de %s à partir du %s"),
	"until":     both("until %s", "jusqu'au %s"),
	"annulled":  both("annulled on appeal: as if it had never been", "annulée sur recours : comme si elle n'avait jamais été"),
	"lifted":    both("lifted on %s", "levée le %s"),
	"guards":    both("What an exclusion requires, and what meets it", "Ce qu'exige une exclusion, et ce qui y répond"),
	"met":       both("met", "rempli"),
	"missing":   both("missing", "manquant"),
	"how":       both("How: %s.", "Comment : %s."),
	"decision":  both("Decision of the community %s, on %s, under clause %s, electorate %s (%d electors).", "Décision de la communauté %s, du %s, en vertu de la clause %s, corps électoral %s (%d électeurs)."),
	"pieces":    both("Papers of the proceedings", "Pièces de la procédure"),
	"secret":    both("Papers of the mediation, confidential (French code of civil procedure, article 1528-3) and no part of this file: %d.", "Pièces de la médiation, confidentielles (code de procédure civile, article 1528-3) et hors de ce dossier : %d."),
	"shown":     both("Confidence was lifted, by an act on record, for: %d.", "Confidentialité levée, par un acte consigné, pour : %d."),
	"colon":     both(": ", " : "),
	"semicolon": both("; ", " ; "),
	"rung":      both("rung %d, %s", "degré %d, %s"),
	"hearing":   both("hearing on %s", "audition le %s"),
	"gravity":   both("gravity: %s", "gravité : %s"),
	"ground":    both("ground: %s", "motif : %s"),
	"exception": both("exception: %s", "exception : %s"),
	"digest":    both("SHA-256 of the document", "SHA-256 du document"),
	"legal":     both("Facts of law", "Repères de droit"),
	"law": both("Amicable settlement of disputes: French code of civil procedure, articles 1528 to 1549 (decree 2025-660 of 18 July 2025). Confidentiality and its two exceptions: article 1528-3. Mediators: law 95-125, articles 21 to 21-5. Suspension of time limits: French civil code, article 2238. These are references, not legal advice.",
		"Résolution amiable des différends : code de procédure civile, articles 1528 à 1549 (décret 2025-660 du 18 juillet 2025). Confidentialité et ses deux exceptions : article 1528-3. Médiateurs : loi 95-125, articles 21 à 21-5. Suspension de la prescription : code civil, article 2238. Ce sont des références, pas un conseil juridique."),
}

// A fileWriter writes the file of a case.
type fileWriter struct {
	bytes.Buffer
	c    *Cases
	k    *Case
	opts FileOptions
}

func (w *fileWriter) say(phrase string, args ...any) string {
	return fmt.Sprintf(phrases[phrase].In(w.opts.Lang), args...)
}

func (w *fileWriter) name(iri string) string {
	if w.opts.Name != nil {
		if name := w.opts.Name(iri); name != "" {
			return plain(name)
		}
	}
	return w.k.CodeOf(iri)
}

// cited names the clauses that something rests on.
func (w *fileWriter) cited(clauses []string) string {
	return w.say("cited") + w.say("colon") + strings.Join(clauses, ", ")
}

// plain keeps a name from being taken for a mark of the document, and from turning the line around.
func plain(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return '\ufffd'
		}
		return r
	}, s)
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, "#", `\#`, "|", `\|`).Replace(s)
}

func (w *fileWriter) time(at time.Time) string {
	return at.In(w.k.Rules.location()).Format("2006-01-02 15:04")
}

// File writes the file of a case as somebody would be given who has to judge it, a lawyer or a court: what happened, by whom, under which
// clauses; what an exclusion requires, with the evidence for each; the measures; the papers of the proceedings. It is Markdown, in
// French or English, the same bytes for the same records. What was said in mediation is never in it. The error wraps [ErrUnknown].
func (c *Cases) File(of uuid.UUID, opts FileOptions) ([]byte, error) {
	k, err := c.find(of)
	if err != nil {
		return nil, err
	}
	w := &fileWriter{c: c, k: k, opts: opts}
	fmt.Fprintf(w, "# %s\n\n%s\n\n## %s\n\n", w.say("title", CodeName(k.ID)), w.say("intro", k.Rules.location()), w.say("state"))
	w.state()
	fmt.Fprintf(w, "\n## %s\n\n", w.say("parties"))
	for _, side := range []struct {
		iris []string
		what string
	}{{k.Reporters, "reports"}, {k.Respondents, "concerned"}} {
		for _, iri := range side.iris {
			fmt.Fprintf(w, "- %s, %s\n", w.name(iri), w.say(side.what))
		}
	}
	fmt.Fprintf(w, "\n## %s\n\n", w.say("steps"))
	for i := range k.Acts {
		w.step(i+1, &k.Acts[i])
	}
	if k.Round > 0 {
		w.guards()
	}
	w.measures()
	w.pieces()
	fmt.Fprintf(w, "\n## %s\n\n%s\n", w.say("legal"), w.say("law"))
	return w.Bytes(), nil
}

func (w *fileWriter) state() {
	k := w.k
	line := func(what, value string) { fmt.Fprintf(w, "- %s%s%s\n", w.say(what), w.say("colon"), value) }
	line("id", "`"+k.ID.String()+"`")
	line("opened", w.time(k.Opened))
	line("stage", k.Stage.Title(w.opts.Lang))
	if k.Outcome != "" {
		line("outcome", k.Outcome.Title(w.opts.Lang))
	}
	switch k.Stage {
	case Archived:
	case Closed:
		line("forgotten", w.time(k.Deadline))
	default:
		line("deadline", w.time(k.Deadline))
	}
	charter := k.Rules.charter
	line("rules", w.say("version", charter.Version(), plain(charter.Title().In(w.opts.Lang)), "`"+charter.Hash()+"`"))
	if len(k.Clauses) > 0 {
		line("clauses", strings.Join(k.Clauses, ", "))
	}
}

func (w *fileWriter) step(n int, e *Entry) {
	info := infoOf[e.Event]
	fmt.Fprintf(w, "%d. %s%s%s", n, w.time(e.At), w.say("colon"), info.tells.In(w.opts.Lang))
	var notes []string
	if e.By != "" {
		notes = append(notes, w.say("by", w.name(e.By), e.Role.Title(w.opts.Lang)))
	}
	switch {
	case e.For == "" || e.For == e.By:
	case actsForParty(info):
		notes = append(notes, w.say("in", w.name(e.For)))
	default:
		notes = append(notes, w.say("about", w.name(e.For)))
	}
	if rung, ok := w.k.Rules.Ladder.rung(e.Rung); ok {
		notes = append(notes, w.say("rung", e.Rung, rung.Step.Title(w.opts.Lang)))
	}
	if !e.Until.IsZero() {
		notes = append(notes, w.say("until", e.Until))
	}
	if len(e.Clauses) > 0 {
		notes = append(notes, w.cited(e.Clauses))
	}
	if !e.Hearing.IsZero() {
		notes = append(notes, w.say("hearing", w.time(e.Hearing)))
	}
	for _, code := range []struct{ phrase, code string }{{"gravity", string(e.Gravity)}, {"ground", string(e.Ground)}, {"exception", string(e.Exception)}} {
		if code.code != "" {
			notes = append(notes, w.say(code.phrase, codeTitles[code.code].In(w.opts.Lang)))
		}
	}
	if d := e.Draw; d != nil {
		names := make([]string, len(d.Candidates))
		for i, iri := range d.Candidates {
			names[i] = w.name(iri)
		}
		way := w.say("rotation")
		if d.Choice == ByLot {
			way = w.say("lot", plain(d.Seed))
		}
		notes = append(notes, w.say("draw", way, strings.Join(names, ", ")))
		for _, a := range d.Aside {
			notes = append(notes, w.say("aside", w.name(a.Party), a.Kind.Title(w.opts.Lang), w.name(a.With)))
		}
	}
	if e.From != e.To {
		notes = append(notes, "→ "+e.To.Title(w.opts.Lang))
	}
	if len(e.Papers) > 0 {
		ids := make([]string, 0, len(e.Papers))
		for _, id := range e.Papers {
			ids = append(ids, "`"+short(id)+"`")
		}
		notes = append(notes, w.say("papers")+" "+strings.Join(ids, ", "))
	}
	notes = append(notes, w.say("record")+" `"+e.Record.String()+"`")
	fmt.Fprintf(w, " (%s)\n", strings.Join(notes, w.say("semicolon")))
}

func short(id uuid.UUID) string { return id.String()[24:] }

func (w *fileWriter) guards() {
	list, err := w.c.Requirements(w.k.ID)
	if err != nil {
		return
	}
	fmt.Fprintf(w, "\n## %s\n\n", w.say("guards"))
	for i, f := range list {
		state := w.say("missing")
		if f.Met {
			state = w.say("met")
		}
		fmt.Fprintf(w, "%d. %s%s**%s**.", i+1, f.Title(w.opts.Lang), w.say("colon"), state)
		for _, id := range f.Evidence {
			fmt.Fprintf(w, " %s `%s`", w.say("record"), id)
			if i := slices.IndexFunc(w.k.Acts, func(e Entry) bool { return e.Record == id }); i >= 0 {
				fmt.Fprintf(w, " (%s)", w.time(w.k.Acts[i].At))
			}
			w.WriteByte('.')
		}
		if ref, ok := w.k.Rules.Clause(ExclusionKind); ok && f.Requirement == NeedClause && f.Met {
			fmt.Fprintf(w, " %s.", w.cited([]string{ref.Clause}))
		}
		if len(f.Clauses) > 0 {
			fmt.Fprintf(w, " %s.", w.cited(f.Clauses))
		}
		if r := w.k.facts.proceeding.verdict; f.Requirement == NeedDecision && f.Met && r.decision != uuid.Nil {
			fmt.Fprintf(w, " %s", w.say("decision", "`"+r.decision.String()+"`", r.on, r.clause.Clause, "`"+r.electorate+"`", len(r.electors)))
		}
		if !f.Met {
			fmt.Fprintf(w, " %s", w.say("how", f.How(w.opts.Lang)))
		}
		w.WriteByte('\n')
	}
}

func (w *fileWriter) measures() {
	fmt.Fprintf(w, "\n## %s\n\n", w.say("measure"))
	if len(w.k.Imposed) == 0 {
		fmt.Fprintf(w, "%s\n", w.say("none"))
	}
	for _, i := range w.k.Imposed {
		rung, _ := w.k.Rules.Ladder.rung(i.Rung)
		fmt.Fprintf(w, "- %s", w.say("from", i.Rung, rung.Step.Title(w.opts.Lang), w.name(i.Party), i.From))
		if !i.Until.IsZero() {
			fmt.Fprintf(w, " %s", w.say("until", i.Until))
		}
		switch i.Ended {
		case Annulled:
			fmt.Fprintf(w, "; %s", w.say("annulled"))
		case Lifted:
			fmt.Fprintf(w, "; %s", w.say("lifted", i.LiftedOn))
		}
		fmt.Fprintf(w, "; %s\n", w.cited(i.Clauses))
	}
}

func (w *fileWriter) pieces() {
	papers, err := w.c.Papers(w.k.ID)
	if err != nil {
		return
	}
	fmt.Fprintf(w, "\n## %s\n\n", w.say("pieces"))
	secret, shown := 0, 0
	for _, p := range papers {
		if p.Kind.Confidential() {
			secret++
			if len(w.c.papers[p.ID].shown) > 0 {
				shown++
			}
			continue
		}
		fmt.Fprintf(w, "- %s `%s`, %s, %s", p.Kind.Title(w.opts.Lang), short(p.ID), w.time(p.At), w.name(p.By))
		if p.Digest != "" {
			fmt.Fprintf(w, "; %s%s`%s`", w.say("digest"), w.say("colon"), p.Digest)
		}
		w.WriteByte('\n')
		if w.opts.Text == nil {
			continue
		}
		if text, ok := w.opts.Text(p.ID); ok {
			ends := strings.NewReplacer("\r\n", "\n", "\r", "\n") // all of which end a line of Markdown
			for line := range strings.SplitSeq(strings.TrimSpace(ends.Replace(string(text))), "\n") {
				fmt.Fprintf(w, "  > %s\n", cmp.Or(plain(line), " "))
			}
		}
	}
	if secret > 0 {
		fmt.Fprintf(w, "\n%s", w.say("secret", secret))
		if shown > 0 {
			fmt.Fprintf(w, " %s", w.say("shown", shown))
		}
		w.WriteByte('\n')
	}
}
