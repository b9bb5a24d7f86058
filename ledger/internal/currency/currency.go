// Package currency knows the currencies of ISO 4217.
package currency

import "strings"

// Decimals returns the number of decimal places of the smallest unit of a currency, by its code: 2 for EUR, 0 for JPY, 3 for TND. A code of three capital
// letters that ISO 4217 does not single out has 2; false if it is none.
func Decimals(code string) (int, bool) {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return 0, false
	}
	switch code { // ISO 4217:2015, table A.1, minor units other than 2
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0, true
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3, true
	case "CLF", "UYW":
		return 4, true
	}
	return 2, true
}
