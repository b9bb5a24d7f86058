package handover_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
	"github.com/commonstocommons/codesocial/ledger/fec"
	"github.com/commonstocommons/codesocial/ledger/handover"
	"github.com/commonstocommons/codesocial/ledger/intake"
	"github.com/commonstocommons/codesocial/ledger/plaintext"
)

const (
	moulin = "https://le-gue.example/org/moulin"
	pont   = "https://le-gue.example/project/pont"
	barque = "https://le-gue.example/project/barque"
	ana    = "urn:uuid:00000000-0000-4000-8000-00000000000a"
	bob    = "urn:uuid:00000000-0000-4000-8000-00000000000b"
	anna   = "urn:uuid:00000000-0000-4000-8000-00000000000c" // has the name of ana
)

var (
	newYear = day("2025-01-01")
	lastDay = day("2025-12-31")
)

func day(s string) codesocial.Date {
	d, err := codesocial.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func key(n byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize))
}

type world struct {
	*ledger.Ledger
	state *codesocial.State
}

func setup(t testing.TB) *world {
	t.Helper()
	w, err := found(t.Context())
	require.NoError(t, err)
	return w
}

// found returns the books of a community with one organization, three people and two projects.
func found(ctx context.Context) (*world, error) {
	text, err := os.ReadFile("../testdata/charter.json")
	if err != nil {
		return nil, err
	}
	charter, err := codesocial.ParseCharter(bytes.Replace(text, []byte(`"inForceFrom": "2025-01-01"`), []byte(`"inForceFrom": "2024-01-01"`), 1))
	if err != nil {
		return nil, err
	}
	signer, err := journal.NewSigner("le-gue.example/journal", key(1))
	if err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	if err != nil {
		return nil, err
	}
	community, err := codesocial.Open(ctx, j, ledger.Checks())
	if err != nil {
		return nil, err
	}
	signature, err := codesocial.SignCharter(charter, moulin, key(2))
	if err != nil {
		return nil, err
	}
	parties := []codesocial.Party{{ID: moulin, Type: codesocial.Organization, Name: "Le Moulin", Key: codesocial.PublicKeyOf(key(2))}}
	var admissions []codesocial.Admission
	for _, p := range []codesocial.Party{
		{ID: ana, Type: codesocial.Person, Name: "Ana *Zoé*", Organization: moulin},
		{ID: bob, Type: codesocial.Person, Name: "Bob"},
		{ID: anna, Type: codesocial.Person, Name: "Ana (Zoé)"},
		{ID: pont, Type: codesocial.Project, Name: "Le Pont", Lead: moulin},
		{ID: barque, Type: codesocial.Project, Name: "La Barque", Lead: moulin},
	} {
		parties = append(parties, p)
		a := codesocial.Admission{Applicant: p.ID, Charter: charter.Hash(), On: day("2024-01-01"), Sponsors: []string{moulin}}
		if p.Lead != "" {
			if a.Signature, err = codesocial.SignAcceptance(p.ID, charter, key(2)); err != nil {
				return nil, err
			}
		}
		admissions = append(admissions, a)
	}
	if err := cmp.Or(
		community.Register(ctx, parties...),
		community.Propose(ctx, charter),
		community.Adopt(ctx, codesocial.Adoption{Charter: charter.Hash(), On: day("2023-12-01"), Signatures: []codesocial.CharterSignature{signature}}),
		community.Admit(ctx, admissions...),
	); err != nil {
		return nil, err
	}
	l, err := ledger.Open(ctx, community)
	return &world{l, community.State()}, err
}

// year is a small world with a year of money: receipts, expenses, a distribution, a payment.
func year(t testing.TB) *world {
	t.Helper()
	w := setup(t)
	ctx := t.Context()
	give := func(party, project, kind, quantity, unit, on, note string) uuid.UUID {
		c := ledger.Contribution{
			ID: uuid.New(), Party: party, Project: project, Kind: kind, Quantity: ledger.Quantity{Value: dec(quantity), Unit: unit}, On: day(on), Note: note,
		}
		require.NoError(t, w.Declare(ctx, c))
		return c.ID
	}
	first := give(ana, pont, "time", "60.5", "h", "2025-03-04", "=cmd|'/c calc'!A1")
	second := give(bob, pont, "time", "30", "h", "2025-03-05", "")
	give(ana, barque, "knowledge", "2", "deliverable", "2025-04-01", "plans | <b>drawn</b>")
	require.NoError(t, w.Validate(ctx, ledger.Validation{By: moulin, On: day("2025-03-31"), Contributions: []uuid.UUID{first, second}}))
	receive := func(project, amount, on, payer string) {
		require.NoError(t, w.Receive(ctx, ledger.Receipt{Project: project, Amount: dec(amount), Currency: "EUR", On: day(on), Payer: payer, Reference: "F-1"}))
	}
	receive(barque, "500.00", "2024-11-30", "Town of Le Gué")
	receive(pont, "1200.00", "2025-06-30", "Town; of Le Gué")
	require.NoError(t, w.Spend(ctx,
		ledger.Expense{Project: pont, Amount: dec("199.99"), Currency: "EUR", On: day("2025-02-01"), Payee: "Sawmill", Reference: "A-1"},
	))
	_, err := w.Distribute(ctx, ledger.Run{Project: pont, From: newYear, To: lastDay})
	require.NoError(t, err)
	require.NoError(t, w.Pay(ctx, ledger.Payment{Party: ana, Amount: dec("100.00"), Currency: "EUR", On: lastDay}))
	return w
}

