# Every target sets itself up on a fresh machine: `make run` needs Python 3.11 and nothing else.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.ready
# What the people of a rehearsal say is about the role's own sample; another WORKSPACE wants ANSWERS of its own.
REHEARSE = $(if $(ROLE),--role $(ROLE)) $(if $(WORKSPACE),--workspace $(WORKSPACE)) $(if $(ANSWERS),--answers $(ANSWERS)) \
	$(if $(REJECT),--reject $(REJECT))
REJECT ?= $(if $(ROLE),,api_review)
OUT ?= build/rehearsal
DESIGNER ?= offline
COMPILE := $(PY) -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help setup run test thorough corpus judge steady lint rehearse bench faults smoke lock snapshots clean

help:  ## What there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP)  ## Make the virtual environment from the lock file

# Compiled at once: missing .pyc files treble the time to ready.
$(STAMP): requirements-dev.lock pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	$(PY) -m compileall -q bot handlers storage
	touch $@

run: setup  ## Start the bot: with Slack's tokens in .env in your workspace, without in a local Slack on one page
	$(PY) -m bot run

# Compiled files are kept whatever the environment says: without them each worker rewrites the asserts of all tests, and
# each child that a test starts compiles what was changed since the setup.
test thorough: export PYTHONDONTWRITEBYTECODE =
test: setup  ## The tests: fast, parallel, in random order, warnings are errors
	$(PY) -m compileall -q bot handlers storage
	$(PY) -m pytest

thorough: setup  ## What takes minutes: whole rehearsals, all of the long sweeps, many examples of whole chains
	$(PY) -m compileall -q bot handlers storage
	$(PY) -m pytest --hypothesis-profile=thorough -m "thorough or sampled"

corpus: setup  ## How much is understood of what people say: precision and recall, the held-out third apart
	$(PY) -m tests.corpus

judge: setup  ## What the scores are worth: planted faults, right designs, designs that do not fit, rank correlation
	$(PY) -m tests.judge

steady: setup  ## The same designs judged ten times each while the machine is kept busy: ten equal scores
	$(PY) -m pytest tests/judge -m steady -n 0

lint: setup  ## ruff, strict types, the layers, the licences of what is locked
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(PY) -m tests.licences

rehearse: setup  ## Play a whole evaluation over the local Slack and leave its files in build/rehearsal
	$(PY) -m bot rehearse --out $(OUT) --iterations 2 --designer $(DESIGNER) $(REHEARSE)

faults: setup  ## Kills by the hundred, lost machines, a failing Slack, a full disk: 15 to 20 minutes
	EIPAS_KILLS=60 RIVAL_ROUNDS=1000 $(PY) -m pytest tests/faults -m faults -n 0
	$(PY) -m tests.faults

smoke: setup  ## The same faults, a few of each, side by side: two minutes
	$(PY) -m pytest tests/faults -m faults --dist load -k "not slack_fails"

latency: setup  ## How soon people are answered while a run computes; needs a quiet machine
	$(PY) -m pytest tests/operations -m latency -n 0

bench: setup  ## Measure against a bare Bolt in the same run, and write docs/benchmarks.md
	$(PY) -m tests.bench

snapshots: setup  ## Write the views' snapshots anew; read the difference before you commit
	UPDATE_SNAPSHOTS=1 $(PY) -m pytest tests/handlers -n 0

lock: setup  ## Resolve the dependencies anew, without any index's address in the files
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean:  ## Remove what was built; the database in data/ stays
	rm -rf build $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
