package ledger

import (
	"time"

	"github.com/commonstocommons/codesocial/codesocial"
)

// The books hold days as numbers, counted from 1 January 1970.

const secondsPerDay = 24 * 60 * 60

func dayNumber(d codesocial.Date) int32 {
	return int32(d.In(nil).Unix() / secondsPerDay)
}

func dateOf(day int32) codesocial.Date {
	return codesocial.DateOf(time.Unix(int64(day)*secondsPerDay, 0), nil)
}
