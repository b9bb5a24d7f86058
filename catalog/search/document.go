package search

import (
	"fmt"
	"math"
	"time"
	"unicode/utf8"
)

// Limits on one document.
const (
	MaxIDBytes   = 500
	MaxTextBytes = 200_000 // all texts of a document together
	MaxFacets    = 1000
	MaxFacetByte = 500 // of the name and of the value of a facet
)

// A Text is a text in a language: [French], [English], or any other tag.
type Text struct{ Language, Text string }

// A Facet is something that documents are filtered and counted by: kind=offer, place=Lyon.
type Facet struct{ Name, Value string }

// A Place is a point on the globe, in degrees: Latitude from -90 to 90, Longitude from -180 to 180.
type Place struct{ Latitude, Longitude float64 }

// A Document is what can be found.
type Document struct {
	// ID names it; of documents with the same score the one with the lesser id comes first.
	ID string
	// Title counts three times, a keyword twice, the body once.
	Title, Keywords, Body []Text
	Facets                []Facet
	// Places are where it is; within Radius kilometres around each it is as near as can be. Anywhere says that distance does
	// not matter for it, as for what is done remotely. Without places and Anywhere, no search by distance finds it.
	Places   []Place
	Radius   float64
	Anywhere bool
	// Date is what [Newest] sorts by.
	Date time.Time
	// From and Until bound the time in which it can be had: from From on, before Until. Zero: without bound.
	From, Until time.Time
}

// check returns an error for what cannot be indexed.
func (d *Document) check() error {
	switch {
	case d.ID == "" || len(d.ID) > MaxIDBytes || !utf8.ValidString(d.ID):
		return bad(ErrInvalid, "id", d.ID, "must be 1 to %d bytes of UTF-8", MaxIDBytes)
	case len(d.Facets) > MaxFacets:
		return bad(ErrLimit, "facets of "+d.ID, fmt.Sprint(len(d.Facets)), "must be at most %d", MaxFacets)
	case !(d.Radius >= 0) || math.IsInf(d.Radius, 0):
		return bad(ErrInvalid, "radius of "+d.ID, fmt.Sprint(d.Radius), "must be a distance in kilometres")
	case !d.From.IsZero() && !d.Until.IsZero() && !d.From.Before(d.Until):
		return bad(ErrInvalid, "until of "+d.ID, d.Until.Format(time.RFC3339), "must be after %s", d.From.Format(time.RFC3339))
	}
	total := 0
	for _, texts := range [][]Text{d.Title, d.Keywords, d.Body} {
		for _, t := range texts {
			total += len(t.Text)
		}
	}
	if total > MaxTextBytes {
		return bad(ErrLimit, "texts of "+d.ID, fmt.Sprint(total), "must be at most %d bytes", MaxTextBytes)
	}
	for _, f := range d.Facets {
		if err := f.check("facet of " + d.ID); err != nil {
			return err
		}
	}
	for _, p := range d.Places {
		if err := p.check("place of " + d.ID); err != nil {
			return err
		}
	}
	return nil
}

func (f Facet) check(field string) error {
	if f.Name == "" || len(f.Name) > MaxFacetByte || len(f.Value) > MaxFacetByte {
		return bad(ErrInvalid, field, f.Name+"="+f.Value, "must have a name, and name and value of at most %d bytes", MaxFacetByte)
	}
	return nil
}

func (p Place) check(field string) error {
	if !(math.Abs(p.Latitude) <= 90) || !(math.Abs(p.Longitude) <= 180) {
		return bad(ErrInvalid, field, fmt.Sprintf("%v, %v", p.Latitude, p.Longitude), "must be on the globe: latitude -90 to 90, longitude -180 to 180")
	}
	return nil
}

// globe is the mean radius of the Earth in kilometres.
const globe = 6371.0088

// Distance returns the distance between two places in kilometres, along a great circle of a globe with the mean radius of 6371.0088 km
// (haversine formula; the Earth's flattening makes it wrong by up to 0.5 %).
func Distance(a, b Place) float64 {
	const rad = math.Pi / 180
	sinLat := math.Sin((b.Latitude - a.Latitude) * rad / 2)
	sinLon := math.Sin((b.Longitude - a.Longitude) * rad / 2)
	h := sinLat*sinLat + math.Cos(a.Latitude*rad)*math.Cos(b.Latitude*rad)*sinLon*sinLon
	return 2 * globe * math.Asin(math.Sqrt(min(h, 1)))
}
