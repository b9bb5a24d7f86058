package ledger

import (
	"fmt"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/dividend"
)

// Value gives the analytic view of what a party or project gave and received, confirmed, in the contributions that the filter selects: each
// quantity at the rate that the rule "dividend.valuation" of the version in force on a day has for the day of the contribution. It returns the
// clause of that rule. The view is exact and has no part in sharing; see [dividend.Matrix.Value]. The error wraps
// [codesocial.ErrNotInForce], [codesocial.ErrNoRule], [codesocial.ErrManyRules] or an error of package dividend.
func (b *Books) Value(iri string, f Filter, on codesocial.Date) (dividend.Valued, codesocial.ClauseRef, error) {
	charter, err := b.community.InForceOn(on)
	if err != nil {
		return dividend.Valued{}, codesocial.ClauseRef{}, err
	}
	var wealth dividend.Wealth
	if _, err := charter.Rule(WealthKind, &wealth); err != nil {
		return dividend.Valued{}, codesocial.ClauseRef{}, err
	}
	var rule dividend.Valuation
	clause, err := charter.Rule(ValuationKind, &rule)
	if err != nil {
		return dividend.Valued{}, codesocial.ClauseRef{}, err
	}
	m, err := b.Matrix(f, wealth)
	if err != nil {
		return dividend.Valued{}, codesocial.ClauseRef{}, err
	}
	valued, err := m.Value(iri, rule, on.String())
	if err != nil {
		return dividend.Valued{}, codesocial.ClauseRef{}, fmt.Errorf("ledger: value of %s: %w", quote(iri), err)
	}
	return valued, clause, nil
}
