package codesocial_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestThePackagePageShowsTheLifeOfAVersion(t *testing.T) {
	t.Parallel()
	requirePage(t, codesocial.LifeTable)
}

// renewal is signed by two founders.
func renewal(t testing.TB, c *codesocial.Charter, on, reviewBy string) codesocial.Renewal {
	t.Helper()
	r := codesocial.Renewal{Charter: c.Hash(), On: day(t, on), ReviewBy: day(t, reviewBy)}
	for _, signer := range []string{fournil, atelier} {
		s, err := codesocial.SignRenewal(c, r.ReviewBy, signer, keys[signer])
		require.NoError(t, err)
		r.Signatures = append(r.Signatures, s)
	}
	return r
}

func repeal(t testing.TB, c *codesocial.Charter, on, from string) codesocial.Repeal {
	t.Helper()
	r := codesocial.Repeal{Charter: c.Hash(), On: day(t, on), From: day(t, from), Reason: "We part as friends."}
	for _, signer := range []string{fournil, atelier} {
		s, err := codesocial.SignRepeal(c, r.From, signer, keys[signer])
		require.NoError(t, err)
		r.Signatures = append(r.Signatures, s)
	}
	return r
}

// stages are worlds in which a version of the charter of a project, or "" for the common one, stands somewhere on 2026-03-15, by status.
func stages(t testing.TB, project string) map[codesocial.Status]func() (*world, *codesocial.Charter) {
	t.Helper()
	start := func() (*world, *codesocial.Charter) {
		w := assembly(t, byVoteOnText, `{"kind":"codesocial.review","opens":60,"callers":1}`, `{"kind":"codesocial.project","partners":"2/3"}`)
		c := w.State().Versions()[0].Charter
		if project != "" {
			c = w.derived("2025-02-01")
			w.adopt(c, atelier, fournil)
		}
		return w, c
	}
	after := func(from string) (*world, *codesocial.Charter) {
		w, v1 := start()
		return w, next(t, v1, from, func(d *codesocial.Document) { d.ReviewBy = day(t, from).AddMonths(12) })
	}
	all := commonStages(t, start, after)
	if project != "" {
		all[codesocial.Expired] = func() (*world, *codesocial.Charter) {
			w, v1 := start()
			w.compost("2026-03-01")
			return w, v1
		}
	}
	return all
}

func commonStages(t testing.TB, start func() (*world, *codesocial.Charter), after func(from string) (*world, *codesocial.Charter)) map[codesocial.Status]func() (*world, *codesocial.Charter) {
	return map[codesocial.Status]func() (*world, *codesocial.Charter){
		codesocial.Draft: func() (*world, *codesocial.Charter) { return after("2026-04-01") },
		codesocial.Proposed: func() (*world, *codesocial.Charter) {
			w, v2 := after("2026-04-01")
			require.NoError(t, w.Propose(t.Context(), v2))
			return w, v2
		},
		codesocial.InDecision: func() (*world, *codesocial.Charter) {
			w, v2 := after("2026-04-01")
			require.NoError(t, w.Propose(t.Context(), v2))
			w.decide(textDecision(t, codesocial.AmendmentKind, v2.Hash(), "2026-03-14T09:00:00Z"))
			return w, v2
		},
		codesocial.Outdated: func() (*world, *codesocial.Charter) {
			w, v2 := after("2026-04-01")
			require.NoError(t, w.Propose(t.Context(), v2))
			other := next(t, w.adopted(v2.Project())[0], "2026-03-20")
			w.adopt(other, atelier, fournil)
			return w, v2
		},
		codesocial.Adopted: func() (*world, *codesocial.Charter) {
			w, v2 := after("2026-04-01")
			require.NoError(t, w.Propose(t.Context(), v2))
			require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2026-03-10"), Signatures: signatures(t, v2, atelier, fournil)}))
			return w, v2
		},
		codesocial.InForce: func() (*world, *codesocial.Charter) {
			w, v2 := after("2026-03-01")
			w.adopt(v2, atelier, fournil)
			return w, v2
		},
		codesocial.UnderReview: start,
		codesocial.Superseded: func() (*world, *codesocial.Charter) {
			w, v2 := after("2026-03-01")
			w.adopt(v2, atelier, fournil)
			return w, w.adopted(v2.Project())[0]
		},
		codesocial.Repealed: func() (*world, *codesocial.Charter) {
			w, v1 := start()
			require.NoError(t, w.Repeal(t.Context(), repeal(t, v1, "2026-03-01", "2026-03-02")))
			return w, v1
		},
	}
}

