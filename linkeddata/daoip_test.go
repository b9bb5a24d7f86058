package linkeddata

import (
	"crypto/ed25519"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// decidingState returns the state of two organisations that have opened two decisions and closed one.
func decidingState(t *testing.T) *codesocial.State {
	t.Helper()
	ctx := t.Context()
	signer, err := journal.NewSigner("la-trame.example/journal", privateKey(100))
	require.NoError(t, err)
	j, err := journal.Open(ctx, journal.NewMemoryStore(), signer, nil)
	require.NoError(t, err)
	community, err := codesocial.Open(ctx, j)
	require.NoError(t, err)
	keys := map[string]ed25519.PrivateKey{atelier: privateKey(1), jardin: privateKey(2)}
	doc := firstVersion(t).Document()
	doc.Chapters[0].Clauses = append(doc.Chapters[0].Clauses, codesocial.Clause{
		ID: "deciding", Text: codesocial.Text{"en": "We vote."}, Rule: []byte(`{"kind":"codesocial.decision","matters":["*"],"vote":{"threshold":"1/2","base":"cast"}}`),
	})
	c, err := codesocial.NewCharter(doc)
	require.NoError(t, err)
	require.NoError(t, community.Register(ctx,
		codesocial.Party{ID: atelier, Type: codesocial.Organization, Name: "L'Atelier du Pont", Key: codesocial.PublicKeyOf(keys[atelier])},
		codesocial.Party{ID: jardin, Type: codesocial.Collective, Name: "Le Jardin partagé", Key: codesocial.PublicKeyOf(keys[jardin])},
	))
	var signatures []codesocial.CharterSignature
	for _, founder := range []string{atelier, jardin} {
		s, err := codesocial.SignCharter(c, founder, keys[founder])
		require.NoError(t, err)
		signatures = append(signatures, s)
	}
	require.NoError(t, community.Propose(ctx, c))
	require.NoError(t, community.Adopt(ctx, codesocial.Adoption{Charter: c.Hash(), On: c.InForceFrom(), Signatures: signatures}))
	opens := time.Date(2025, 2, 1, 9, 0, 0, 0, time.UTC)
	for i, title := range []string{"Buy an oven", "Sell the van", "Exclude Cleo"} {
		o := codesocial.Opening{
			Matter: codesocial.Matter{Kind: "codesocial.purchase", Ref: strings.ToLower(title)}, Title: codesocial.Text{"en": title},
			Proposer: atelier, At: opens.Add(-time.Hour), Opens: opens, Closes: opens.AddDate(0, 0, 7),
		}
		if i == 2 {
			o.Matter.Kind = "mediation.exclusion"
		}
		require.NoError(t, community.Decide(ctx, o, keys[atelier]))
		if i == 1 {
			require.NoError(t, community.Act(ctx, codesocial.Act{Decision: o.ID(), Kind: decision.Withdraw, Actor: atelier, At: opens.Add(-time.Hour)}, keys[atelier]), title)
			continue
		}
		require.NoError(t, community.Vote(ctx, codesocial.Ballot{Decision: o.ID(), Voter: jardin, At: opens, Answer: decision.For}, keys[jardin]))
		require.NoError(t, community.Close(ctx, codesocial.Closing{Decision: o.ID(), At: o.Closes}))
	}
	return community.State()
}

// read returns the JSON documents by name, and checks that nothing in them is null or empty text.
func read(t *testing.T, files []File) map[string]map[string]any {
	t.Helper()
	documents := make(map[string]map[string]any)
	var checkValue func(v any)
	checkValue = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, member := range v {
				checkValue(member)
			}
		case []any:
			for _, item := range v {
				checkValue(item)
			}
		default:
			require.NotNil(t, v)
			require.NotEmpty(t, v)
		}
	}
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".json") {
			var d map[string]any
			require.NoError(t, json.Unmarshal(f.Data, &d))
			checkValue(d)
			documents[f.Name] = d
		}
	}
	return documents
}

func membersOf(d map[string]any) []string { return slices.Sorted(maps.Keys(d)) }

