package gitlog_test

import (
	"context"
	"fmt"

	"github.com/commonstocommons/codesocial/examples/quickstart/internal/gitlog"
)

func ExampleOpen() {
	ctx := context.Background()
	_, err := gitlog.Open(ctx, "no/such/place")
	fmt.Println(err)
	// Output: gitlog: no/such/place: is not a git repository: there is no such directory
}

func ExampleRepository_Commits() {
	ctx := context.Background()
	repository, err := gitlog.Open(ctx, ".") // the repository that this file is in
	if err != nil {
		return
	}
	for commit, err := range repository.Commits(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(commit.Name, commit.Time.Format("2006-01-02"), commit.Kinds())
	}
}
