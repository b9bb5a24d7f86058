package ledger_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
	"github.com/commonstocommons/codesocial/dividend"
	"github.com/commonstocommons/codesocial/ledger"
)

const (
	moulin = "https://le-gue.example/org/moulin"
	pont   = "https://le-gue.example/project/pont"
	barque = "https://le-gue.example/project/barque"
	ana    = "urn:uuid:00000000-0000-4000-8000-00000000000a"
	bob    = "urn:uuid:00000000-0000-4000-8000-00000000000b"
	cid    = "urn:uuid:00000000-0000-4000-8000-00000000000c"
	eve    = "urn:uuid:00000000-0000-4000-8000-00000000000e" // registered, never admitted
)

var (
	newYear   = day("2025-01-01")
	lastDay   = day("2025-12-31")
	wholeYear = ledger.Filter{From: newYear, To: lastDay}
)

func day(s string) codesocial.Date {
	d, err := codesocial.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func id(n int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, n)) }

func key(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

type world struct {
	*ledger.Ledger
	store     *journal.MemoryStore
	journal   *journal.Journal
	community *codesocial.Community
	next      int
	now       time.Time // on the clock of the journal
}

// on turns the clock to a day, and returns what turns it back.
func (w *world) on(d codesocial.Date) (back func()) {
	before := w.now
	w.now = d.In(time.UTC).Add(9 * time.Hour)
	return func() { w.now = before }
}

// Distribute is carried out on the day of the run.
func (w *world) Distribute(ctx context.Context, run ledger.Run) (*ledger.Distribution, error) {
	on := run.On
	if on.IsZero() {
		on = run.To
	}
	defer w.on(on)()
	return w.Ledger.Distribute(ctx, run)
}

// Approve is carried out on the day of the approval.
func (w *world) Approve(ctx context.Context, a ledger.Approval) error {
	defer w.on(a.On)()
	return w.Ledger.Approve(ctx, a)
}

// open opens the books kept in a store.
func open(t testing.TB, store *journal.MemoryStore) *world {
	t.Helper()
	return openWith(t, store, store)
}

// openWith opens the books through a store in front of the one in memory, of a community with further options.
func openWith(t testing.TB, through journal.Store, store *journal.MemoryStore, opts ...codesocial.Option) *world {
	t.Helper()
	signer, err := journal.NewSigner("le-gue.example/journal", key(1))
	require.NoError(t, err)
	w := &world{store: store, next: 1000, now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)}
	j, err := journal.Open(t.Context(), through, signer, &journal.Options{
		Now:  func() time.Time { return w.now },
		Salt: func(id uuid.UUID) [16]byte { return id },
	})
	require.NoError(t, err)
	community, err := codesocial.Open(t.Context(), j, append(opts, ledger.Checks())...)
	require.NoError(t, err)
	l, err := ledger.Open(t.Context(), community)
	require.NoError(t, err)
	w.Ledger, w.journal, w.community = l, j, community
	t.Cleanup(func() { w.checkKept(t) })
	return w
}

// setup returns the books of a community with one organisation, three people and two projects.
func setup(t testing.TB) *world { return setupWith(t) }

// setupWith is setup with passages of the charter replaced, each by what follows it.
func setupWith(t testing.TB, passages ...string) *world {
	t.Helper()
	text, err := os.ReadFile("testdata/charter.json")
	require.NoError(t, err)
	charter := string(text)
	for pair := range slices.Chunk(passages, 2) {
		require.Contains(t, charter, pair[0])
		charter = strings.Replace(charter, pair[0], pair[1], 1)
	}
	w := open(t, journal.NewMemoryStore())
	require.NoError(t, foundUnder(t.Context(), w.community, []byte(charter)))
	return w
}

func found(ctx context.Context, community *codesocial.Community) error {
	text, err := os.ReadFile("testdata/charter.json")
	if err != nil {
		return err
	}
	return foundUnder(ctx, community, text)
}

