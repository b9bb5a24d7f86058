package progress

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWithoutATerminalALongTaskWritesFewPlainLines(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"en": "reading\ngit: 15,000 / 60,000, about 15s left\ngit: 60,000 (20s)\n",
		"fr": "reading\ngit: 15\u202f000 / 60\u202f000, encore 15s environ\ngit: 60\u202f000 (20s)\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			report := To(&out, lang)
			report.Say("reading")
			task := report.Start("git", 60_000)
			for range 20 {
				time.Sleep(time.Second)
				task.Add(3000)
			}
			task.Done()
			task.Done()
			task.Add(1)
			require.Equal(t, want, out.String())
		})
	}
}

func TestATaskOfUnknownLengthIsCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		task := To(&out, "en").Start("lines", 0)
		time.Sleep(10 * time.Second)
		task.Add(5)
		task.Add(-3)
		task.Done()
		require.Equal(t, "lines: 5\nlines: 5 (10s)\n", out.String())
	})
}

func TestAShortTaskIsOneLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		task := To(&out, "en").Start("money", 120)
		task.Add(120)
		task.Done()
		require.Equal(t, "money: 120\n", out.String())
	})
}

func TestATerminalShowsABarAndKeepsTheLines(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		report := newReporter(&out, "en", true)
		task := report.Start("git", 100)
		for range 50 {
			time.Sleep(time.Second)
			task.Add(1)
		}
		require.Contains(t, out.String(), "\r")
		require.Contains(t, out.String(), "50%")
		require.Contains(t, out.String(), "50/100")
		require.Contains(t, out.String(), "[49s:50s]", "time gone by and time left")
		out.Reset()
		report.Say("a line")
		require.True(t, strings.HasSuffix(out.String(), "a line\n"))
		require.True(t, strings.HasPrefix(out.String(), "\r"), "the bar is taken off the line first")
		task.Add(50)
		out.Reset()
		task.Done()
		require.True(t, strings.HasSuffix(out.String(), "\rgit: 100 (50s)\n"), "%q", out.String())
		out.Reset()
		report.Say("after")
		require.Equal(t, "after\n", out.String(), "no bar is left")
	})
}

func TestNobodyListensToNil(t *testing.T) {
	t.Parallel()
	report := To(nil, "en")
	require.Nil(t, report)
	report.Say("x")
	task := report.Start("x", 1)
	require.Nil(t, task)
	task.Add(1)
	task.Done()
}

func TestAFileIsNoTerminal(t *testing.T) {
	t.Parallel()
	for _, name := range []string{filepath.Join(t.TempDir(), "log"), os.DevNull} {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o600)
		require.NoError(t, err)
		require.False(t, To(f, "en").terminal)
		require.NoError(t, f.Close())
	}
}

func TestManyMayReportAtOnce(t *testing.T) {
	t.Parallel()
	for _, terminal := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) { // so that it takes no time, however slow the machine
			var out bytes.Buffer
			report := newReporter(&out, "en", terminal)
			task := report.Start("x", 8000)
			var workers sync.WaitGroup
			for range 8 {
				workers.Go(func() {
					for range 1000 {
						task.Add(1)
					}
					report.Say("one is done")
				})
			}
			workers.Wait()
			task.Done()
			require.True(t, strings.HasSuffix(out.String(), "x: 8,000\n"))
			require.Equal(t, 8, strings.Count(out.String(), "one is done\n"))
		})
	}
}

func TestALineStaysOneLine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	To(&out, "en").Say("a\nb\x1b[2Jc")
	require.Equal(t, "a b [2Jc\n", out.String())
}
