package decision_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// A circle decides by consent; every act takes an hour.
type circle struct {
	*decision.Consent
	t   testing.TB
	now time.Time
}

var consentRule = decision.ConsentRule{Quorum: decision.Fraction{Num: 1, Den: 2}, MaxRounds: 3}

func newCircle(t testing.TB, rule decision.ConsentRule) *circle {
	t.Helper()
	c, err := decision.NewConsent(rule, electorate(t, 4), "pia", "fay", "text-1", opens)
	require.NoError(t, err)
	return &circle{c, t, opens}
}

// try takes a step, with what it needs filled in.
func (c *circle) try(kind decision.ActKind, actor string, edits ...func(*decision.Act)) error {
	c.now = c.now.Add(time.Hour)
	a := decision.Act{Kind: kind, Actor: actor, At: c.now}
	switch kind {
	case decision.Amend:
		a.Text = c.Text() + "+"
	case decision.Agree, decision.Aside, decision.Confirm:
		a.Text = c.Text()
	case decision.Object:
		a.Text, a.Reason, a.Criterion = c.Text(), "It harms the bakery.", decision.HarmsPurpose
	case decision.Test:
		a.Reason = "It is a preference."
	}
	if kind == decision.Test || kind == decision.Retract || kind == decision.Confirm {
		a.Objection = 1
	}
	for _, edit := range edits {
		edit(&a)
	}
	return c.Apply(a)
}

func (c *circle) do(kind decision.ActKind, actor string, edits ...func(*decision.Act)) {
	c.t.Helper()
	require.NoError(c.t, c.try(kind, actor, edits...))
}

// at brings a new circle to a stage. In the two stages with objections, e0 has one against text-1, and the text
// has been amended since.
func at(t testing.TB, stage decision.Stage) *circle {
	t.Helper()
	rule := consentRule
	rule.Vote = stage == decision.ToVote
	c := newCircle(t, rule)
	advance := func(n int) {
		for range n {
			c.do(decision.Advance, "fay")
		}
	}
	switch stage {
	case decision.Clarification:
	case decision.Reactions:
		advance(1)
	case decision.Amending:
		advance(2)
	case decision.Agreed:
		advance(3)
		c.do(decision.Agree, "e0")
		c.do(decision.Agree, "e1")
		c.do(decision.Close, "fay")
	case decision.Withdrawn:
		c.do(decision.Withdraw, "pia")
	default:
		advance(3)
		c.do(decision.Object, "e0")
		c.do(decision.Amend, "pia")
		if stage == decision.Objections {
			break
		}
		c.do(decision.Close, "fay")
		if stage == decision.Integration {
			break
		}
		for c.Stage() == decision.Integration {
			c.do(decision.Advance, "fay")
			c.do(decision.Close, "fay")
		}
	}
	require.Equal(t, stage, c.Stage())
	return c
}

func TestEachActHasItsPlaceAndNoOther(t *testing.T) {
	t.Parallel()
	allowed := map[decision.Stage]string{
		decision.Clarification: "advance withdraw",
		decision.Reactions:     "advance withdraw",
		decision.Amending:      "advance amend withdraw",
		decision.Objections:    "amend consent aside object test retract confirm close withdraw",
		decision.Integration:   "advance amend test retract confirm withdraw",
		decision.Agreed:        "", decision.Withdrawn: "", decision.Dropped: "", decision.ToVote: "",
	}
	who := map[decision.ActKind]string{
		decision.Advance: "fay", decision.Amend: "pia", decision.Agree: "e1", decision.Aside: "e1", decision.Object: "e1", decision.Test: "fay",
		decision.Retract: "e0", decision.Confirm: "e0", decision.Close: "fay", decision.Withdraw: "pia", "invented": "fay",
	}
	for stage, acts := range allowed {
		for act, actor := range who {
			c := at(t, stage)
			before, text := c.Objections(), c.Text()
			err := c.try(act, actor)
			if strings.Contains(" "+acts+" ", " "+string(act)+" ") {
				require.NoError(t, err, "%s in %s", act, stage)
				for _, lang := range []string{"fr", "en"} {
					require.NotContains(t, c.Explain(lang), "%!")
				}
			} else {
				require.ErrorIs(t, err, decision.ErrState, "%s in %s", act, stage)
				require.Equal(t, stage, c.Stage())
				require.Equal(t, before, c.Objections())
				require.Equal(t, text, c.Text())
			}
			// And nobody else may do it.
			c = at(t, stage)
			for _, other := range []string{"pia", "fay", "e0", "e1", "x", ""} {
				fits := other == actor || act == decision.Confirm && other == "pia" ||
					other[:min(1, len(other))] == "e" && (act == decision.Agree || act == decision.Aside || act == decision.Object)
				if !fits {
					require.Error(t, c.try(act, other), "%s by %q in %s", act, other, stage)
				}
			}
			require.Equal(t, stage, c.Stage())
		}
	}
}

