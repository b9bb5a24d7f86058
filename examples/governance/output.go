package main

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
	"github.com/commonstocommons/codesocial/linkeddata"
)

// languages are those that the pages are written in.
var languages = []string{"fr", "en"}

// files returns everything that is written down.
func (y *year) files() ([]linkeddata.File, error) {
	var files []linkeddata.File
	var err error
	readErr := y.Read(func(s *codesocial.State) {
		for _, lang := range languages {
			files = append(files, linkeddata.File{Name: "year." + lang + ".md", Data: []byte(y.page(s, lang))})
			files = append(files, linkeddata.File{Name: "calendar." + lang + ".ics", Data: s.Calendar(lang)})
			for i, step := range y.steps {
				if step.decision == uuid.Nil {
					continue
				}
				var page string
				if page, err = s.DecisionPage(step.decision, lang); err != nil {
					return
				}
				files = append(files, linkeddata.File{Name: pageName(i, step, lang), Data: []byte(page)})
			}
		}
		files = append(files, linkeddata.File{Name: "charter.md", Data: y.rules.Markdown()}, linkeddata.File{Name: "fork.md", Data: y.fork.Markdown()})
		var dao []linkeddata.File
		dao, err = linkeddata.DAOIP(s, linkeddata.DAOIPOptions{Base: "https://les-rives.example/dao/", On: y.day("2026-12-31"), Lang: "fr", Name: "Les Rives", Type: "Organization"})
		for _, f := range dao {
			files = append(files, linkeddata.File{Name: "dao/" + f.Name, Data: f.Data})
		}
	})
	if readErr != nil {
		return nil, readErr
	}
	return files, err
}

func pageName(i int, s step, lang string) string {
	return fmt.Sprintf("%02d-%s.%s.md", i+1, s.on, lang)
}

// page tells the year.
func (y *year) page(s *codesocial.State, lang string) string {
	pick := func(fr, en string) string { return codesocial.Text{"fr": fr, "en": en}.In(lang) }
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", pick("Une année aux Rives", "A year at Les Rives"), pick(
		"Tout est inventé : les personnes, les organisations, les lieux.", "All of it is invented: the persons, the organisations, the places."))
	for i, step := range y.steps {
		fmt.Fprintf(&b, "## %s · %s\n\n%s\n", step.on, paper.Markdown(step.title.In(lang)), paper.Markdown(step.tells.In(lang)))
		if step.decision != uuid.Nil {
			fmt.Fprintf(&b, "\n[%s](%s)\n", pick("La décision en détail", "The decision in detail"), pageName(i, step, lang))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "## %s\n\n", pick("Le temps d'assemblée qui compte", "Time of assemblies that counts"))
	for m := range s.Gatherings() {
		credits, err := s.AttendanceCredits(m.Gathering.ID)
		if err != nil {
			continue // Propose has checked the rule
		}
		for _, c := range credits {
			p, _ := s.Party(c.Party)
			fmt.Fprintf(&b, pick("- %s : %s h, clause %s de la version %d\n", "- %s: %s h, clause %s of version %d\n"),
				paper.Markdown(p.Name), paper.PlainNumber(lang, c.Hours), c.Clause.Clause, c.Clause.Version)
		}
	}
	fmt.Fprintf(&b, "\n## %s\n\n", pick("Ce que l'essaimage change", "What the fork changes"))
	for _, change := range codesocial.Diff(y.rules, y.fork) {
		fmt.Fprintf(&b, "- %s\n", paper.Markdown(change.In(lang)))
	}
	fmt.Fprintf(&b, "\n## %s\n\n", pick("Ce que Les Rives pourraient en reprendre", "What Les Rives could take over"))
	for _, clause := range y.merge.Clauses {
		if clause.State == codesocial.MergeTheirs {
			fmt.Fprintf(&b, pick("- %s : %s\n", "- %s: %s\n"), clause.ID, paper.Markdown(clause.Theirs.Text.In(lang)))
		}
	}
	return b.String()
}
