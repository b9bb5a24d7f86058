package dividend

import "github.com/shopspring/decimal"

// Input is what a [Waterfall] is run on. All amounts are in Currency and have at most Decimals decimals.
type Input struct {
	// Scope names what is divided, as a rule a project by IRI. It is shown and not computed with.
	Scope string `json:"scope"`
	// Clause is the id of the clause that holds the waterfall. Lines that name no clause rest on it.
	Clause string `json:"clause,omitempty"`
	// Currency is the currency of all amounts: "EUR".
	Currency string `json:"currency"`
	// Decimals is the number of decimals of the smallest unit, from 0 to [MaxDecimals]: 2 for the cent.
	Decimals int `json:"decimals"`
	// Received is the money that came in (not what was invoiced), excluding VAT.
	Received decimal.Decimal `json:"received"`
	// DirectCosts is the money spent for the scope.
	DirectCosts decimal.Decimal `json:"directCosts"`
	// Deficit is the [Statement.Deficit] of the run before, which is made up for first; zero when there is none.
	Deficit decimal.Decimal `json:"deficit"`
	// Surplus is the [Statement.CarriedOver] of the run before; zero when there is none.
	Surplus decimal.Decimal `json:"surplus"`
	// Groups holds the members of each group that a line may go to, with their weights, in any order. Every group
	// named by a line must be there, if need be with no member.
	Groups map[string][]Weight `json:"groups"`
	// Claims holds, by name, the lists of claims that lines may go to, in the order in which [FirstCome] pays them. Every list named by a
	// line must be there, if need be without a claim, and no claim twice.
	Claims map[string][]Claim `json:"claims,omitempty"`
}

// Statement is the result of a run. It holds its input, so that anybody can compute it again, and it keeps
//
//	Distributed + Reserved + CarriedOver = Base + Deficit
//
// to the smallest unit, where Deficit is zero unless Base is negative, and then nothing is given out. A Statement is a
// value to read: a change in it is not noticed.
type Statement struct {
	Scope       string          `json:"scope"`
	Clause      string          `json:"clause,omitempty"`
	Currency    string          `json:"currency"`
	Decimals    int             `json:"decimals"`
	Received    decimal.Decimal `json:"received"`
	DirectCosts decimal.Decimal `json:"directCosts"`
	// Brought is the deficit brought forward from the run before (Input.Deficit).
	Brought decimal.Decimal `json:"brought"`
	// Surplus is what the run before carried over (Input.Surplus).
	Surplus decimal.Decimal `json:"surplus"`
	// Base is Received + Surplus − DirectCosts − Brought; it may be negative.
	Base decimal.Decimal `json:"base"`
	// Lines has one result for each line of the waterfall, in its order.
	Lines []LineResult `json:"lines"`
	// Distributed is what parties receive in all.
	Distributed decimal.Decimal `json:"distributed"`
	// Reserved is what funds receive in all.
	Reserved decimal.Decimal `json:"reserved"`
	// CarriedOver is what is left after the last line, zero or more.
	CarriedOver decimal.Decimal `json:"carriedOver"`
	// Deficit is −Base when the base is negative, to be brought forward to the next run; zero otherwise.
	Deficit decimal.Decimal `json:"deficit"`
}

// Why a line took less than its rate or fixed amount says, or could not be placed.
const (
	// LimitCap: the cap of the line held it back.
	LimitCap = "cap"
	// LimitRemaining: less was left than the line asks for.
	LimitRemaining = "remaining"
	// LimitCondition: the base is below what the line is made for, so that it takes nothing.
	LimitCondition = "condition"
	// NoMember: the group has no member.
	NoMember = "no member"
	// NoWeight: no member of the group has a weight above zero.
	NoWeight = "no weight"
	// AllCapped: every member who has a weight is at the cap, so that only a part of the line could be placed.
	AllCapped = "all capped"
)

// LineResult is what one line of a waterfall did.
type LineResult struct {
	// Line is the line as the rule has it, with its Clause filled in.
	Line Line `json:"line"`
	// Basis is what the rate was applied to: the base, or what remained. On a fixed line it is what remained.
	Basis decimal.Decimal `json:"basis"`
	// Exact is Rate × Basis before rounding, or the fixed amount.
	Exact decimal.Decimal `json:"exact"`
	// Amount is what the line takes: Exact rounded half up to the smallest unit, at most Cap, at most what remained.
	Amount decimal.Decimal `json:"amount"`
	// Limit is empty, [LimitCap], [LimitRemaining] or [LimitCondition]: what made Amount less than Exact rounded.
	Limit string `json:"limit,omitempty"`
	// Placed is what was given out: Amount, or less when Reason says why not all of it could be.
	Placed decimal.Decimal `json:"placed"`
	// Reason is empty, [NoMember], [NoWeight], [AllCapped] or [ClaimsPaid].
	Reason string `json:"reason,omitempty"`
	// Remaining is what is left for the lines after this one.
	Remaining decimal.Decimal `json:"remaining"`
	// Members holds the members of the group, or the parties named, with their weights, sorted by ID; empty for a fund
	// or one party.
	Members []Weight `json:"members,omitempty"`
	// Claims holds the claims that the line goes to, with what it did to each, in the order of the input.
	Claims []PaidClaim `json:"claims,omitempty"`
	// Total is the sum of what the weights of Members count for, see [Sharing.Counted], or of what is left of Claims.
	Total decimal.Decimal `json:"total"`
	// Parts is who gets what of Placed, sorted by ID: the fund, the party, or each member of the group.
	Parts []Part `json:"parts,omitempty"`
}