func TestAnOpenObjectionBlocks(t *testing.T) {
	t.Parallel()
	c := newCircle(t, consentRule)
	for range 3 {
		c.do(decision.Advance, "fay")
	}
	for _, e := range []string{"e1", "e2", "e3"} {
		c.do(decision.Agree, e)
	}
	c.do(decision.Object, "e0")
	c.do(decision.Agree, "e0") // without taking the objection back
	c.do(decision.Close, "fay")
	require.Equal(t, decision.Integration, c.Stage())

	// Another text opens another round; what was answered before is void, the objection stands.
	c.do(decision.Amend, "pia")
	require.Equal(t, decision.Objections, c.Stage())
	require.Equal(t, 2, c.Round())
	require.ErrorIs(t, c.try(decision.Agree, "e1", func(a *decision.Act) { a.Text = "text-1" }), decision.ErrInvalid)
	for _, e := range []string{"e1", "e2", "e3"} {
		c.do(decision.Agree, e)
	}
	c.do(decision.Confirm, "e0")
	require.Equal(t, decision.Raised, c.Objections()[0].State, "the proposer must confirm too")
	c.do(decision.Close, "fay")
	require.Equal(t, decision.Integration, c.Stage())

	c.do(decision.Amend, "pia")
	c.do(decision.Confirm, "pia")
	require.Equal(t, decision.Raised, c.Objections()[0].State, "what was confirmed of an earlier text is void")
	c.do(decision.Confirm, "e0")
	require.Equal(t, decision.Integrated, c.Objections()[0].State)
	require.ErrorIs(t, c.try(decision.Close, "fay"), decision.ErrOpen, "nobody has answered on this text")
	c.do(decision.Agree, "e0")
	require.ErrorIs(t, c.try(decision.Close, "fay"), decision.ErrOpen)
	c.do(decision.Aside, "e1")
	c.do(decision.Close, "fay")
	require.Equal(t, decision.Agreed, c.Stage())
	require.Equal(t, "Adopted by consent. Round 3, text text-1++: 2 of 4 have answered, 1 of them consent; 2 silent; quorum 1/2. Objection 1, e0: integrated.", c.Explain("en"))
	require.Equal(t, "Adopté par consentement. Tour 3, texte text-1++ : 2 sur 4 ont répondu, dont 1 consentent ; 2 sans réponse ; quorum 1/2. Objection 1, e0 : intégrée.", c.Explain("fr"))
}

func TestAnObjectionCanBeRetractedOrFoundWithoutAnArgument(t *testing.T) {
	t.Parallel()
	for kind, want := range map[decision.ActKind]decision.ObjectionState{decision.Retract: decision.Retracted, decision.Test: decision.Dismissed} {
		c := newCircle(t, consentRule)
		for range 3 {
			c.do(decision.Advance, "fay")
		}
		c.do(decision.Object, "e0")
		require.ErrorIs(t, c.try(decision.Confirm, "e0"), decision.ErrState, "nothing has been integrated yet")
		actor := map[decision.ActKind]string{decision.Retract: "e0", decision.Test: "fay"}[kind]
		c.do(kind, actor)
		require.Equal(t, want, c.Objections()[0].State)
		require.ErrorIs(t, c.try(kind, actor), decision.ErrState, "once")
		c.do(decision.Agree, "e1")
		c.do(decision.Close, "fay")
		require.Equal(t, decision.Agreed, c.Stage())
	}
}

