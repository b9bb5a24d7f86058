package progress_test

import (
	"os"

	"github.com/commonstocommons/codesocial/examples/quickstart/internal/progress"
)

func Example() {
	report := progress.To(os.Stdout, "fr") // no terminal here: plain lines
	task := report.Start("contributions", 840)
	for range 840 {
		task.Add(1)
	}
	task.Done()
	// Output: contributions: 840
}
