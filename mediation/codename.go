package mediation

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/codesocial"
)

// trees are the first words of code names: genera, the same in every language.
var trees = [...]string{
	"Abies", "Acer", "Alnus", "Arbutus", "Betula", "Buxus", "Carpinus", "Castanea", "Cedrus", "Celtis", "Cornus", "Corylus", "Crataegus", "Fagus", "Ficus",
	"Fraxinus", "Ilex", "Juglans", "Juniperus", "Larix", "Laurus", "Malus", "Morus", "Olea", "Picea", "Pinus", "Platanus", "Populus", "Prunus", "Pyrus",
	"Quercus", "Salix", "Sambucus", "Sorbus", "Taxus", "Tilia", "Ulmus", "Viburnum",
}

// CodeName returns the name under which a case is spoken of: a tree and a number that follow from the id and tell nothing. Two cases
// of a community can have the same by chance, one in about 380 000 pairs; the id tells them apart.
func CodeName(of uuid.UUID) string {
	sum := sha256.Sum256(append([]byte("codesocial/case-name\n"), of[:]...))
	return fmt.Sprintf("%s %04d", trees[int(sum[0])%len(trees)], binary.BigEndian.Uint16(sum[1:])%10000)
}

// CodeOf returns the name under which somebody is spoken of in the case: A1, A2, … who report, B1, B2, … whom it concerns, in the order
// in which they came; M1, M2, … the mediators; X for anybody else.
func (k *Case) CodeOf(iri string) string {
	if i := slices.Index(k.Reporters, iri); i >= 0 {
		return fmt.Sprintf("A%d", i+1)
	}
	if i := slices.Index(k.Respondents, iri); i >= 0 {
		return fmt.Sprintf("B%d", i+1)
	}
	if i := slices.Index(append(slices.Clone(k.Former), k.Mediator), iri); i >= 0 && iri != "" {
		return fmt.Sprintf("M%d", i+1)
	}
	return "X"
}

// A Notice is what can be told of a case: that it exists, where it stands, and its clock, under its code name.
type Notice struct {
	Case     uuid.UUID
	Name     string
	Stage    Stage
	Outcome  Outcome
	Deadline Deadline
}

// Notices returns what somebody may know of the cases, in the order in which they were opened: of her own cases, and of all others
// what the rule "mediation.confidence" of each says. on is the day for which it is asked whether she is a member.
func (c *Cases) Notices(who string, on codesocial.Date) []Notice {
	var list []Notice
	for _, k := range c.order {
		sees := c.side(k, who) || who != "" && who == k.Mediator || k.has(who, Officer, Reviewer, Judge)
		switch k.Rules.Confidence.Visible {
		case ToEveryone:
			sees = true
		case ToMembers:
			sees = sees || c.state.MemberOn(who, on)
		}
		if sees {
			list = append(list, Notice{k.ID, CodeName(k.ID), k.Stage, k.Outcome, k.next()})
		}
	}
	return list
}
