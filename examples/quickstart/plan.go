package main

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/examples/quickstart/sample"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/intake"
)

// A plan is what is to be recorded, read from the inputs and checked, before it has identifiers: those come from the seed of
// the directory.
type plan struct {
	title   string
	charter *codesocial.Charter
	// inputs identifies what the plan was made from, one line an input. A directory belongs to one set of inputs.
	inputs string
	// sample says that everything is invented: keys come from a seed that anyone can read, and recorded times are fixed, so that two
	// runs agree to the byte.
	sample bool

	people   []person
	projects []string // names
	from, to codesocial.Date

	contributions []contribution
	money         []intake.Money
}

type person struct {
	key          string // tells people apart; kept secret when it is an address
	name         string
	organization string // name; "" for none
	member       bool   // false for an organisation, which is a party but not a person
}

// A contribution names its party and project by the keys of the plan.
type contribution struct {
	key, person, project, kind, unit string
	quantity                         quantity
	on                               codesocial.Date
	note, evidence, validatedBy      string
}

type quantity = ledger.Quantity

// planFiles reads charter, contributions and money; an empty path means the file of the invented commons.
func planFiles(charterPath, contributionsPath, moneyPath string) (*plan, error) {
	p := &plan{sample: charterPath == "" && contributionsPath == "" && moneyPath == ""}
	charterText, err := input(charterPath, sample.Charter)
	if err != nil {
		return nil, err
	}
	contributionsText, err := input(contributionsPath, sample.Contributions)
	if err != nil {
		return nil, err
	}
	moneyText, err := input(moneyPath, sample.Money)
	if err != nil {
		return nil, err
	}
	p.inputs = fingerprint("charter", charterText) + fingerprint("contributions", contributionsText) + fingerprint("money", moneyText)
	contributionsName, moneyName := nameOr(contributionsPath, "contributions.csv"), nameOr(moneyPath, "money.csv")

	if p.charter, err = codesocial.ParseCharter(charterText); err != nil {
		return nil, fmt.Errorf("%s: %w", nameOr(charterPath, "charter.json"), err)
	}
	if err := p.charter.CheckRules(ledger.Checks()...); err != nil {
		return nil, fmt.Errorf("%s: %w", nameOr(charterPath, "charter.json"), err)
	}
	p.title = p.charter.Title().In("en")
	var wealth dividend.Wealth
	if _, err := p.charter.Rule(ledger.WealthKind, &wealth); err != nil {
		return nil, err
	}
	kinds := make([]intake.Kind, len(wealth.Kinds))
	for i, k := range wealth.Kinds {
		kinds[i] = intake.Kind{ID: k.ID, Unit: k.Unit}
		for _, lang := range slices.Sorted(maps.Keys(k.Name)) {
			kinds[i].Names = append(kinds[i].Names, k.Name[lang])
		}
	}
	contributions, contributionsErr := intake.ReadContributions(contributionsName, bytes.NewReader(contributionsText), &intake.ContributionOptions{Kinds: kinds})
	money, moneyErr := intake.ReadMoney(moneyName, bytes.NewReader(moneyText), &intake.MoneyOptions{Currency: p.charter.Currency()})
	if err := errors.Join(contributionsErr, moneyErr); err != nil {
		return nil, err
	}
	if len(contributions.Lines)+len(money.Lines) == 0 {
		return nil, fmt.Errorf("%s and %s have no lines", contributionsName, moneyName)
	}
	if err := p.gather(contributionsName, contributions.Lines, moneyName, money.Lines); err != nil {
		return nil, err
	}
	p.span()
	return p, nil
}

func nameOr(path, name string) string {
	if path == "" {
		return name
	}
	return path
}

func input(path string, builtin []byte) ([]byte, error) {
	if path == "" {
		return builtin, nil
	}
	return os.ReadFile(path)
}

func fingerprint(name string, content []byte) string {
	sum := sha256.Sum256(content)
	return name + " sha256:" + hex.EncodeToString(sum[:]) + "\n"
}