// carry has a matter adopted by the vote of the atelier.
func (w *world) carry(m codesocial.Matter, when string) {
	w.t.Helper()
	o := textDecision(w.t, m.Kind, m.Ref, when)
	id := w.decide(o)
	w.answer(id, atelier, when, decision.For)
	require.NoError(w.t, w.Close(w.t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
}

// byVoteOnText lets members vote on texts, besides the signatures of founders.
const byVoteOnText = `{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"cast"}}`

func textDecision(t testing.TB, kind, ref, when string) codesocial.Opening {
	t.Helper()
	return codesocial.Opening{
		Matter: codesocial.Matter{Kind: kind, Ref: ref}, Title: codesocial.Text{"en": "Shall we?", "fr": "Le voulons-nous ?"},
		Proposer: atelier, At: at(t, when), Opens: at(t, when), Closes: at(t, when).AddDate(0, 0, 5),
	}
}

func TestEveryPairOfAVersionsStatusAndEventIsAsTheTableSays(t *testing.T) {
	t.Parallel()
	const on = "2026-03-15"
	want := map[codesocial.Status]map[string]codesocial.Status{
		codesocial.Draft:       {"propose": codesocial.Proposed},
		codesocial.Proposed:    {"adopt": codesocial.Adopted, "adopt another": codesocial.Outdated},
		codesocial.InDecision:  {"adopt": codesocial.Adopted, "adopt another": codesocial.Outdated},
		codesocial.InForce:     {"renew": codesocial.InForce, "repeal": codesocial.Repealed, "call the review": codesocial.UnderReview},
		codesocial.UnderReview: {"renew": codesocial.InForce, "repeal": codesocial.Repealed},
	}
	acts := map[string]func(w *world, c *codesocial.Charter) error{
		"propose": func(w *world, c *codesocial.Charter) error {
			before := w.journal.Size()
			err := w.Propose(w.t.Context(), c)
			if err == nil && w.journal.Size() == before {
				return codesocial.ErrExists // it was proposed already
			}
			return err
		},
		"adopt": func(w *world, c *codesocial.Charter) error {
			before := w.journal.Size()
			err := w.Adopt(w.t.Context(), codesocial.Adoption{Charter: c.Hash(), On: day(w.t, on), Signatures: signatures(w.t, c, atelier, fournil)})
			if err == nil && w.journal.Size() == before {
				return codesocial.ErrExists // it was adopted already
			}
			return err
		},
		"renew": func(w *world, c *codesocial.Charter) error {
			return w.Renew(w.t.Context(), renewal(w.t, c, on, "2027-03-15"))
		},
		"call the review": func(w *world, c *codesocial.Charter) error {
			return w.CallReview(w.t.Context(), codesocial.ReviewCall{Charter: c.Hash(), On: day(w.t, on), Party: atelier, Reason: "Too much has changed."}, keys[atelier])
		},
		"repeal": func(w *world, c *codesocial.Charter) error { return w.Repeal(w.t.Context(), repeal(w.t, c, on, on)) },
		"adopt another": func(w *world, c *codesocial.Charter) error {
			adopted := w.adopted(c.Project())
			if c.Version() == 1 || len(adopted) > 1 {
				return codesocial.ErrChain
			}
			other := next(w.t, adopted[0], "2026-05-01")
			if err := w.Propose(w.t.Context(), other); err != nil {
				return err
			}
			if _, ok := w.State().Version(c.Hash()); !ok {
				return codesocial.ErrUnknown
			}
			return w.Adopt(w.t.Context(), codesocial.Adoption{Charter: other.Hash(), On: day(w.t, on), Signatures: signatures(w.t, other, atelier, fournil)})
		},
	}
	type pair struct {
		project string
		status  codesocial.Status
	}
	var pairs []pair
	for _, project := range []string{"", relais} {
		for status := range stages(t, project) {
			pairs = append(pairs, pair{project, status})
		}
	}
	for _, p := range pairs {
		project, status := p.project, p.status
		for event, act := range acts {
			t.Run(strings.Trim(project+" "+string(status)+" "+event, " "), func(t *testing.T) {
				t.Parallel()
				w, c := stages(t, project)[status]()
				got, err := w.State().Status(c.Hash(), day(t, on))
				if status == codesocial.Draft {
					require.ErrorIs(t, err, codesocial.ErrUnknown)
				} else {
					require.NoError(t, err)
					require.Equal(t, status, got)
				}
				inForce := 0
				if c, err := w.State().ProjectInForce(project, at(t, on+"T12:00:00Z")); err == nil {
					inForce = c.Version()
				}
				require.Equal(t, status == codesocial.InForce || status == codesocial.UnderReview, inForce == c.Version(), "nothing else has effect")
				err = act(w, c)
				if to, ok := want[status][event]; ok {
					require.NoError(t, err)
					got, err = w.State().Status(c.Hash(), day(t, on))
					require.NoError(t, err)
					require.Equal(t, to, got)
					require.Equal(t, w.State(), w.replay())
					return
				}
				require.Error(t, err)
			})
		}
	}
}

func TestAVersionThatIsRenewedStaysAndIsReviewedAgain(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t)
	r := renewal(t, v1, "2026-02-01", "2027-02-01")
	require.NoError(t, w.Renew(t.Context(), r))
	require.NoError(t, w.Renew(t.Context(), r), "again: nothing is recorded")
	require.Equal(t, w.State(), w.replay())
	v := w.State().Versions()[0]
	for on, want := range map[string]codesocial.Status{
		"2025-11-01": codesocial.InForce, "2026-01-31": codesocial.UnderReview, "2026-02-01": codesocial.InForce, "2026-12-04": codesocial.UnderReview,
		"2030-01-01": codesocial.UnderReview,
	} {
		got, err := w.State().Status(v1.Hash(), day(t, on))
		require.NoError(t, err)
		require.Equal(t, want, got, on)
	}
	require.True(t, v.Overdue(day(t, "2026-01-31")), "as it stood then")
	require.False(t, v.Overdue(day(t, "2027-02-01")))
	require.True(t, v.Overdue(day(t, "2027-02-02")))

	forged := renewal(t, v1, "2026-03-01", "2028-03-01")
	forged.ReviewBy = day(t, "2030-01-01")
	w.refused(func(ctx context.Context) error { return w.Renew(ctx, forged) }, codesocial.ErrSignature)
	few := renewal(t, v1, "2026-03-01", "2028-03-01")
	few.Signatures = few.Signatures[:1]
	w.refused(func(ctx context.Context) error { return w.Renew(ctx, few) }, codesocial.ErrTooFew)
	w.refused(func(ctx context.Context) error { return w.Renew(ctx, renewal(t, v1, "2024-12-01", "2028-03-01")) }, codesocial.ErrState)
	w.refused(func(ctx context.Context) error { return w.Renew(ctx, renewal(t, v1, "2026-01-31", "2028-03-01")) }, codesocial.ErrInvalid, "last renewal")
	w.refused(func(ctx context.Context) error { return w.Renew(ctx, renewal(t, v1, "2028-03-01", "2028-03-01")) }, codesocial.ErrInvalid, "reviewBy")
}

func TestAfterARepealNothingCanBeDoneButLeaveAndBeginAgain(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t, sound)
	w.refused(func(ctx context.Context) error { return w.Repeal(ctx, repeal(t, v1, "2025-06-01", "2025-06-30")) }, codesocial.ErrRefused, "30 days", "economic-2")
	r := repeal(t, v1, "2025-06-01", "2025-07-01")
	require.NoError(t, w.Repeal(t.Context(), r))
	require.NoError(t, w.Repeal(t.Context(), r), "again: nothing is recorded")
	w.refused(func(ctx context.Context) error { return w.Repeal(ctx, repeal(t, v1, "2025-06-02", "2025-07-30")) }, codesocial.ErrExists)
	require.Equal(t, 1, w.inForce("2025-06-30T10:00:00Z"))
	require.Equal(t, 0, w.inForce("2025-07-01T10:00:00Z"))
	a := w.admission(v1)
	a.On = day(t, "2025-07-02")
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, a) }, codesocial.ErrNotInForce, "repealed")
	require.Equal(t, codesocial.NoVersion, w.opposable("social-1", atelier, "2025-07-02").Ground)
	require.NoError(t, w.step(jardin, codesocial.EventResign, "2025-07-02", jardin), "one can always leave")
	v2 := next(t, v1, "2026-01-01", func(d *codesocial.Document) { d.Founders, d.Threshold = d.Founders[:2], 2 })
	require.NoError(t, w.Propose(t.Context(), v2))
	require.NoError(t, w.Adopt(t.Context(), codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-11-01"), Signatures: signatures(t, v2, atelier, fournil)}))
	require.Equal(t, 0, w.inForce("2025-12-31T10:00:00Z"))
	require.Equal(t, 2, w.inForce("2026-01-01T10:00:00Z"))
	require.Equal(t, w.State(), w.replay())
}

func TestAVersionIsAmendedByDecisionAloneWhereItSaysSo(t *testing.T) {
	t.Parallel()
	byDecision := func(d *codesocial.Document) {
		d.Chapters[1].Clauses = append(d.Chapters[1].Clauses, codesocial.Clause{
			ID: "economic-2", Text: codesocial.Text{"fr": "Nous changeons ce texte par un vote.", "en": "We change this text by a vote."},
			Rule: canonical.Raw(`{"kind":"codesocial.amendment","notice":30,"by":"decision"}`),
		})
	}
	w := newWorld(t).withParties()
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, small(t, byDecision)) }, codesocial.ErrNoRule, "codesocial.amendment")
	v1 := small(t, byDecision, func(d *codesocial.Document) {
		d.Chapters[1].Clauses = append(d.Chapters[1].Clauses, codesocial.Clause{
			ID: "economic-3", Text: codesocial.Text{"fr": "La moitié des voix suffit.", "en": "Half of the votes will do."},
			Rule: canonical.Raw(`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"cast"},"days":1}`),
		})
	})
	w.adopt(v1, atelier, fournil)
	v2 := next(t, v1, "2026-01-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	adopt := codesocial.Adoption{Charter: v2.Hash(), On: day(t, "2025-11-20")}
	signed := adopt
	signed.Signatures = signatures(t, v2, atelier, fournil, jardin)
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, signed) }, codesocial.ErrRefused, "economic-2", "no decision")

	w.carry(adopt.Matter(), "2025-11-10T09:00:00Z")
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, signed) }, codesocial.ErrRefused, "signatures")
	early := adopt
	early.On = day(t, "2025-11-14")
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, early) }, codesocial.ErrRefused, "2025-11-14")
	require.NoError(t, w.Adopt(t.Context(), adopt))
	require.Equal(t, w.State(), w.replay())
	o := w.opposable("social-1", fournil, "2026-01-02")
	require.Equal(t, codesocial.Noticed, o.Ground)
	require.Contains(t, o.Explain("en"), "by a decision")
	require.Contains(t, o.Explain("fr"), "par une décision")

	r := codesocial.Renewal{Charter: v2.Hash(), On: day(t, "2026-06-10"), ReviewBy: day(t, "2027-06-01")}
	w.refused(func(ctx context.Context) error { return w.Renew(ctx, r) }, codesocial.ErrRefused, "economic-2")
	w.carry(r.Matter(), "2026-06-01T09:00:00Z")
	require.NoError(t, w.Renew(t.Context(), r))
	end := codesocial.Repeal{Charter: v2.Hash(), On: day(t, "2026-07-10"), From: day(t, "2026-09-01"), Reason: "Done."}
	w.carry(end.Matter(), "2026-07-01T09:00:00Z")
	require.NoError(t, w.Repeal(t.Context(), end))
	require.Equal(t, 0, w.inForce("2026-09-01T12:00:00Z"))
	require.Equal(t, w.State(), w.replay())
}

func TestAnAdmissionAwaitsTheDecisionThatItsRuleAsksFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t).withParties()
	c := deciding(t, byVote)
	doc := c.Document()
	setRule("social-1", `{"kind":"codesocial.admission","sponsors":0,"decision":true}`)(&doc)
	c, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	w.adopt(c, atelier, fournil)
	a := codesocial.Admission{Applicant: cleo, Charter: c.Hash(), On: day(t, "2025-03-16"), Signature: acceptance(t, cleo, cleo, c)}
	w.refused(func(ctx context.Context) error { return w.Admit(ctx, a) }, codesocial.ErrRefused, "no decision", "social-1")
	require.NoError(t, w.step(cleo, codesocial.EventApply, "2025-03-01", cleo))
	require.ErrorIs(t, w.step(cleo, codesocial.EventConfirm, "2025-03-16", atelier), codesocial.ErrRefused)
	o := admissionOf(t, cleo)
	id := w.decide(o)
	w.answer(id, atelier, "2025-03-12T09:00:00Z", decision.For)
	w.answer(id, jardin, "2025-03-12T09:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.NoError(t, w.step(cleo, codesocial.EventConfirm, "2025-03-16", atelier))
	require.True(t, w.member(cleo, "2025-03-16"))
}
