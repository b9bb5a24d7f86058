package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/examples/quickstart/internal/gitlog"
	"github.com/commonstocommons/codesocial/examples/quickstart/internal/progress"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// gitCharter is the social code under which a pool is shared among the authors of a repository.
//
//go:embed gitcharter.json
var gitCharter []byte

// maintainers is the founder of that social code, which stands for those who accepted each commit into the history.
const maintainers = "maintainers"

// planGit reads the history of a repository: every commit that is not a merge is one contribution of the kind "code" if it touches
// source code, and one of the kind "other" if it touches anything else. That it is in the history says that it was accepted.
func planGit(ctx context.Context, path string, pool decimal.Decimal, stderr io.Writer) (*plan, error) {
	charter, err := codesocial.ParseCharter(gitCharter)
	if err != nil {
		return nil, err
	}
	repository, err := gitlog.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	total, err := repository.Count(ctx)
	if err != nil {
		return nil, err
	}
	name := "Repository " + filepath.Base(absolute)
	if checkName(name) != nil || intake.Fold(name) == "repository" {
		name = "Repository"
	}
	p := &plan{
		title: name, charter: charter, projects: []string{name},
		inputs: "git " + repository.Head() + "\npool " + pool.String() + " " + charter.Currency() + "\n",
	}
	task := progress.To(stderr, "en").Start("commits", total)
	defer task.Done()
	known := make(map[string]bool)
	for commit, err := range repository.Commits(ctx) {
		if err != nil {
			return nil, err
		}
		task.Add(1)
		on := codesocial.DateOf(commit.Time, commit.Time.Location())
		if on.Before(charter.InForceFrom()) || on.Year > 9998 {
			on = charter.InForceFrom() // a clock that was never set
		}
		// Addresses must not meet folded names: the register has one list.
		key := "git:" + commit.Person
		if !known[key] {
			known[key] = true
			p.people = append(p.people, person{key: key, name: strings.TrimSpace(commit.Name), member: true})
		}
		for _, kind := range commit.Kinds() {
			p.contributions = append(p.contributions, contribution{
				key: commit.Hash + "/" + kind, person: key, project: intake.Fold(name), kind: kind, unit: "commit",
				quantity: quantity{Value: decimal.NewFromInt(1), Unit: "commit"}, on: on, evidence: "git:" + commit.Hash, validatedBy: maintainers,
			})
		}
	}
	if len(p.contributions) == 0 {
		return nil, fmt.Errorf("%s: no commit changes a file, nobody can be paid", path)
	}
	p.span()
	p.money = []intake.Money{{Key: "pool", Date: p.to, Project: name, Direction: intake.Receipt, Amount: pool, Label: "pool"}}
	return p, nil
}
