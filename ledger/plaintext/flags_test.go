package plaintext_test

import "flag"

var long = flag.Bool("long", false, "read ten million lines instead of one million")