func read(t testing.TB, w *world, f func(*ledger.Books)) {
	t.Helper()
	require.NoError(t, w.Read(f))
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%v: install the Debian packages hledger, ledger and beancount, as .ci/run does", err)
	}
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+t.TempDir())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s %v: %s%s", name, args, out, stderr.String())
	require.Empty(t, stderr.String())
	return string(out)
}

func TestTheRealProgramsHaveTheBalancesOfTheBooks(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	w := year(t)
	accounts := []ledger.Account{
		ledger.Cash, ledger.ProjectAccount(pont), ledger.ProjectAccount(barque), ledger.PartyAccount(ana), ledger.PartyAccount(anna),
		ledger.PartyAccount(bob), ledger.FundAccount("commons"), ledger.FundAccount("a l/éa"),
	}
	var transactions []ledger.Transaction
	for range 300 {
		x := ledger.Transaction{On: newYear.AddDays(random.IntN(365)), Label: "x"}
		currency, places := "EUR", int32(2)
		switch random.IntN(3) {
		case 0:
			currency, places = "JPY", 0
		case 1:
			currency, places = "TND", 3
		}
		amount := decimal.New(1+random.Int64N(1_000_000), -places)
		from, to := random.IntN(len(accounts)), random.IntN(len(accounts)-1)
		if to >= from {
			to++
		}
		x.Postings = []ledger.Posting{{Account: accounts[from], Amount: amount, Currency: currency}, {Account: accounts[to], Amount: amount.Neg(), Currency: currency}}
		transactions = append(transactions, x)
	}
	require.NoError(t, w.Post(t.Context(), transactions...))

	want := make(map[[2]string]string)
	var exported []plaintext.Transaction
	read(t, w, func(b *ledger.Books) {
		var names map[ledger.Account]string
		exported, names = handover.PlainText(w.state, b, ledger.Filter{})
		for _, currency := range b.Currencies() {
			for account, balance := range b.Accounts(currency) {
				if !balance.IsZero() {
					want[[2]string{names[account], currency}] = balance.Normalize().String()
				}
			}
		}
		require.NotEqual(t, names[ledger.PartyAccount(ana)], names[ledger.PartyAccount(anna)], "one name, two people")
		require.Equal(t, "Liabilities:Parties:Bob", names[ledger.PartyAccount(bob)])
	})
	require.Greater(t, len(want), 20)
	for _, format := range []plaintext.Format{plaintext.Hledger, plaintext.Ledger, plaintext.Beancount} {
		file := filepath.Join(t.TempDir(), "year."+format.String())
		var b bytes.Buffer
		require.NoError(t, plaintext.Write(&b, format, exported))
		require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
		require.Equal(t, want, theirs(t, format, file), "%s", format)
	}
}

// theirs are the balances that the real program reads, by account and currency.
func theirs(t *testing.T, format plaintext.Format, file string) map[[2]string]string {
	got := make(map[[2]string]string)
	add := func(account, currency, amount string) {
		if d := dec(strings.TrimSpace(amount)); !d.IsZero() {
			got[[2]string{strings.TrimSpace(account), strings.TrimSpace(currency)}] = d.Normalize().String()
		}
	}
	var out string
	switch format {
	case plaintext.Hledger:
		out = run(t, "hledger", "balance", "-f", file, "--flat", "--no-total", "--layout=bare", "-O", "csv")
	case plaintext.Beancount:
		out = run(t, "bean-query", "--format", "csv", file, "SELECT account, currency, str(sum(number)) GROUP BY account, currency")
	case plaintext.Ledger:
		for _, currency := range []string{"EUR", "JPY", "TND"} { // one at a time: ledger writes several on several lines
			out := run(t, "ledger", "balance", "-f", file, "--flat", "--no-total", "--limit", "commodity == \""+currency+"\"",
				"--balance-format", "%(account),%(quantity(display_total))\n")
			for line := range strings.Lines(out) {
				account, amount, _ := strings.Cut(line, ",")
				add(account, currency, amount)
			}
		}
		return got
	}
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		add(row[0], row[1], strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(row[2]), "Decimal('"), "')"))
	}
	return got
}

