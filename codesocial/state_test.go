package codesocial_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/journal"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

func TestReplayingTheJournalGivesTheSameStateAfterAnyHistory(t *testing.T) {
	t.Parallel()
	for range 5 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			w := newWorld(t)
			latest := small(t)
			require.NoError(t, w.Register(t.Context(), parties()...))
			require.Error(t, w.Admit(t.Context(), w.admission(latest)), "no version is in force")
			done, refused := 1, 1
			for range 150 {
				if err := randomAct(w, random, &latest); err != nil {
					refused++
				} else {
					done++
				}
				if random.IntN(30) == 0 {
					require.Equal(t, w.State(), w.replay())
				}
			}
			t.Logf("%d done, %d refused", done, refused)
			require.Equal(t, w.State(), w.replay())
			require.Equal(t, w.State(), openWorld(t, w.store).State(), "and in another process")
			report, err := codesocial.VerifyAuthors(t.Context(), w.journal)
			require.NoError(t, err)
			require.Equal(t, w.journal.Size(), report.Records)
		})
	}
}

// randomAct does something that may be allowed or not.
func randomAct(w *world, random *rand.Rand, latest **codesocial.Charter) error {
	all := parties()
	ctx, who := w.t.Context(), all[random.IntN(len(all))]
	on := (*latest).InForceFrom().AddDays(random.IntN(300) - 20)
	pick := func() string { return all[random.IntN(len(all))].ID }
	switch random.IntN(7) {
	case 0, 1:
		return w.Register(ctx, all[:1+random.IntN(len(all))]...)
	case 2:
		who.Name += fmt.Sprint(" ", random.IntN(3))
		return w.Register(ctx, who)
	case 3:
		return w.Propose(ctx, next(w.t, *latest, (*latest).InForceFrom().AddDays(random.IntN(400)).String()))
	case 4:
		var candidate *codesocial.Charter
		if err := w.Read(func(s *codesocial.State) {
			if proposals := s.Proposals(); len(proposals) > 0 {
				candidate = proposals[random.IntN(len(proposals))].Charter
			}
		}); err != nil || candidate == nil {
			return w.Propose(ctx, *latest)
		}
		signers := []string{atelier, fournil, jardin}
		random.Shuffle(3, func(i, j int) { signers[i], signers[j] = signers[j], signers[i] })
		err := w.Adopt(ctx, codesocial.Adoption{Charter: candidate.Hash(), On: candidate.InForceFrom().AddDays(-random.IntN(3)), Signatures: signatures(w.t, candidate, signers[:random.IntN(4)]...)})
		if err == nil {
			*latest = candidate
		}
		return err
	default:
		a := codesocial.Admission{Applicant: who.ID, Charter: (*latest).Hash(), On: on, Sponsors: []string{pick()}}
		if key, ok := keys[who.ID]; ok && random.IntN(5) > 0 {
			a.Signature, _ = codesocial.SignAcceptance(who.ID, *latest, key)
		}
		return w.Admit(ctx, a)
	}
}

// write records a draft as it is, past the operations of Community.
func (w *world) write(drafts ...journal.Draft) func(context.Context) error {
	return func(ctx context.Context) error {
		at := recorded()
		if b, ok := drafts[0].Payload.(codesocial.SecretBallot); ok {
			at = b.At
		}
		return w.clock.during(at, func() error {
			_, err := w.journal.Update(ctx, func() ([]journal.Draft, error) { return drafts, nil })
			return err
		})
	}
}

func TestWhatTheRulesForbidIsRefusedHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t)
	v2 := next(t, v1, "2026-01-01")
	require.NoError(t, w.Propose(t.Context(), v2))
	raw := func(format string, args ...any) canonical.Raw {
		out, err := canonical.Transform([]byte(fmt.Sprintf(format, args...)))
		require.NoError(t, err)
		return out
	}
	clause := fmt.Sprintf(`{"charter":%q,"version":1,"hash":%q,"clause":"social-1"}`, v1.ID(), v1.Hash())
	signed := acceptance(t, ana, ana, v1)
	for name, test := range map[string]struct {
		draft journal.Draft
		is    error
	}{
		"unknown member":                 {journal.Draft{Kind: codesocial.KindParty, Author: "urn:x:a", Payload: raw(`{"id":"urn:x:a","type":"person","name":"A","boss":true}`)}, codesocial.ErrInvalid},
		"a key in the registration":      {journal.Draft{Kind: codesocial.KindParty, Author: "urn:x:a", Payload: raw(`{"id":"urn:x:a","type":"person","name":"A","key":%q}`, public("new"))}, codesocial.ErrInvalid},
		"registration of somebody else":  {journal.Draft{Kind: codesocial.KindParty, Author: "urn:x:b", Payload: raw(`{"id":"urn:x:a","type":"person","name":"A"}`)}, codesocial.ErrInvalid},
		"another schema":                 {journal.Draft{Kind: codesocial.KindParty, Author: "urn:x:a", Schema: 2, Payload: raw(`{"id":"urn:x:a","type":"person","name":"A"}`)}, codesocial.ErrInvalid},
		"unknown organization":           {journal.Draft{Kind: codesocial.KindParty, Author: "urn:x:a", Payload: raw(`{"id":"urn:x:a","type":"person","name":"A","organization":"urn:x:b"}`)}, codesocial.ErrUnknown},
		"a key without a signature":      {journal.Draft{Kind: codesocial.KindKey, Payload: raw(`{"party":%q,"key":%q}`, ana, public("new"))}, codesocial.ErrSignature},
		"a key for nobody":               {journal.Draft{Kind: codesocial.KindKey, Payload: raw(`{"party":"ana","key":%q}`, public("new"))}, codesocial.ErrInvalid},
		"a charter that is none":         {journal.Draft{Kind: codesocial.KindCharter, Payload: raw(`{"id":"urn:x:c"}`)}, codesocial.ErrInvalid},
		"the same charter again":         {journal.Draft{Kind: codesocial.KindCharter, Payload: canonical.Raw(v1.Canonical())}, codesocial.ErrExists},
		"a charter that does not follow": {journal.Draft{Kind: codesocial.KindCharter, Payload: canonical.Raw(next(t, v2, "2027-01-01").Canonical())}, codesocial.ErrChain},
		"an adoption without signatures": {journal.Draft{Kind: codesocial.KindAdoption, Payload: raw(`{"charter":%q,"on":"2025-12-01","signatures":[]}`, v2.Hash())}, codesocial.ErrTooFew},
		"an adoption of nothing":         {journal.Draft{Kind: codesocial.KindAdoption, Payload: raw(`{}`)}, codesocial.ErrInvalid},
		"a second adoption":              {journal.Draft{Kind: codesocial.KindAdoption, Payload: codesocial.Adoption{Charter: v1.Hash(), On: day(t, "2024-12-31"), Signatures: signatures(t, v1, atelier, jardin)}}, codesocial.ErrExists},
		"an admission without sponsors":  {journal.Draft{Kind: codesocial.KindAdmission, Author: ana, Payload: raw(`{"applicant":%q,"charter":%q,"clause":%s,"on":"2025-02-01","signature":%q}`, ana, v1.Hash(), clause, signed)}, codesocial.ErrTooFew},
		"an admission under no clause":   {journal.Draft{Kind: codesocial.KindAdmission, Author: ana, Payload: raw(`{"applicant":%q,"charter":%q,"on":"2025-02-01","sponsors":[%q],"signature":%q}`, ana, v1.Hash(), atelier, signed)}, codesocial.ErrInvalid},
		"an admission of nobody":         {journal.Draft{Kind: codesocial.KindAdmission, Payload: raw(`{}`)}, codesocial.ErrInvalid},
	} {
		w.refused(w.write(test.draft), test.is, test.draft.Kind)
		t.Log(name)
	}
}

