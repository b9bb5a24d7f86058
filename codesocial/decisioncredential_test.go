package codesocial_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

func TestEveryCredentialThatTheRulesForbidIsRefused(t *testing.T) {
	t.Parallel()
	w, o, other := twoSecrets(t)
	request := func(r codesocial.CredentialRequest, author string) journal.Draft {
		return signedBy(t, author, codesocial.KindCredentialRequest, r)
	}
	credential := func(c codesocial.Credential, author string) journal.Draft {
		return signedBy(t, author, codesocial.KindCredential, c)
	}

	// Asking.
	v := newVoter(t, &o, ana, 1)
	edit := func(f func(*codesocial.CredentialRequest)) (codesocial.CredentialRequest, func(context.Context) error) {
		r := v.request
		r.Blinded = slices.Clone(r.Blinded)
		f(&r)
		return r, func(ctx context.Context) error { return w.AskCredential(ctx, r, keyOf(r.Elector)) }
	}
	for name, c := range map[string]struct {
		edit func(*codesocial.CredentialRequest)
		is   error
	}{
		"early":                 {func(r *codesocial.CredentialRequest) { r.At = o.Opens.Add(-time.Millisecond) }, codesocial.ErrState},
		"late":                  {func(r *codesocial.CredentialRequest) { r.At = o.Opens.AddDate(0, 0, 1) }, codesocial.ErrState},
		"for who is no elector": {func(r *codesocial.CredentialRequest) { r.Elector = cleo }, codesocial.ErrNotMember},
		"of too few offices":    {func(r *codesocial.CredentialRequest) { r.Blinded = r.Blinded[:1] }, codesocial.ErrInvalid},
		"of nobody":             {func(r *codesocial.CredentialRequest) { r.Blinded = nil }, codesocial.ErrLimit},
		"over the modulus":      {func(r *codesocial.CredentialRequest) { r.Blinded[1] = rsaKeys()[1].N.Bytes() }, codesocial.ErrInvalid},
		"nothing":               {func(r *codesocial.CredentialRequest) { r.Blinded[0] = make([]byte, 384) }, codesocial.ErrInvalid},
		"a factor": {func(r *codesocial.CredentialRequest) {
			r.Blinded[0] = rsaKeys()[0].Primes[0].FillBytes(make([]byte, 384))
		}, codesocial.ErrInvalid},
		"short":            {func(r *codesocial.CredentialRequest) { r.Blinded[0] = r.Blinded[0][1:] }, codesocial.ErrInvalid},
		"unknown decision": {func(r *codesocial.CredentialRequest) { r.Decision = uuid.Nil }, codesocial.ErrUnknown},
	} {
		r, act := edit(c.edit)
		w.refusedEitherWay("asking "+name, c.is, act, request(r, r.Elector))
	}
	w.refusedEitherWay("asking in somebody's name", codesocial.ErrSignature, func(ctx context.Context) error { return w.AskCredential(ctx, v.request, keys[cleo]) }, request(v.request, cleo))
	w.refusedEitherWay("asking unsigned", codesocial.ErrSignature, func(ctx context.Context) error { return w.AskCredential(ctx, v.request, nil) })
	require.NoError(t, w.ask(v)(t.Context()))
	again := newVoter(t, &o, ana, 1)
	w.refusedEitherWay("asking twice", codesocial.ErrRefused, w.ask(again), request(again.request, ana))

	// Issuing.
	for name, c := range map[string]struct {
		edit func(*codesocial.Credential)
		is   error
	}{
		"late":                        {func(c *codesocial.Credential) { c.At = o.Opens.AddDate(0, 0, 1) }, codesocial.ErrState},
		"to who has not asked":        {func(c *codesocial.Credential) { c.Elector = atelier }, codesocial.ErrRefused},
		"to who is no elector":        {func(c *codesocial.Credential) { c.Elector = cleo }, codesocial.ErrRefused},
		"over something else":         {func(c *codesocial.Credential) { c.Signature = again.issued[0].Signature }, codesocial.ErrSignature},
		"over nothing":                {func(c *codesocial.Credential) { c.Signature = make([]byte, 384) }, codesocial.ErrSignature},
		"under the key of the second": {func(c *codesocial.Credential) { c.Signature = v.issued[1].Signature }, codesocial.ErrSignature},
		"as what is no office":        {func(c *codesocial.Credential) { c.Office = fournil }, codesocial.ErrRefused},
		"short":                       {func(c *codesocial.Credential) { c.Signature = c.Signature[:100] }, codesocial.ErrInvalid},
		"for another decision":        {func(c *codesocial.Credential) { c.Decision = other.ID() }, codesocial.ErrRefused},
	} {
		credit := v.issued[0]
		c.edit(&credit)
		w.refusedEitherWay("issuing "+name, c.is, w.issue(credit), credential(credit, credit.Office))
	}
	w.refusedEitherWay("issuing as somebody else", codesocial.ErrSignature, func(ctx context.Context) error { return w.IssueCredential(ctx, v.issued[0], keys[cleo]) }, credential(v.issued[0], cleo))
	w.refusedEitherWay("issuing unsigned", codesocial.ErrSignature, func(ctx context.Context) error { return w.IssueCredential(ctx, v.issued[0], nil) })
	require.NoError(t, w.issue(v.issued[0])(t.Context()))
	w.refusedEitherWay("a first ballot with one of two", codesocial.ErrState, w.cast(v.answers(t, decision.For)))
	require.NoError(t, w.issue(v.issued[1])(t.Context()))
	twice := v.issued[1]
	twice.At = twice.At.Add(time.Second)
	w.refused(w.write(credential(twice, cleo)), codesocial.ErrRefused, "already")
	require.Equal(t, w.replay(), w.State())
}

