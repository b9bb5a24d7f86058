package journal_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/codesocial/journal"
)

// wide is a payload of about 323 bytes.
type wide struct {
	Contributor string `json:"contributor"`
	Date        string `json:"date"`
	Evidence    string `json:"evidence"`
	Kind        string `json:"kind"`
	Project     string `json:"project"`
	Quantity    string `json:"quantity"`
	Unit        string `json:"unit"`
}

func widePayload(i int) wide {
	return wide{
		"https://la-trame.example/party/0197a1b2-0000-7000-8000-000000000001", "2025-03-04", strings.Repeat("notes of the meeting ", 4), "time",
		"https://la-trame.example/project/0197a1b2-0000-7000-8000-000000000002", fmt.Sprint(i), "h",
	}
}

// readsAll is a view that reads every payload.
type readsAll struct{ n, bytes int }

func (v *readsAll) Decode(r *journal.Record) (any, error) {
	var p wide
	if r.Kind != "example.wide" {
		return nil, nil
	}
	err := r.Unmarshal(&p)
	return p, err
}

func (v *readsAll) Apply(_ *journal.Record, p any) error {
	v.n++
	v.bytes += len(p.(wide).Evidence)
	return nil
}

func (v *readsAll) Reset() { *v = readsAll{} }

func BenchmarkUpdate(b *testing.B) {
	for _, n := range []int{1, 100, 1000} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			j, err := journal.Open(b.Context(), journal.NewMemoryStore(), testSigner(b), nil)
			require.NoError(b, err)
			require.NoError(b, j.Attach(b.Context(), new(readsAll)))
			drafts := make([]journal.Draft, n)
			for i := range drafts {
				drafts[i] = journal.Draft{Kind: "example.wide", Author: "https://la-trame.example/party/0197a1b2-0000-7000-8000-000000000001", Payload: widePayload(i)}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := j.Update(context.Background(), func() ([]journal.Draft, error) { return drafts, nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

func BenchmarkReplay(b *testing.B) {
	store := journal.NewMemoryStore()
	j, err := journal.Open(b.Context(), store, testSigner(b), nil)
	require.NoError(b, err)
	drafts := make([]journal.Draft, 1000)
	for i := range drafts {
		drafts[i] = journal.Draft{Kind: "example.wide", Payload: widePayload(i)}
	}
	const blocks = 50
	for range blocks {
		record(b, j, drafts...)
	}
	for name, f := range map[string]func(){
		"Open": func() {
			_, err := journal.Open(b.Context(), store, testSigner(b), nil)
			require.NoError(b, err)
		},
		"Attach": func() { require.NoError(b, j.Attach(b.Context(), new(readsAll))) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
			b.ReportMetric(blocks*1000*float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