func foundUnder(ctx context.Context, community *codesocial.Community, text []byte) error {
	charter, err := codesocial.ParseCharter(text)
	if err != nil {
		return err
	}
	signature, err := codesocial.SignCharter(charter, moulin, key(2))
	if err != nil {
		return err
	}
	parties := []codesocial.Party{{ID: moulin, Type: codesocial.Organization, Name: "Le Moulin", Key: codesocial.PublicKeyOf(key(2))}}
	var admissions []codesocial.Admission
	for _, p := range []codesocial.Party{
		{ID: ana, Type: codesocial.Person, Name: "Ana", Organization: moulin},
		{ID: bob, Type: codesocial.Person, Name: "Bob"},
		{ID: cid, Type: codesocial.Person, Name: "Cid"},
		{ID: pont, Type: codesocial.Project, Name: "Le Pont", Lead: moulin},
		{ID: barque, Type: codesocial.Project, Name: "La Barque", Lead: moulin},
	} {
		parties = append(parties, p)
		a := codesocial.Admission{Applicant: p.ID, Charter: charter.Hash(), On: newYear, Sponsors: []string{moulin}}
		if p.Lead != "" {
			if a.Signature, err = codesocial.SignAcceptance(p.ID, charter, key(2)); err != nil {
				return err
			}
		}
		admissions = append(admissions, a)
	}
	parties = append(parties, codesocial.Party{ID: eve, Type: codesocial.Person, Name: "Eve"})
	return cmp.Or(
		community.Register(ctx, parties...),
		community.Propose(ctx, charter),
		community.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day("2024-12-01"), Signatures: []codesocial.CharterSignature{signature}}),
		community.Admit(ctx, admissions...),
	)
}

func (w *world) contribution(party string, quantity string) ledger.Contribution {
	w.next++
	return ledger.Contribution{
		ID: id(w.next), Party: party, Project: pont, Kind: "time", Quantity: ledger.Quantity{Value: dec(quantity), Unit: "h"},
		On: day("2025-03-04"), Evidence: "https://le-gue.example/minutes/7",
	}
}

func (w *world) receipt(amount string) ledger.Receipt {
	w.next++
	return ledger.Receipt{ID: id(w.next), Project: pont, Amount: dec(amount), Currency: "EUR", On: day("2025-06-30"), Payer: "Mairie", Reference: "F-2025-001"}
}

func (w *world) expense(amount string) ledger.Expense {
	w.next++
	return ledger.Expense{ID: id(w.next), Project: pont, Amount: dec(amount), Currency: "EUR", On: day("2025-06-30")}
}

// give declares contributions and has them validated by the organisation.
func (w *world) give(t testing.TB, contributions ...ledger.Contribution) {
	t.Helper()
	require.NoError(t, w.Declare(t.Context(), contributions...))
	v := ledger.Validation{By: moulin, On: day("2025-04-01")}
	for _, c := range contributions {
		v.Contributions = append(v.Contributions, c.ID)
	}
	require.NoError(t, w.Validate(t.Context(), v))
}

func amounts(parts []dividend.Part) map[string]string {
	out := map[string]string{}
	for _, p := range parts {
		out[p.ID] = p.Amount.StringFixed(2)
	}
	return out
}

