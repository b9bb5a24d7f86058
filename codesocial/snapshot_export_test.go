package codesocial

// What package freeze says of a state: memory of which a snapshot would make two, where two states differ, and the fields that are no part of a snapshot.
var (
	CheckState     = stateFrozen.Check
	StatesDiffer   = stateFrozen.Differ
	LeftOutOfState = stateFrozen.Left
)

// WithoutVersion is the snapshot of a state with a version that is missing.
func WithoutVersion() ([]byte, error) {
	return (&State{versions: map[string]*Version{"sha256:": nil}}).MarshalBinary()
}
