package journal

import (
	"sync"
	"sync/atomic"
)

// A viewLock is a lock of which can be asked whether somebody waits for it. Who holds it for writing may hand it over to another goroutine.
type viewLock struct {
	rw      sync.RWMutex
	waiting atomic.Int64
}

// Lock waits until nobody else holds the lock.
func (l *viewLock) Lock() {
	l.waiting.Add(1)
	l.rw.Lock()
	l.waiting.Add(-1)
}

// Unlock ends what Lock began.
func (l *viewLock) Unlock() { l.rw.Unlock() }

// RLock waits until nobody holds the lock for writing.
func (l *viewLock) RLock() {
	l.waiting.Add(1)
	l.rw.RLock()
	l.waiting.Add(-1)
}

// RUnlock ends what RLock began.
func (l *viewLock) RUnlock() { l.rw.RUnlock() }

// wanted reports whether somebody waits for the lock.
func (l *viewLock) wanted() bool { return l.waiting.Load() > 0 }
