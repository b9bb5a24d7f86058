package codesocial_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

const relaisCharter = "https://la-trame.example/project/relais/charter"

// adopted returns the adopted versions of the charter of a project, or "" for the common one.
func (w *world) adopted(project string) (list []*codesocial.Charter) {
	w.t.Helper()
	for _, v := range w.State().ProjectVersions(project) {
		list = append(list, v.Charter)
	}
	return list
}

// derived returns version 1 of the charter of the project relais.
func (w *world) derived(from string, edits ...func(*codesocial.Document)) *codesocial.Charter {
	w.t.Helper()
	d, err := w.State().DeriveProject(relais, relaisCharter, day(w.t, from))
	require.NoError(w.t, err)
	for _, edit := range edits {
		edit(&d)
	}
	c, err := codesocial.NewCharter(d)
	require.NoError(w.t, err)
	return c
}

// compost winds the project relais down on a day.
func (w *world) compost(on string) {
	w.t.Helper()
	for _, step := range []codesocial.WindDownStep{
		{Event: codesocial.WindDownBegin, Reason: "It has done what it was for."},
		{Event: codesocial.WindDownClear},
		{Event: codesocial.WindDownRelease, Assets: []codesocial.Asset{{ID: "https://la-trame.example/text", Title: codesocial.Text{"en": "How we did it"}, Licence: "CC-BY-SA-4.0"}}},
		{Event: codesocial.WindDownClose},
	} {
		step.Project, step.On, step.By = relais, day(w.t, on), ana
		require.NoError(w.t, w.WindDown(w.t.Context(), step, keys[ana]))
	}
}

// own adds a clause of the project's own, with a rule if one is given.
func own(id, rule string) func(*codesocial.Document) {
	return func(d *codesocial.Document) {
		d.Chapters[1].Clauses = append(d.Chapters[1].Clauses, codesocial.Clause{
			ID: id, Text: codesocial.Text{"en": "We publish our plans every month.", "fr": "Nous publions nos plans chaque mois."}, Rule: []byte(rule),
		})
	}
}

const openEconomy = `{"kind":"codesocial.project","partners":"2/3","open":["economic-1"]}`

