# Karvon's commands. `make demo` and `make test` need nothing but Rust, Node 20, npm and make on a fresh Debian or
# Ubuntu; scripts/setup.sh brings the rest.
.DEFAULT_GOAL := help
.PHONY: help demo test fmt lint tidy web services stop clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## build Karvon and open the demo shop on SQLite in ./data
	@scripts/demo.sh

test: ## everything that must hold: format, lints, licences, tests on SQLite and PostgreSQL, the browser
	@scripts/test.sh

fmt: ## format the Rust and the front-end sources
	@cargo fmt --all
	@scripts/web.sh fix

lint: ## clippy over the workspace, no warning allowed
	@cargo clippy --workspace --all-targets --locked -- -D warnings

tidy: ## our own rules: arrows between crates, texts, SQL, file names, marks, templates
	@cargo xtask tidy

web: ## build web/dist, the front end that the binary embeds
	@scripts/web.sh build

services: ## start the PostgreSQL that `cargo nextest run` uses; it stays until `make stop`
	@scripts/postgres.sh start

stop: ## stop it
	@scripts/postgres.sh stop

clean: stop ## remove what was built; ./data stays
	@rm -rf target web/dist web/node_modules .test
