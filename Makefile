# Every task of this repository. `make` alone lists them. Works as root and as an ordinary user.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests check test run demo db bench bench-stats coverage-study soak screenshot clean
PYTHON := .venv/bin/python
FLASK := .venv/bin/python -m flask

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

setup: ## make the environment and install everything for work on the code
	@tools/setup.sh dev

setup-tests: ## install PostgreSQL, Chromium and ClamAV's daemon, which the whole test suite needs
	@tools/setup.sh system

check: setup ## lint, types, architecture and the fast tests (SQLite)
	@$(PYTHON) -m tools.run_tests check

test: setup setup-tests ## everything CI runs: check, both databases, real servers, a real browser
	@$(PYTHON) -m tools.run_tests all

run: ## start the product with sample data; prints the addresses to open
	@tools/setup.sh run
	@$(FLASK) init
	@exec $(PYTHON) -m app.serve

demo: setup ## a sample province whose answers are posted through the public form over HTTP
	@$(PYTHON) -m tools.demo

db: setup setup-tests ## start a throw-away PostgreSQL and print its DATABASE_URL
	@$(PYTHON) -m tools.throwaway_database

bench: setup setup-tests ## measure speed, sizes and memory, and compare them with their limits
	@$(PYTHON) -m bench

bench-stats: setup ## measure the statistics of sampled surveys: time and memory, cold and warm, beside R if there
	@$(PYTHON) -m bench.stats

coverage-study: setup ## measure how often the intervals hold the truth, in minutes; writes docs/coverage.md
	@$(PYTHON) -m bench.coverage

soak: setup setup-tests ## post answers for ten minutes and watch memory, errors and counts
	@$(PYTHON) -m bench.soak

screenshot: setup setup-tests ## make the picture of the README anew
	@$(PYTHON) -m tools.make_screenshot

clean: ## remove the environment and caches; data in var/ stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find app tests tools bench migrations -name __pycache__ -type d -prune -exec rm -rf {} +