func TestAProjectHasACharterOfItsOwnThatKeepsWhatBindsAll(t *testing.T) {
	t.Parallel()
	w := assembly(t, openEconomy)
	common := w.State().Versions()[0].Charter
	at := at(t, "2025-06-01T10:00:00Z")
	_, err := w.State().ProjectInForce(relais, at)
	require.ErrorIs(t, err, codesocial.ErrNotInForce)
	require.Equal(t, codesocial.NoVersion, w.State().OpposableIn(relais, "own-1", atelier, at).Ground)
	require.Contains(t, w.State().OpposableIn(relais, "own-1", atelier, at).Explain("fr"), "de la charte du projet")

	c := w.derived("2025-03-01", own("own-1", `{"kind":"tea.round","every":"P1M"}`), setRule("economic-1", `{"kind":"dividend.waterfall","lines":[]}`))
	require.Equal(t, relais, c.Project())
	require.Equal(t, 2, c.Threshold(), "two thirds of two partners are both")
	require.Len(t, c.Founders(), 2)
	from, _ := c.DerivedFrom()
	require.Equal(t, common.Origin(), from)
	markdown, err := codesocial.ParseMarkdown(c.Markdown())
	require.NoError(t, err)
	require.Equal(t, c.Hash(), markdown.Hash())

	require.NoError(t, w.Propose(t.Context(), c))
	r := w.last()
	require.Contains(t, w.State().Explain(&r).In("en"), "for the charter of the project "+relais)
	require.Equal(t, c.Hash(), w.State().Proposals()[0].Charter.Hash())
	adoption := codesocial.Adoption{Charter: c.Hash(), On: day(t, "2025-02-20"), Signatures: signatures(t, c, atelier)}
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, adoption) }, codesocial.ErrTooFew)
	adoption.Signatures = signatures(t, c, atelier, jardin)
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, adoption) }, codesocial.ErrNotFounder)
	adoption.Signatures = signatures(t, c, atelier, fournil)
	require.NoError(t, w.Adopt(t.Context(), adoption))
	require.NoError(t, w.Adopt(t.Context(), adoption), "again: nothing is recorded")
	r = w.last()
	e := w.State().Explain(&r)
	require.Equal(t, relais, e.Project)
	require.Equal(t, "decide-1", e.Clauses[0].Clause)
	require.Equal(t, common.Hash(), e.Clauses[0].Hash)
	require.Contains(t, e.In("fr"), "pour la charte du projet "+relais)

	got, err := w.State().ProjectInForce(relais, at)
	require.NoError(t, err)
	require.Equal(t, c.Hash(), got.Hash())
	require.Equal(t, 1, w.inForce("2025-06-01T10:00:00Z"), "beside the common one")
	require.Len(t, w.State().Versions(), 1)
	require.Equal(t, []string{relais}, w.State().CharteredProjects())
	var rule struct {
		Every string `json:"every"`
	}
	clause, err := got.Rule("tea.round", &rule)
	require.NoError(t, err)
	require.Equal(t, "P1M", rule.Every)
	words, err := w.State().Resolve(clause)
	require.NoError(t, err)
	require.Equal(t, "own-1", words.ID)

	o := w.State().OpposableIn(relais, "own-1", atelier, at)
	require.Equal(t, codesocial.Signed, o.Ground)
	require.Equal(t, "Yes: clause own-1 is in version 1 of the charter of the project "+relais+", in force on 2025-06-01, adopted and published on 2025-02-20 "+
		"by the signatures of 2 founders (2 were needed); "+atelier+" accepted it with its signature on 2025-02-20.", o.Explain("en"))
	require.Equal(t, codesocial.NotMember, w.State().OpposableIn(relais, "own-1", jardin, at).Ground, "who is no partner")
	require.Equal(t, codesocial.NoClause, w.State().OpposableIn(relais, "own-2", atelier, at).Ground)
	require.Equal(t, codesocial.NoClause, w.State().Opposable("own-1", atelier, at).Ground)
	require.NoError(t, w.Accept(t.Context(), codesocial.Acceptance{Party: ana, Charter: c.Hash(), On: day(t, "2025-04-01"), Signature: acceptance(t, ana, ana, c)}))
	require.True(t, w.State().OpposableIn(relais, "own-1", ana, at).Binding(), "who leads it, and accepted")
	require.Equal(t, w.State(), w.replay())

	var changes []string
	for _, change := range codesocial.Diff(common, c) {
		changes = append(changes, change.String())
	}
	require.Contains(t, changes, `the project changes: "" → "`+relais+`"`)
	require.Contains(t, changes, `clause added: own-1, in chapter "economic"`)

	require.NoError(t, w.Repeal(t.Context(), repeal(t, c, "2025-07-01", "2025-07-02")))
	_, err = w.State().ProjectInForce(relais, day(t, "2025-07-02").In(nil))
	require.ErrorIs(t, err, codesocial.ErrNotInForce)
	require.Equal(t, 1, w.inForce("2025-08-01T10:00:00Z"), "the common one stays")
	require.Equal(t, w.State(), w.replay())
}