func TestAnObjectionNeedsAReasonAndACriterion(t *testing.T) {
	t.Parallel()
	c := at(t, decision.Objections)
	for _, edit := range []func(*decision.Act){
		func(a *decision.Act) { a.Reason = "" }, func(a *decision.Act) { a.Reason = " \n" }, func(a *decision.Act) { a.Criterion = "" }, func(a *decision.Act) { a.Criterion = "dislike" },
		func(a *decision.Act) { a.Reason = strings.Repeat("x", decision.MaxReasonBytes+1) }, func(a *decision.Act) { a.Text = "text-1" }, func(a *decision.Act) { a.At = opens },
	} {
		require.ErrorIs(t, c.try(decision.Object, "e1", edit), decision.ErrInvalid)
	}
	require.ErrorIs(t, c.try(decision.Object, "x"), decision.ErrNotElector)
	require.ErrorIs(t, c.try(decision.Test, "fay", func(a *decision.Act) { a.Reason = "" }), decision.ErrInvalid)
	require.ErrorIs(t, c.try(decision.Retract, "e0", func(a *decision.Act) { a.Objection = 2 }), decision.ErrInvalid)
	require.ErrorIs(t, c.try(decision.Retract, "e0", func(a *decision.Act) { a.Objection = 0 }), decision.ErrInvalid)
	require.ErrorIs(t, c.try(decision.Amend, "pia", func(a *decision.Act) { a.Text = c.Text() }), decision.ErrInvalid)
	require.Len(t, c.Objections(), 1)
	for range decision.MaxObjections {
		c.do(decision.Object, "e1")
	}
	require.ErrorIs(t, c.try(decision.Object, "e1"), decision.ErrLimit)
	c.do(decision.Object, "e0") // nobody takes the room of others
}

func TestAfterTheLastRoundTheRuleSaysWhatFollows(t *testing.T) {
	t.Parallel()
	for _, stage := range []decision.Stage{decision.Dropped, decision.ToVote} {
		c := at(t, stage)
		require.Equal(t, 4, c.Round(), "one by the amendment, and three that were closed")
		require.Contains(t, c.Explain("en"), "Objection 1, e0: stands.")
	}
}

func TestSilenceIsAgreementOnlyWhereTheRuleSaysSoAndAfterItsTime(t *testing.T) {
	t.Parallel()
	rule := decision.ConsentRule{Quorum: decision.Fraction{Num: 1, Den: 1}, Silence: decision.SilenceFor, RoundHours: 48, MaxRounds: 1}
	c := newCircle(t, rule)
	for range 3 {
		c.do(decision.Advance, "fay")
	}
	c.do(decision.Agree, "e0")
	require.ErrorIs(t, c.try(decision.Close, "fay"), decision.ErrOpen)
	began := opens.Add(3 * time.Hour)
	require.ErrorIs(t, c.try(decision.Close, "fay", func(a *decision.Act) { a.At = began.Add(48*time.Hour - 1) }), decision.ErrOpen)
	c.do(decision.Close, "fay", func(a *decision.Act) { a.At = began.Add(48 * time.Hour) })
	require.Equal(t, decision.Agreed, c.Stage())
	require.Contains(t, c.Explain("en"), "Silence counts as agreement.")
	require.Contains(t, c.Explain("fr"), "Le silence vaut accord.")

	rule.Silence = decision.SilenceNothing
	c = newCircle(t, rule)
	for range 3 {
		c.do(decision.Advance, "fay")
	}
	for _, e := range []string{"e0", "e1", "e2"} {
		c.do(decision.Agree, e)
	}
	require.ErrorIs(t, c.try(decision.Close, "fay", func(a *decision.Act) { a.At = closes }), decision.ErrOpen)

	all := newCircle(t, consentRule)
	for range 3 {
		all.do(decision.Advance, "fay")
	}
	for _, e := range []string{"e0", "e1", "e2", "e3"} {
		all.do(decision.Aside, e)
	}
	require.ErrorIs(t, all.try(decision.Close, "fay"), decision.ErrOpen, "if all stand aside nobody consents")
}

func TestWhoIsConcernedDoesNotDecide(t *testing.T) {
	t.Parallel()
	c, err := decision.NewConsent(consentRule, electorate(t, 3, "e0"), "pia", "fay", "text-1", opens)
	require.NoError(t, err)
	for i := range 3 {
		require.NoError(t, c.Apply(decision.Act{Kind: decision.Advance, Actor: "fay", At: opens.Add(time.Duration(i))}))
	}
	err = c.Apply(decision.Act{Kind: decision.Agree, Actor: "e0", At: closes, Text: "text-1"})
	require.ErrorIs(t, err, decision.ErrNotElector)
}

