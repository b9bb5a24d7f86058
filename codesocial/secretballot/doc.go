// Package secretballot makes secret ballots: for the electors of a decision, and for its ballot offices.
//
// Where the rule of a decision has a part "secret", nobody ever learns who has cast which ballot, and anybody can check the count from the record alone. It
// takes three steps. The opening names one or more ballot offices, each with a key made for this decision:
//
//	key, err := secretballot.NewKey()
//	office, err := secretballot.NewOffice(clerk, map[int64]*rsa.PrivateKey{1: key})
//	opening.Offices = []codesocial.BallotOffice{office.BallotOffice()}
//
// While credentials are issued, each elector draws a voter, keeps its secret, and asks; the offices answer:
//
//	voter, err := secretballot.NewVoter(decision, ana)
//	err = community.AskCredential(ctx, voter.Request(now), anasKey)
//	n, err := office.Issue(ctx, community, decision.ID, now, clerksKey)
//
// When all have been issued, she casts. Nothing in the ballot says that it is hers, so anybody may hand it in for her:
//
//	ballot, err := voter.Ballot(issued, codesocial.Ballot{Answer: decision.For, At: now})
//	err = community.Cast(ctx, ballot)
//
// # What is protected against whom
//
// The offices sign what they cannot see, as RFC 9474 says (RSABSSA-SHA384-PSS-Randomized, by github.com/cloudflare/circl). A ballot fits every credential
// issued for the same weight equally well: for each pair there is just one blinding factor, and each was as likely to be drawn. So the record tells nobody
// whose a ballot is: not the members, not the offices, not who keeps the journal, not all together, however fast they compute and however long they wait. It
// does not rest on the offices' keys being well made. Credentials are all issued before the first ballot is cast, so the order of one says nothing about the
// other.
//
// That nobody votes twice or in the place of others rests on the offices: each elector gets one credential, seen by all; there are never more ballots than
// credentials; and to make one besides, all offices would have to work together, in the place of somebody who does not vote, or who then finds her place
// taken and can show it. One office alone can do that: let several that do not trust each other be offices.
//
// # What is not
//
// [codesocial.SecretBallot] says what remains: who takes part is seen; the line and the moment at which a ballot is handed in can tell; a voter can prove how
// she voted, if she wants or is made to; unanimous ballots tell what everybody said; few electors know much about each other. The secret of a [Voter] opens
// all of it for this one ballot, and so does the program that runs it. Against pressure, vote on paper behind a curtain.
package secretballot

import "errors"

var (
	// ErrRefused: what was given does not fit the decision, or was changed.
	ErrRefused = errors.New("secretballot: refused")
	// ErrNotIssued: a ballot office has not issued the credential.
	ErrNotIssued = errors.New("secretballot: not issued")
)
