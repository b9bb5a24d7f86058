package codesocial

// The tables that the package page shows.
var (
	MembershipTable = membership.String()
	LifeTable       = life.String()
	DecisionTable   = decisionLife.String()
)
