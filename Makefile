# What people and CI call. `make help` lists it.
PYTHON ?= python3
STACK ?= linux-cloud-init
BASE ?= main
VENV := venv/bin

TYPED := offline components stacks tools tests bench policy/policies.py

.PHONY: help setup demo test lint format types unit contract engine soak az-cli az bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## virtual environment, Pulumi engine, stand-in plugin: what is missing of them
	@$(PYTHON) -m tools.setup

demo: setup ## deploys one stack on the offline Azure (STACK=linux-cloud-init)
	@$(VENV)/python -m tools.demo $(STACK)

test: lint types unit contract docs engine ## everything that CI runs

lint: setup ## style of Python, shell and workflows
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/shellcheck .ci/run $$(git ls-files '*.sh')
	$(VENV)/python -m tools.actionlint

format: setup ## mends what `lint` finds, where that can be done without thinking
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

types: setup ## mypy, strict
	$(VENV)/mypy $(TYPED)

unit: setup ## pure functions and the offline Azure
	$(VENV)/pytest -q -n 2 tests/unit

contract: setup ## what others rely on: entry points, schemas, settings
	$(VENV)/pytest -q tests/contract

engine: setup ## the real Pulumi engine on the offline Azure
	$(VENV)/pytest -q -n 2 tests/engine

az-cli: ## the real Azure CLI, for `python -m tools.azure_cli` and `make az`: 700 MB, once on this machine
	@$(PYTHON) -m tools.azure_cli

az: setup az-cli ## the real Azure CLI on the offline Azure; not part of `make test`
	$(VENV)/pytest -q tests/az

soak: setup ## a hundred kills of each long command, and a hundred mixtures of faults (an hour or more; SEEDS=100)
	$(VENV)/python -m tests.soak 0 $(or $(SEEDS),100)

docs: setup ## the documentation as a site in .offline/docs; a dead link fails
	$(VENV)/python -m tools.docs

pr-preview: setup ## what the working tree changes against BASE, as a pull request's comment (BASE=main STACKS="linux-script staged")
	@$(VENV)/python -m tools.pr_preview $(BASE) $(STACKS)

bench: setup ## previews against the same resources without the library, releases and rollouts against what is possible
	$(VENV)/python -m bench.preview
	$(VENV)/python -m bench.check
	$(VENV)/python -m bench.release
	$(VENV)/python -m bench.rollout

clean: ## removes what the other targets made; the cached engine outside the checkout stays
	rm -rf venv .offline .mypy_cache .pytest_cache .ruff_cache .hypothesis
