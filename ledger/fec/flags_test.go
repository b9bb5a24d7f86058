package fec_test

import "flag"

var (
	long   = flag.Bool("long", false, "check a file of two million lines instead of two hundred thousand")
	update = flag.Bool("update", false, "write the golden files again")
)
