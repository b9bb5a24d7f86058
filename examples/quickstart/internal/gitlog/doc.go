// Package gitlog reads who contributed to a git repository, and to what, from its history.
//
//	repository, err := gitlog.Open(ctx, ".")
//	if err != nil {
//		return err // says whether it is no repository, empty, shallow, somebody else's, or git is missing
//	}
//	for commit, err := range repository.Commits(ctx) {
//		if err != nil {
//			return err
//		}
//		for _, kind := range commit.Kinds() {
//			fmt.Println(commit.Time, commit.Name, kind)
//		}
//	}
//
// # What counts
//
// Every commit that HEAD reaches counts once, merges excepted: what a merge brings in was counted with its own commits. A
// commit is at most two contributions, one of kind [Code] when it touches at least one file of source code ([IsCode]) and
// one of kind [Other] when it touches at least one other file; how many files or lines, does not matter. A commit that
// touches nothing is no contribution.
//
// Who it was is the author, not the committer, under the name and e-mail address that the repository's
// .mailmap gives (the one in the work tree; of a bare repository, the one of HEAD). When it was is the author's date and time zone.
//
// # Privacy
//
// The e-mail address is in [Commit.Person], to tell people apart. It is personal data and not to be written into anything
// that is published; [Pseudonym] makes an identifier of it that does not show it.
//
// # Safety
//
// The repository may be anyone's. The program git is run without a shell, on the directory and never on a
// name taken from it, with an environment and options under which nothing in the repository's configuration
// can run a program, ask a question, or reach the network: no hooks, pagers, file system monitors, external or textual diff
// drivers, signature checks, and no transport, not even to fetch the missing objects of a partial clone.
// Replacement objects and grafts, which show another history than the hashes say, are not followed. git 2.30 or later is needed; only trees are
// compared, never the content of files, so that a history of 50 000 commits takes seconds.
//
// # Errors
//
// Every error is an [*Error] that wraps one of the sentinels, or the error of the context.
package gitlog