func TestADecisionThatCannotBeHeldIsNotOpened(t *testing.T) {
	t.Parallel()
	empty := electorate(t, 0)
	for name, open := range map[string]func() (*decision.Consent, error){
		"no electorate": func() (*decision.Consent, error) { return decision.NewConsent(consentRule, nil, "p", "f", "t", opens) },
		"empty electorate": func() (*decision.Consent, error) {
			return decision.NewConsent(consentRule, empty, "p", "f", "t", opens)
		},
		"no proposer": func() (*decision.Consent, error) {
			return decision.NewConsent(consentRule, electorate(t, 1), "", "f", "t", opens)
		},
		"no facilitator": func() (*decision.Consent, error) {
			return decision.NewConsent(consentRule, electorate(t, 1), "p", "", "t", opens)
		},
		"one for both": func() (*decision.Consent, error) {
			return decision.NewConsent(consentRule, electorate(t, 1), "p", "p", "t", opens)
		},
		"no text": func() (*decision.Consent, error) {
			return decision.NewConsent(consentRule, electorate(t, 1), "p", "f", "", opens)
		},
		"no rule": func() (*decision.Consent, error) {
			return decision.NewConsent(decision.ConsentRule{}, electorate(t, 1), "p", "f", "t", opens)
		},
	} {
		c, err := open()
		require.ErrorIs(t, err, decision.ErrInvalid, name)
		require.Nil(t, c)
	}
	for name, edit := range map[string]func(*decision.ConsentRule){
		"quorum":    func(r *decision.ConsentRule) { r.Quorum.Num = 0 },
		"silence":   func(r *decision.ConsentRule) { r.Silence = decision.SilenceAbstain },
		"hours":     func(r *decision.ConsentRule) { r.RoundHours = -1 },
		"no time":   func(r *decision.ConsentRule) { r.Silence = decision.SilenceFor },
		"no rounds": func(r *decision.ConsentRule) { r.MaxRounds = 0 },
		"rounds":    func(r *decision.ConsentRule) { r.MaxRounds = decision.MaxRounds + 1 },
	} {
		rule := consentRule
		edit(&rule)
		require.ErrorIs(t, rule.Validate(), decision.ErrInvalid, name)
	}
}

func TestTheSameActsLeadToTheSamePlaceAndRefusedOnesLeaveNoTrace(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	kinds := []decision.ActKind{
		decision.Advance, decision.Advance, decision.Amend, decision.Agree, decision.Agree, decision.Agree, decision.Agree, decision.Aside, decision.Object,
		decision.Test, decision.Retract, decision.Retract, decision.Confirm, decision.Confirm, decision.Close, decision.Close,
	}
	actors := []string{"pia", "fay", "fay", "e0", "e0", "e1", "e1", "e2", "x"}
	type step struct {
		kind  decision.ActKind
		actor string
	}
	open := slices.Repeat([]step{{decision.Advance, "fay"}}, 3)
	scripts := [][]step{ // the first histories, which reach the ends whatever the others do
		append(slices.Clone(open), step{decision.Agree, "e0"}, step{decision.Agree, "e1"}, step{decision.Close, "fay"}),
		append(append(slices.Clone(open), step{decision.Object, "e0"}), slices.Repeat([]step{{decision.Close, "fay"}, {decision.Advance, "fay"}}, 3)...),
	}
	ends := map[decision.Stage]int{}
	for n := range 2000 {
		c := newCircle(t, consentRule)
		var accepted []decision.Act
		for i := range 150 {
			kind, actor, number := kinds[random.IntN(len(kinds))], actors[random.IntN(len(actors))], 1+random.IntN(3)
			if n < len(scripts) && i < len(scripts[n]) {
				kind, actor = scripts[n][i].kind, scripts[n][i].actor
			}
			var tried decision.Act
			if c.try(kind, actor, func(a *decision.Act) {
				if a.Objection > 0 {
					a.Objection = number
				}
				tried = *a
			}) == nil {
				accepted = append(accepted, tried)
			}
			if c.Stage() == decision.Agreed {
				for _, o := range c.Objections() {
					require.NotEqual(t, decision.Raised, o.State, "an open objection always blocks")
				}
			}
		}
		again := newCircle(t, consentRule)
		for _, a := range accepted {
			require.NoError(t, again.Apply(a))
		}
		require.Equal(t, c.Consent, again.Consent)
		require.Equal(t, fmt.Sprint(c.Explain("fr")), again.Explain("fr"))
		ends[c.Stage()]++
	}
	require.Positive(t, ends[decision.Agreed])
	require.Positive(t, ends[decision.Dropped])
}
