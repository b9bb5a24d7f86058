package pgjournal

import "math"

// RelyOnNotifications makes a store never look by itself for what it waits for.
func (s *Store) RelyOnNotifications() { s.look = math.MaxInt64 }