func TestReferenceCase(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hours [3]string
		want  map[string]string
	}{
		"60/30/10": {[3]string{"60", "30", "10"}, map[string]string{ana: "3360.00", bob: "1680.00", cid: "560.00", moulin: "400.00"}},
		"equal":    {[3]string{"7.5", "7.5", "7.5"}, map[string]string{ana: "1866.67", bob: "1866.67", cid: "1866.66", moulin: "400.00"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t)
			w.give(t, w.contribution(ana, c.hours[0]), w.contribution(bob, c.hours[1]), w.contribution(cid, c.hours[2]))
			receipt := w.receipt("10000.00")
			receipt.Introducer = moulin
			require.NoError(t, w.Receive(t.Context(), receipt))
			require.NoError(t, w.Spend(t.Context(), w.expense("2000.00")))

			d, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay})
			require.NoError(t, err)
			require.Equal(t, "8000", d.Statement.Base.String())
			require.Equal(t, c.want, amounts(d.Statement.Parties()))
			require.Equal(t, map[string]string{"contingencies": "400.00", "support": "800.00", "commons": "800.00"}, amounts(d.Statement.Funds()))
			require.Equal(t, "economic-4", d.Clause.Clause)
			require.Equal(t, "economic-4", d.Statement.Lines[0].Line.Clause)

			require.NoError(t, w.Read(func(b *ledger.Books) {
				sum := decimal.Zero
				got := map[ledger.Account]string{}
				for a, balance := range b.Accounts("EUR") {
					got[a] = balance.StringFixed(2)
					sum = sum.Add(balance)
				}
				require.True(t, sum.IsZero())
				require.Equal(t, "8000.00", got[ledger.Cash])
				require.Equal(t, "0.00", got[ledger.ProjectAccount(pont)])
				require.Equal(t, "-800.00", got[ledger.FundAccount("support")])
				require.Equal(t, "-"+c.want[ana], got[ledger.PartyAccount(ana)])
			}))
			report, err := ledger.Audit(t.Context(), w.journal)
			require.NoError(t, err)
			require.Equal(t, "8000", report.Shared["EUR"].String())
			require.Equal(t, 3, report.Validated)
		})
	}
}

func TestContributionCountsOnlyOnceSomebodyElseValidatedIt(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c := w.contribution(ana, "3.5")
	byBob := w.contribution(ana, "1")
	byBob.DeclaredBy = bob
	require.NoError(t, w.Declare(t.Context(), c, byBob))
	status := func() (s ledger.Status) {
		require.NoError(t, w.Read(func(b *ledger.Books) {
			e, ok := b.Contribution(c.ID)
			require.True(t, ok)
			s = e.Status
		}))
		return s
	}
	validate := func(by string, ids ...uuid.UUID) error {
		return w.Validate(t.Context(), ledger.Validation{By: by, On: day("2025-03-05"), Contributions: ids})
	}
	before := w.journal.Size()
	for name, err := range map[string]error{"own": validate(ana, c.ID), "declared by her": validate(bob, byBob.ID), "one of them own": validate(bob, c.ID, byBob.ID)} {
		require.ErrorIs(t, err, ledger.ErrOwnWork, name)
		var rule *codesocial.RuleError
		require.ErrorAs(t, err, &rule, name)
		require.Equal(t, "economic-2", rule.Clause.Clause, name)
	}
	require.ErrorIs(t, validate(eve, c.ID), codesocial.ErrNotMember)
	require.ErrorIs(t, validate(bob, id(1)), ledger.ErrUnknown)
	require.ErrorIs(t, validate(bob), ledger.ErrInvalid)
	require.Equal(t, before, w.journal.Size())
	require.Equal(t, ledger.Declared, status())

	require.NoError(t, validate(bob, c.ID))
	require.Equal(t, ledger.Validated, status())
	size := w.journal.Size()
	require.NoError(t, validate(bob, c.ID))
	require.Equal(t, size, w.journal.Size(), "validating again records nothing")

	require.NoError(t, w.Read(func(b *ledger.Books) {
		totals := b.Totals(ledger.Filter{Party: ana}, ledger.ByParty)
		require.Len(t, totals, 1)
		require.Equal(t, "3.5", totals[0].Validated.String())
		require.Equal(t, "1", totals[0].Declared.String())
		e, _ := b.Contribution(c.ID)
		require.Equal(t, []string{bob}, e.Validators)
	}))
}

