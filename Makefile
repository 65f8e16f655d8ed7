# Every task of the project. `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test prove bench docs format check clean

help: ## List these tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is missing, build, and serve http://127.0.0.1:8080 with sample people
	@Scripts/run

test: ## Install what is missing and pass every test
	@Scripts/test

prove: ## The long proofs: kills, mutations, differentials; prints each count
	@Scripts/prove

bench: ## Measure beside named peers; prints a table and writes bench/results.json
	@Scripts/bench

docs: ## Render the documentation of the libraries into .build/docs
	@Scripts/docs

format: ## Lay the sources out
	@Scripts/swift format --in-place --recursive --parallel Sources Tests bench Package.swift

check: test ## What CI runs

clean: ## Remove what was built
	rm -rf .build .venv