func TestTheYearIsHandedOverAsFEC(t *testing.T) {
	t.Parallel()
	w := year(t)
	var b bytes.Buffer
	read(t, w, func(books *ledger.Books) {
		lines, err := handover.FEC(w.state, books, handover.FECOptions{From: newYear, Closing: lastDay, Validated: day("2026-01-15")})
		require.NoError(t, err)
		require.NoError(t, fec.Write(&b, lastDay.In(nil), lines))
	})
	name, err := fec.FileName("552100554", lastDay.In(nil))
	require.NoError(t, err)
	sums := make(map[string]decimal.Decimal)
	auxiliary := make(map[string]string)
	report, err := fec.Check(name, &b, &fec.Options{Line: func(l *fec.Line) error {
		sums[l.Account] = sums[l.Account].Add(l.Debit).Sub(l.Credit)
		if l.AuxiliaryName != "" {
			auxiliary[l.Auxiliary] = l.AuxiliaryName
		}
		return nil
	}})
	require.NoError(t, err)
	require.Empty(t, report.Findings)
	require.Equal(t, 5, report.Entries, "opening, receipt, expense, distribution, payment")
	read(t, w, func(books *ledger.Books) {
		require.True(t, sums["512000"].Equal(books.Balance(ledger.Cash, "EUR")))
		require.True(t, sums["158000"].Equal(books.Balance(ledger.FundAccount("contingencies"), "EUR")))
		owed := books.Balance(ledger.PartyAccount(ana), "EUR").Add(books.Balance(ledger.PartyAccount(bob), "EUR"))
		require.True(t, sums["458000"].Equal(owed))
	})
	require.Equal(t, "-500", sums["110000"].String(), "the result of the year before")
	require.Equal(t, "-1200", sums["706000"].String())
	require.Equal(t, "199.99", sums["611000"].String())
	require.Len(t, auxiliary, 2)
}

func TestForeignAmountsAreConvertedAndWhatIsMissingIsALoss(t *testing.T) {
	t.Parallel()
	w := setup(t)
	require.NoError(t, w.Post(t.Context(),
		ledger.Transaction{On: newYear, Label: "exchange", Postings: []ledger.Posting{
			{Account: ledger.Cash, Amount: dec("100"), Currency: "JPY"},
			{Account: ledger.FundAccount("x"), Amount: dec("-100"), Currency: "JPY"},
			{Account: ledger.Cash, Amount: dec("-0.70"), Currency: "EUR"},
			{Account: ledger.FundAccount("x"), Amount: dec("0.70"), Currency: "EUR"},
		}},
		ledger.Transaction{On: newYear, Label: "in three parts", Postings: []ledger.Posting{
			{Account: ledger.Cash, Amount: dec("5"), Currency: "JPY"},
			{Account: ledger.PartyAccount(ana), Amount: dec("-1"), Currency: "JPY"},
			{Account: ledger.PartyAccount(bob), Amount: dec("-1"), Currency: "JPY"},
			{Account: ledger.PartyAccount(anna), Amount: dec("-3"), Currency: "JPY"},
		}},
	))
	options := handover.FECOptions{From: newYear, Closing: lastDay}
	read(t, w, func(books *ledger.Books) {
		_, err := handover.FEC(w.state, books, options)
		require.ErrorIs(t, err, handover.ErrCurrency)
		require.ErrorContains(t, err, "100 JPY on 2025-01-01")
		options.Rates = map[string]decimal.Decimal{"JPY": dec("0.0061")}
		lines, err := handover.FEC(w.state, books, options)
		require.NoError(t, err)
		require.NoError(t, fec.Write(&bytes.Buffer{}, lastDay.In(nil), lines))
		require.Equal(t, []string{"0.61", "100", "JPY"}, []string{lines[0].Debit.String(), lines[0].Foreign.String(), lines[0].Currency})
		last := lines[len(lines)-1]
		require.Equal(t, []string{"666000", "0.01"}, []string{last.Account, last.Debit.String()})
		again, err := handover.FEC(w.state, books, options)
		require.NoError(t, err)
		require.Equal(t, lines, again)
	})
}

