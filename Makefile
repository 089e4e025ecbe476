# Every command of the project. `make help` prints the lines marked with two hashes.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python
# What must also hold on the oldest PostgreSQL that a bank may run.
POSTGRES_15 := /usr/lib/postgresql/15/bin
ON_POSTGRES_15 := tests/kernel tests/ledger tests/architecture/test_migrations.py tests/payments/test_confirm.py tests/launcher/test_servers.py

.DEFAULT_GOAL := help
.PHONY: help run test check book end-of-day fmt reset lock openapi drill invariants bench screenshots pictures install-python install-run install-test

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: install-run ## start everything on this machine and say where; Ctrl-C stops it (DUKOU_PORT, DUKOU_SANDBOX_PORT, DUKOU_STATE)
	@$(PY) -m launcher run

test: check ## install what the project is checked with, then check, then run every test, in two lanes
	@$(PY) scripts/lanes.py
	@if [ -x $(POSTGRES_15)/initdb ]; then \
	    echo "  once more on PostgreSQL 15: $(ON_POSTGRES_15)"; \
	    DUKOU_TEST_POSTGRES_BIN=$(POSTGRES_15) $(PY) -m pytest $(ON_POSTGRES_15); \
	else echo "  SKIPPED: no PostgreSQL 15 in $(POSTGRES_15)"; fi

check: install-test ## ruff, mypy, import-linter, architecture tests, drift of the OpenAPI documents, the mini-program
	@$(PY) -m ruff check
	@$(PY) -m mypy
	@$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@$(PY) -m pytest tests/architecture
	@$(PY) -m app.cli openapi --check
	@npm --prefix h5 run --silent check
	@npm --prefix devkit run --silent check

fmt: install-test ## sort imports and mend what ruff can mend by itself
	@$(PY) -m ruff check --fix

reset: install-python ## forget everything: stop what a killed run left behind, empty the state folder
	@$(PY) -m launcher reset

lock: ## renew the hashed lock files from config/*.in
	@scripts/install lock

openapi: install-test ## write the OpenAPI documents into openapi/
	@$(PY) -m app.cli openapi --write

invariants: install-python ## check the books: each invariant, printed
	@$(PY) -m launcher exec $(CURDIR)/$(PY) -m app.cli invariants

end-of-day: install-python ## close the business days that are over, with a bar (THROUGH=YYYY-MM-DD: up to that day)
	@$(PY) -m launcher exec $(CURDIR)/$(PY) -m app.cli end-of-day $(if $(THROUGH),--through $(THROUGH))

FORMAT ?= beancount
book: install-python ## the book of some days on standard output (FROM=… TO=… [FORMAT=csv|beancount])
	@$(PY) -m launcher exec $(CURDIR)/$(PY) -m app.cli ledger-export --from $(FROM) --to $(TO) --format $(FORMAT)

drill: install-test ## the long form of the drills: processes killed, faults replayed
	@DUKOU_DRILL=long $(PY) -m pytest tests -m drill

bench: install-test ## arithmetic, end of day, callbacks, front ends beside a yardstick each: ratios within one run (SIZES)
	@PYTHONPATH=. $(PY) bench/schedules.py
	@PYTHONPATH=. $(PY) bench/projection.py
	@PYTHONPATH=. $(PY) bench/end_of_day.py $(if $(SIZES),--sizes $(SIZES))
	@PYTHONPATH=. $(PY) bench/api_during_end_of_day.py
	@PYTHONPATH=. $(PY) bench/callbacks.py
	@PYTHONPATH=. $(PY) bench/businesses.py
	@PYTHONPATH=. $(PY) bench/reconciliation.py
	@PYTHONPATH=. $(PY) bench/front_end.py

screenshots: install-test ## every page at 375 and 1280 px, light and dark, into SCREENSHOTS (default .state/screenshots; WALKS="console portal": only those)
	@PYTHONPATH=. $(PY) scripts/screenshots.py $(or $(SCREENSHOTS),.state/screenshots) $(WALKS)

pictures: install-test ## take the pictures of the READMEs anew (docs/pictures)
	@PYTHONPATH=. $(PY) scripts/readme_pictures.py

install-python install-run install-test:
	@scripts/install $(@:install-%=%)