func TestACredentialThatOneOfTheOfficesWithholdsIsNone(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	id := w.decide(o)
	w.credentialed(&o, 1, ana, atelier)
	v := newVoter(t, &o, ben, 1)
	require.NoError(t, w.ask(v)(t.Context()))
	require.NoError(t, w.issue(v.issued[0])(t.Context()))
	require.Len(t, w.State().CredentialsToIssue(id, cleo), 1)
	require.Empty(t, w.State().CredentialsToIssue(id, jardin))
	_, issued, ok := w.State().CredentialRequest(id, ben)
	require.True(t, ok)
	require.NotEmpty(t, issued[0].Signature)
	require.Empty(t, issued[1].Signature, "in sight of all")
	require.Equal(t, 2, w.decision(id).Secret.Classes[0].Issued)
	w.refused(w.cast(v.answers(t, decision.For)), codesocial.ErrState, "status ended")
	require.NoError(t, w.Close(t.Context(), codesocial.Closing{Decision: id, At: o.Closes}))
	require.Equal(t, codesocial.Inquorate, w.decision(id).Decided.Verdict)
}

func TestWhoHasNoKeyCannotAskAndNobodyCanOnceItIsWithdrawn(t *testing.T) {
	t.Parallel()
	w := assembly(t, secretVote) // where ben has none
	o := secretOpening(t)
	id := w.decide(o)
	v := newVoter(t, &o, ben, 1)
	w.refused(func(ctx context.Context) error { return w.AskCredential(ctx, v.request, nil) }, codesocial.ErrSignature, "must sign")
	require.NoError(t, w.Act(t.Context(), codesocial.Act{Decision: id, Kind: decision.Withdraw, Actor: atelier, At: o.At}, keys[atelier]))
	w.refused(w.ask(newVoter(t, &o, ana, 1)), codesocial.ErrRefused, "withdrawn")
	require.Empty(t, w.State().CredentialsToIssue(uuid.Nil, jardin))
	_, _, ok := w.State().CredentialRequest(id, ana)
	require.False(t, ok)
}

func TestWhoStandsAsideGetsNoCredential(t *testing.T) {
	t.Parallel()
	w := secretAssembly(t, secretVote)
	o := secretOpening(t)
	o.Concerns, o.Recusals = []string{ana}, []codesocial.Recusal{{Party: ben, Reason: "Works there."}}
	w.decide(o)
	for _, elector := range []string{ana, ben} {
		w.refused(w.ask(newVoter(t, &o, elector, 1)), codesocial.ErrNotMember, "stepped aside", "decide-1")
	}
	require.Len(t, w.credentialed(&o, 1, atelier, fournil, jardin), 3)
}