func TestTheCharterOfAProjectCannotLoosenWhatBindsAll(t *testing.T) {
	t.Parallel()
	w := assembly(t, openEconomy)
	common := w.State().Versions()[0].Charter
	without := func(id string) func(*codesocial.Document) {
		return func(d *codesocial.Document) {
			for i := range d.Chapters {
				for j, c := range d.Chapters[i].Clauses {
					if c.ID == id {
						d.Chapters[i].Clauses = append(d.Chapters[i].Clauses[:j:j], d.Chapters[i].Clauses[j+1:]...)
						return
					}
				}
			}
		}
	}
	for name, test := range map[string]struct {
		edit func(*codesocial.Document)
		is   error
		says string
		code string // of what LintProject finds
	}{
		"a binding clause is gone":           {without("social-2"), codesocial.ErrRefused, "social-2", "binding"},
		"a binding clause says less":         {setRule("social-1", `{"kind":"codesocial.admission","sponsors":0}`), codesocial.ErrRefused, "social-1", "binding"},
		"its words change":                   {func(d *codesocial.Document) { d.Chapters[0].Clauses[1].Text["en"] = "Nobody leaves." }, codesocial.ErrRefused, "social-2", "binding"},
		"a second rule of a binding kind":    {own("own-1", `{"kind":"codesocial.admission","sponsors":0}`), codesocial.ErrRefused, "own-1", "binding-kind"},
		"one in an open clause":              {setRule("economic-1", openEconomy), codesocial.ErrRefused, "economic-1", "binding-kind"},
		"another currency":                   {func(d *codesocial.Document) { d.Currency = "CHF" }, codesocial.ErrRefused, "EUR", "binding-header"},
		"another time zone":                  {func(d *codesocial.Document) { d.TimeZone = "Europe/London" }, codesocial.ErrRefused, "Europe/Paris", "binding-header"},
		"another origin":                     {func(d *codesocial.Document) { d.DerivedFrom.Hash = d.DerivedFrom.Hash[:70] + "0" }, codesocial.ErrUnknown, "derivedFrom", "behind"},
		"the number of another version":      {func(d *codesocial.Document) { d.DerivedFrom.Version = 2 }, codesocial.ErrUnknown, "derivedFrom", "behind"},
		"a project that is none":             {func(d *codesocial.Document) { d.Project = ana }, codesocial.ErrUnknown, "project", ""},
		"a second version without a first":   {func(d *codesocial.Document) { d.Version, d.Previous = 2, common.Hash() }, codesocial.ErrChain, "version", ""},
		"an open clause may go":              {without("economic-1"), nil, "", ""},
		"an open clause may change":          {setRule("economic-1", `{"kind":"dividend.waterfall","lines":[]}`), nil, "", ""},
		"its rule may stand elsewhere":       {own("own-1", `{"kind":"dividend.waterfall","lines":[]}`), nil, "", ""},
		"a rule that only the commons reads": {own("own-1", `{"kind":"codesocial.attendance","hours":"1"}`), nil, "", "without-effect"},
		"a binding clause may move": {func(d *codesocial.Document) {
			d.Chapters[1].Clauses = append(d.Chapters[1].Clauses, d.Chapters[0].Clauses[1])
			without("social-2")(d)
		}, nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := w.State().DeriveProject(relais, relaisCharter, day(t, "2025-03-01"))
			require.NoError(t, err)
			test.edit(&d)
			c, err := codesocial.NewCharter(d)
			require.NoError(t, err)
			propose := func(ctx context.Context) error {
				_, err := w.State().DraftCharter(c)
				return err
			}
			if test.is == nil {
				require.NoError(t, propose(t.Context()))
			} else {
				w.refused(propose, test.is, test.says)
				w.refused(w.write(draftOf(codesocial.KindCharter, rawOf(c))), test.is, test.says)
			}
			findings, err := c.LintProject(common)
			require.NoError(t, err)
			var codes []string
			for _, f := range findings {
				codes = append(codes, f.Code)
			}
			if test.code != "" {
				require.Contains(t, codes, test.code)
			} else {
				require.NotContains(t, codes, "binding")
				require.NotContains(t, codes, "without-effect")
			}
		})
	}
	doc, err := w.State().DeriveProject(relais, relaisCharter, day(t, "2025-03-01"))
	require.NoError(t, err)
	doc.DerivedFrom = nil
	_, err = codesocial.NewCharter(doc)
	require.ErrorIs(t, err, codesocial.ErrInvalid)
	require.ErrorContains(t, err, "derivedFrom")
	doc.Project = "relais"
	_, err = codesocial.NewCharter(doc)
	require.ErrorContains(t, err, "project")

	for rule, says := range map[string]string{
		`{"kind":"codesocial.project"}`:                                          "partners",
		`{"kind":"codesocial.project","partners":"3/2"}`:                         "partners",
		`{"kind":"codesocial.project","partners":"1/2","open":["social-9"]}`:     "open[0]",
		`{"kind":"codesocial.project","partners":"1/2","open":["a","a"]}`:        "open[1]",
		`{"kind":"codesocial.project","partners":"1/2","open":["Not an id"]}`:    "open[0]",
		`{"kind":"codesocial.project","partners":"1/2","who":["atelier","ana"]}`: "who",
	} {
		plain := newWorld(t).withParties()
		plain.refused(func(ctx context.Context) error { return plain.Propose(ctx, deciding(t, rule)) }, codesocial.ErrInvalid, says, "decide-1")
	}
	none, c := founded(t)
	_, err = none.State().DeriveProject(relais, relaisCharter, day(t, "2025-03-01"))
	require.ErrorIs(t, err, codesocial.ErrNoRule)
	_, err = c.LintProject(c)
	require.ErrorIs(t, err, codesocial.ErrNoRule)
	for _, wrong := range []string{ana, "urn:x:nobody"} {
		_, err = w.State().DeriveProject(wrong, relaisCharter, day(t, "2025-03-01"))
		require.ErrorIs(t, err, codesocial.ErrUnknown)
	}
}

