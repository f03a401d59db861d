# Everything lives in .venv, inside the checkout: programs, and what they would otherwise write to the home
# folder (JupyterLab's settings and workspaces, IPython's history, matplotlib's font cache).
PYTHON ?= python3
VENV := $(CURDIR)/.venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
READY := $(VENV)/installed
NOTEBOOKS = $(wildcard notebooks/*.ipynb)
export JUPYTER_CONFIG_DIR = $(VENV)/state/jupyter
export JUPYTER_DATA_DIR = $(VENV)/state/jupyter/data
export JUPYTER_RUNTIME_DIR = $(VENV)/state/jupyter/runtime
export JUPYTERLAB_SETTINGS_DIR = $(VENV)/state/jupyter/settings
export JUPYTERLAB_WORKSPACES_DIR = $(VENV)/state/jupyter/workspaces
export IPYTHONDIR = $(VENV)/state/ipython
export MPLCONFIGDIR = $(VENV)/state/matplotlib

.PHONY: help lab test site notebooks lint lock clean
help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

lab: $(READY) ## open the course in JupyterLab
	"$(BIN)/python" -m jupyterlab $(firstword $(NOTEBOOKS) notebooks)

test: $(READY) lint ## run every test, and every notebook against its stored outputs
	"$(BIN)/python" -m pytest tests course
	"$(BIN)/python" -m pytest -p no:doctest --nbval notebooks

site: $(READY) ## build the static site in docs/_build/html
	"$(BIN)/python" -m sphinx -W --keep-going -q -b html docs docs/_build/html

notebooks: $(READY) ## run all notebooks afresh and store their outputs
	"$(BIN)/python" tools/execute.py $(NOTEBOOKS)

lint: $(READY) ## check the style of code and notebooks
	"$(BIN)/python" -m ruff check .
	"$(BIN)/python" -m ruff format --check .

lock: ## pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile --quiet --upgrade --universal --fork-strategy fewest --generate-hashes --no-header \
		--no-emit-index-url --python-version 3.11 --all-extras pyproject.toml --output-file requirements.lock

clean: ## remove what was installed and built
	rm -rf .venv docs/_build docs/notebooks

$(READY): requirements.lock pyproject.toml tools/install.py
	"$(PYTHON)" tools/install.py
