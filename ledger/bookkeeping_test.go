package ledger_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/ledger"
)

// kept is a world in which only bob and organisations record money. Its fund, projects and parties have some.
func kept(t *testing.T) *world {
	t.Helper()
	w := setupRules(t, `{"kind": "ledger.bookkeeping", "by": ["`+bob+`", "organization"]}`, `{"kind": "ledger.pools", "pools": [{"fund": "support", "key": "equal"}]}`)
	ctx := t.Context()
	w.give(t, w.contribution(cid, "1"))
	require.NoError(t, w.Post(ctx, transfer(1, "2025-01-02", posting(ledger.Cash, "5000", "EUR"), posting(ledger.FundAccount("commons"), "-5000", "EUR"))))
	require.NoError(t, w.Post(ctx, transfer(2, "2025-01-02", posting(ledger.Cash, "500", "EUR"), posting(ledger.PartyAccount(cid), "-500", "EUR"))))
	pending := transfer(3, "2025-01-02", posting(ledger.FundAccount("commons"), "10", "EUR"), posting(ledger.PartyAccount(ana), "-10", "EUR"))
	pending.Pending = true
	require.NoError(t, w.Post(ctx, pending))
	require.NoError(t, w.Grant(ctx, ledger.Grant{ID: id(4), By: moulin, Fund: "commons", Project: pont, Amount: dec("100"), Currency: "EUR", On: day("2025-02-01"), Reason: "r"}))
	require.NoError(t, w.Receive(ctx, w.receipt("1000")))
	cost := w.expense("10")
	cost.Project, cost.Fund = "", "support"
	require.NoError(t, w.Spend(ctx, cost))
	return w
}

// recordsMoney drafts a record of each kind that moves money, by an author where its kind has one.
func (w *world) recordsMoney(t *testing.T, by string) map[string]func(b *ledger.Books) ([]journal.Draft, error) {
	t.Helper()
	on := lastDay
	return map[string]func(b *ledger.Books) ([]journal.Draft, error){
		ledger.KindReceipt: func(b *ledger.Books) ([]journal.Draft, error) { return b.DraftReceipts(w.receipt("10")) },
		ledger.KindExpense: func(b *ledger.Books) ([]journal.Draft, error) { return b.DraftExpenses(w.expense("10")) },
		ledger.KindPayment: func(b *ledger.Books) ([]journal.Draft, error) {
			return b.DraftPayments(ledger.Payment{ID: id(20), Party: cid, Amount: dec("1"), Currency: "EUR", On: on})
		},
		ledger.KindDistribution: func(b *ledger.Books) (drafts []journal.Draft, err error) {
			drafts, _, err = b.DraftDistribution(ledger.Run{Project: pont, From: newYear, To: on, On: on})
			return drafts, err
		},
		ledger.KindAllocation: func(b *ledger.Books) (drafts []journal.Draft, err error) {
			drafts, _, err = b.DraftAllocation("support", newYear, on, on)
			return drafts, err
		},
		ledger.KindTransaction: func(b *ledger.Books) ([]journal.Draft, error) {
			x := transfer(21, on.String(), posting(ledger.FundAccount("commons"), "10", "EUR"), posting(ledger.PartyAccount(ana), "-10", "EUR"))
			x.By = by
			return b.DraftTransactions(x)
		},
		ledger.KindCompletion: func(b *ledger.Books) ([]journal.Draft, error) {
			return b.DraftCompletions(ledger.Completion{ID: id(22), By: by, Transaction: id(3), On: on})
		},
		ledger.KindCorrection: func(b *ledger.Books) ([]journal.Draft, error) {
			c, err := b.Reversal(id(1), on, "r")
			require.NoError(t, err)
			c.ID, c.By = id(23), by
			return b.DraftCorrections(c)
		},
		ledger.KindGrant: func(b *ledger.Books) ([]journal.Draft, error) {
			return b.DraftGrant(ledger.Grant{ID: id(24), By: by, Fund: "commons", Project: barque, Amount: dec("1"), Currency: "EUR", On: on, Reason: "r"})
		},
		ledger.KindRefund: func(b *ledger.Books) ([]journal.Draft, error) {
			return b.DraftRefund(ledger.Refund{ID: id(25), By: by, Grant: id(4), Amount: dec("1"), On: on, Reason: "r"})
		},
	}
}

func refusedBookkeeper(t *testing.T, err error, kind string) {
	t.Helper()
	require.ErrorIs(t, err, ledger.ErrState, kind)
	require.ErrorContains(t, err, "does not record money", kind)
	var rule *codesocial.RuleError
	require.ErrorAs(t, err, &rule, kind)
	require.Equal(t, [2]string{ledger.BookkeepingKind, "extra-a"}, [2]string{rule.Kind, rule.Clause.Clause}, kind)
}

