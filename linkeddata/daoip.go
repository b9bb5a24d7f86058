package linkeddata

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/codesocial/decision"
	"github.com/commonstocommons/codesocial/codesocial/journal/canonical"
)

// The values of "@context" in the documents of DAOIP-2. The one of the top document of a DAO is spelled with http, that of all
// others, and of the top document of what does not call itself a DAO, with https: readers compare them as strings.
const (
	daoContext = "http://www.daostar.org/schemas"
	subContext = "https://www.daostar.org/schemas"
)

// exclusionMatter is the matter of decisions on an exclusion, as package mediation names it.
const exclusionMatter = "mediation.exclusion"

// answers are the acts by which an elector says what she thinks of a proposal, or whom she wants.
var answers = []decision.ActKind{decision.Agree, decision.Aside, decision.Object, decision.Retract, decision.Confirm, decision.Nominate}

// DAOIPOptions say what the documents of DAOIP-2 contain, and where they will be.
type DAOIPOptions struct {
	// Base is the http or https address under which the files are published, with a slash at its end.
	Base string
	// On is the day whose members and social code are described.
	On codesocial.Date
	// Lang picks the words of titles and texts, as [codesocial.Text.In] does.
	Lang string
	// Type is what the community calls itself: "" for "DAO", or "Organization", "Foundation", "Person" or "Entity".
	Type string
	// Name is what the community is called; "" for the title of its social code.
	Name string
	// Description says in words what the community is; "" leaves the field out.
	Description string
	// Embed puts members, proposals and activities into the top document, under names without the suffix URI, in place of files of their own.
	Embed bool
}

// A File is a document to be published under the base address.
type File struct {
	Name string // relative to the base, such as "members.json"
	Data []byte
}

type daoRef struct {
	ID   string `json:"id"`
	Type string `json:"type,omitempty"`
}

type daoMembers struct {
	Context string   `json:"@context"`
	Type    string   `json:"type"`
	Members []daoRef `json:"members"`
}

type daoProposal struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	Name       string `json:"name"`
	ContentURI string `json:"contentURI,omitempty"`
	Status     string `json:"status"`
}

type daoProposals struct {
	Context   string        `json:"@context"`
	Proposals []daoProposal `json:"proposals"`
}

type daoActivity struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Proposal daoRef `json:"proposal"`
	Member   daoRef `json:"member"`
}

type daoActivities struct {
	Context    string        `json:"@context"`
	Activities []daoActivity `json:"activities"`
}

type daoDocument struct {
	Context     string         `json:"@context"`
	Type        string         `json:"type"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitempty"`
	MembersURI  string         `json:"membersURI,omitempty"`
	Members     *daoMembers    `json:"members,omitempty"`
	ProposalURI string         `json:"proposalsURI,omitempty"`
	Proposals   *daoProposals  `json:"proposals,omitempty"`
	ActivityURI string         `json:"activityLogURI,omitempty"`
	Activities  *daoActivities `json:"activityLog,omitempty"`
	Governance  string         `json:"governanceURI"`
}

