package codesocial_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
)

func TestALintSaysWhatAVoteCouldComeTo(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string][]string{
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"cast"}}`:                                                              {"lone-decider"},
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"eligible"}}`:                                                          nil,
		`{"kind":"codesocial.decision","matters":["*"],"election":{"method":"single"}}`:                                                                        {"lone-decider"},
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"for-against","quorum":"1/2"}}`:                                        {"quorum-paradox"},
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"for-against","quorum":"1/2","quorumOf":"for-abstain"}}`:               {"quorum-paradox"},
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"eligible","final":true},"secret":{"hours":24,"least":3}}`:             {"lone-office"},
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"eligible","final":true},"secret":{"hours":24,"least":3,"offices":2}}`: nil,
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"for-against","quorum":"1/2","quorumOf":"for"}}`:                       nil,
		`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"9/2","base":"cast"}}`:                                                              {"rule-refused"},
		`{"kind":"codesocial.decision","matters":["*"],"consent":{"quorum":"1/2","maxRounds":1}}`:                                                              nil,
	} {
		var codes []string
		for _, finding := range deciding(t, byConsent, rule).Lint() { // two rules of decision in one charter are no mistake
			if finding.Place == "decide-2" {
				codes = append(codes, finding.Code)
				require.Len(t, finding.Message, 2)
			}
		}
		require.Equal(t, want, codes, rule)
	}
	require.Equal(t, codesocial.Doubtful, deciding(t, byVote).Lint()[len(deciding(t, byVote).Lint())-1].Severity)
}
