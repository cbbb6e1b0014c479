# `make` alone lists what can be made.

CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TARGET_DIR
DEMO ?= demo-data
LISTEN ?= 127.0.0.1:8080
# cargo-nextest runs tests side by side; without it cargo's own runner does.
RUNNER := $(shell command -v cargo-nextest >/dev/null 2>&1 && echo "nextest run --no-fail-fast" || echo "test --no-fail-fast")

.PHONY: help demo test dev bench prove bless frontend tools

help: ## list these targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: frontend ## build the product and start it with 24 synthetic months of Xianning
	cargo build --release --locked
	$(CARGO_TARGET_DIR)/release/yuekao demo --data $(DEMO) --listen $(LISTEN)

dev: frontend ## start it in the folder dev-data, quickly built
	cargo run --locked -- serve --data dev-data --listen $(LISTEN)

test: tools frontend ## everything that has to pass, on both databases and in a browser
	cargo fmt --all --check
	cargo build --locked --workspace --all-targets
	cargo $(RUNNER) --locked --workspace
	python3 -m unittest discover --start-directory reference --pattern 'test_*.py'
	python3 reference/compare.py --yuekao $(CARGO_TARGET_DIR)/debug/yuekao --count 200 --seed 1
	scripts/test-in-browser $(CARGO_TARGET_DIR)/debug/yuekao

prove: frontend ## the long proofs, of which `make test` runs samples; needs PostgreSQL
	cargo build --locked --release
	python3 reference/compare.py --yuekao $(CARGO_TARGET_DIR)/release/yuekao --count 3000 --seed 2
	DEADLINES=1000000 cargo test --locked --release --package assessment --test deadlines -- --nocapture
	KILLS=200 cargo test --locked --release --package yuekao --test it killed:: -- --nocapture

bench: frontend ## ratios against peers, measured in the same run; needs poppler-utils
	scripts/bench

bless: ## accept the new snapshots after looking at them
	INSTA_UPDATE=always cargo $(RUNNER) --workspace

frontend: frontend/node_modules/.package-lock.json
	npm run build --prefix frontend --silent

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	npm ci --prefix frontend --no-audit --no-fund --silent

tools:
	scripts/install-test-tools
