package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/catalog/match"
	"github.com/commonstocommons/codesocial/catalog/search"
)

// A desk answers questions about a fair.
type desk struct {
	*fair
	*phrases
	w        io.Writer
	language string // of the phrases and titles
	matching *catalog.Matching
}

// ask answers the questions of r, one a line, until it ends or says quit.
func (d *desk) ask(r io.Reader) error {
	lines := bufio.NewReaderSize(r, maxLine)
	var last []string
	for {
		fmt.Fprint(d.w, "> ")
		line, whole, err := readLine(lines)
		switch {
		case errors.Is(err, io.EOF):
			fmt.Fprintln(d.w)
			return nil
		case err != nil:
			return err
		case !whole:
			fmt.Fprintf(d.w, d.tooLong, maxLine)
			continue
		}
		switch first, rest, _ := strings.Cut(line, " "); first {
		case "":
		case "quit":
			return nil
		case "help":
			fmt.Fprintln(d.w, d.help)
		case "for":
			n := 0
			if _, scanErr := fmt.Sscan(rest, &n); scanErr != nil || n < 1 || n > len(last) {
				fmt.Fprintf(d.w, d.noLine, rest)
				continue
			}
			err = d.best(last[n-1])
		case "all":
			err = d.assign()
		default:
			last, err = d.search(line)
		}
		if err != nil {
			fmt.Fprintln(d.w, err)
		}
	}
}

// maxLine is how many bytes of a line are read.
const maxLine = 4096

// readLine returns the next line without spaces around it. It passes over one that is longer than the reader's buffer, which is not whole.
func readLine(r *bufio.Reader) (line string, whole bool, err error) {
	text, more, err := r.ReadLine()
	line, whole = strings.TrimSpace(string(text)), !more
	for more && err == nil {
		_, more, err = r.ReadLine()
	}
	return line, whole, err
}

// query reads a line of words, of which some are filters.
func (p *phrases) query(line string) (search.Query, error) {
	q := search.Query{Page: 8, Count: []string{catalog.FacetKind, catalog.FacetTheme}}
	words := strings.Fields(line)
	if len(words) > 1 && strings.EqualFold(words[0], "near") {
		rest := strings.Join(words[1:], " ") + " "
		for _, t := range towns {
			if n := len(t.name) + 1; len(rest) >= n && strings.EqualFold(rest[:n], t.name+" ") {
				q.Near = &search.Near{Place: search.Place{Latitude: float64(t.lat) / 1e6, Longitude: float64(t.lon) / 1e6}, Km: 20}
				words = strings.Fields(rest[n:])
			}
		}
		if q.Near == nil {
			return q, fmt.Errorf(p.noTown, words[1])
		}
	}
	var text []string
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok {
			q.Where = append(q.Where, search.Facet{Name: name, Value: strings.ReplaceAll(value, "_", " ")})
			continue
		}
		text = append(text, w)
	}
	q.Text = strings.Join(text, " ")
	if q.Near != nil && q.Text == "" {
		q.Sort = search.Nearest
	}
	return q, nil
}

// search answers a search and returns the IRIs that it found.
func (d *desk) search(line string) ([]string, error) {
	q, err := d.query(line)
	if err != nil {
		return nil, err
	}
	var found []string
	var result *search.Result
	readErr := d.catalog.Read(func(s *catalog.State) {
		begin := time.Now()
		if result, err = s.Find(today, q); err != nil {
			return
		}
		fmt.Fprintf(d.w, d.result, result.Total, time.Since(begin).Round(10*time.Microsecond))
		for _, c := range result.Counts {
			value := c.Value
			if c.Name == catalog.FacetKind {
				value = catalog.Kind(value).Label().In(d.language)
			}
			fmt.Fprintf(d.w, "; %s %d", value, c.Documents)
		}
		fmt.Fprintln(d.w)
		for i, hit := range result.Hits {
			found = append(found, hit.ID)
			l, _ := s.Entry(hit.ID, today)
			fmt.Fprintf(d.w, "%2d  %-16s %s (%s)%s\n", i+1, l.Entry.Kind.Label().In(d.language), l.Entry.Title.In(d.language), l.Entry.Where.Place, why(hit))
		}
	})
	return found, errors.Join(readErr, err)
}

// why says what the words of a query found.
func why(hit search.Hit) string {
	var b strings.Builder
	for _, r := range hit.Why {
		fmt.Fprintf(&b, "  %s", r.Word)
		if r.Found != r.Word {
			fmt.Fprintf(&b, "→%s", r.Found)
		}
		fmt.Fprintf(&b, " %.1f", r.Score)
	}
	return b.String()
}

// prepare makes what matches, once.
func (d *desk) prepare() (err error) {
	if d.matching != nil {
		return nil
	}
	readErr := d.catalog.Read(func(s *catalog.State) { d.matching, err = s.Matching(today, nil) })
	return errors.Join(readErr, err)
}

// best shows the best offers for a need.
func (d *desk) best(need string) error {
	if err := d.prepare(); err != nil {
		return err
	}
	begin := time.Now()
	matches, err := d.matching.Best(need, 5)
	if err != nil {
		return err
	}
	fmt.Fprintf(d.w, d.offers, time.Since(begin).Round(10*time.Microsecond))
	for _, m := range matches {
		fmt.Fprintf(d.w, "  %s\n", d.explain(m))
	}
	teams, _, err := d.matching.Synergies(need, 2)
	for _, t := range teams {
		fmt.Fprintf(d.w, d.together, strings.Join(t.Holders, " + "))
	}
	return err
}

// explain shows a match with its parts.
func (p *phrases) explain(m match.Match) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%3d %%  %s  (", m.Score*100/match.Whole, m.Offer)
	for i, part := range m.Parts {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %d %%", p.criterion(part.Criterion), part.Value*100/match.Whole)
	}
	return b.String() + ")"
}

// assign gives offers to all needs.
func (d *desk) assign() error {
	if err := d.prepare(); err != nil {
		return err
	}
	begin := time.Now()
	pairs, err := d.matching.Assign(10)
	if err != nil {
		return err
	}
	needs := make(map[string]bool)
	for _, p := range pairs {
		needs[p.Need] = true
	}
	fmt.Fprintf(d.w, d.met, len(needs), len(pairs), time.Since(begin).Round(time.Millisecond))
	return nil
}