func TestTotalsByPartyProjectKindAndPeriod(t *testing.T) {
	t.Parallel()
	w := setup(t)
	at := func(c ledger.Contribution, project, on string) ledger.Contribution {
		c.Project, c.On = project, day(on)
		return c
	}
	know := w.contribution(bob, "2")
	know.Kind, know.Quantity.Unit = "knowledge", "deliverable"
	w.give(t,
		at(w.contribution(ana, "1.25"), pont, "2025-03-31"), at(w.contribution(ana, "2"), pont, "2025-04-01"),
		at(w.contribution(ana, "4"), barque, "2025-04-02"), at(know, pont, "2025-12-31"))
	show := func(f ledger.Filter, axes ...ledger.Axis) (out []string) {
		require.NoError(t, w.Read(func(b *ledger.Books) {
			for _, x := range b.Totals(f, axes...) {
				out = append(out, strings.Join(slices.DeleteFunc([]string{x.Party, x.Project, x.Period, x.Kind, x.Validated.String(), x.Unit}, func(s string) bool { return s == "" }), " "))
			}
		}))
		return out
	}
	require.Equal(t, []string{"knowledge 2 deliverable", "time 7.25 h"}, show(ledger.Filter{}))
	require.Equal(t, []string{"2025-Q1 time 1.25 h", "2025-Q2 time 6 h"}, show(ledger.Filter{Party: ana}, ledger.ByQuarter))
	require.Equal(t, []string{ana + " time 7.25 h", bob + " knowledge 2 deliverable"}, show(ledger.Filter{}, ledger.ByParty))
	require.Equal(t, []string{barque + " 2025-04 time 4 h", pont + " 2025-04 time 2 h"}, show(ledger.Filter{From: day("2025-04-01"), To: day("2025-04-30")}, ledger.ByProject, ledger.ByMonth))
	require.Equal(t, []string{"2025 time 7.25 h"}, show(ledger.Filter{Kind: "time"}, ledger.ByYear))
}

func TestBadInputIsRefusedAndNothingIsRecorded(t *testing.T) {
	t.Parallel()
	w := setup(t)
	require.NoError(t, w.Declare(t.Context(), w.contribution(ana, "1")))
	before := w.journal.Size()

	for name, c := range map[string]struct {
		change func(c *ledger.Contribution)
		want   error
		says   string
	}{
		"zero":           {func(c *ledger.Contribution) { c.Quantity.Value = decimal.Zero }, ledger.ErrInvalid, `quantity "0 h": must be positive`},
		"negative":       {func(c *ledger.Contribution) { c.Quantity.Value = dec("-3") }, ledger.ErrInvalid, `quantity "-3 h"`},
		"huge exponent":  {func(c *ledger.Contribution) { c.Quantity.Value = decimal.New(1, 999999999) }, ledger.ErrInvalid, "exponent 999999999"},
		"tiny":           {func(c *ledger.Contribution) { c.Quantity.Value = decimal.New(1, -999999999) }, ledger.ErrInvalid, "quantity"},
		"too large":      {func(c *ledger.Contribution) { c.Quantity.Value = dec("1e15") }, ledger.ErrInvalid, "15 digits"},
		"too fine":       {func(c *ledger.Contribution) { c.Quantity.Value = dec("0.0000001") }, ledger.ErrInvalid, "6 decimal places"},
		"other unit":     {func(c *ledger.Contribution) { c.Quantity.Unit = "min" }, ledger.ErrUnit, "counted in h"},
		"no unit":        {func(c *ledger.Contribution) { c.Quantity.Unit = "" }, ledger.ErrInvalid, "unit"},
		"unknown kind":   {func(c *ledger.Contribution) { c.Kind = "love" }, ledger.ErrUnknown, `kind "love"`},
		"unknown party":  {func(c *ledger.Contribution) { c.Party = "urn:x:y" }, ledger.ErrUnknown, `party "urn:x:y"`},
		"not a member":   {func(c *ledger.Contribution) { c.Party = eve }, codesocial.ErrNotMember, eve},
		"no IRI":         {func(c *ledger.Contribution) { c.Party = "Ana" }, ledger.ErrInvalid, "party"},
		"not a project":  {func(c *ledger.Contribution) { c.Project = bob }, ledger.ErrInvalid, "is a person"},
		"before":         {func(c *ledger.Contribution) { c.On = day("2024-12-31") }, codesocial.ErrNotMember, "2024-12-31"},
		"no day":         {func(c *ledger.Contribution) { c.On = codesocial.Date{} }, ledger.ErrInvalid, "on"},
		"30 February":    {func(c *ledger.Contribution) { c.On = codesocial.Date{Year: 2025, Month: 2, Day: 30} }, ledger.ErrInvalid, "on"},
		"long note":      {func(c *ledger.Contribution) { c.Note = strings.Repeat("x", ledger.MaxTextBytes+1) }, ledger.ErrInvalid, "note"},
		"control":        {func(c *ledger.Contribution) { c.Evidence = "a\x00b" }, ledger.ErrInvalid, "control character"},
		"invalid UTF-8":  {func(c *ledger.Contribution) { c.Note = "\xff" }, ledger.ErrInvalid, "UTF-8"},
		"other declarer": {func(c *ledger.Contribution) { c.DeclaredBy = eve }, codesocial.ErrNotMember, "declared by"},
	} {
		bad := w.contribution(ana, "1")
		c.change(&bad)
		err := w.Declare(t.Context(), w.contribution(bob, "1"), bad)
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, c.says, name)
		require.ErrorContains(t, err, "ledger: contribution 2 (", name)
	}
	for name, change := range map[string]func(r *ledger.Receipt){
		"zero":        func(r *ledger.Receipt) { r.Amount = decimal.Zero },
		"half a cent": func(r *ledger.Receipt) { r.Amount = dec("0.005") },
		"yen":         func(r *ledger.Receipt) { r.Currency = "JPY" },
		"no currency": func(r *ledger.Receipt) { r.Currency = "" },
		"eve":         func(r *ledger.Receipt) { r.Introducer = eve },
		"project":     func(r *ledger.Receipt) { r.Project = ana },
		"exponent":    func(r *ledger.Receipt) { r.Amount = decimal.New(1, 300000000) },
		"long payer":  func(r *ledger.Receipt) { r.Payer = strings.Repeat("é", ledger.MaxNameBytes) },
	} {
		r := w.receipt("10")
		change(&r)
		require.Error(t, w.Receive(t.Context(), r), name)
	}
	for name, change := range map[string]func(e *ledger.Expense){
		"both":    func(e *ledger.Expense) { e.Fund = "support" },
		"neither": func(e *ledger.Expense) { e.Project = "" },
		"minus":   func(e *ledger.Expense) { e.Amount = dec("-1") },
	} {
		e := w.expense("10")
		change(&e)
		require.ErrorIs(t, w.Spend(t.Context(), e), ledger.ErrInvalid, name)
	}
	require.Equal(t, before, w.journal.Size())
}

func TestSameIDsTwiceRecordOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	c, r := w.contribution(ana, "1"), w.receipt("10")
	for range 2 {
		require.NoError(t, w.Declare(t.Context(), c))
		require.NoError(t, w.Receive(t.Context(), r))
	}
	other := c
	other.Quantity.Value = dec("2")
	require.ErrorIs(t, w.Declare(t.Context(), other), journal.ErrIDReused)
	require.NoError(t, w.Read(func(b *ledger.Books) {
		require.Equal(t, "1", b.Totals(ledger.Filter{})[0].Declared.String())
		require.Equal(t, "10", b.CashTotals(wholeYear)[0].Received.String())
	}))
}

func TestDeficitIsCarriedForwardAndAbsorbedFirst(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.give(t, w.contribution(ana, "10"))
	require.NoError(t, w.Spend(t.Context(), w.expense("300")))
	q := func(from, to string) *ledger.Distribution {
		d, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: day(from), To: day(to)})
		require.NoError(t, err)
		return d
	}
	require.Equal(t, "0", q("2025-01-01", "2025-05-31").Statement.Deficit.String())
	june := q("2025-06-01", "2025-06-30")
	require.Equal(t, "300", june.Statement.Deficit.String())
	require.Empty(t, june.Postings)
	require.True(t, june.Statement.Distributed.IsZero())

	july := w.receipt("1000")
	july.On = day("2025-07-15")
	require.NoError(t, w.Receive(t.Context(), july))
	later := q("2025-07-01", "2025-07-31")
	require.Equal(t, "700", later.Statement.Base.String())
	// Nobody contributed in July: the dividend line finds no member, and what it cannot place is carried over.
	require.Equal(t, "525", later.Statement.CarriedOver.String())
	require.Equal(t, dividend.NoMember, later.Statement.Lines[4].Reason)

	august := w.contribution(bob, "1")
	august.On = day("2025-08-01")
	w.give(t, august)
	last := q("2025-08-01", "2025-08-31")
	require.Equal(t, "525", last.Statement.Surplus.String())
	require.Equal(t, map[string]string{bob: "393.75"}, amounts(last.Statement.Parties()))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestPeriodIsDistributedOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.give(t, w.contribution(ana, "10"))
	require.NoError(t, w.Receive(t.Context(), w.receipt("100")))
	first, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay})
	require.NoError(t, err)
	size := w.journal.Size()
	again, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: newYear, To: lastDay})
	require.NoError(t, err)
	require.Equal(t, size, w.journal.Size())
	require.Equal(t, amounts(first.Statement.Parties()), amounts(again.Statement.Parties()))
	for _, p := range [][2]string{{"2025-12-31", "2026-01-31"}, {"2024-12-31", "2025-01-01"}, {"2025-03-01", "2025-03-31"}, {"2024-01-01", "2024-12-31"}} {
		_, err := w.Distribute(t.Context(), ledger.Run{Project: pont, From: day(p[0]), To: day(p[1])})
		require.Error(t, err, p)
	}
	_, err = w.Distribute(t.Context(), ledger.Run{Project: pont, From: day("2025-12-31"), To: day("2026-01-31")})
	require.ErrorIs(t, err, ledger.ErrDistributed)
	_, err = w.Distribute(t.Context(), ledger.Run{Project: pont, From: lastDay, To: newYear})
	require.ErrorIs(t, err, ledger.ErrInvalid)
	_, err = w.Distribute(t.Context(), ledger.Run{Project: ana, From: newYear, To: lastDay})
	require.ErrorIs(t, err, ledger.ErrInvalid)
}