// gather collects people, organisations and projects from the lines, and checks what no file shows alone.
func (p *plan) gather(contributionsFile string, contributions []intake.Contribution, moneyFile string, money []intake.Money) error {
	var problems []intake.Problem
	problem := func(file string, line int, value, reason string, args ...any) {
		problems = append(problems, intake.Problem{File: file, Line: line, Value: value, Reason: fmt.Sprintf(reason, args...)})
	}
	people := make(map[string]int) // by folded name
	spelled := make(map[string]string)
	see := func(file string, line int, name string) string {
		folded := intake.Fold(name)
		if first, ok := spelled[folded]; ok && first != name {
			problem(file, line, name, "is spelled %q elsewhere: use one spelling", first)
		} else if err := checkName(name); !ok && err != nil {
			problem(file, line, name, "cannot be the name of a party: %v", err)
		}
		spelled[folded] = cmp.Or(spelled[folded], name)
		return folded
	}
	organizations := make(map[string]bool)
	for _, f := range p.charter.Founders() {
		organizations[see("charter", 0, f.Name)] = true
	}
	for _, c := range contributions {
		if c.Organization != "" {
			organizations[see(contributionsFile, c.Line, c.Organization)] = true
		}
	}
	addPerson := func(file string, line int, name, organization string) {
		folded := see(file, line, name)
		if organizations[folded] {
			return
		}
		i, ok := people[folded]
		if !ok {
			people[folded] = len(p.people)
			p.people = append(p.people, person{key: folded, name: name, organization: organization, member: true})
			return
		}
		switch known := &p.people[i].organization; {
		case organization == "" || intake.Fold(organization) == intake.Fold(*known):
		case *known == "":
			*known = organization
		default:
			problem(file, line, organization, "%s belongs to %s on another line: a person is listed with one organisation", name, *known)
		}
	}
	projects := make(map[string]bool)
	addProject := func(file string, line int, name string) {
		if folded := see(file, line, name); !projects[folded] {
			projects[folded] = true
			p.projects = append(p.projects, name)
		}
	}
	start := p.charter.InForceFrom()
	early := func(file string, line int, day codesocial.Date) {
		if day.Before(start) {
			problem(file, line, day.String(), "is before %s, when the charter comes into force: nothing is retroactive", start)
		}
	}
	for _, c := range contributions {
		addPerson(contributionsFile, c.Line, c.Person, c.Organization)
		addProject(contributionsFile, c.Line, c.Project)
		early(contributionsFile, c.Line, c.Date)
		if c.ValidatedBy != "" {
			addPerson(contributionsFile, c.Line, c.ValidatedBy, "")
			if intake.Fold(c.ValidatedBy) == intake.Fold(c.Person) {
				problem(contributionsFile, c.Line, c.ValidatedBy, "gave this contribution and cannot validate it: somebody else must")
			}
		}
		p.contributions = append(p.contributions, contribution{
			key: c.Key, person: intake.Fold(c.Person), project: intake.Fold(c.Project), kind: c.Kind, unit: c.Unit, quantity: quantity{Value: c.Quantity, Unit: c.Unit},
			on: c.Date, note: c.Note, evidence: c.Evidence, validatedBy: foldOrEmpty(c.ValidatedBy),
		})
	}
	for name := range organizations {
		if projects[name] {
			problem(contributionsFile, 0, spelled[name], "is both a project and an organisation: give them different names")
		}
	}
	for _, m := range money {
		early(moneyFile, m.Line, m.Date)
		if m.Project != "" {
			addProject(moneyFile, m.Line, m.Project)
		} else if m.Direction == intake.Receipt {
			problem(moneyFile, m.Line, m.Label, "a receipt needs the project that earned it")
		} else if !p.hasFund(supportFund) {
			problem(moneyFile, m.Line, m.Label, "an expense without a project is borne by the fund %q, which no line of the charter's waterfall feeds", supportFund)
		}
		if m.Introducer != "" {
			addPerson(moneyFile, m.Line, m.Introducer, "")
		}
	}
	p.money = money
	slices.SortFunc(problems, func(a, b intake.Problem) int { return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line) })
	return intake.NewError(problems)
}

func foldOrEmpty(name string) string {
	if name == "" {
		return ""
	}
	return intake.Fold(name)
}

// supportFund bears the expenses that no project bears.
const supportFund = "support"

func (p *plan) hasFund(id string) bool {
	var w dividend.Waterfall
	if _, err := p.charter.Rule(ledger.WaterfallKind, &w); err != nil {
		return false
	}
	return slices.ContainsFunc(w.Lines, func(l dividend.Line) bool { return l.To.Fund == id })
}

// span sets the period: the calendar years of all lines, but not before the charter is in force.
func (p *plan) span() {
	for _, c := range p.contributions {
		p.include(c.on)
	}
	for _, m := range p.money {
		p.include(m.Date)
	}
	p.from = codesocial.Date{Year: p.from.Year, Month: 1, Day: 1}
	p.to = codesocial.Date{Year: p.to.Year, Month: 12, Day: 31}
	if start := p.charter.InForceFrom(); p.from.Before(start) {
		p.from = start
	}
}

func (p *plan) include(day codesocial.Date) {
	if p.from.IsZero() || day.Before(p.from) {
		p.from = day
	}
	if day.After(p.to) {
		p.to = day
	}
}

// A seed is what the keys, salts and identifiers of a directory are made from.
type seed []byte

// derive returns 32 bytes that belong to a purpose and a name, and that tell nothing of the seed.
func (s seed) derive(purpose, name string) []byte {
	mac := hmac.New(sha256.New, s)
	mac.Write([]byte("codesocial/quickstart/v1\n" + purpose + "\n" + name))
	return mac.Sum(nil)
}

// uuid returns an identifier from which nobody without the seed can tell the name, as a UUID of version 8 (RFC 9562).
func (s seed) uuid(purpose, name string) uuid.UUID {
	id := uuid.UUID(s.derive(purpose, name)[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// iri returns the IRI of something that is no secret: beside the charter's if that is a web address, and otherwise a name-based UUID.
func (p *plan) iri(class, name string) string {
	u, err := url.Parse(p.charter.ID())
	if err != nil || u.Host == "" || slug(name) == "" {
		return "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, []byte(p.charter.ID()+"\n"+class+"\n"+name)).String()
	}
	return u.Scheme + "://" + u.Host + "/" + class + "/" + slug(name)
}

// slug returns a name in lower-case ASCII letters, digits and hyphens; "" if it has letters that cannot be written so, because
// two such names could then become one.
func slug(name string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			return ""
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}
