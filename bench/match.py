"""Matches: one person, 3 needs, 12 known facts, 20 explained offers; in process and over HTTP."""

import json
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from app.composition import Composition
from app.web.api.match_rendering import rendered_match
from bench.client import Posted
from bench.http import ask, posted_order
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
ROUTE = "/api/v1/match"


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


def in_process(composition: Composition, *, rounds: int) -> list[Figure]:
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
        _figure("juge et moteur", engine_only, contexte, {"p50": JUDGE_AND_ENGINE}),
        _figure("juge et moteur", engine_only, contexte, {}, "p95"),
        _figure("lecture, moteur, explications, texte", whole, contexte, {}),
        _figure("lecture, moteur, explications, texte", whole, contexte, {}, "p95"),
    ]


def over_http(data_dir: Path, port: int, composition: Composition, *, rounds: int) -> list[Figure]:
    """Returns what one client waits for."""
    asked = [Posted(ROUTE, json.dumps(body)) for body in bodies(composition)]
    found = ask(data_dir, posted_order(port, asked, WARM_UP, rounds))
    contexte = f"1 client, {PERSONS} personnes × {rounds}, {found['bytes'] / 1000:.0f} ko"
    seuils = {"p50": HTTP_P50, "p95": HTTP_P95}
    return [
        _figure("POST /api/v1/match", found["rounds"], contexte, seuils),
        _figure("POST /api/v1/match", found["rounds"], contexte, seuils, "p95"),
    ]


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
