# Everything is kept in .venv, inside the checkout: the programs, and also what they would otherwise write to the
# home folder (JupyterLab's settings and open tabs, IPython's history, matplotlib's list of fonts). The course so
# leaves no trace when its folder is deleted, and no setting of another project changes what it shows.
PYTHON ?= python3
SCRIPTS := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
BIN := .venv/$(SCRIPTS)
STATE := $(CURDIR)/.venv/state
export JUPYTER_CONFIG_DIR = $(STATE)/config
export JUPYTER_DATA_DIR = $(STATE)/data
export JUPYTER_RUNTIME_DIR = $(STATE)/runtime
export JUPYTERLAB_SETTINGS_DIR = $(STATE)/settings
export JUPYTERLAB_WORKSPACES_DIR = $(STATE)/workspaces
export IPYTHONDIR = $(STATE)/ipython
export MPLCONFIGDIR = $(STATE)/matplotlib
# What JupyterLab starts with in another language. It reads this and writes nothing there.
export JUPYTER_CONFIG_PATH = $(if $(LANGUAGE),$(CURDIR)/tools/lab/$(LANGUAGE))
# Another project's modules, and its wishes for Python, stay with it; text is UTF-8 on every system.
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS PYTHONOPTIMIZE PYTHONIOENCODING
export PYTHONUTF8 = 1

NOTEBOOKS = $(sort $(wildcard notebooks/*.ipynb notebooks/ko/*.ipynb)) \
	$(sort $(wildcard notebooks/practice/*.ipynb notebooks/ko/practice/*.ipynb))
# Another language than English, for lab and class: make lab LANGUAGE=ko. A system's own LANGUAGE is not meant.
LANGUAGE =
OPENED = notebooks$(LANGUAGE:%=/%)
# More options for JupyterLab: make lab OPTIONS=--no-browser
OPTIONS ?=
# Which experiments, all where none is named: make cifar10 EXPERIMENTS="sanity overfit"
EXPERIMENTS ?=
# Which records, those older than their code where none is named: make measure TOPICS="02 05 clinic"
TOPICS ?=
# Which editions of the site or the book, all where none is named: make site LANGUAGES=en
LANGUAGES ?=
# Where the notebooks of a class are, make class FOLDER=handed_in, or where its edition is to be.
FOLDER ?=
# Which versions make lock takes: those of the lock that still fit, or with UPGRADE=--upgrade the newest.
UPGRADE ?=
# What `make quick` looks at.
KERNELS := activations initializers preprocessing normalization optimizers network training gradcheck statistics search
# Several tests at a time, those of one file one after the other: they share what is slow to make.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

# Matrices are small here: a second thread gains a fifth where nothing else runs, and loses far more where
# something does. With one, the last digits do not hang on the number of cores either.
site book notebooks cifar10 measure class: export OPENBLAS_NUM_THREADS = 1

.PHONY: help lab update test long quick practice class handout cards peers site book notebooks catalogues cifar10 measure records bench lint lock licences audit clean uninstall
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

lab: .venv/installed ## open the course in JupyterLab; in Korean: LANGUAGE=ko
	$(BIN)/python -m jupyterlab --LanguageServerManager.autodetect=False $(OPTIONS) $(or $(wildcard $(OPENED)/00_start_here.ipynb),$(OPENED))

update: ## fetch the newest course, and keep what you have changed in notebooks/mine
	"$(PYTHON)" tools/update.py

test: lint site ## check the style, run every test, and hold every notebook to its stored outputs
	$(BIN)/python -m pytest $(PARALLEL) -m "not long" tests course

long: .venv/installed ## run what takes longest: experiments of the records, the tools, nbval on every notebook
	$(BIN)/python -m pytest -q $(PARALLEL) -m long --nbval tests notebooks

quick: .venv/installed ## tell in half a minute whether a kernel was broken
	$(BIN)/python -m pytest -q $(PARALLEL) -m "not slow" $(KERNELS:%=tests/test_%.py) $(KERNELS:%=course/%.py)

class: .venv/installed ## check what a class has handed in: FOLDER=handed_in; sentences in Korean: LANGUAGE=ko
	COURSE_LANGUAGE=$(LANGUAGE) $(BIN)/python tools/classroom.py "$(FOLDER)"

handout: .venv/installed ## write the course without solutions, for a class: FOLDER=../for_class
	$(BIN)/python tools/handout.py "$(FOLDER)"

cards: .venv/installed ## write terms and questions as cards that Anki imports, in cards.txt; LANGUAGE=ko
	COURSE_LANGUAGE=$(LANGUAGE) $(BIN)/python tools/cards.py cards.txt

practice: .venv/installed ## prove every exercise with a thousand draws of its arguments
	$(BIN)/python -m pytest -q -n auto --seeds 1000 tests/test_practice_exercises.py

peers: .venv-peers/installed ## compare the kernels with PyTorch, in an environment of their own
	.venv-peers/$(SCRIPTS)/python -m pytest -m peer tests

site: .venv/installed ## build the static site in docs/_build/html; one edition: LANGUAGES=en
	$(BIN)/python tools/publish.py site $(LANGUAGES)

book: .venv/installed ## make a book of the course, PDF and EPUB, in docs/_build/book; one: LANGUAGES=en
	$(BIN)/python tools/publish.py book $(LANGUAGES)

notebooks: .venv/installed ## run all notebooks afresh and store their outputs
	$(BIN)/python tools/practice.py notebooks/practice
	$(BIN)/python tools/translate.py ko
	$(BIN)/python tools/execute.py $(NOTEBOOKS)

catalogues: .venv/installed ## bring the catalogues of the Korean edition up to date with the English course
	$(BIN)/python tools/catalogues.py ko

cifar10: .venv/installed ## run the lecture's experiments on CIFAR-10, and topic 08 on what they gave
	$(BIN)/python -m course.reproduction $(EXPERIMENTS)
	$(MAKE) notebooks NOTEBOOKS="notebooks/08_lecture_by_the_numbers.ipynb notebooks/ko/08_lecture_by_the_numbers.ipynb"

measure: .venv/installed ## run again what records are older than their code; some: TOPICS="02 clinic"
	$(BIN)/python -m measurements $(TOPICS)

records: measure notebooks ## bring all that is stored up to date: records first, then the notebooks

# Each row sets the threads of its own process. One row: make bench ROWS=histograms
bench: .venv-peers/installed ## measure the course beside PyTorch, JAX and scikit-learn, and store the table
	.venv-peers/$(SCRIPTS)/python -m benchmarks $(ROWS)

lint: .venv/installed ## check the style of code and notebooks
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

lock: ## pin what pyproject.toml asks for (needs uv); with UPGRADE=--upgrade, the newest versions
	uv pip compile --quiet $(UPGRADE) --universal --fork-strategy fewest --generate-hashes --no-header \
		--no-emit-index-url --python-version 3.11 --all-extras pyproject.toml --output-file requirements.lock

licences: .venv/installed ## list the licences of what the lock installs, in docs/licences.md
	$(BIN)/python tools/licences.py

audit: ## ask whether a version in the lock has a known vulnerability (needs pip-audit)
	"$(PYTHON)" tools/audit.py

clean: ## remove what was built, so that the next site is built afresh
	rm -rf docs/_build docs/notebooks

uninstall: clean ## remove what was installed as well
	rm -rf .venv .venv-peers

.venv/installed: requirements.lock tools/install.py
	"$(PYTHON)" tools/install.py

.venv-peers/installed: requirements.lock pyproject.toml tools/install.py
	"$(PYTHON)" tools/install.py peers