func TestAChartIsDataThatTheOrganizationChanges(t *testing.T) {
	t.Parallel()
	chart, err := handover.ParseChart(strings.NewReader(`{"cash": {"number": "512100", "name": "Crédit coopératif"}, "funds": {"x": {"number": "106900", "name": "X"}}}`))
	require.NoError(t, err)
	require.Equal(t, "512100", chart.Cash.Number)
	require.Equal(t, handover.DefaultChart().Parties, chart.Parties)
	require.Contains(t, chart.Funds, "commons")
	require.Contains(t, chart.Funds, "x")
	for _, bad := range []string{"", "{", `{"bank account": 1}`, `{} {}`, `{"cash": {"number": "cash", "name": "x"}}`, `{"cash": {"number": "512", "name": ""}}`, `{"bank": {"code": "", "name": "x"}}`, strings.Repeat(" ", handover.MaxChartBytes+1)} {
		_, err := handover.ParseChart(strings.NewReader(bad))
		require.ErrorIs(t, err, handover.ErrInvalid, "%.40q", bad)
	}
	w := year(t)
	read(t, w, func(books *ledger.Books) {
		lines, err := handover.FEC(w.state, books, handover.FECOptions{From: newYear, Closing: lastDay, Chart: &chart})
		require.NoError(t, err)
		require.Equal(t, "512100", lines[1].Account)
		for _, o := range []handover.FECOptions{{}, {From: lastDay, Closing: newYear}, {From: newYear, Closing: day("2027-12-31")}, {From: newYear, Closing: lastDay, Chart: &handover.Chart{}}, {From: newYear, Closing: lastDay, Rates: map[string]decimal.Decimal{"JPY": dec("-1")}}} {
			_, err := handover.FEC(w.state, books, o)
			require.ErrorIs(t, err, handover.ErrInvalid)
		}
	})
}

func TestAStatementKeepsDeclaredAndValidatedApart(t *testing.T) {
	t.Parallel()
	w := year(t)
	read(t, w, func(books *ledger.Books) {
		st, err := handover.StatementOf(w.state, books, ana, newYear, lastDay)
		require.NoError(t, err)
		require.Len(t, st.Totals, 2)
		var page, french strings.Builder
		require.NoError(t, st.Markdown(&page, "en"))
		require.NoError(t, st.Markdown(&french, "fr"))
		owed := books.Balance(ledger.PartyAccount(ana), "EUR").Neg()
		require.Contains(t, page.String(), `# Statement of contributions: Ana \*Zoé\*`)
		require.Contains(t, page.String(), "| Le Pont | time | 0 | 60.5 | h |")
		require.Contains(t, page.String(), "| La Barque | knowledge | 2 | 0 | deliverable |")
		require.Contains(t, page.String(), `plans \| &lt;b&gt;drawn&lt;/b&gt;`)
		require.Contains(t, page.String(), "**owed at the end** | **"+owed.StringFixed(2)+"**")
		require.Contains(t, french.String(), "| Le Pont | temps | 0 | 60,5 | h |")
		require.Contains(t, french.String(), "| La Barque | savoir | 2 | 0 | deliverable |")
		require.Contains(t, french.String(), "| 100,00 |")
		require.Contains(t, french.String(), "| déclaré |")
		require.Contains(t, french.String(), "| compté |")

		var sheet bytes.Buffer
		require.NoError(t, st.CSV(&sheet))
		require.Contains(t, sheet.String(), `'=cmd|'/c calc'!A1`)
		again, err := intake.ReadContributions("statement.csv", &sheet, nil)
		require.NoError(t, err, "what is handed over can be read again")
		require.Len(t, again.Lines, 2)
		require.Equal(t, "60.5", again.Lines[0].Quantity.String())

		for _, days := range [][2]codesocial.Date{{lastDay, newYear}, {{}, lastDay}, {newYear, {}}} {
			_, err = handover.StatementOf(w.state, books, ana, days[0], days[1])
			require.ErrorIs(t, err, handover.ErrInvalid)
		}
		_, err = handover.StatementOf(w.state, books, "urn:nobody", newYear, lastDay)
		require.ErrorIs(t, err, handover.ErrUnknown)
		nothing, err := handover.StatementOf(w.state, books, anna, newYear, lastDay)
		require.NoError(t, err)
		require.NoError(t, nothing.Markdown(&page, "en"))
	})
}

func TestAStatementRoundsNoAmountInACurrencyOfTheCommunity(t *testing.T) {
	t.Parallel()
	st := handover.Statement{Name: "Ana", Money: []handover.Money{
		{Currency: "GRAIN", Before: dec("1.2345"), After: dec("3")}, {Currency: "JPY", After: dec("1200")},
	}}
	for lang, want := range map[string][]string{"en": {"| 1.2345 |", "**3.00**", "**1200**"}, "fr": {"| 1,2345 |", "**3,00**", "**1200**"}} {
		var page strings.Builder
		require.NoError(t, st.Markdown(&page, lang))
		for _, w := range want {
			require.Contains(t, page.String(), w)
		}
	}
}
