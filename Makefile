# Every target works as the first command in a fresh clone: Python, make and a package registry
# are enough. `make demo PORT=9000`, `make demo VENV=.venv1`, `make PYTHON=python3.12 test`.

PYTHON ?= python3
PORT ?= 8001
VENV ?= .venv
PYTEST ?= -n 2 --dist loadfile -rs

# .venv holds what `pip install datasette` gives, .venv1 what the newest plugins require.
DATASETTE_.venv := 0.65.5
DATASETTE_.venv1 := 1.0a41

# On the second Datasette, only what its version can change: see tests/of_datasette.py. The two
# longest files of the browser run on one each: a continuous integration ends after 15 minutes.
PYTEST_.venv := --ignore=tests/browser/test_xss.py
PYTEST_.venv1 := --of-datasette --ignore=tests/browser/test_mail_pages.py

PIP := bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test abuse lint bench shots chromium smoke clean
.NOTPARALLEL:

demo: $(VENV)/.installed
	@$(VENV)/bin/python -m tools.demo demo --port $(PORT)

test: .venv/.installed .venv1/.installed chromium smoke
	@status=0; for venv in .venv .venv1; do \
	  version=$$($$venv/bin/python -c 'from datasette import __version__; print(__version__)'); \
	  echo; echo "== Tests against Datasette $$version ($$venv)"; \
	  case $$venv in .venv) set -- $(PYTEST_.venv);; *) set -- $(PYTEST_.venv1);; esac; \
	  $$venv/bin/python -m pytest $(PYTEST) '--ignore-glob=$(HOSTILE)' "$$@" || { \
	    status=1; echo "== Failed against Datasette $$version ($$venv)"; }; \
	done; exit $$status

# Hostile mail and megabytes of hostile articles: minutes of processor time, so apart from `test`.
HOSTILE := tests/abuse/test_hostile_*
abuse: .venv/.installed
	@.venv/bin/python -m pytest $(PYTEST) tests/abuse

# mypy cannot follow a folder that is installed under another name (loaders/ is
# datasette_leaks.loaders), so it is given a tree of links in which it has that name.
lint: .venv/.installed
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	@rm -rf build/types && mkdir -p build/types/datasette_leaks
	@cd build/types/datasette_leaks && ln -s ../../../datasette_leaks/* ../../../loaders .
	@ln -s ../../tests ../../benchmarks ../../tools build/types/
	cd build/types && MYPYPATH=.:tests ../../.venv/bin/mypy --config-file ../../pyproject.toml \
	  --cache-dir ../mypy_cache datasette_leaks tests benchmarks tools

bench: .venv/.installed
	@.venv/bin/python -m benchmarks

shots: .venv/.installed chromium
	@.venv/bin/python -m tools.shots

chromium: .venv/.installed
	@.venv/bin/python -m tools.chromium

# The package as users get it, without what developers install.
smoke:
	@echo "== Smoke run without development dependencies"
	@rm -rf build/smoke build/lib build/bdist.*
	@$(PYTHON) -m venv build/smoke
	@build/smoke/$(PIP) . 'datasette==$(DATASETTE_.venv)'
	build/smoke/bin/datasette leaks --help
	cd examples/harbour && ../../build/smoke/bin/datasette leaks load ../../build/smoke/x.db \
	  article.md second-article.html letters.mbox statement.html weather.html dossier.yaml second.yaml
	build/smoke/bin/datasette leaks check build/smoke/x.db

clean:
	rm -rf .venv .venv1 build dist demo *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: EXTRAS := test,lint,llm
.venv1/.installed: EXTRAS := test
.venv/.installed .venv1/.installed: %/.installed: pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(None if sys.version_info >= (3, 10) \
	  else f"datasette-leaks needs Python 3.10 or newer, this is {v}: try make PYTHON=python3.12")'
	@echo "== Installing into $* (Datasette $(DATASETTE_$*)); the first time takes a minute"
	@$(PYTHON) -m venv $*
	@rm -rf build/lib build/bdist.*
	@$*/$(PIP) --editable '.[$(EXTRAS)]' 'datasette==$(DATASETTE_$*)'
	@touch $@
