package catalog

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/commonstocommons/codesocial/catalog/search"
)

// Degrees are degrees of latitude or longitude in millionths, which is 11 cm or less on the ground: 48856614 is 48.856614°. As text they
// are a decimal with at most six decimal places, without zeros at the end.
type Degrees int32

// ParseDegrees reads degrees such as "48.856614" or "-1.5". The error wraps [ErrInvalid]: malformed, finer than a millionth, or beyond 180.
func ParseDegrees(s string) (Degrees, error) {
	refuse := func() (Degrees, error) {
		return 0, bad(ErrInvalid, "degrees", s, "must be a decimal from -180 to 180 with at most six decimal places")
	}
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if whole == "" || len(whole) > 3 || len(fraction) > 6 || point && fraction == "" ||
		strings.Trim(whole+fraction, "0123456789") != "" || len(whole) > 1 && whole[0] == '0' {
		return refuse()
	}
	n, err := strconv.ParseInt(whole+(fraction + "000000")[:6], 10, 32)
	if err != nil || n > 180_000_000 {
		return refuse()
	}
	if strings.HasPrefix(s, "-") {
		n = -n
	}
	return Degrees(n), nil
}

// String returns the degrees as [ParseDegrees] reads them.
func (d Degrees) String() string {
	n, sign := int64(d), ""
	if n < 0 {
		n, sign = -n, "-"
	}
	s := fmt.Sprintf("%s%d.%06d", sign, n/1_000_000, n%1_000_000)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// Float returns the degrees as a float, for computing distances.
func (d Degrees) Float() float64 { return float64(d) / 1e6 }

// MarshalText implements [encoding.TextMarshaler] in the form of [Degrees.String].
func (d Degrees) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler] with [ParseDegrees], and refuses every other spelling of the same number.
func (d *Degrees) UnmarshalText(text []byte) error {
	parsed, err := ParseDegrees(string(text))
	if err == nil && parsed.String() != string(text) {
		err = bad(ErrInvalid, "degrees", string(text), "is written %s", parsed)
	}
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// A Point is a place on the globe, WGS 84.
type Point struct {
	Latitude  Degrees `json:"latitude"`  // from -90 to 90, north positive
	Longitude Degrees `json:"longitude"` // from -180 to 180, east positive
}

func (p Point) check(field string) error {
	if p.Latitude < -90_000_000 || p.Latitude > 90_000_000 {
		return bad(ErrInvalid, field+".latitude", p.Latitude.String(), "is off the globe: must be from -90 to 90")
	}
	if p.Longitude < -180_000_000 || p.Longitude > 180_000_000 {
		return bad(ErrInvalid, field+".longitude", p.Longitude.String(), "is off the globe: must be from -180 to 180")
	}
	return nil
}

// Kilometres returns the distance along a great circle to q, rounded to whole kilometres, see search.Distance.
func (p Point) Kilometres(q Point) int { return int(math.Round(search.Distance(p.place(), q.place()))) }

func (p Point) place() search.Place {
	return search.Place{Latitude: p.Latitude.Float(), Longitude: p.Longitude.Float()}
}