// DAOIP returns the documents of DAOIP-2 (status Review, https://daostar.org; also ERC-4824): dao.json, members.json, proposals.json, activities.json,
// governance.md, and for each decision its question in words, in the order of their names. A proposal is a decision of the community,
// named by the base, "?proposalId=" and the id of the decision; its status is [codesocial.Verdict], or "open"; decisions on an exclusion, which speak of a member, are left out. An
// activity is the opening of a decision, or a step in it that is no ballot and no answer, such as an objection: what anyone thinks of it is left out, and so is every name; members are named by their IRIs. There is nothing on a chain, and so neither contracts nor calls: what has
// no value is left out, never null or empty. The governance document is the social code in force on the day, in Markdown. Call it
// where the state stands still. The errors wrap [ErrInvalid] or [ErrIRI].
func DAOIP(s *codesocial.State, o DAOIPOptions) ([]File, error) {
	if s == nil {
		return nil, refuse(ErrInvalid, "", "the state of the community must be given")
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	rules, err := s.InForceOn(o.On)
	if err != nil {
		return nil, refuse(ErrInvalid, o.On.String(), "%v", err)
	}
	top := daoDocument{Context: daoContext, Type: cmp.Or(o.Type, "DAO"), Name: cmp.Or(o.Name, rules.Title().In(o.Lang)), Description: o.Description, Governance: o.Base + "governance.md"}
	if top.Type != "DAO" {
		top.Context = subContext
	}
	members := daoMembers{Context: subContext, Type: "DAO", Members: []daoRef{}}
	for m := range s.Members() {
		if s.MemberOn(m.Party, o.On) {
			if err := CheckIRI(m.Party); err != nil {
				return nil, err
			}
			members.Members = append(members.Members, daoRef{ID: m.Party})
		}
	}
	files := []File{{Name: "governance.md", Data: rules.Markdown()}}
	proposals, activities, texts := o.decisions(s)
	files = append(files, texts...)
	if o.Embed {
		top.Members, top.Proposals, top.Activities = &members, proposals, activities
	} else {
		for _, part := range []struct {
			name     string
			document any
		}{{"members.json", members}, {"proposals.json", proposals}, {"activities.json", activities}} {
			file, err := jsonFile(part.name, part.document)
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
		top.MembersURI, top.ProposalURI, top.ActivityURI = o.Base+"members.json", o.Base+"proposals.json", o.Base+"activities.json"
	}
	file, err := jsonFile("dao.json", top)
	if err != nil {
		return nil, err
	}
	files = append(files, file)
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return files, nil
}

func (o *DAOIPOptions) check() error {
	if err := CheckIRI(o.Base); err != nil {
		return err
	}
	if !strings.HasPrefix(o.Base, "https://") && !strings.HasPrefix(o.Base, "http://") || !strings.HasSuffix(o.Base, "/") || strings.ContainsAny(o.Base, "?#") {
		return refuse(ErrIRI, o.Base, "must be an http or https address that ends with a slash")
	}
	if !slices.Contains([]string{"", "DAO", "Organization", "Foundation", "Person", "Entity"}, o.Type) {
		return refuse(ErrInvalid, o.Type, "must be DAO, Organization, Foundation, Person or Entity")
	}
	return nil
}

// decisions returns the proposals, what members did about them, and their texts.
func (o *DAOIPOptions) decisions(s *codesocial.State) (*daoProposals, *daoActivities, []File) {
	proposals := &daoProposals{Context: subContext, Proposals: []daoProposal{}}
	activities := &daoActivities{Context: subContext, Activities: []daoActivity{}}
	var texts []File
	for d := range s.Decisions() {
		if d.Opening.Matter.Kind == exclusionMatter {
			continue
		}
		id := o.Base + "?proposalId=" + d.ID.String()
		text := File{Name: "proposals/" + d.ID.String() + ".md", Data: []byte(proposalText(&d, o.Lang))}
		texts = append(texts, text)
		proposals.Proposals = append(proposals.Proposals, daoProposal{
			ID: id, Type: "proposal", Name: d.Opening.Title.In(o.Lang), ContentURI: o.Base + text.Name, Status: cmp.Or(string(d.Decided.Verdict), "open"),
		})
		about := daoRef{ID: id, Type: "proposal"}
		add := func(what, member string) {
			activities.Activities = append(activities.Activities, daoActivity{ID: id + "#" + what, Type: "activity", Proposal: about, Member: daoRef{ID: member}})
		}
		add("open", d.Opening.Proposer)
		for i, act := range d.Acts {
			if slices.Contains(answers, act.Kind) {
				continue
			}
			add(string(act.Kind)+"-"+strconv.Itoa(i+1), act.Actor)
		}
	}
	return proposals, activities, texts
}

// proposalText returns what is asked, as it stands: with the words of the last amendment.
func proposalText(d *codesocial.Decision, lang string) string {
	words := d.Opening.Text
	for _, act := range d.Acts {
		if act.Kind == decision.Amend && len(act.Text) > 0 {
			words = act.Text
		}
	}
	text := "# " + d.Opening.Title.In(lang) + "\n"
	if len(words) > 0 {
		text += "\n" + words.In(lang) + "\n"
	}
	return text + "\n`" + d.Decided.Matter.Kind + "` `" + d.Decided.Matter.Ref + "`\n"
}

// jsonFile writes a document as canonical JSON and a line feed.
func jsonFile(name string, document any) (File, error) {
	data, err := canonical.Marshal(document)
	if err != nil {
		return File{}, refuse(ErrInvalid, name, "%v", err)
	}
	return File{Name: name, Data: append(data, '\n')}, nil
}