func TestWhoSignsForAProjectAreItsPartnersOfTheDay(t *testing.T) {
	t.Parallel()
	w := assembly(t, `{"kind":"codesocial.project","partners":"1/2"}`)
	c := w.derived("2025-03-01")
	require.Equal(t, 1, c.Threshold())
	require.NoError(t, w.Propose(t.Context(), c))
	few := w.derived("2025-03-01", func(d *codesocial.Document) { d.Founders = d.Founders[:1] })
	require.NoError(t, w.Propose(t.Context(), few))
	adopt := func(c *codesocial.Charter, on string, signers ...string) func(context.Context) error {
		return func(ctx context.Context) error {
			return w.Adopt(ctx, codesocial.Adoption{Charter: c.Hash(), On: day(t, on), Signatures: signatures(t, c, signers...)})
		}
	}
	w.refused(adopt(few, "2025-02-20", atelier), codesocial.ErrInvalid, "founders", "not among the founders")
	require.NoError(t, adopt(c, "2025-02-20", atelier)(t.Context()))
	at := at(t, "2025-06-01T10:00:00Z")
	require.Equal(t, codesocial.NoNotice, w.State().OpposableIn(relais, "social-1", fournil, at).Ground, "a partner that has not signed is asked to accept")

	relay, _ := w.State().Party(relais)
	relay.Partners = []string{fournil, jardin, atelier}
	require.NoError(t, w.Register(t.Context(), relay))
	v2 := next(t, c, "2025-09-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	w.refused(adopt(v2, "2025-08-01", atelier, fournil), codesocial.ErrInvalid, "founders", jardin)
	v2 = next(t, c, "2025-09-01", func(d *codesocial.Document) {
		d.Founders = append(d.Founders, codesocial.Founder{ID: jardin, Name: "Le Jardin partagé", Type: codesocial.Collective})
	})
	require.NoError(t, w.Propose(t.Context(), v2))
	w.refused(adopt(v2, "2025-08-01", jardin, fournil), codesocial.ErrRefused, "threshold", "decide-1", "1/2 of the 3 partners")
	v2 = next(t, c, "2025-09-01", func(d *codesocial.Document) {
		d.Founders, d.Threshold = append(d.Founders, codesocial.Founder{ID: jardin, Name: "Le Jardin partagé", Type: codesocial.Collective}), 2
	})
	require.NoError(t, w.Propose(t.Context(), v2))
	require.NoError(t, adopt(v2, "2025-08-01", jardin, fournil)(t.Context()))
	w.refused(func(ctx context.Context) error { return w.Repeal(ctx, repeal(t, c, "2025-08-01", "2025-10-01")) }, codesocial.ErrChain)
	relay.Partners = []string{fournil, jardin}
	require.NoError(t, w.Register(t.Context(), relay))
	w.refused(func(ctx context.Context) error { return w.Renew(ctx, renewal(t, v2, "2025-10-01", "2026-10-01")) }, codesocial.ErrNotFounder, "not a partner")
	require.Equal(t, w.State(), w.replay())
}

func TestTheCommunityDecidesOnTheCharterOfAProjectWhereItSaysSo(t *testing.T) {
	t.Parallel()
	w := assembly(t, byVoteOnText, `{"kind":"codesocial.project","partners":"1/1","decision":true}`)
	c := w.derived("2025-06-01")
	require.NoError(t, w.Propose(t.Context(), c))
	adoption := codesocial.Adoption{Charter: c.Hash(), On: day(t, "2025-05-20"), Signatures: signatures(t, c, atelier, fournil)}
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, adoption) }, codesocial.ErrRefused, "decide-2", "no decision")
	w.carry(adoption.Matter(), "2025-05-10T09:00:00Z")
	require.NoError(t, w.Adopt(t.Context(), adoption))
	require.Equal(t, w.State(), w.replay())
}

