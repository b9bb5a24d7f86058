module github.com/commonstocommons/codesocial/mediation/agebox

go 1.25.0

require (
	filippo.io/age v1.3.2
	github.com/commonstocommons/codesocial v0.0.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/crypto v0.55.0
)

require (
	filippo.io/edwards25519 v1.2.0 // indirect
	filippo.io/hpke v0.4.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/shopspring/decimal v1.6.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/mod v0.39.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
)

replace github.com/commonstocommons/codesocial => ../../
