package ledger

import (
	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/dividend"
)

// sharedClaim is what a distribution paid on a claim, and what it renounced; negative where a correction takes that back.
type sharedClaim struct {
	distribution    uuid.UUID
	from, to        codesocial.Date // its period
	token           Token
	on              codesocial.Date
	paid, renounced fixed
}

// renounced returns what of a claim has been given up at a time.
func (c *commitment) renounced(at At) (sum fixed) {
	for _, x := range c.shared {
		if at.sees(x.token, x.on) {
			sum = sum.add(x.renounced)
		}
	}
	return sum
}

// claims returns the claims in a currency that the lines of a distribution go to, as known at a token. What runs on the same period paid of them is not taken off: a correction
// takes their place.
func (b *Books) claims(lines []dividend.Line, d *Distribution, currency string, at At) (map[string][]dividend.Claim, error) {
	lists := make(map[string][]dividend.Claim)
	named := make(map[uuid.UUID]bool)
	for _, l := range lines {
		if l.To.Claims == "" {
			continue
		}
		lists[l.To.Claims] = []dividend.Claim{}
		if l.To.Claims == AllClaims {
			continue
		}
		id, err := uuid.Parse(l.To.Claims)
		c := b.commitments.index[id]
		if err != nil || c == nil || c.Kind != Claim || c.Project != d.Project {
			return nil, bad(ErrUnknown, "line "+l.ID+": claims", l.To.Claims, "is not recorded as a claim on %s", d.Project)
		}
		named[id] = true
	}
	if len(lists) == 0 {
		return nil, nil
	}
	for _, c := range b.commitments.byProject[d.Project] {
		list := AllClaims
		if named[c.ID] {
			list = c.ID.String()
		}
		if _, wanted := lists[list]; !wanted || c.Kind != Claim || c.On.After(d.To) || !at.sees(tokenOf(c.position), c.On) {
			continue
		}
		left := b.claimed(c, d, at)
		if left.isZero() {
			continue
		}
		if c.Quantity.Unit != currency {
			if list == AllClaims {
				continue
			}
			return nil, bad(ErrUnit, "claim "+list, c.Quantity.String(), "the charter shares %s, and no rule converts", currency)
		}
		lists[list] = append(lists[list], dividend.Claim{ID: c.ID.String(), Party: c.Party, Left: left.decimal()})
	}
	return lists, nil
}

// claimed returns what is left of a claim without what runs on the period of a distribution paid and renounced.
func (b *Books) claimed(c *commitment, d *Distribution, at At) fixed {
	done, renounced, here := b.done(c, at), c.renounced(at), fixed{}
	for _, x := range c.shared {
		if at.sees(x.token, x.on) && x.from == d.From && x.to == d.To {
			here = here.add(x.paid)
			done, renounced = done.sub(x.paid), renounced.sub(x.renounced)
		}
	}
	if happened(c.cancelled, at) {
		return here // only what was left has been given up
	}
	return c.rest(done, renounced)
}

// checkClaimsPaid refuses to post a distribution that would pay and renounce more of a claim than is left of it: it was paid or cancelled while the distribution
// was reviewed.
func (b *Books) checkClaimsPaid(d *reviewed) error {
	for _, l := range d.Statement.Lines {
		for _, p := range l.Claims {
			id, err := uuid.Parse(p.ID)
			c := b.commitments.index[id]
			if err != nil || c == nil || c.Kind != Claim || c.Project != d.Project || c.Party != p.Party {
				return bad(ErrUnknown, "claim", p.ID, "is not recorded as a claim of %s on %s", p.Party, d.Project)
			}
			paid, _ := fix(p.Paid)
			renounced, _ := fix(p.Renounced)
			if left := b.claimed(c, &d.Distribution, At{}); left.sub(paid).sub(renounced).hi < 0 {
				return bad(ErrOverpaid, "claim", p.ID, "the distribution pays %s and renounces %s, and %s are left by now: correct it", p.Paid, p.Renounced, left.decimal())
			}
		}
	}
	return nil
}

// settleClaims takes what a distribution pays off its claims, and gives back what the one paid that it corrects.
func (b *Books) settleClaims(r *journal.Record, d *reviewed, on codesocial.Date) {
	add := func(of *reviewed, sign func(fixed) fixed) {
		for _, l := range of.Statement.Lines {
			for _, p := range l.Claims {
				id, _ := uuid.Parse(p.ID)
				paid, _ := fix(p.Paid)
				renounced, _ := fix(p.Renounced)
				if c := b.commitments.index[id]; c != nil && !(paid.isZero() && renounced.isZero()) {
					c.shared = append(c.shared, sharedClaim{d.ID, d.From, d.To, tokenOf(r.Position), on, sign(paid), sign(renounced)})
				}
			}
		}
	}
	if old := b.replaced(d.Corrects); old != nil {
		add(old, fixed.neg)
	}
	add(d, func(f fixed) fixed { return f })
}
