"""Matches: one person, 3 needs, 12 known facts, 20 explained offers; in process and over HTTP.

The same persons are also asked for as pages, by the forms of the two questionnaires.
"""

import json
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from app.composition import Composition
from app.domain.territoire import Commune
from app.web.api.match_rendering import rendered_match
from bench.client import Posted
from bench.commands import Site, running_site
from bench.http import WORKERS, ask, faults, posted_order
from bench.plan import draw_cities
from bench.report import Figure, Seuil, median_of_rounds, number
from schemas.base import ReadingContext
from schemas.matching import read_match

PERSONS = 200
NEEDS = 3
SEED = 12
WARM_UP = 20
HTTP_P50, HTTP_P95 = Seuil(12), Seuil(30)
JUDGE_AND_ENGINE = Seuil(6)
MILLION = 1_000_000
JUDGE_AND_ENGINE_MILLION, WORKER_MB = Seuil(60), Seuil(600)
ROUTE = "/api/v1/match"
PAGES = ("/accompagner", "/accompagner/solutions", "/pour-moi/solutions")
PAGES_P50 = Seuil(40)
FORM = "application/x-www-form-urlencoded"


def bodies(composition: Composition) -> list[dict[str, Any]]:
    """Returns the bodies of the persons, always the same."""
    chance = Random(SEED)
    cities = draw_cities(composition.geographie)
    thematiques = list(composition.vocabulaire.referentiels["thematiques"])
    return [_body(chance, chance.choice(cities).code, thematiques) for _ in range(PERSONS)]


def _body(chance: Random, commune: str, thematiques: Sequence[str]) -> dict[str, Any]:
    def answers(values: Sequence[str]) -> dict[str, bool]:
        return {value: chance.random() < 0.4 for value in values}

    return {
        "faits": {
            "age": chance.randint(16, 64),
            "residence": commune,
            "activite": chance.choice(("demandeur-emploi", "inactif", "salarie", "etudiant")),
            "allocations": answers(("rsa", "ass", "are", "aah")),
            "inscriptions": answers(("france-travail", "mission-locale", "cap-emploi")),
            "situations": answers(("rqth", "permis-b", "vehicule", "parent-isole")),
            "duree_chomage_mois": chance.randint(0, 24),
            "niveau_etudes": chance.choice(("aucun", "brevet", "cap-bep", "bac")),
            "scolarite": chance.choice(("aucune", "lycee", "enseignement-superieur")),
            "nb_enfants": chance.randint(0, 4),
            "quotient_familial": chance.randint(200, 1500),
            "niveau_francais": chance.choice(("a1", "b1", "langue-maternelle")),
        },
        "besoins": [
            {"thematique": thematique, "priorite": chance.randint(1, 3)}
            for thematique in chance.sample(thematiques, NEEDS)
        ],
    }


def in_process(
    composition: Composition, *, rounds: int, seuil: Seuil = JUDGE_AND_ENGINE, where: str = ""
) -> list[Figure]:
    """Returns what judging and ranking take, and the whole use case with its text."""
    context = ReadingContext(
        vocabulaire=composition.vocabulaire,
        geographie=composition.geographie,
        today=composition.clock.today(),
    )
    service, engine = composition.matching, composition.engine
    asked = bodies(composition)
    whole: list[list[float]] = []
    engine_only: list[list[float]] = []
    totals: list[int] = []
    for at in range(rounds + 1):
        times, engine_times = [], []
        for body in asked if at else asked[:WARM_UP]:
            started = time.perf_counter()
            demande = read_match(body, context)
            criteres = service.criteria(demande)
            before = time.perf_counter()
            page = engine.match(criteres)
            engine_times.append(1000 * (time.perf_counter() - before))
            reading = before - started
            started = time.perf_counter()
            rendered_match(service.match(demande))
            times.append(1000 * (reading + time.perf_counter() - started))
            totals.append(page.total)
        if at:
            whole.append(times)
            engine_only.append(engine_times)
    contexte = f"{number(round(statistics.mean(totals)))} offres en moyenne"
    return [
        _figure(f"{title}{where}", measured, contexte, seuils, name)
        for title, measured, seuils in (
            ("juge et moteur", engine_only, {"p50": seuil}),
            ("lecture, moteur, explications, texte", whole, {}),
        )
        for name in ("p50", "p95")
    ]


