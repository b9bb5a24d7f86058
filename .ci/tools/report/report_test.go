package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	t.Parallel()
	const good = `{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestX"}
{"Action":"output","Package":"a","Test":"TestX","Output":"=== RUN   TestX\n"}
{"Action":"output","Package":"a","Test":"TestX","Output":"    x_test.go:7: noise\n"}
{"Action":"pass","Package":"a","Test":"TestX","Elapsed":0.1}
{"Action":"pass","Package":"a","Elapsed":1.25}
{"Action":"output","Package":"b","Output":"?   \tb\t[no test files]\n"}
{"Action":"skip","Package":"b","Elapsed":0}
`
	for name, c := range map[string]struct {
		in   string
		good bool
		want string
	}{
		"passed, and a package without tests": {good, true, "ok    a  1.2s\n1 passed, 0 failed, 0 skipped\n"},
		"failed": {
			`{"Action":"output","Package":"a","Test":"TestX","Output":"=== RUN   TestX\n"}
{"Action":"output","Package":"a","Test":"TestX","Output":"    x_test.go:7: got 1\n"}
{"Action":"output","Package":"a","Test":"TestX","Output":"        want 2\n"}
{"Action":"fail","Package":"a","Test":"TestX"}
{"Action":"output","Package":"a","Output":"FAIL\n"}
{"Action":"fail","Package":"a"}
`, false, "FAIL  a TestX\n          x_test.go:7: got 1\n              want 2\nFAIL  a\n      FAIL\n1 packages failed\n0 passed, 1 failed, 0 skipped\n",
		},
		"skipped": {
			good + `{"Action":"output","Package":"c","Test":"TestDB","Output":"    db_test.go:3: no server\n"}
{"Action":"skip","Package":"c","Test":"TestDB"}
{"Action":"pass","Package":"c","Elapsed":0.5}
`, false, "ok    a  1.2s\nSKIP  c TestDB\n          db_test.go:3: no server\nok    c  0.5s\n1 passed, 0 failed, 1 skipped\n",
		},
		"not built": {
			good + `{"ImportPath":"d [d.test]","Action":"build-output","Output":"d.go:1: undefined: x\n"}
{"ImportPath":"d [d.test]","Action":"build-fail"}
{"Action":"output","Package":"d","Output":"FAIL\td [build failed]\n"}
{"Action":"fail","Package":"d","FailedBuild":"d [d.test]"}
`, false, "ok    a  1.2s\nd.go:1: undefined: x\nFAIL  d\n      FAIL\td [build failed]\n1 packages failed\n1 passed, 0 failed, 0 skipped\n",
		},
		"nothing ran":        {"", false, "0 passed, 0 failed, 0 skipped\n"},
		"not an event":       {"panic: out of the blue\n" + good, true, "panic: out of the blue\nok    a  1.2s\n1 passed, 0 failed, 0 skipped\n"},
		"JSON, not an event": {`{"name":"x"}` + "\n" + good, true, `{"name":"x"}` + "\nok    a  1.2s\n1 passed, 0 failed, 0 skipped\n"},
	} {
		var out strings.Builder
		r, err := read(strings.NewReader(c.in), &out)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if r.good() != c.good {
			t.Errorf("%s: good is %t", name, r.good())
		}
		if out.String() != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, out.String(), c.want)
		}
	}
}
