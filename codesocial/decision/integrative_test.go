package decision_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/decision"
)

// A council elects one of e0 to e3 without candidates; every act takes an hour. fay leads it, pia has called for it.
type council struct {
	*decision.Integrative
	t   testing.TB
	now time.Time
}

var integrativeRule = decision.IntegrativeRule{Quorum: decision.Fraction{Num: 1, Den: 2}, MaxRounds: 2}

func newCouncil(t testing.TB, rule decision.IntegrativeRule) *council {
	t.Helper()
	e, err := decision.NewIntegrative(rule, electorate(t, 4), []string{"e0", "e1", "e2", "e3", "fay"}, "pia", "fay", opens)
	require.NoError(t, err)
	return &council{e, t, opens}
}

func (c *council) try(kind decision.ActKind, actor, person string) error {
	c.now = c.now.Add(time.Hour)
	a := decision.Act{Kind: kind, Actor: actor, At: c.now, Text: person, Reason: "Because.", Criterion: decision.HarmsPurpose}
	if kind == decision.Test || kind == decision.Retract {
		a.Objection = len(c.Objections())
	}
	return c.Apply(a)
}

func (c *council) do(kind decision.ActKind, actor, person string) {
	c.t.Helper()
	require.NoError(c.t, c.try(kind, actor, person))
}

// councilAt brings a council to a stage: e0 and e1 have named e2, e3 has named e1. When it is asked, e2 is proposed and e0 objects.
func councilAt(t testing.TB, stage decision.Stage) *council {
	t.Helper()
	c := newCouncil(t, integrativeRule)
	if stage == decision.Withdrawn {
		c.do(decision.Withdraw, "pia", "")
		return c
	}
	c.do(decision.Nominate, "e0", "e2")
	c.do(decision.Nominate, "e1", "e2")
	c.do(decision.Nominate, "e3", "e1")
	for c.Stage() != stage {
		switch c.Stage() {
		case decision.Nominating, decision.Changing:
			c.do(decision.Advance, "fay", "")
		case decision.Proposing:
			c.do(decision.Propose, "fay", "e2")
		case decision.Asking:
			if stage == decision.Elected {
				c.do(decision.Agree, "e0", "e2")
				c.do(decision.Agree, "e1", "e2")
				c.do(decision.Accept, "e2", "e2")
			}
			if stage == decision.Dropped {
				c.do(decision.Object, "e0", "e2")
			}
			c.do(decision.Close, "fay", "")
		}
	}
	if stage == decision.Asking {
		c.do(decision.Object, "e0", "e2")
	}
	return c
}

func TestEachActOfAnElectionWithoutCandidatesHasItsPlaceAndNoOther(t *testing.T) {
	t.Parallel()
	allowed := map[decision.Stage]string{
		decision.Nominating: "nominate advance withdraw",
		decision.Changing:   "nominate advance withdraw",
		decision.Proposing:  "propose withdraw",
		decision.Asking:     "consent aside object test retract accept decline close withdraw",
		decision.Elected:    "", decision.Withdrawn: "", decision.Dropped: "",
	}
	who := map[decision.ActKind]string{
		decision.Nominate: "e1", decision.Advance: "fay", decision.Propose: "fay", decision.Agree: "e1", decision.Aside: "e1", decision.Object: "e1",
		decision.Test: "fay", decision.Retract: "e0", decision.Accept: "e2", decision.Decline: "e2", decision.Close: "fay", decision.Withdraw: "pia",
		decision.Amend: "pia", decision.Confirm: "e0", "invented": "fay",
	}
	for stage, acts := range allowed {
		for act, actor := range who {
			c := councilAt(t, stage)
			before := c.Clone()
			err := c.try(act, actor, "e2")
			if strings.Contains(" "+acts+" ", " "+string(act)+" ") {
				require.NoError(t, err, "%s in %s", act, stage)
				for _, lang := range []string{"fr", "en"} {
					require.NotContains(t, c.Explain(lang), "%!")
				}
			} else {
				require.ErrorIs(t, err, decision.ErrState, "%s in %s", act, stage)
				require.Equal(t, before, c.Integrative, "nothing changes")
			}
			for _, other := range []string{"pia", "fay", "e0", "e1", "e2", "x", ""} { // and nobody else may do it
				anyElector := act == decision.Nominate || act == decision.Agree || act == decision.Aside || act == decision.Object
				if other == actor || anyElector && strings.HasPrefix(other, "e") {
					continue
				}
				c := councilAt(t, stage)
				before := c.Clone()
				require.Error(t, c.try(act, other, "e2"), "%s by %q in %s", act, other, stage)
				require.Equal(t, before, c.Integrative)
			}
		}
	}
}

