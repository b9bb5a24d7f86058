package main

import (
	_ "github.com/google/uuid"
	_ "github.com/shopspring/decimal"
	_ "github.com/stretchr/testify/require"
	_ "gonum.org/v1/plot"
	_ "gonum.org/v1/plot/plotter"
	_ "gonum.org/v1/plot/vg/vgsvg"
	_ "github.com/schollz/progressbar/v3"
	_ "github.com/commonstocommons/codesocial/codesocial"
	_ "github.com/commonstocommons/codesocial/codesocial/journal/sqlitejournal"
)