func TestCharterWhoseRulesCannotWorkIsNotProposed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/charter.json")
	require.NoError(t, err)
	for from, to := range map[string]string{
		`"of": "base", "rate": "0.05", "to": {"fund"`: `"of": "base", "rate": "0.95", "to": {"fund"`,
		`"group": "contributors"`:                     `"group": "everybody"`,
		`"validators": 1`:                             `"validators": 0`,
		`"points": "8"`:                               `"points": "-8"`,
		`"scale": "ordinal"`:                          `"scale": "nominal"`,
		`{"kind": "time", "points": "1"}`:             `{"kind": "love", "points": "1"}`, // not a kind that the charter recognises
		`{"kind": "knowledge", "points"`:              `{"kind": "joy", "points"`,        // levels cannot be multiplied
	} {
		w := open(t, journal.NewMemoryStore())
		require.Contains(t, string(text), from)
		charter, err := codesocial.ParseCharter([]byte(strings.Replace(string(text), from, to, 1)))
		require.NoError(t, err)
		var rule *codesocial.RuleError
		require.ErrorAs(t, w.community.Propose(t.Context(), charter), &rule, to)
	}
}

func TestMatrixKeepsDeclaredAndValidatedApart(t *testing.T) {
	t.Parallel()
	w := setup(t)
	w.give(t, w.contribution(ana, "2"))
	require.NoError(t, w.Declare(t.Context(), w.contribution(ana, "5")))
	require.NoError(t, w.Read(func(b *ledger.Books) {
		var wealth dividend.Wealth
		charter, err := w.community.State().InForceOn(lastDay)
		require.NoError(t, err)
		_, err = charter.Rule(ledger.WealthKind, &wealth)
		require.NoError(t, err)
		m, err := b.Matrix(wholeYear, wealth)
		require.NoError(t, err)
		cell, err := m.Cell(ana, "time")
		require.NoError(t, err)
		require.Equal(t, "2", cell.Given.Confirmed.Sum.String())
		require.Equal(t, "5", cell.Given.Declared.Sum.String())
		require.Equal(t, 1, cell.Given.Confirmed.Evidence)
		received, err := m.Cell(pont, "time")
		require.NoError(t, err)
		require.Equal(t, "2", received.Received.Confirmed.Sum.String())
	}))
}

