package codesocial_test

import (
	"context"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// pyramid is the rule of roles of most tests: ana is the author, jardin a co-author, the publisher and the treasurer are elected.
const pyramid = `{"kind":"codesocial.roles","consultation":10,
	"circles":[{"id":"all","title":{"en":"All","fr":"Tous"}},{"id":"first","title":{"en":"First circle","fr":"Premier cercle"},"parent":"all"}],
	"roles":[
		{"id":"author","title":{"en":"Author","fr":"Auteur"},"circle":"first","rights":["consulted"],"named":["` + ana + `"]},
		{"id":"co-author","title":{"en":"Co-author","fr":"Co-auteur"},"circle":"first","rights":["consulted"],"named":["` + jardin + `"]},
		{"id":"publisher","title":{"en":"Publisher","fr":"Éditeur"},"circle":"first","rights":["evolution"],"termMonths":12},
		{"id":"treasurer","title":{"en":"Treasurer","fr":"Trésorier"},"circle":"all","rights":["ledger.payment"],"termMonths":6,"holders":2}]}`

const byMajority = `{"kind":"codesocial.decision","matters":["codesocial.role","codesocial.revocation","codesocial.recovery"],"vote":{"threshold":"1/2","base":"cast"},"days":1}`

// choosing lets the majority choose among candidates.
const choosing = `{"kind":"codesocial.decision","matters":["codesocial.role"],"election":{"method":"schulze","quorum":"1/3","tie":"lot"},"days":1}`

// elect chooses a party for a role in an election that closes on the day after when.
func (w *world) elect(role, party, other, when string) {
	w.t.Helper()
	o := codesocial.Opening{
		Matter: codesocial.Matter{Kind: codesocial.RoleMatter, Ref: role}, Title: codesocial.Text{"en": "Who takes the role?"}, Proposer: atelier,
		Options: []string{party, other}, At: at(w.t, when+"T09:00:00Z"), Opens: at(w.t, when+"T09:00:00Z"), Closes: at(w.t, when+"T09:00:00Z").AddDate(0, 0, 1),
	}
	id := w.decide(o)
	for _, voter := range []string{atelier, fournil} {
		require.NoError(w.t, w.Vote(w.t.Context(), codesocial.Ballot{Decision: id, Voter: voter, At: o.Opens, Ranking: [][]string{{party}, {other}}}, keys[voter]))
	}
	require.NoError(w.t, w.Close(w.t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
}

func withRoles(t testing.TB) *world {
	t.Helper()
	return assembly(t, choosing, pyramid, strings.Replace(byMajority, `"codesocial.role",`, "", 1), `{"kind":"codesocial.recovery","sponsors":2}`)
}

func TestRolesAreHeldByThoseNamedOrChosenForTheirTerm(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	m := codesocial.Mandate{Role: "publisher", Party: atelier, From: day(t, "2025-02-03"), Until: day(t, "2026-02-02")}
	w.refused(func(ctx context.Context) error { return w.Mandate(ctx, m) }, codesocial.ErrRefused, "decide-2", "chosen")
	w.elect("publisher", atelier, fournil, "2025-02-01")
	require.NoError(t, w.Mandate(t.Context(), m))
	require.NoError(t, w.Mandate(t.Context(), m), "again: nothing is recorded")
	s := w.State()
	holds := func(iri, role, on string) bool { return s.Holds(iri, role, day(t, on)) }
	require.False(t, holds(atelier, "publisher", "2025-02-02"))
	require.True(t, holds(atelier, "publisher", "2025-02-03"))
	require.True(t, holds(atelier, "publisher", "2026-02-02"))
	require.False(t, holds(atelier, "publisher", "2026-02-03"), "an expired mandate has no effect")
	require.True(t, holds(ana, codesocial.Author, "2025-01-01"), "authorship does not wait for membership")
	require.True(t, holds(jardin, codesocial.CoAuthor, "2025-06-01"))
	require.False(t, holds(ana, "treasurer", "2025-06-01"))
	require.False(t, holds(ana, "cook", "2025-06-01"))
	role, ok := s.HasRight(atelier, codesocial.RightEvolution, day(t, "2025-06-01"))
	require.True(t, ok)
	require.Equal(t, codesocial.Publisher, role)
	_, ok = s.HasRight(fournil, codesocial.RightEvolution, day(t, "2025-06-01"))
	require.False(t, ok)
	require.Equal(t, []string{ana, jardin, atelier}, s.CircleMembers("first", day(t, "2025-06-01")))
	require.Equal(t, []string{ana, jardin, atelier}, s.CircleMembers("all", day(t, "2025-06-01")))
	require.Len(t, s.Roles(day(t, "2025-06-01")), 4)
	require.Len(t, s.Circles(day(t, "2025-06-01")), 2)
	require.Equal(t, w.State(), w.replay())

	long := m
	long.From, long.Until = day(t, "2026-03-01"), day(t, "2027-03-01")
	w.refused(func(ctx context.Context) error { return w.Mandate(ctx, long) }, codesocial.ErrRefused, "2027-02-28")
	w.refused(func(ctx context.Context) error {
		return w.Mandate(ctx, codesocial.Mandate{Role: "author", Party: ben, From: m.From, Until: m.Until})
	}, codesocial.ErrRefused, "names")
	w.refused(func(ctx context.Context) error {
		return w.Mandate(ctx, codesocial.Mandate{Role: "cook", Party: ben, From: m.From, Until: m.Until})
	}, codesocial.ErrUnknown, "cook")
	w.refused(func(ctx context.Context) error {
		return w.Mandate(ctx, codesocial.Mandate{Role: "publisher", Party: cleo, From: m.From, Until: m.Until})
	}, codesocial.ErrNotMember)
	w.elect("publisher", fournil, atelier, "2025-06-01")
	w.refused(func(ctx context.Context) error {
		return w.Mandate(ctx, codesocial.Mandate{Role: "publisher", Party: fournil, From: day(t, "2025-06-03"), Until: day(t, "2025-12-31")})
	}, codesocial.ErrRefused, "held by 1")

	release := codesocial.Release{Role: "publisher", Party: atelier, On: day(t, "2025-06-10"), By: atelier}
	w.refused(func(ctx context.Context) error { return w.Release(ctx, release, nil) }, codesocial.ErrSignature)
	byOther := release
	byOther.By = fournil
	w.refused(func(ctx context.Context) error { return w.Release(ctx, byOther, keys[fournil]) }, codesocial.ErrRefused, "codesocial.revocation")
	require.NoError(t, w.Release(t.Context(), release, keys[atelier]))
	require.NoError(t, w.Release(t.Context(), release, keys[atelier]), "again: nothing is recorded")
	require.True(t, w.State().Holds(atelier, "publisher", day(t, "2025-06-09")))
	require.False(t, w.State().Holds(atelier, "publisher", day(t, "2025-06-10")))
	require.NoError(t, w.Mandate(t.Context(), codesocial.Mandate{Role: "publisher", Party: fournil, From: day(t, "2025-06-10"), Until: day(t, "2025-12-31")}))
	list := w.State().Mandates("publisher")
	require.Len(t, list, 2)
	require.Equal(t, day(t, "2025-06-09"), list[0].Until)

	o := textDecision(t, codesocial.RevocationMatter, "publisher "+fournil, "2025-07-01T09:00:00Z")
	id := w.decide(o)
	w.answer(id, atelier, "2025-07-01T09:00:00Z", decision.For)
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.NoError(t, w.Release(t.Context(), codesocial.Release{Role: "publisher", Party: fournil, On: day(t, "2025-07-07"), By: atelier}, keys[atelier]))
	require.Empty(t, w.State().Holders("publisher", day(t, "2025-07-07")))
	require.NoError(t, w.step(ana, codesocial.EventResign, "2025-08-01", ana))
	require.True(t, w.State().Holds(ana, codesocial.Author, day(t, "2025-08-01")), "authorship is never lost")
	require.Equal(t, w.State(), w.replay())
}

func TestNoVersionIsAdoptedBeforeItsAuthorsWereAsked(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	w.elect("publisher", atelier, fournil, "2025-02-01")
	require.NoError(t, w.Mandate(t.Context(), codesocial.Mandate{Role: "publisher", Party: atelier, From: day(t, "2025-02-03"), Until: day(t, "2026-02-02")}))
	v1 := w.State().Versions()[0].Charter
	v2 := next(t, v1, "2025-12-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	adopt := func(on string) func(context.Context) error {
		return func(ctx context.Context) error {
			return w.Adopt(ctx, codesocial.Adoption{Charter: v2.Hash(), On: day(t, on), Signatures: signatures(t, v2, atelier, fournil)})
		}
	}
	w.refused(adopt("2025-06-01"), codesocial.ErrRefused, "consulted", ana)
	ask := codesocial.Consultation{Charter: v2.Hash(), On: day(t, "2025-06-01"), By: fournil}
	w.refused(func(ctx context.Context) error { return w.Consult(ctx, ask, keys[fournil]) }, codesocial.ErrRefused, "evolution")
	ask.By = atelier
	require.NoError(t, w.Consult(t.Context(), ask, keys[atelier]))
	require.NoError(t, w.Consult(t.Context(), ask, keys[atelier]), "again: nothing is recorded")
	w.refused(adopt("2025-06-10"), codesocial.ErrRefused, "2025-06-11")
	opine := func(who, on string) func(context.Context) error {
		o := codesocial.Opinion{Charter: v2.Hash(), Party: who, On: day(t, on), Text: "I would not."}
		return func(ctx context.Context) error { return w.Opine(ctx, o, keys[who]) }
	}
	w.refused(opine(fournil, "2025-06-02"), codesocial.ErrRefused, "not among")
	w.refused(opine(ana, "2025-05-31"), codesocial.ErrInvalid)
	require.NoError(t, opine(ana, "2025-06-02")(t.Context()))
	require.NoError(t, opine(ana, "2025-06-02")(t.Context()), "again: nothing is recorded")
	w.refused(opine(ana, "2025-06-03"), codesocial.ErrExists)
	w.refused(adopt("2025-06-10"), codesocial.ErrRefused, jardin)
	require.NoError(t, opine(jardin, "2025-06-03")(t.Context()))
	asked, opinions, open := w.State().Opinions(v2.Hash())
	require.True(t, open)
	require.Equal(t, []string{ana, jardin}, asked)
	require.Len(t, opinions, 2)
	require.NoError(t, adopt("2025-06-03")(t.Context()), "an opinion against does not stand in the way")
	w.refused(func(ctx context.Context) error {
		return w.Consult(ctx, codesocial.Consultation{Charter: v2.Hash(), On: day(t, "2025-07-01"), By: atelier}, keys[atelier])
	}, codesocial.ErrState)
	require.Equal(t, w.State(), w.replay())
}

func TestALostKeyIsReplacedWhenOthersVouch(t *testing.T) {
	t.Parallel()
	w := withRoles(t)
	r := codesocial.Recovery{Party: ana, Key: public("new"), On: day(t, "2025-06-01")}
	vouch := func(signers ...string) codesocial.Recovery {
		r := r
		for _, signer := range signers {
			s, err := codesocial.SignRecovery(ana, r.Key, signer, keys[signer])
			require.NoError(t, err)
			r.Signatures = append(r.Signatures, s)
		}
		return r
	}
	recover := func(r codesocial.Recovery) func(context.Context) error {
		return func(ctx context.Context) error { return w.Recover(ctx, r) }
	}
	w.refused(recover(vouch(atelier)), codesocial.ErrTooFew, "decide-4")
	w.refused(recover(vouch(atelier, fournil)), codesocial.ErrRefused, "close")
	w.refused(recover(vouch(atelier, atelier)), codesocial.ErrSignature)
	w.refused(recover(vouch(atelier, cleo)), codesocial.ErrNotMember, cleo)
	w.refused(recover(vouch(atelier, ana)), codesocial.ErrRefused)
	taken := vouch(atelier, jardin)
	taken.Key = public(cleo)
	w.refused(recover(taken), codesocial.ErrExists, cleo)
	forged := vouch(atelier, jardin)
	forged.Key = public("urn:x:stranger")
	w.refused(recover(forged), codesocial.ErrSignature)
	w.refused(recover(codesocial.Recovery{Party: ben, Key: public("new"), On: r.On}), codesocial.ErrState)
	require.NoError(t, w.Recover(t.Context(), vouch(jardin, atelier)))
	require.NoError(t, w.Recover(t.Context(), vouch(jardin, atelier)), "again: nothing is recorded")
	require.Equal(t, public("new"), w.State().KeyOf(ana))
	require.ErrorIs(t, w.step(ana, codesocial.EventResign, "2025-06-02", ana), codesocial.ErrSignature, "nothing is signed under the lost key")
	require.NoError(t, w.Step(t.Context(), codesocial.MembershipStep{Party: ana, Event: codesocial.EventResign, On: day(t, "2025-06-02"), By: ana}, keys["new"]))
	require.Equal(t, w.State(), w.replay())

	plain, _ := founded(t)
	plain.refused(func(ctx context.Context) error {
		return plain.Recover(ctx, codesocial.Recovery{Party: fournil, Key: public("new"), On: r.On})
	}, codesocial.ErrNoRule)
}

func TestWhoLeavesTakesAlongWhatIsOwedInWriting(t *testing.T) {
	t.Parallel()
	w, _ := founded(t)
	m := codesocial.MembershipStep{Party: jardin, Event: codesocial.EventResign, On: day(t, "2025-05-01"), By: jardin, Owed: []codesocial.Owed{
		{Unit: "EUR", Amount: decimal.RequireFromString("120.5")}, {Unit: "h", Amount: decimal.RequireFromString("-3")},
	}}
	bad := m
	bad.Owed = []codesocial.Owed{m.Owed[1], m.Owed[0]}
	w.refused(func(ctx context.Context) error { return w.Step(ctx, bad, keys[jardin]) }, codesocial.ErrInvalid, "owed[1].unit")
	bad = m
	bad.Event = codesocial.EventTakeLeave
	w.refused(func(ctx context.Context) error { return w.Step(ctx, bad, keys[jardin]) }, codesocial.ErrInvalid, "owed")
	require.NoError(t, w.Step(t.Context(), m, keys[jardin]))
	history := w.State().StatusHistory(jardin)
	require.Equal(t, m.Owed, history[len(history)-1].Owed)
	require.Equal(t, w.State(), w.replay())
}

func TestRulesOfRolesThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	for rule, field := range map[string]string{
		`{"roles":[]}`: "roles",
		`{"roles":[{"id":"a","title":{"en":"A"}}]}`:                                                                                                     "roles[0].termMonths",
		`{"roles":[{"id":"A","title":{"en":"A"},"termMonths":1}]}`:                                                                                      "roles[0].id",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1},{"id":"a","title":{"en":"A"},"termMonths":1}]}`:                                         "roles[1].id",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1,"circle":"x"}]}`:                                                                         "roles[0].circle",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1,"rights":["rule"]}]}`:                                                                    "roles[0].rights[0]",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1,"holders":501}]}`:                                                                        "roles[0].holders",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1,"named":["urn:x:a"]}]}`:                                                                  "roles[0].termMonths",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1}],"consultation":-1}`:                                                                    "consultation",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1}],"circles":[{"id":"b","title":{"en":"B"},"parent":"b"}]}`:                               "circles[0].parent",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1}],"circles":[{"id":"b","title":{}}]}`:                                                    "circles[0].title",
		`{"roles":[{"id":"a","title":{"en":"A"},"termMonths":1}],"circles":[{"id":"b","title":{"en":"B"},"parent":"c"},{"id":"c","title":{"en":"C"}}]}`: "circles[0].parent",
	} {
		var r codesocial.RolesRule
		require.NoError(t, canonical.Unmarshal([]byte(rule), &r), rule)
		require.ErrorContains(t, r.Validate(), field, rule)
	}
}

func TestLintFindsRolesThatDoNotExistAndStagesThatNobodyReaches(t *testing.T) {
	t.Parallel()
	codes := func(c *codesocial.Charter) (list []string) {
		for _, f := range c.Lint(anything("dividend.waterfall"), anything("tea.round")) {
			list = append(list, f.Code+" "+f.Place)
		}
		return list
	}
	require.Equal(t, []string{"unknown-role social-2"}, codes(small(t, sound, setRule("social-2", `{"kind":"tea.round","by":{"role":"cook"}}`))))
	require.Empty(t, codes(small(t, sound, setRule("economic-1", pyramid), setRule("social-2", `{"kind":"tea.round","by":{"role":"publisher"}}`))))
	require.Equal(t, []string{"unreachable social-2"}, codes(small(t, sound, setRule("social-2",
		`{"kind":"tea.round","stages":[{"id":"boil","next":["pour"]},{"id":"cool"},{"id":"pour","next":["drink"]},{"id":"drink","next":[]}]}`))))
	require.Empty(t, codes(small(t, sound, setRule("social-2", `{"kind":"tea.round","stages":[{"id":"boil"},{"id":"pour"}]}`))), "one after the other")
}
