package intake_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/commonstocommons/codesocial/ledger/intake"
)

func TestDatesAreReadDayFirstOrByISO8601(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ date, want, problem string }{
		{"2025-04-03", "2025-04-03", ""},
		{"2025/4/3", "2025-04-03", ""},
		{"03/04/2025", "2025-04-03", ""},
		{"3-4-2025", "2025-04-03", ""},
		{"03.04.2025", "2025-04-03", ""},
		{"03/04/2025 14:30", "2025-04-03", ""},
		{"03/04/2025 01:26:00 PM", "2025-04-03", ""},
		{"2025-04-03T23:59:59.5+02:00", "2025-04-03", ""},
		{"2025-04-03 23:59:59Z", "2025-04-03", ""},
		{"29/02/2024", "2024-02-29", ""},
		{"3 avril 2025", "2025-04-03", ""},
		{"1er AOÛT 2025", "2025-08-01", ""},
		{"1ᵉʳ févr. 2025", "2025-02-01", ""},
		{"jeudi 3 avril 2025", "2025-04-03", ""},
		{"April 3, 2025", "2025-04-03", ""},
		{"3 Apr 2025 10:00", "2025-04-03", ""},
		{"29/02/2025", "", "there is no day 29 in February 2025"},
		{"31/04/2025", "", "there is no day 31 in April 2025"},
		{"0/1/2025", "", "there is no day 0 in January 2025"},
		{"04/25/2025", "", "there is no month 25: the day comes first"},
		{"2025-13-01", "", "there is no month 13"},
		{"03/04/25", "", "write the year with four digits"},
		{"03/04-2025", "", "write a date as"},
		{"31/12/1025", "", "the year must be from 1900 to 2199"},
		{"45660", "", "write a date as"},
		{"31 floréal 2025", "", "write a date as"},
		{"100 mars 2025", "", "write a date as"},
		{"2025-04-03T", "", "write a date as"},
		{"", "", "the date is missing"},
	} {
		t.Run(test.date, func(t *testing.T) {
			t.Parallel()
			text := "person;project;hours;date\nA;P;1;" + test.date + "\n"
			if test.problem != "" {
				require.Contains(t, refusedContributions(t, intake.ErrLine, text, nil), test.problem)
				return
			}
			require.Equal(t, test.want, contributions(t, text, nil)[0].Date.String())
		})
	}
}
