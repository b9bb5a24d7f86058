package handover

import "errors"

// The reasons for which this package refuses something; every error wraps one of them, or comes from package fec.
var (
	// ErrInvalid: a chart or an option is malformed.
	ErrInvalid = errors.New("handover: invalid")
	// ErrCurrency: an amount is in a currency without a rate.
	ErrCurrency = errors.New("handover: currency without a rate")
	// ErrUnknown: a party is not registered.
	ErrUnknown = errors.New("handover: unknown")
)
