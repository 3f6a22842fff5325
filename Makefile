# make build   set up and run the whole job; releases warehouse.duckdb
# make test    set up, lint and run the tests, all but the long ones
# make test-long  run the tests that take minutes each: whole builds of their own, many damaged copies, every kind of fault
# make polls   set up and build other polls whole: a made-up survey, a third country, and the shipped one without what is optional
# make check   lint what changed and run the tests that take no build and few seconds: after every change
# make lint    look for faults without running anything; lint-changed: in the SQL, only in what is not in git yet
# make setup   set up and no more
# make report  make the report of the release, a static site, in build/site
# make docs    make dbt's documentation of every table, in build/site/dbt, and the report that links it
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# A file stays with one process, since its tests share builds; tests/conftest.py has the order.
WORKERS := --numprocesses=auto --maxprocesses=4 --dist=loadfile --no-loadscope-reorder

# Every process would compile what it imports, seconds for dbt and Great Expectations, where this is set.
unexport PYTHONDONTWRITEBYTECODE

ENGINE := build/engine

LINTERS := lint-types lint-sql lint-python lint-engines lint-imports lint-yaml
SQL := dbt_project/models dbt_project/tests docs/first_query.sql
# What lint-changed compares with.
SINCE ?= HEAD

.PHONY: setup build test run-tests test-long polls check lint lint-changed $(LINTERS) report engine docs lock clean

setup: $(READY)

build: $(READY)
	$(BIN)/dbt build --project-dir dbt_project --profiles-dir .
	@echo; echo "The warehouse: $(CURDIR)/warehouse.duckdb"
	@echo "A query to try: $(BIN)/duckdb -readonly warehouse.duckdb < docs/first_query.sql"

# The lint runs beside the first tests, which do not keep both processors busy; what it finds stands among their dots.
test: $(READY)
	@$(MAKE) --no-print-directory --keep-going --jobs=3 run-tests $(LINTERS)

run-tests: $(READY)
	$(BIN)/python -m pytest $(WORKERS) -m "not long"

test-long: $(READY)
	$(BIN)/python -m pytest $(WORKERS) -m long

# Two builds at a time; the tests of one project stay with one process.
polls: $(READY)
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadgroup tests/polls

check: lint-changed
	$(BIN)/python -m pytest $(WORKERS) -m "not slow and not long"

# All of them, side by side, even where one fails.
lint: $(READY)
	@$(MAKE) --no-print-directory --keep-going --jobs=2 $(LINTERS)

# All SQL where a macro or a rule changed, since any model may show it.
lint-changed: $(READY)
	@changed="$$(git diff --name-only --diff-filter=d $(SINCE); git ls-files --others --exclude-standard)"; \
	if ! echo "$$changed" | grep -qE '^(dbt_project/macros/|\.sqlfluff$$|tests/support/sqlfluff_context/)'; then \
	  only=SQL="$$(echo "$$changed" | grep -E '^dbt_project/(models|tests)/.*\.sql$$' | xargs)"; fi; \
	$(MAKE) --no-print-directory lint $${only+"$$only"}

lint-types: $(READY)
	$(BIN)/mypy

# Its workers end without a word to Python's tracker, which would tell of it.
lint-sql: $(READY)
	$(if $(SQL),PYTHONWARNINGS=ignore::UserWarning $(BIN)/sqlfluff lint --disable-progress-bar --processes 2 $(SQL))

lint-python: $(READY)
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .

lint-engines: $(READY)
	$(BIN)/python -m tests.support.engine_constructs

lint-imports: $(READY)
	$(BIN)/lint-imports

lint-yaml: $(READY)
	$(BIN)/yamllint --strict .

report: $(READY) engine
	$(BIN)/kjpoll report

# The explorer's database is a program for browsers, from npm. Where npm is not, or cannot fetch it, the report
# is made without, and says so.
engine:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(ENGINE)/dist/licences.txt \
	  || echo "npm could not get the explorer's database: the report is made without crosstabs and SQL."; \
	else echo "npm is not here (it comes with Node.js): the report is made without crosstabs and SQL."; fi

$(ENGINE)/dist/licences.txt: $(wildcard python_models/kjpoll/report/engine/*.js*)
	rm -rf $(ENGINE)
	cp -R python_models/kjpoll/report/engine $(ENGINE)
	cd $(ENGINE) && npm ci --silent && npm run --silent build

# Describes the tables of the last build, so it needs build/warehouse.duckdb.
docs: $(READY)
	$(BIN)/dbt docs generate --static --project-dir dbt_project --profiles-dir .
	mkdir -p build/site/dbt
	cp dbt_project/target/static_index.html build/site/dbt/index.html
	$(BIN)/kjpoll report

# The lock file pins every version with its hashes, the test and build tools included, so that
# `make build` and `make test` run in one and the same environment.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 build")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

# Needs uv. Run after a change of the dependencies in pyproject.toml.
lock:
	uv pip compile pyproject.toml --extra test --extra build --extra dagster --extra lint --universal --generate-hashes \
	  --no-emit-index-url --no-strip-extras --no-header --python-version 3.11 --output-file requirements.lock

clean:
	rm -rf .venv dbt_project/target dbt_project/logs
	find build -mindepth 1 -not -name .gitignore -delete
