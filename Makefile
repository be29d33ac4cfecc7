# 联防 Lianfang: `make demo` shows it, `make test` proves it. Both build their own environment first.
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
BIN := .venv/bin

help:  ## What can be done
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/ready: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or later is needed; set PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: .venv/ready  ## The whole path on a real broker, with a simulated outbreak
	$(BIN)/lianfang demo

test: lint  ## Everything that must hold, on a real broker
	$(BIN)/python -m pytest -m 'not chaos' -q -n 2 --dist worksteal

audit:  ## Known weaknesses in what the lock files hold; asks a public database, in an environment of its own
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	for lock in requirements.lock tests/bench/contact/peers.lock tests/bench/linkage/peers.lock; do .venv-audit/bin/pip-audit $(AUDIT) --disable-pip --require-hashes -r $$lock || exit 1; done

lint: .venv/ready  ## Style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready  ## Speed beside others on the same work, and of the whole path: an hour and a half
	$(BIN)/python -m tests.bench.contact
	$(BIN)/python -m tests.bench.linkage
	$(BIN)/python -m tests.bench.log
	$(BIN)/python -m tests.bench

stories: .venv/ready  ## Every story on the real broker: some minutes; `make test` tells all in memory, and on the broker those that between them go through every stage
	$(BIN)/python -m pytest -q -n 2 -m 'chaos or not chaos' tests/broker/test_stories.py

realdata: .venv/ready  ## Published case trajectories through the bus; LIANFANG_REALDATA names their folder
	$(BIN)/python -m tests.realdata

simulation: .venv/ready  ## A hundred thousand simulated worlds in which workers die, freeze and come back: ten minutes on two cores
	$(BIN)/python -m tests.simulation

soak: .venv/ready  ## Three weeks at the daily shape of a province, in half an hour: memory, disk, lag and cost must stay flat
	$(BIN)/python -m tests.soak

fuzz: .venv/ready  ## A hundred thousand spoiled messages through every connector and onto every topic: a quarter of an hour; SEED=n for others
	$(BIN)/python -m tests.fuzz --seed $(or $(SEED),7)

tamper: .venv/ready  ## Ten thousand random tamperings with the log that can be proved: some minutes; SEED=n for others
	$(BIN)/python -m tests.deploy.log --seed $(or $(SEED),7)

leak: .venv/ready  ## Two thousand random plays in which no field may reach a topic that it should not, with leaks made on purpose: half an hour
	$(BIN)/python -m tests.leak
	$(BIN)/python -m pytest -q -m chaos tests/broker/test_marks.py tests/broker/test_erased_bytes.py tests/broker/test_rotation.py

chaos: .venv/ready  ## A million facts and five hundred faults of every kind on a real broker: an hour or more on two quiet cores; SEED=n, REPORT=file
	$(BIN)/python -m tests.chaos --facts 1000000 --faults 500 --seed $(or $(SEED),7) $(if $(REPORT),--report $(REPORT))

alerts: .venv/ready  ## Every alert rehearsed by Prometheus' own promtool, which is built first where there is Go: some minutes the first time
	@command -v promtool >/dev/null || test -x $(BIN)/promtool || GOBIN=$(CURDIR)/$(BIN) go install -tags remove_all_sd github.com/prometheus/prometheus/cmd/promtool@v0.316.0
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -q -rs tests/deploy/operate/test_files.py

generate: .venv/ready  ## Rewrite what is generated: Avro schemas, catalogue, diagram
	$(BIN)/python -m deploy.generate

lock: .venv/ready  ## Renew the lock file
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra report --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file tests/bench/contact/peers.lock tests/bench/contact/peers.in

clean:  ## Remove the environment and the local stack's data
	-$(BIN)/lianfang down
	rm -rf .venv .venv-peers .venv-audit .lianfang

.PHONY: help demo test stories audit lint alerts soak fuzz chaos tamper leak bench realdata simulation generate lock clean
