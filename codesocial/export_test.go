package codesocial

// MembershipTable is the table that the package page shows.
var MembershipTable = membership.String()