func TestTheStateCanBeUsedWithoutAJournal(t *testing.T) {
	t.Parallel()
	s := new(codesocial.State)
	position := uint64(0)
	record := func(drafts []journal.Draft, err error) {
		require.NoError(t, err)
		for _, d := range drafts {
			payload, err := canonical.Marshal(d.Payload)
			require.NoError(t, err)
			r := &journal.Record{Position: position, ID: d.ID, Kind: d.Kind, Schema: d.Schema, Author: d.Author, Payload: payload}
			v, err := s.Decode(r)
			require.NoError(t, err)
			require.NoError(t, s.Apply(r, v))
			position++
		}
	}
	charter := small(t)
	record(s.DraftParties(parties()...))
	record(s.DraftCharter(charter))
	record(s.DraftAdoption(codesocial.Adoption{Charter: charter.Hash(), On: day(t, "2024-12-12"), Signatures: signatures(t, charter, jardin, atelier)}))
	record(s.DraftAdmissions(codesocial.Admission{Applicant: ana, Charter: charter.Hash(), On: day(t, "2025-03-03"), Sponsors: []string{atelier}, Signature: acceptance(t, ana, ana, charter)}))
	require.True(t, s.MemberOn(ana, day(t, "2025-03-03")))

	var rule codesocial.AdmissionRule
	ref, err := s.Rule(codesocial.AdmissionKind, time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC), &rule)
	require.NoError(t, err)
	require.Equal(t, "social-1", ref.Clause)
	_, err = s.Rule(codesocial.AdmissionKind, time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC), &rule)
	require.ErrorIs(t, err, codesocial.ErrNotInForce)
	s.Reset()
	require.Equal(t, new(codesocial.State), s)
	require.Error(t, s.Apply(&journal.Record{}, 42), "a value that Decode never returns")
}

func TestAReferenceIsResolvedInTheWordsOfItsVersion(t *testing.T) {
	t.Parallel()
	w, v1 := founded(t)
	v2 := next(t, v1, "2026-01-01", func(d *codesocial.Document) { d.Chapters[0].Clauses[1].Text["en"] = "Everyone stays." })
	w.adopt(v2, atelier, fournil)
	s := w.State()
	for _, c := range []*codesocial.Charter{v1, v2} {
		ref, err := c.Ref("social-2")
		require.NoError(t, err)
		got, err := s.Resolve(ref)
		require.NoError(t, err)
		want, _ := c.Clause("social-2")
		require.Equal(t, want, got)
	}
	ref, err := v1.Ref("social-2")
	require.NoError(t, err)
	for name, spoil := range map[string]func(*codesocial.ClauseRef){
		"hash":    func(r *codesocial.ClauseRef) { r.Hash = "sha256:00" },
		"version": func(r *codesocial.ClauseRef) { r.Version = 2 },
		"charter": func(r *codesocial.ClauseRef) { r.Charter += "x" },
		"clause":  func(r *codesocial.ClauseRef) { r.Clause = "social-9" },
	} {
		bad := ref
		spoil(&bad)
		_, err := s.Resolve(bad)
		require.ErrorIs(t, err, codesocial.ErrUnknown, name)
	}
}

