# One entry per thing that a person does with the project. `make` alone prints the list.
# Everything runs from .venv, which `install` creates and refreshes when the locked requirements change.

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.installed
DEV := .venv/.installed-dev
# The lock names every package: left to resolve dependencies again, an older pip prefers a newer unlocked version.
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes
# A .venv whose creation was interrupted may lack pip.
WITH_PIP := $(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
PYTEST_ARGS ?= -n auto --dist loadgroup

export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help install run test check format coverage bench eval elasticsearch requirements audit

help: ## affiche cette aide
	@echo "Éventail : toutes les solutions d’un territoire, pour chaque personne."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "Réglages (variables d’environnement) : HOST, PORT, WEB_CONCURRENCY, DATABASE_URL… (voir README)."

install: $(RUNTIME) ## prépare l’environnement Python (.venv)

run: $(RUNTIME) ## démarre le site sur de vraies données (Ctrl-C pour arrêter)
	@$(BIN)/python gunicorn.conf.py
	@$(BIN)/flask seed demo --si-vide
	@exec $(BIN)/gunicorn --config gunicorn.conf.py wsgi:app

test: check ## vérifie le code puis lance toute la suite de tests
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(DEV) ## relit le code : style, types, architecture, gabarits
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --check --lint app/web/templates

format: $(DEV) ## remet le code et les gabarits en forme
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --quiet --reformat app/web/templates

coverage: $(DEV) ## mesure la part du code couverte par les tests
	@$(BIN)/python -m pytest $(PYTEST_ARGS) --cov --cov-report=
	@$(BIN)/coverage report --include='app/domain/*' --fail-under=100
	@$(BIN)/coverage report --fail-under=90

bench: $(DEV) ## mesure les performances
	@test -f bench/__main__.py || { echo "Les mesures de performance ne sont pas encore disponibles." >&2; exit 1; }
	@$(BIN)/python -m bench

eval: $(DEV) ## évalue la pertinence des réponses (recherches jugées)
	@test -f tests/relevance/__main__.py || { echo "L’évaluation de la pertinence n’est pas encore disponible." >&2; exit 1; }
	@$(BIN)/python -m tests.relevance

elasticsearch: $(RUNTIME) ## démarre un Elasticsearch local (NODES=3, PORT=9300 ; Ctrl-C pour arrêter)
	@exec $(BIN)/python -m tests.elasticsearch_node

# Locks the dependencies. A week of quarantine keeps out versions that are withdrawn soon after their release.
requirements: EXCLUDE_NEWER ?= $(shell date -u -d '7 days ago' +%F 2>/dev/null || date -u -v-7d +%F)
requirements: COMPILE = uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--exclude-newer $(EXCLUDE_NEWER) --custom-compile-command "make requirements" $(UV_ARGS)
requirements: ## fige de nouveau les versions des dépendances (demande uv)
	@command -v uv >/dev/null || { echo "Il faut uv pour figer les dépendances : python3 -m pip install uv" >&2; exit 1; }
	$(COMPILE) --output-file requirements.txt requirements.in
	$(COMPILE) --output-file requirements-dev.txt requirements-dev.in

audit: $(DEV) ## cherche les vulnérabilités connues des dépendances
	$(BIN)/pip-audit --require-hashes --disable-pip --requirement requirements.txt

# A stamp younger than the requirements means nothing to do. $(BIN)/python depends on nothing: it is made once.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python est introuvable ($(PYTHON)). Installez Python 3.11 ou plus récent, ou indiquez-le : make PYTHON=/chemin/vers/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Éventail demande Python 3.11 ou plus récent ; $(PYTHON) est $$($(PYTHON) --version 2>&1). Installez-le ou indiquez-le : make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Le module venv manque à $(PYTHON). Sous Debian ou Ubuntu : sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; echo "L’environnement .venv n’a pas pu être créé : vérifiez la place disponible et les droits du dossier." >&2; exit 1; }

$(RUNTIME): requirements.txt | $(BIN)/python
	@echo "Installation des paquets d’Éventail (une minute environ, la première fois)…"
	@$(WITH_PIP)
	@$(PIP_INSTALL) --requirement requirements.txt || { echo "L’installation a échoué : vérifiez l’accès au réseau, puis relancez la même commande." >&2; exit 1; }
	@touch $@

# requirements-dev.txt holds the runtime packages too, at the same versions.
$(DEV): requirements-dev.txt requirements.txt | $(BIN)/python
	@echo "Installation des outils de développement…"
	@$(WITH_PIP)
	@$(PIP_INSTALL) --requirement requirements-dev.txt || { echo "L’installation a échoué : vérifiez l’accès au réseau, puis relancez la même commande." >&2; exit 1; }
	@touch $(RUNTIME) $@