func TestAProjectsCharterThatIsBehindTheCommonOneIsShownAndStays(t *testing.T) {
	t.Parallel()
	w := assembly(t, openEconomy)
	common := w.State().Versions()[0].Charter
	c := w.derived("2025-03-01", own("own-1", ""), setRule("economic-1", `{"kind":"dividend.waterfall","lines":[]}`))
	w.adopt(c, atelier, fournil)
	_, behind := w.State().Behind(relais, day(t, "2025-12-31"))
	require.False(t, behind)

	common2 := next(t, common, "2026-01-01", setRule("economic-1", `{"kind":"dividend.waterfall","lines":[{"id":"all"}]}`), func(d *codesocial.Document) {
		d.Chapters[0].Clauses[1].Text = codesocial.Text{"fr": "Chacun peut partir, avec un mois de préavis.", "en": "Everyone may leave, with a month's notice."}
	}, own("economic-2", ""))
	late := next(t, c, "2026-03-01")
	require.NoError(t, w.Propose(t.Context(), late))
	w.adopt(common2, atelier, fournil)
	adoption := codesocial.Adoption{Charter: late.Hash(), On: day(t, "2026-02-01"), Signatures: signatures(t, late, atelier, fournil)}
	w.refused(func(ctx context.Context) error { return w.Adopt(ctx, adoption) }, codesocial.ErrChain, "derivedFrom", "version 2")

	_, behind = w.State().Behind(relais, day(t, "2025-12-31"))
	require.False(t, behind, "until the common one changes")
	m, behind := w.State().Behind(relais, day(t, "2026-01-01"))
	require.True(t, behind)
	require.Equal(t, []int{1, 2}, []int{m.Base.Version(), m.Theirs.Version()})
	require.Equal(t, c.Hash(), m.Ours.Hash())
	states := make(map[string]codesocial.MergeState)
	for _, clause := range m.Clauses {
		states[clause.ID] = clause.State
	}
	require.Equal(t, map[string]codesocial.MergeState{
		"social-1": codesocial.MergeSame, "social-2": codesocial.MergeTheirs, "decide-1": codesocial.MergeSame,
		"economic-1": codesocial.MergeConflict, "economic-2": codesocial.MergeTheirs, "own-1": codesocial.MergeOurs,
	}, states)
	got, err := w.State().ProjectInForce(relais, at(t, "2026-02-01T10:00:00Z"))
	require.NoError(t, err)
	require.Equal(t, c.Hash(), got.Hash(), "it stays as it is")
	o := w.State().OpposableIn(relais, "own-1", atelier, at(t, "2026-02-01T10:00:00Z"))
	require.True(t, o.Binding())
	require.Equal(t, []int{1, 2}, []int{o.DerivedFrom, o.Common})
	require.Contains(t, o.Explain("en"), "derived from version 1 of the social code; on that day version 2 is in force")
	require.Contains(t, o.Explain("fr"), "dérivée de la version 1 du code social")
	findings, err := c.LintProject(common2)
	require.NoError(t, err)
	require.Contains(t, findings[len(findings)-1].String(), "behind")

	v2, err := m.Proposal(day(t, "2026-03-01"), func(c codesocial.MergeClause) bool { return c.State == codesocial.MergeTheirs })
	require.NoError(t, err)
	from, _ := v2.DerivedFrom()
	require.Equal(t, common2.Origin(), from)
	w.adopt(v2, atelier, fournil)
	_, behind = w.State().Behind(relais, day(t, "2026-02-28"))
	require.True(t, behind)
	_, behind = w.State().Behind(relais, day(t, "2026-03-01"))
	require.False(t, behind)
	require.Equal(t, w.State(), w.replay())

	_, behind = w.State().Behind("urn:x:nobody", day(t, "2026-03-01"))
	require.False(t, behind)
	_, behind = w.State().Behind("", day(t, "2026-03-01"))
	require.False(t, behind)
}

