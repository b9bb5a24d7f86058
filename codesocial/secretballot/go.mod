module github.com/commonstocommons/codesocial/codesocial/secretballot

go 1.25.0

require (
	github.com/cloudflare/circl v1.6.5
	github.com/commonstocommons/codesocial v0.0.0
	github.com/google/uuid v1.6.0
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/shopspring/decimal v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/mod v0.39.0 // indirect
)

replace github.com/commonstocommons/codesocial => ../../