func TestNobodyIsElectedAgainstAnObjectionOrWithoutAccepting(t *testing.T) {
	t.Parallel()
	c := councilAt(t, decision.Proposing)
	c.do(decision.Propose, "fay", "e2")
	c.do(decision.Agree, "e0", "e2")
	require.ErrorIs(t, c.try(decision.Close, "fay", ""), decision.ErrOpen, "the quorum is half")
	c.do(decision.Agree, "e1", "e2")
	require.ErrorContains(t, c.try(decision.Close, "fay", ""), "has not accepted")
	c.do(decision.Accept, "e2", "e2")
	c.do(decision.Object, "e3", "e2")
	c.do(decision.Close, "fay", "")
	require.Equal(t, decision.Proposing, c.Stage())
	c.do(decision.Propose, "fay", "e1")
	require.Equal(t, decision.Lapsed, c.Objections()[0].State)
	c.do(decision.Decline, "e1", "e1")
	require.ErrorContains(t, c.try(decision.Propose, "fay", "e1"), "declined")
	c.do(decision.Propose, "fay", "e2") // once more, with better reasons
	for _, e := range []string{"e0", "e1", "e3"} {
		c.do(decision.Agree, e, "e2")
	}
	require.ErrorContains(t, c.try(decision.Close, "fay", ""), "has not accepted", "the acceptance was for the former proposal")
	c.do(decision.Accept, "e2", "e2")
	c.do(decision.Close, "fay", "")
	require.Equal(t, decision.Elected, c.Stage())
	require.Equal(t, "e2", c.Proposed())
	require.Contains(t, c.Explain("fr"), "Choix sans objection : e2.")
	require.Contains(t, c.Explain("en"), "Nominations: e2 2, e1 1, of 4 voices; 0 changed")
}

func TestTheFacilitatorProposesWhoWasNamedAndNotItself(t *testing.T) {
	t.Parallel()
	c := councilAt(t, decision.Nominating)
	c.do(decision.Nominate, "e2", "fay")
	require.ErrorIs(t, c.try(decision.Nominate, "e2", "pia"), decision.ErrInvalid, "pia cannot be elected")
	c.do(decision.Advance, "fay", "")
	c.do(decision.Advance, "fay", "")
	require.ErrorIs(t, c.try(decision.Propose, "fay", "fay"), decision.ErrRole)
	require.ErrorIs(t, c.try(decision.Propose, "fay", "e3"), decision.ErrInvalid, "nobody has named e3")
	c.do(decision.Propose, "fay", "e1")

	rule := integrativeRule
	rule.Most = true
	c = newCouncil(t, rule)
	require.ErrorIs(t, c.try(decision.Advance, "fay", ""), decision.ErrOpen, "nobody has named anyone")
	for elector, person := range map[string]string{"e0": "e2", "e1": "e2", "e2": "e3", "e3": "e1"} {
		c.do(decision.Nominate, elector, person)
	}
	c.do(decision.Advance, "fay", "")
	c.do(decision.Nominate, "e2", "e1")
	require.True(t, c.Nominations()[2].Changed)
	c.do(decision.Advance, "fay", "")
	require.ErrorIs(t, c.try(decision.Propose, "fay", "e3"), decision.ErrInvalid)
	clone := &council{c.Clone(), t, c.now}
	clone.do(decision.Propose, "fay", "e1") // of equals, whom the reasons speak for
	c.do(decision.Propose, "fay", "e2")
	c.do(decision.Decline, "e2", "e2")
	c.do(decision.Propose, "fay", "e1")
}

func TestAnElectionWithoutCandidatesNeedsAReasonForEveryName(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{"", " \n", strings.Repeat("x", decision.MaxReasonBytes+1)} {
		c := councilAt(t, decision.Nominating)
		a := decision.Act{Kind: decision.Nominate, Actor: "e0", At: c.now.Add(time.Hour), Text: "e2", Reason: reason}
		require.ErrorIs(t, c.Apply(a), decision.ErrInvalid)
		c = councilAt(t, decision.Proposing)
		a.Kind, a.Actor, a.At = decision.Propose, "fay", c.now.Add(time.Hour)
		require.ErrorIs(t, c.Apply(a), decision.ErrInvalid)
	}
	four, none := electorate(t, 4), electorate(t, 0)
	someone := []string{"e0"}
	for _, open := range []func() (*decision.Integrative, error){
		func() (*decision.Integrative, error) {
			return decision.NewIntegrative(decision.IntegrativeRule{}, four, someone, "p", "f", opens)
		},
		func() (*decision.Integrative, error) {
			return decision.NewIntegrative(integrativeRule, none, someone, "p", "f", opens)
		},
		func() (*decision.Integrative, error) {
			return decision.NewIntegrative(integrativeRule, four, nil, "p", "f", opens)
		},
		func() (*decision.Integrative, error) {
			return decision.NewIntegrative(integrativeRule, four, someone, "p", "", opens)
		},
		func() (*decision.Integrative, error) {
			return decision.NewIntegrative(integrativeRule, four, []string{"e0", "e0"}, "p", "f", opens)
		},
	} {
		_, err := open()
		require.ErrorIs(t, err, decision.ErrInvalid)
	}
}
