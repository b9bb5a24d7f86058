package catalog

import (
	"encoding/hex"
	"strings"

	"github.com/google/uuid"

	"github.com/commonstocommons/codesocial/catalog/search"
)

// maxSlug is how many bytes of a title an IRI shows.
const maxSlug = 60

// NameEntry returns an IRI for an entry that reads well in an address and in a sitemap: base, the words of the title in lower-case ASCII with hyphens, cut at a
// word, and the last eight hexadecimal digits of id, which keep entries with the same title apart:
//
//	https://la-trame.example/catalogue/menuiserie-sur-mesure-1f2a03b4
//
// The same arguments always give the same IRI. It is the IRI's for ever: a later title does not change it.
func NameEntry(base, title string, id uuid.UUID) string {
	var b strings.Builder
	for _, word := range search.Words(title) {
		word = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, word)
		if word == "" {
			continue
		}
		if b.Len()+1+len(word) > maxSlug {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(word)
	}
	if b.Len() > 0 {
		b.WriteByte('-')
	}
	return base + b.String() + hex.EncodeToString(id[12:])
}
