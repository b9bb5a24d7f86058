// Market is a fair of offers and needs: it invents a catalogue of 20 000 entries in French and English, tells how an offer made together is published without
// competing with a member, met with a need, cashed and shared, draws who offers and who needs what, and answers searches and matches at the terminal.
//
//	go run ./examples/market
//	go run ./examples/market -ask "near Valdombre pain"
//	go run ./examples/market -i
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/commonstocommons/codesocial/catalog"
	"github.com/commonstocommons/codesocial/codesocial"
	"github.com/commonstocommons/codesocial/examples/internal/chart"
	"github.com/commonstocommons/codesocial/examples/internal/paper"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "market:", err)
		os.Exit(1)
	}
}

// settings are what the command line says.
type settings struct {
	entries, members int
	seed             uint64
	language, dir    string
	ask              string
	interactive      bool
}

func parse(args []string, out io.Writer) (*settings, error) {
	s := new(settings)
	flags := flag.NewFlagSet("market", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.IntVar(&s.entries, "n", 20_000, "how many offers and needs to invent")
	flags.IntVar(&s.members, "members", 200, "how many organizations have them")
	flags.Uint64Var(&s.seed, "seed", 1, "of what is invented")
	flags.StringVar(&s.language, "lang", "en", "language of prompt, titles and picture: en or fr")
	flags.StringVar(&s.dir, "dir", "market", "where the picture and the feed go")
	flags.StringVar(&s.ask, "ask", "", "one question, such as: near Valdombre pain")
	flags.BoolVar(&s.interactive, "i", false, "answer questions from the terminal; help lists them")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case flags.NArg() > 0:
		return nil, fmt.Errorf("argument %q is not known", flags.Arg(0))
	case s.entries < 0 || s.entries > 100_000:
		return nil, fmt.Errorf("-n %d: must be from 0 to 100000", s.entries)
	case s.members < 8 || s.members > 10_000:
		return nil, fmt.Errorf("-members %d: must be from 8 to 10000", s.members)
	case s.language != "en" && s.language != "fr":
		return nil, fmt.Errorf("-lang %q: must be en or fr", s.language)
	}
	return s, nil
}

func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	s, err := parse(args, out)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	begin := time.Now()
	v := invent(s.seed, s.members)
	f, err := openFair(ctx, v.organizations())
	if err != nil {
		return err
	}
	if err := f.publish(ctx, v.entries(s.entries)); err != nil {
		return err
	}
	d := &desk{fair: f, w: out, language: s.language, phrases: phrasesIn(s.language)}
	fmt.Fprintf(out, d.invented, s.entries, s.members, time.Since(begin).Round(time.Millisecond))
	switch {
	case s.interactive:
		fmt.Fprintln(out, d.help)
		return d.ask(in)
	case s.ask != "":
		return d.ask(strings.NewReader(s.ask + "\nquit\n"))
	}
	if _, err := tell(ctx, f, out); err != nil {
		return err
	}
	fmt.Fprintln(out)
	if err := d.ask(strings.NewReader("menuiserie école\nboulangrie\nnear Valdombre kind=need\nfor 1\nquit\n")); err != nil {
		return err
	}
	return write(f, s, out)
}

// write writes the picture of the fair, and the feed of what is new.
func write(f *fair, s *settings, out io.Writer) error {
	language := chart.English
	if s.language == "fr" {
		language = chart.French
	}
	var svg, feed bytes.Buffer
	if err := draw(&svg, f, language); err != nil {
		return err
	}
	var err error
	readErr := f.catalog.Read(func(state *catalog.State) { err = state.WriteAtom(&feed, today, feedAbout(s.language)) })
	if err := errors.Join(readErr, err, os.MkdirAll(s.dir, 0o755)); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"market.svg": svg.Bytes(), "feed.xml": feed.Bytes()} {
		if err := paper.WriteFile(filepath.Join(s.dir, name), content, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(out, phrasesIn(s.language).picture, filepath.Join(s.dir, "market.svg"), filepath.Join(s.dir, "feed.xml"))
	return nil
}

// feedAbout says what the feed of the fair is called and where it would be.
func feedAbout(language string) catalog.Feed {
	title := codesocial.Text{"fr": "La Foire : les dernières annonces", "en": "La Foire: what is new"}
	return catalog.Feed{Title: title.In(language), Page: base, Self: base + "feed.xml", Language: language}
}
