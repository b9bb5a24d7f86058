package codesocial

// The tables that the package page shows.
var (
	MembershipTable = membership.String()
	LifeTable       = life.String()
	IncubationTable = incubation.String()
	WindDownTable   = windDown.String()
	DecisionTable   = decisionLife.String()
)

// OwnChecks are the checks of this package's rules.
var OwnChecks = ownChecks()

// RecordKinds are the kinds of records that this package writes.
func RecordKinds() (kinds []string) {
	for kind := range recordKinds {
		kinds = append(kinds, kind)
	}
	return kinds
}

// ExplainsKind reports whether there are words for a kind.
func ExplainsKind(kind string) bool { return len(kindWords[kind]) == 2 }

// What the record checks of the signatures of ballot offices.
var (
	VerifyBlind     = verifyBlind
	VerifyUnblinded = verifyUnblinded
	CheckModulus    = checkModulus
)

// SecretBallotID returns the id under which a secret ballot is recorded.
var SecretBallotID = (*SecretBallot).recordID
