# Needs python3 (3.11 or newer, with venv), make and git. Everything else is installed into .venv, pinned by hash.
PYTHON ?= python3
BIN = .venv/bin
# Both become the program they make ready. What runs on follows this make, so that a kill of make ends it too.
WITH = exec $(PYTHON) scripts/environment.py
FOLLOWING = exec env RECLAIM_MAKER=$(shell echo $$PPID) $(PYTHON) scripts/environment.py
REQUIREMENTS = base prod demo test peers clients

.DEFAULT_GOAL := help
.PHONY: help run test lint fix bench bench-index bench-detection bench-reconstruction browser clients photographs requirements

help: ## List these targets
	@sed -n 's/^\([a-zA-Z-]*\): .*## \(.*\)/  make \1\t\2/p; s/^\(bench\)-%:.*## \(.*\)/  make \1-NAME\t\2/p' Makefile | expand -t 22

run: export DEMO ?= 1
run: export PORT ?= 8000
run: ## Start the portal with demo data on 127.0.0.1:8000 (PORT=8001, DEMO=0 and VAR_DIR=... change it)
	@$(FOLLOWING) $(if $(filter 0 false no off,$(DEMO)),base,demo) -- -m portal.run

test: ## Run every test that this machine can run; what is skipped says why
	@$(WITH) peers -- -m pytest -n 2 --dist loadgroup -rs $(TESTS)

lint: ## Look for everything that can be found without running it
	@$(WITH) test -- scripts/lint.py

fix: ## Let ruff and djade put right what they can
	@$(WITH) test -- scripts/lint.py --fix

bench: photographs ## Run every benchmark; each prints its table and writes var/bench/NAME.json
	@$(WITH) peers -- scripts/bench.py

bench-%: ## Run one of them
	@$(WITH) peers -- scripts/bench.py $*

bench-index: ## The search for near hashes beside others' indexes (INDEX_SIZES=1000000 leaves ten millions out)
	@$(MAKE) --no-print-directory clients || echo "Without the platforms' client its indexes are left out."
	@$(WITH) peers -- scripts/bench.py index

bench-detection bench-reconstruction: photographs
	@$(WITH) peers -- scripts/bench.py $(@:bench-%=%)

browser: ## Get a Chromium for the browser tests, or say how
	@$(WITH) test -- scripts/browser.py

requirements: ## Pin the newest versions that fit requirements/*.in (needs uv)
	@set -e; cd requirements && for name in $(REQUIREMENTS); do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $$name.in -o $$name.txt; \
	done
	@cd requirements && uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-deps photographs.in -o photographs.txt

clients: ## Get the client that platforms have (threatexchange), which the list is tested with
	@cmp -s requirements/clients.txt .clients/clients.txt || { \
		$(PYTHON) -m venv --clear .clients && .clients/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
			--only-binary :all: --no-binary pdqhash,weighted-levenshtein -r requirements/clients.txt && cp requirements/clients.txt .clients/; }
	@echo "The client that platforms have: .clients/bin/threatexchange"

photographs: ## Get the photographs that benchmarks hold out
	@cmp -s requirements/photographs.txt .photographs/photographs.txt || { rm -rf .photographs && \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
			--target .photographs -r requirements/photographs.txt && cp requirements/photographs.txt .photographs/; }
