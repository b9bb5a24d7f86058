package mediation

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// holders are people who can only be this in a case between ana and ben that mona mediates.
var holders = map[Role]string{
	Member: cleo, Reporter: ana, Respondent: ben, Officer: olga, Mediator: mona, Reviewer: rita, Judge: jean, Clock: "",
}

// Every stage, event and role: what is not in the table is refused with ErrState, what is somebody else's with ErrRole, and what both
// allow is refused for neither reason.
func TestEveryStageEventAndRoleIsAsTheTableSays(t *testing.T) {
	t.Parallel()
	s := newSim(t, nil)
	tried := 0
	for _, stage := range stages {
		for i := range eventInfos {
			info := &eventInfos[i]
			place, ok := placeOf[stageEvent{stage, info.event}]
			for _, role := range roles {
				k := s.begin(Tension{By: ana, At: start, Respondents: []string{ben}})
				k.enter(stage, start)
				if stage.Open() {
					k.Mediator = mona
				}
				a := &Act{ID: s.id(), Case: k.ID, Event: info.event, By: holders[role], At: k.last}
				if actsForParty(info) {
					a.For = s.spokenFor(k, a.By)
				}
				before := k.clone()
				var err error
				if ok {
					_, err = s.role(k, a, place)
				}
				tried++
				switch {
				case !ok:
					_, _, err = s.check(k, a, nil)
					require.ErrorIs(t, err, ErrState, "%s %s", stage, info.event)
				case slices.Contains(info.by, Member) && (role == Officer || role == Reviewer || role == Judge):
					require.NoError(t, err, "they are members too")
				case !slices.Contains(info.by, role):
					require.Error(t, err, "%s %s by %s", stage, info.event, role)
					_, _, err = s.check(k, a, nil)
					require.Error(t, err)
					require.NotErrorIs(t, err, ErrState)
				case role == Mediator && !stage.Open():
				default:
					require.NoError(t, err, "%s %s by %s", stage, info.event, role)
				}
				require.Equal(t, before, k, "nothing changes")
			}
		}
	}
	require.Equal(t, len(stages)*len(eventInfos)*len(roles), tried)
}

func TestEveryStageButTheLastHasAClockAndAWayOut(t *testing.T) {
	t.Parallel()
	for _, stage := range stages[:len(stages)-1] {
		var events []Event
		leaves := false
		for _, tr := range Table() {
			if tr.From == stage {
				events = append(events, tr.Event)
				leaves = leaves || slices.ContainsFunc(tr.To, func(to Stage) bool { return to != stage })
				require.NotEmpty(t, tr.Tells.In("fr"), "%s tells the parties", tr.Event)
				require.NotEmpty(t, tr.Tells.In("en"))
				require.NotEmpty(t, tr.By)
			}
		}
		require.True(t, leaves, "%s has a way out", stage)
		if stage == Closed {
			require.Contains(t, events, Erase)
		} else {
			require.Contains(t, events, Lapse, "%s has a clock", stage)
		}
		require.NotEmpty(t, stage.Title("fr"))
		require.NotEqual(t, stage.Title("fr"), stage.Title("en"))
	}
	for _, event := range Events() {
		require.True(t, slices.ContainsFunc(transitions, func(tr Transition) bool { return tr.Event == event }), "%s has a place", event)
	}
}