func TestARecordThatIsSignedMustBeSignedByItsAuthor(t *testing.T) {
	t.Parallel()
	w, _ := founded(t)
	draft := func(author, signer string) journal.Draft {
		d := journal.Draft{Kind: "tea.round", Author: author, Payload: canonical.Raw(`{"biscuits":2}`)}
		if signer != "" {
			require.NoError(t, d.Sign(keys[signer]))
		}
		return d
	}
	require.NoError(t, w.write(draft(ana, ana))(t.Context()))
	require.NoError(t, w.write(draft(ana, ""))(t.Context()), "signing is free")
	require.NoError(t, w.write(draft("urn:x:elsewhere", ""))(t.Context()))
	w.refused(w.write(draft(ana, cleo)), codesocial.ErrSignature, ana, "tea.round")
	w.refused(w.write(draft(ben, ana)), codesocial.ErrSignature, ben, "no registered key")
	w.refused(w.write(draft("urn:x:elsewhere", ana)), codesocial.ErrUnknown, "urn:x:elsewhere")
	w.refused(w.write(draft("", ana)), codesocial.ErrUnknown)

	change, err := codesocial.SignKeyChange(ana, keys[ana], public("new"))
	require.NoError(t, err)
	require.NoError(t, w.ChangeKey(t.Context(), change))
	late := draft(ana, ana)
	late.Payload = canonical.Raw(`{"biscuits":3}`)
	require.NoError(t, late.Sign(keys[ana]))
	w.refused(w.write(late), codesocial.ErrSignature, ana)
	require.NoError(t, late.Sign(keys["new"]))
	require.NoError(t, w.write(late)(t.Context()))

	report, err := codesocial.VerifyAuthors(t.Context(), w.journal)
	require.NoError(t, err)
	require.Equal(t, codesocial.AuthorReport{Records: w.journal.Size(), Signed: 2}, report)
}

func TestTheAuditFindsASignatureThatIsNotTheAuthors(t *testing.T) {
	t.Parallel()
	store := journal.NewMemoryStore()
	signer, err := journal.NewSigner("la-trame.example/journal", keys["journal"])
	require.NoError(t, err)
	j, err := journal.Open(t.Context(), store, signer, nil)
	require.NoError(t, err)
	s := new(codesocial.State) // not attached: nobody looks while it is written
	_, err = j.Update(t.Context(), func() ([]journal.Draft, error) { return s.DraftParties(parties()...) })
	require.NoError(t, err)
	d := journal.Draft{Kind: "tea.round", Author: ana, Payload: canonical.Raw(`{}`)}
	require.NoError(t, d.Sign(keys[cleo]))
	records, err := j.Update(t.Context(), func() ([]journal.Draft, error) { return []journal.Draft{d}, nil })
	require.NoError(t, err)

	_, err = codesocial.VerifyAuthors(t.Context(), j)
	require.ErrorIs(t, err, codesocial.ErrSignature)
	require.ErrorContains(t, err, fmt.Sprintf("record %d", records[0].Position))
	_, err = codesocial.Open(t.Context(), j)
	require.Error(t, err, "and no community opens on it")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = codesocial.VerifyAuthors(ctx, j)
	require.ErrorIs(t, err, context.Canceled)
}

func TestOfAnErasedPartyTheIRIAndWhatItSignedRemain(t *testing.T) {
	t.Parallel()
	w, charter := founded(t)
	require.NoError(t, w.Admit(t.Context(), w.admission(charter)))
	d := journal.Draft{Kind: "tea.round", Author: ana, Payload: canonical.Raw(`{}`)}
	require.NoError(t, d.Sign(keys[ana]))
	require.NoError(t, w.write(d)(t.Context()))

	s := new(codesocial.State)
	for r, err := range w.journal.Records(t.Context(), 0) {
		require.NoError(t, err)
		if r.Kind == codesocial.KindParty && (r.Author == ana || r.Author == atelier) {
			r.Payload, r.Salt = nil, nil
		}
		v, err := s.Decode(&r)
		require.NoError(t, err)
		if v != nil {
			require.NoError(t, s.Apply(&r, v), r.Kind)
		}
	}
	p, ok := s.Party(ana)
	require.True(t, ok)
	require.Equal(t, codesocial.Party{ID: ana, Key: public(ana), Erased: true}, p)
	require.True(t, s.MemberOn(ana, day(t, "2025-03-03")))
	require.True(t, s.MemberOn(atelier, day(t, "2025-03-03")))
	before, _ := w.State().Membership(ana)
	after, _ := s.Membership(ana)
	require.Equal(t, before, after)

	_, err := s.DraftParties(codesocial.Party{ID: ana, Type: codesocial.Person, Name: "Ana"})
	require.NoError(t, err, "who was erased may come back")
	_, err = s.DraftAdmissions(codesocial.Admission{Applicant: relais, Charter: charter.Hash(), On: day(t, "2025-04-01"), Sponsors: []string{atelier}, Signature: acceptance(t, relais, ana, charter)})
	require.NoError(t, err)

	empty := new(codesocial.State)
	for _, kind := range []string{codesocial.KindKey, codesocial.KindCharter, codesocial.KindAdoption, codesocial.KindAdmission} {
		v, err := empty.Decode(&journal.Record{Kind: kind, Schema: 1})
		require.NoError(t, err)
		require.Nil(t, v)
	}
	r := &journal.Record{Kind: codesocial.KindParty, Schema: 1}
	v, err := empty.Decode(r)
	require.NoError(t, err)
	require.NoError(t, empty.Apply(r, v))
	for range empty.Parties() {
		t.Fatal("nothing is left of a party that was recorded without an author")
	}
}