def of_a_million(data_dir: Path, composition: Composition, *, rounds: int) -> list[Figure]:
    """Returns what a national catalogue takes, and the memory of a worker that serves it."""
    where = f" · {number(MILLION)} offres"
    with running_site(data_dir, WORKERS) as site:
        figures = over_http(data_dir, site, composition, rounds=rounds, where=where)
        memory = site.worker_memory_mb()
    return [
        *in_process(composition, rounds=rounds, seuil=JUDGE_AND_ENGINE_MILLION, where=where),
        *figures,
        Figure(
            mesure=f"match · mémoire d’un processus{where}",
            valeur=max(memory),
            unite="Mo",
            seuil=WORKER_MB,
            contexte=f"RSS du plus gros de {len(memory)} processus, après {PERSONS} × {rounds}",
        ),
    ]


def over_http(
    data_dir: Path, site: Site, composition: Composition, *, rounds: int, where: str = ""
) -> list[Figure]:
    """Returns what one client waits for."""
    asked = [Posted(ROUTE, json.dumps(body)) for body in bodies(composition)]
    found = ask(data_dir, posted_order(site.port, asked, WARM_UP, rounds))
    seuils = {} if where else {"p50": HTTP_P50, "p95": HTTP_P95}
    return [
        _figure(f"POST {ROUTE}{where}", found["rounds"], _client(found, rounds), seuils, name)
        for name in ("p50", "p95")
    ]


def pages(data_dir: Path, site: Site, composition: Composition, *, rounds: int) -> list[Figure]:
    """Returns what one client waits for, for the pages of the questionnaires."""
    communes = composition.geographie.communes
    forms = [_form(body, communes) for body in bodies(composition)]
    figures = []
    for page in PAGES:
        asked = [Posted(page, form, FORM) for form in forms]
        found = ask(data_dir, posted_order(site.port, asked, WARM_UP, rounds))
        contexte = _client(found, rounds)
        figures.append(_figure(f"POST {page}", found["rounds"], contexte, {"p50": PAGES_P50}))
        figures.append(_figure(f"POST {page}", found["rounds"], contexte, {}, "p95"))
    return figures


def _form(body: Mapping[str, Any], communes: Mapping[str, Commune]) -> str:
    """Returns the same person as the fields of a questionnaire."""
    code = body["faits"]["residence"]
    fields = {"code_commune": code, "f.residence": communes[code].nom}
    fields |= {f"b.{besoin['thematique']}": str(besoin["priorite"]) for besoin in body["besoins"]}
    for fait, connu in body["faits"].items():
        if isinstance(connu, dict):
            fields |= {f"f.{fait}.{v}": "oui" if said else "non" for v, said in connu.items()}
        else:
            fields.setdefault(f"f.{fait}", str(connu))
    return urlencode(fields)


def _client(found: Mapping[str, Any], rounds: int) -> str:
    size = f"{found['bytes'] / 1000:.0f} ko"
    return f"1 client, {PERSONS} personnes × {rounds}, {size}{faults(found)}"


def _figure(
    title: str,
    rounds: Sequence[Sequence[float]],
    contexte: str,
    seuils: Mapping[str, Seuil],
    name: str = "p50",
) -> Figure:
    share = {"p50": 0.5, "p95": 0.95}[name]
    return Figure(
        mesure=f"match · {title} · {name}",
        valeur=median_of_rounds(rounds, share),
        unite="ms",
        seuil=seuils.get(name),
        contexte=contexte,
    )