func TestACharterExpiresWithItsProject(t *testing.T) {
	t.Parallel()
	w := assembly(t, openEconomy)
	c := w.derived("2025-03-01")
	w.adopt(c, atelier, fournil)
	w.compost("2025-06-01")
	for on, want := range map[string]codesocial.Status{"2025-02-28": codesocial.Adopted, "2025-05-31": codesocial.InForce, "2025-06-01": codesocial.Expired, "2030-01-01": codesocial.Expired} {
		got, err := w.State().Status(c.Hash(), day(t, on))
		require.NoError(t, err)
		require.Equal(t, want, got, on)
		require.Len(t, got.Label(), 2)
	}
	require.True(t, w.State().OpposableIn(relais, "social-1", atelier, at(t, "2025-05-31T10:00:00Z")).Binding(), "what was then is not undone")
	require.Equal(t, codesocial.NoVersion, w.State().OpposableIn(relais, "social-1", atelier, at(t, "2025-06-01T10:00:00Z")).Ground)
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, next(t, c, "2025-09-01")) }, codesocial.ErrState, "has ended on 2025-06-01")
	require.Equal(t, w.State(), w.replay())
}

func TestTwoChartersOfACommunityHaveTwoNames(t *testing.T) {
	t.Parallel()
	w := assembly(t, openEconomy)
	w.adopt(w.derived("2025-03-01"), atelier, fournil)
	other := codesocial.Party{ID: "https://la-trame.example/project/other", Type: codesocial.Project, Name: "Autre", Partners: []string{jardin}}
	require.NoError(t, w.Register(t.Context(), other))
	d, err := w.State().DeriveProject(other.ID, relaisCharter, day(t, "2025-03-01"))
	require.NoError(t, err)
	c, err := codesocial.NewCharter(d)
	require.NoError(t, err)
	w.refused(func(ctx context.Context) error { return w.Propose(ctx, c) }, codesocial.ErrExists, "another charter")
	_, err = w.State().DeriveProject(relais, relaisCharter, day(t, "2025-03-01"))
	require.ErrorIs(t, err, codesocial.ErrExists)
	none := codesocial.Party{ID: "https://la-trame.example/project/none", Type: codesocial.Project, Name: "Sans"}
	require.NoError(t, w.Register(t.Context(), none))
	_, err = w.State().DeriveProject(none.ID, relaisCharter, day(t, "2025-03-01"))
	require.ErrorIs(t, err, codesocial.ErrTooFew)
}