func TestOnlyWhomTheCharterNamesRecordsMoney(t *testing.T) {
	t.Parallel()
	w := kept(t)
	for kind, draft := range w.recordsMoney(t, cid) {
		switch drafts, err := draft(w.Books()); kind {
		case ledger.KindReceipt, ledger.KindExpense, ledger.KindPayment, ledger.KindDistribution, ledger.KindAllocation:
			require.NoError(t, err, kind)
			require.Empty(t, drafts[0].Author, "%s is recorded by the organisation that keeps the books", kind)
		default:
			refusedBookkeeper(t, err, kind)
		}
	}
	for _, by := range []string{bob, moulin} {
		for kind, draft := range w.recordsMoney(t, by) {
			_, err := draft(w.Books())
			require.NoError(t, err, "%s by %s", kind, by)
		}
	}
	void := ledger.Completion{ID: id(30), By: cid, Transaction: id(3), On: lastDay, Void: true}
	refusedBookkeeper(t, w.Complete(t.Context(), void), "void")
	c := w.contribution(cid, "2")
	require.NoError(t, w.Declare(t.Context(), c))
	require.NoError(t, w.Correct(t.Context(), ledger.Correction{ID: id(31), By: cid, Corrects: c.ID, On: lastDay, Difference: &ledger.Quantity{Value: dec("-1"), Unit: "h"}, Reason: "r"}), "hours are no money")
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)
}

func TestWhoHoldsARoleRecordsMoneyAndValidates(t *testing.T) {
	t.Parallel()
	roles := `{"kind": "codesocial.roles", "roles": [{"id": "treasurer", "title": {"en": "Treasurer", "fr": "Trésorerie"}, "named": ["` + bob + `"]}]}`
	w := setupRules(t, roles, `{"kind": "ledger.bookkeeping", "role": "treasurer"}`)
	move := transfer(1, "2025-01-02", posting(ledger.FundAccount("commons"), "10", "EUR"), posting(ledger.PartyAccount(ana), "-10", "EUR"))
	for _, by := range []string{cid, moulin} {
		move.By = by
		err := w.Post(t.Context(), move)
		require.ErrorIs(t, err, ledger.ErrState, by)
		require.ErrorContains(t, err, "does not record money", by)
	}
	move.By = bob
	require.NoError(t, w.Post(t.Context(), move))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)

	for rule, validates := range map[string][]string{
		`"role": "treasurer"`: {bob}, `"role": "treasurer", "by": ["` + cid + `"]`: {bob, cid}, `"role": "secretary"`: {}, `"by": ["` + cid + `"]`: {cid},
	} {
		w := setupWith(t, `{"kind": "ledger.validation", "validators": 1}`, `{"kind": "ledger.validation", "validators": 1, `+rule+`}}, {"id": "extra-a", "text": {"en": "As we agreed."}, "rule": `+roles)
		for n, by := range []string{bob, cid, moulin} {
			c := w.contribution(ana, "1")
			require.NoError(t, w.Declare(t.Context(), c))
			if err := w.validate(t, by, c); slices.Contains(validates, by) {
				require.NoError(t, err, "%s %d", rule, n)
			} else {
				require.ErrorContains(t, err, "does not validate", "%s %d", rule, n)
			}
		}
	}
}

func TestTheAuditFindsMoneyThatSomebodyElseRecorded(t *testing.T) {
	t.Parallel()
	for kind := range kept(t).recordsMoney(t, "") {
		for _, author := range []string{cid, bob} {
			w := kept(t)
			_, err := w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
				drafts, err := w.recordsMoney(t, bob)[kind](w.Books())
				for i := range drafts {
					drafts[i].Author = author
				}
				return drafts, err
			})
			require.NoError(t, err, "%s past the door", kind)
			_, err = ledger.Audit(t.Context(), w.journal)
			if author == bob {
				require.NoError(t, err, kind)
				continue
			}
			refusedBookkeeper(t, err, kind)
		}
	}
}