func TestTheDocumentsOfDAOIP2AreAsTheStandardSays(t *testing.T) {
	t.Parallel()
	s := decidingState(t)
	const base = "https://la-trame.example/dao/"
	options := DAOIPOptions{Base: base, On: day(t, "2025-06-01"), Lang: "en"}
	files, err := DAOIP(s, options)
	require.NoError(t, err)
	require.True(t, slices.IsSortedFunc(files, func(a, b File) int { return strings.Compare(a.Name, b.Name) }))
	documents := read(t, files)

	dao := documents["dao.json"]
	require.Equal(t, []string{"@context", "activityLogURI", "governanceURI", "membersURI", "name", "proposalsURI", "type"}, membersOf(dao), "what has no value is left out")
	require.Equal(t, "http://www.daostar.org/schemas", dao["@context"], "with http, here only")
	require.Equal(t, "DAO", dao["type"])
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = base + f.Name
	}
	for _, link := range []string{"activityLogURI", "governanceURI", "membersURI", "proposalsURI"} {
		require.Contains(t, names, dao[link], "every address is that of a file")
	}
	for _, name := range []string{"members.json", "proposals.json", "activities.json"} {
		require.Equal(t, "https://www.daostar.org/schemas", documents[name]["@context"])
	}
	members := documents["members.json"]
	require.Equal(t, "DAO", members["type"])
	require.Equal(t, []any{map[string]any{"id": atelier}, map[string]any{"id": jardin}}, members["members"])
	proposals := documents["proposals.json"]["proposals"].([]any)
	require.Len(t, proposals, 2)
	first := proposals[0].(map[string]any)
	require.Equal(t, []string{"contentURI", "id", "name", "status", "type"}, membersOf(first), "nothing is on a chain: no calls")
	require.Equal(t, "proposal", first["type"])
	require.Equal(t, "adopted", first["status"])
	require.True(t, strings.HasPrefix(first["id"].(string), base+"?proposalId="))
	require.Contains(t, names, first["contentURI"])
	require.NotContains(t, documents["proposals.json"], "type")
	activities := documents["activities.json"]["activities"].([]any)
	require.Len(t, activities, 3, "ballots are no business of outsiders")
	activity := activities[0].(map[string]any)
	require.Equal(t, []string{"id", "member", "proposal", "type"}, membersOf(activity))
	require.Equal(t, map[string]any{"type": "proposal", "id": first["id"]}, activity["proposal"])
	require.Equal(t, map[string]any{"id": atelier}, activity["member"])
	again, err := DAOIP(s, options)
	require.NoError(t, err)
	require.Equal(t, files, again)
	for _, file := range files {
		require.NotContains(t, strings.ToLower(string(file.Data)), "exclude cleo", "%s: it speaks of a member", file.Name)
	}
}

func TestWhatIsEmbeddedLosesTheSuffixAndStandsOnce(t *testing.T) {
	t.Parallel()
	s := decidingState(t)
	files, err := DAOIP(s, DAOIPOptions{Base: "https://la-trame.example/", On: day(t, "2025-06-01"), Type: "Organization", Description: "A web of workshops.", Embed: true})
	require.NoError(t, err)
	documents := read(t, files)
	require.Len(t, documents, 1)
	dao := documents["dao.json"]
	require.Equal(t, []string{"@context", "activityLog", "description", "governanceURI", "members", "name", "proposals", "type"}, membersOf(dao))
	require.Equal(t, "https://www.daostar.org/schemas", dao["@context"], "the top document of what is no DAO has https")
	require.Contains(t, dao["members"], "members", "what is embedded conforms to its own schema")
	require.Contains(t, dao["activityLog"], "activities")
}

func TestDAOIPRefusesWhatCannotBePublished(t *testing.T) {
	t.Parallel()
	s := decidingState(t)
	on := day(t, "2025-06-01")
	for name, o := range map[string]DAOIPOptions{
		"no base":          {On: on},
		"no slash":         {Base: "https://la-trame.example/dao", On: on},
		"with a query":     {Base: "https://la-trame.example/?x=/", On: on},
		"no address":       {Base: "urn:x:dao/", On: on},
		"unknown type":     {Base: "https://la-trame.example/", On: on, Type: "Club"},
		"before the rules": {Base: "https://la-trame.example/", On: day(t, "2020-06-01")},
	} {
		_, err := DAOIP(s, o)
		require.Error(t, err, name)
	}
	_, err := DAOIP(nil, DAOIPOptions{Base: "https://la-trame.example/", On: on})
	require.ErrorIs(t, err, ErrInvalid)
}