func TestAskingForAMemberOfManyCostsNoMemory(t *testing.T) { //nolint:paralleltest // it counts the memory of the process
	w, charter := founded(t)
	var people []codesocial.Party
	var admissions []codesocial.Admission
	for i := range 10_000 {
		id := fmt.Sprintf("urn:x:%d", i)
		people = append(people, codesocial.Party{ID: id, Type: codesocial.Person, Name: "P"})
		admissions = append(admissions, codesocial.Admission{Applicant: id, Charter: charter.Hash(), On: day(t, "2025-02-01"), Sponsors: []string{atelier}})
	}
	require.NoError(t, w.Register(t.Context(), people...))
	require.NoError(t, w.Admit(t.Context(), admissions...))
	s, at := w.State(), time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	allocs := testing.AllocsPerRun(1000, func() {
		if !s.Member("urn:x:4711", at) {
			t.Fatal("not a member")
		}
	})
	require.Zero(t, allocs)
}

func draftOf(kind string, payload any) journal.Draft {
	return journal.Draft{Kind: kind, Payload: payload}
}

func rawOf(c *codesocial.Charter) canonical.Raw { return c.Canonical() }

func FuzzRecords(f *testing.F) {
	w, charter := founded(f)
	kinds := slices.Sorted(slices.Values(codesocial.RecordKinds()))
	for _, seeds := range []*world{w, everything(f)} {
		for r, err := range seeds.journal.Records(f.Context(), 0) {
			require.NoError(f, err)
			if i := slices.Index(kinds, r.Kind); i >= 0 {
				f.Add(i, r.Author, r.Payload)
			}
		}
	}
	f.Add(slices.Index(kinds, codesocial.KindAcceptance), ana, []byte(fmt.Sprintf(`{"charter":%q,"on":"2025-06-01","party":%q}`, charter.Hash(), ana)))
	f.Add(slices.Index(kinds, codesocial.KindObjection), ana, []byte(fmt.Sprintf(`{"charter":%q,"on":"2025-06-01","party":%q,"reason":"x"}`, charter.Hash(), ana)))
	f.Fuzz(func(t *testing.T, kind int, author string, payload []byte) {
		r := &journal.Record{Kind: kinds[uint(kind)%uint(len(kinds))], Schema: 1, Author: author, Payload: payload}
		for _, s := range []*codesocial.State{new(codesocial.State), fold(t, w.journal)} {
			v, err := s.Decode(r)
			if err != nil || v == nil {
				continue
			}
			before := len(s.Versions()) + len(s.Proposals())
			if err := s.Apply(r, v); err == nil {
				require.GreaterOrEqual(t, len(s.Versions())+len(s.Proposals()), before)
			}
		}
	})
}