func TestNobodyRecordsMoneyForHerself(t *testing.T) {
	t.Parallel()
	project, fund, party := ledger.ProjectAccount(pont), ledger.FundAccount("commons"), ledger.PartyAccount
	w := setup(t)
	n := 0
	move := func(by string, postings ...any) ledger.Transaction {
		n++
		x := transfer(n, "2025-07-01")
		x.By = by
		for i := 0; i < len(postings); i += 2 {
			x.Postings = append(x.Postings, posting(postings[i].(ledger.Account), postings[i+1].(string), "EUR"))
		}
		return x
	}
	for name, theft := range map[string]ledger.Transaction{
		"from the project": move(ana, project, "100", party(ana), "-100"),
		"from another":     move(ana, party(bob), "100", party(ana), "-100"),
		"for the organisation to which she belongs":  move(ana, fund, "100", party(moulin), "-100"),
		"from the organisation to which she belongs": move(ana, party(moulin), "100", party(ana), "-100"),
		"for a project that it leads":                move(moulin, fund, "100", party(barque), "-100"),
		"more than is paid in":                       move(ana, ledger.Cash, "99", fund, "1", party(ana), "-100"),
		"a share":                                    move(ana, project, "100", party(bob), "-60", party(ana), "-40"),
		"in parts":                                   move(ana, project, "100", party(ana), "-150", party(ana), "50"),
	} {
		size := w.journal.Size()
		require.ErrorIs(t, w.Post(t.Context(), theft), ledger.ErrOwnWork, name)
		theft.Pending = true
		require.ErrorIs(t, w.Post(t.Context(), theft), ledger.ErrOwnWork, "%s, pending", name)
		require.Equal(t, size, w.journal.Size(), name)
	}
	for name, honest := range map[string]ledger.Transaction{
		"by the organisation that keeps the books": move("", project, "100", party(ana), "-100"),
		"by another":                      move(bob, project, "100", party(ana), "-100"),
		"paid in":                         move(ana, ledger.Cash, "100", party(ana), "-100"),
		"to another":                      move(ana, party(ana), "100", party(bob), "-100"),
		"to the organisation":             move(ana, party(ana), "100", party(moulin), "-100"),
		"by the organisation to a person": move(moulin, party(moulin), "100", party(ana), "-100"),
		"into a project that it leads":    move(moulin, fund, "100", project, "-100"),
	} {
		require.NoError(t, w.Post(t.Context(), honest), name)
	}

	paid, pending := move(bob, project, "50", party(ana), "-50"), move(bob, project, "10", party(ana), "-10")
	pending.Pending = true
	require.NoError(t, w.Post(t.Context(), paid, pending))
	correction := ledger.Correction{ID: id(100), By: ana, Corrects: paid.ID, On: lastDay, Reason: "r", Postings: move(ana, project, "5", party(ana), "-5").Postings}
	completion := ledger.Completion{ID: id(101), By: ana, Transaction: pending.ID, On: lastDay}
	require.ErrorIs(t, w.Correct(t.Context(), correction), ledger.ErrOwnWork)
	require.ErrorIs(t, w.Complete(t.Context(), completion), ledger.ErrOwnWork)
	correction.By, completion.By = bob, bob
	require.NoError(t, w.Correct(t.Context(), correction))
	require.NoError(t, w.Complete(t.Context(), completion))
	_, err := ledger.Audit(t.Context(), w.journal)
	require.NoError(t, err)

	theft := move(ana, project, "100", party(ana), "-100")
	_, err = w.journal.Update(t.Context(), func() ([]journal.Draft, error) {
		return []journal.Draft{{ID: theft.ID, Kind: ledger.KindTransaction, Schema: 1, Author: ana, Payload: theft}}, nil
	})
	require.NoError(t, err, "past the door")
	_, err = ledger.Audit(t.Context(), w.journal)
	require.ErrorIs(t, err, ledger.ErrOwnWork)
}

func TestARuleOnBookkeepingNamesWhoCanBeHeldToIt(t *testing.T) {
	t.Parallel()
	for by, want := range map[string]error{
		`[]`: ledger.ErrInvalid, `["treasurer"]`: ledger.ErrInvalid, `["lead"]`: ledger.ErrInvalid, `[""]`: ledger.ErrInvalid,
		`["member"]`: nil, `["organization", "` + bob + `"]`: nil,
	} {
		charter, err := codesocial.ParseCharter([]byte(strings.Replace(charterText(t), `{"id": "economic-1"`, `{"id": "extra-a", "text": {"en": "As we agreed."}, "rule": {"kind": "ledger.bookkeeping", "by": `+by+`}}, {"id": "economic-1"`, 1)))
		require.NoError(t, err)
		err = charter.CheckRules(ledger.Checks()...)
		if want == nil {
			require.NoError(t, err, by)
			continue
		}
		require.ErrorIs(t, err, want, by)
	}
	require.NoError(t, (&ledger.BookkeepingRule{Role: "treasurer"}).Validate())
	require.ErrorIs(t, (&ledger.BookkeepingRule{By: make([]string, ledger.MaxRoles+1)}).Validate(), ledger.ErrInvalid)
}