func TestCurrenciesHaveTheirMinorUnits(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]int{"EUR": 2, "JPY": 0, "TND": 3, "CLF": 4, "XYZ": 2} {
		n, err := ledger.Decimals(code)
		require.NoError(t, err)
		require.Equal(t, want, n, code)
	}
	for _, bad := range []string{"", "eur", "EURO", "€€€"} {
		_, err := ledger.Decimals(bad)
		require.ErrorIs(t, err, ledger.ErrInvalid, bad)
	}
}

func FuzzPayloads(f *testing.F) {
	w := setup(f)
	f.Add(0, []byte(`{"kind":"time","on":"2025-03-04","party":"`+ana+`","project":"`+pont+`","quantity":{"unit":"h","value":"1"}}`))
	f.Add(1, []byte(`{"clause":{"charter":"urn:x:y","clause":"a","hash":"sha256:","version":1},"contributions":["`+id(1).String()+`"],"on":"2025-03-04","required":1}`))
	f.Add(2, []byte(`{"amount":"1","currency":"EUR","on":"2025-03-04","project":"`+pont+`"}`))
	f.Add(3, []byte(`{"amount":"1e999999999","currency":"EUR","fund":"support","on":"2025-03-04"}`))
	f.Add(4, []byte(`{"postings":[{"account":"cash","amount":"1e900000000"}]}`))
	f.Add(5, []byte(`{"on":"2025-03-04","postings":[{"account":"cash","amount":"1","currency":"EUR"},{"account":"fund:a","amount":"-1e900000000","currency":"EUR"}]}`))
	f.Add(6, []byte(`{"corrects":"`+id(1).String()+`","difference":{"unit":"h","value":"-1e900000000"},"on":"2025-03-04","reason":"x"}`))
	f.Add(7, []byte(`{"events":[{"action":"raise","quantity":{"unit":"kg","value":"1"},"receiver":"`+ana+`","resource":"r"}],"on":"2025-03-04","project":"`+pont+`"}`))
	f.Add(8, []byte(`{"due":"2025-03-04","kind":"invoice","on":"2025-03-04","project":"`+pont+`","quantity":{"unit":"EUR","value":"1"}}`))
	kinds := []string{
		ledger.KindContribution, ledger.KindValidation, ledger.KindReceipt, ledger.KindExpense, ledger.KindDistribution, ledger.KindTransaction, ledger.KindCorrection,
		ledger.KindFlow, ledger.KindCommitment, ledger.KindCompletion, ledger.KindClosing, ledger.KindReopening, ledger.KindCancellation, ledger.KindCall, ledger.KindGrant,
		ledger.KindRefund, ledger.KindAllocation, ledger.KindPlan, ledger.KindCapacity, ledger.KindFinding, ledger.KindContingency, ledger.KindSplit,
	}
	f.Fuzz(func(t *testing.T, kind int, payload []byte) {
		if kind < 0 || kind >= len(kinds) || canonical.Valid(payload) != nil {
			return
		}
		before := image(t, w)
		_, err := w.journal.Update(context.Background(), func() ([]journal.Draft, error) {
			return []journal.Draft{{Kind: kinds[kind], Author: bob, Payload: canonical.Raw(payload)}}, errDryRun(w, kinds[kind], payload)
		})
		require.Error(t, err)
		require.Equal(t, before, image(t, w))
	})
}

// errDryRun reads a payload as the books would, and always returns an error, so that nothing is recorded.
func errDryRun(w *world, kind string, payload []byte) error {
	if _, err := w.Books().Decode(&journal.Record{Kind: kind, Schema: 1, Author: bob, Payload: payload}); err != nil {
		return err
	}
	return context.Canceled
}

func charterText(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("testdata/charter.json")
	require.NoError(t, err)
	return string(text)
}
