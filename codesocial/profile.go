package codesocial

import "slices"

// A Profile is the list of chapters that a charter is divided into. The known profiles are data, not doctrine: a
// community that wants other chapters names a profile of its own and lists what it likes.
type Profile struct {
	Name     string
	Chapters []ProfileChapter // all of them, in order
}

// A ProfileChapter is one chapter of a known profile.
type ProfileChapter struct {
	ID    string
	Title Text // in French and English
}

// The names of the known profiles.
const (
	CodeSocial8 = "codesocial-8" // the eight chapters of #CodeSocial
	CodeSocial9 = "codesocial-9" // the same, and the governance of the charter itself
	CC4         = "cc-4"         // the four bundles of Contributive Commons
)

// LookupProfile returns the profile known under name, with its chapters in order. Otherwise the second
// result is false: the name is a community's own.
func LookupProfile(name string) (Profile, bool) {
	eight := []ProfileChapter{
		{"purpose", Text{"fr": "Raison d'être", "en": "Purpose"}},
		{"history", Text{"fr": "Histoire", "en": "History"}},
		{"social", Text{"fr": "Modèle social et humain", "en": "Social and human model"}},
		{"economic", Text{"fr": "Modèle économique", "en": "Economic model"}},
		{"ecological", Text{"fr": "Modèle écologique", "en": "Ecological model"}},
		{"technological", Text{"fr": "Modèle scientifique et technologique", "en": "Scientific and technological model"}},
		{"legal", Text{"fr": "Modèle juridique et financier", "en": "Legal and financial model"}},
		{"cultural", Text{"fr": "Modèle artistique et culturel", "en": "Artistic and cultural model"}},
	}
	switch name {
	case CodeSocial8:
		return Profile{name, eight}, true
	case CodeSocial9:
		return Profile{name, append(eight, ProfileChapter{"governance", Text{"fr": "Gouvernance de la démarche", "en": "Governance of the charter"}})}, true
	case CC4:
		return Profile{name, []ProfileChapter{
			{"qualities", Text{"fr": "Qualités", "en": "Qualities"}},
			{"values", Text{"fr": "Valeurs", "en": "Values"}},
			{"rights", Text{"fr": "Droits", "en": "Rights"}},
			{"wealth", Text{"fr": "Richesses", "en": "Wealth"}},
		}}, true
	}
	return Profile{}, false
}

// check returns an error unless the chapters are those of the profile, in its order.
func (p Profile) check(chapters []Chapter) error {
	for i, want := range p.Chapters {
		if i >= len(chapters) {
			return badly(ErrInvalid, "chapters", "profile %s: the chapter %s is missing", p.Name, want.ID)
		}
		if got := chapters[i].ID; got != want.ID {
			why := "must be %s"
			if slices.ContainsFunc(chapters, func(c Chapter) bool { return c.ID == want.ID }) {
				why += ", which comes later"
			}
			return bad(ErrInvalid, at("chapters", i)+".id", got, "profile %s: "+why, p.Name, want.ID)
		}
	}
	if extra := len(p.Chapters); len(chapters) > extra {
		return bad(ErrInvalid, at("chapters", extra)+".id", chapters[extra].ID, "the profile %s has %d chapters; a charter with others names a profile of its own", p.Name, extra)
	}
	return nil
}
