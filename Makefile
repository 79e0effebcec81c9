# Everything that is done to this code has a name here; "make" lists them.
export GOTOOLCHAIN := local

GO       ?= go
BIN      := bin/nhanrong
LDFLAGS  := -s -w
STATIC   := CGO_ENABLED=0
PG       := $(GO) run ./tools/pgtest --
PKG      ?= ./...
FUZZTIME ?= 10m
PLATFORMS := linux/amd64 linux/arm64 windows/amd64 darwin/arm64
# Packages in which goroutines meet: they are tested with the race detector.
RACE      = $(shell $(GO) list -f '{{.Dir}} {{.GoFiles}} {{.TestGoFiles}} {{.XTestGoFiles}}' ./internal/... | sh tools/concurrent.sh)

# The largest a released program may be, in bytes: 60 MB.
LARGEST  := 60000000

.DEFAULT_GOAL := help
.PHONY: help setup build run demo test race e2e bench fuzz lint fmt check generated docs release windows clean hooks

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## install what tests and checks need (or say what to install)
	@sh tools/setup.sh test e2e check

build: ## build the program: one static file
	$(STATIC) $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o $(BIN) ./cmd/nhanrong

run: build ## run the program with the data in ./nhanrong-data
	$(BIN) serve

demo: ## run the program with the sample story
	$(GO) run ./cmd/nhanrong demo

test: ## every test, on both engines, in a real browser (PKG=./internal/x for some)
	@sh tools/setup.sh test e2e
	NHANRONG_TEST_ALL=1 $(PG) $(GO) test -timeout 45m $(PKG)

race: ## the packages in which goroutines meet, with the race detector
	@sh tools/setup.sh test e2e
	CGO_ENABLED=1 $(PG) $(GO) test -race -short -timeout 50m $(RACE)

e2e: ## the tests that need a browser alone
	@sh tools/setup.sh test e2e
	NHANRONG_TEST_ALL=1 $(PG) $(GO) test -count=1 -run Browser ./internal/app ./internal/web/...

bench: ## the benchmarks, each beside its floor, into docs/benchmarks.md (20 minutes)
	@sh tools/setup.sh test
	$(GO) run ./tools/pgtest -durable -- $(GO) run ./tools/bench

fuzz: ## every fuzz test for a while (FUZZTIME=10m)
	@sh tools/fuzz.sh $(FUZZTIME)

fmt: ## format the code
	@sh tools/setup.sh check
	.tools/bin/gofumpt -w $(shell git ls-files '*.go' ':!*_templ.go' ':!*_gen.go')

lint: ## run the linters
	@sh tools/setup.sh check
	.tools/bin/golangci-lint run ./...

check: ## what must hold before a change lands: format, lint, generated files, the rules of the house, races
	@sh tools/setup.sh test check
	@out=$$(.tools/bin/gofumpt -l $$(git ls-files --cached --others --exclude-standard '*.go' ':!*_templ.go' ':!*_gen.go')); \
		if [ -n "$$out" ]; then echo "not formatted, run make fmt:"; echo "$$out"; exit 1; fi
	@$(MAKE) --no-print-directory generated
	$(GO) vet ./...
	$(GO) test ./internal/archtest
	.tools/bin/golangci-lint run ./...
	@$(MAKE) --no-print-directory race

generated: ## fail where a generated file is not what its generator writes
	$(GO) run ./tools/catalogue -check
	@if grep -q 'a-h/templ/cmd/templ' go.mod; then \
		before=$$(git ls-files -s -- '*_templ.go' | git hash-object --stdin; cat $$(git ls-files -- '*_templ.go') /dev/null | git hash-object --stdin); \
		$(GO) tool templ generate -path internal/web >/dev/null 2>&1 || exit 1; \
		after=$$(git ls-files -s -- '*_templ.go' | git hash-object --stdin; cat $$(git ls-files -- '*_templ.go') /dev/null | git hash-object --stdin); \
		if [ "$$before" != "$$after" ]; then echo "*_templ.go was not up to date; it is now: commit it"; exit 1; fi; fi

docs: ## read the package comments and docs in a browser
	$(GO) doc -http

release: ## build for every platform into dist/
	@mkdir -p dist
	@for p in $(PLATFORMS); do \
		os=$${p%/*}; arch=$${p#*/}; ext=; [ $$os = windows ] && ext=.exe; \
		echo "dist/nhanrong-$(shell git describe --tags --always --dirty 2>/dev/null || echo devel)-$$os-$$arch$$ext"; \
		$(STATIC) GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -ldflags '$(LDFLAGS)' \
			-o "dist/nhanrong-$(shell git describe --tags --always --dirty 2>/dev/null || echo devel)-$$os-$$arch$$ext" ./cmd/nhanrong || exit 1; done
	@large=$$(find dist -name 'nhanrong-*' -size +$(LARGEST)c); if [ -n "$$large" ]; then echo "larger than $(LARGEST) bytes: $$large"; exit 1; fi
	@cd dist && sha256sum nhanrong-* > SHA256SUMS

windows: ## run the program for Windows under Wine
	@sh tools/setup.sh windows
	$(GO) run ./tools/wine

hooks: ## check quickly before every commit
	git config core.hooksPath .githooks

clean: ## remove what was built
	rm -rf bin dist
