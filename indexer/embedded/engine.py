"""The embedded search engine: one worker's view of the current generation.

Before answering, a thread pins one state of the file in a read transaction; if another process has
written since, the worker's snapshot catches up first. So an answer is never a mix of two states.
"""

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.brute_force import PORTEE, ZONE
from app.domain.errors import EngineUnavailable
from app.domain.geographie import Geographie
from app.domain.matching import MatchCriteria, MatchPage
from app.domain.offre import OffreId
from app.domain.portee import Portee
from app.domain.ranking import ScoreDetail
from app.domain.search import (
    FACET_FILTER,
    FACETS,
    FEW,
    Elargissement,
    Hit,
    HorsPortee,
    SearchCriteria,
    SearchPage,
    facet_values,
    gained_by_radius,
    relaxations,
)
from indexer.embedded.columns import Snapshot, load_snapshot, read_state
from indexer.embedded.generations import Generations
from indexer.embedded.match_page import match_page
from indexer.embedded.memory import keep_freed_arrays
from indexer.embedded.rows import STRUCTURE
from indexer.embedded.scan import Parts, Scan, Scores, Survivors, page_order, score, search_keys
from indexer.embedded.store import connect, offre_ids, value_id
from indexer.embedded.words import score_texte, tokens_in_use
from indexer.judging.expressions import ExpressionIndex


class EmbeddedEngine:
    """Implements `app.domain.ports.SearchEngine` on a folder of generations."""

    def __init__(
        self, generations: Generations, expressions: ExpressionIndex, geographie: Geographie
    ) -> None:
        self._generations = generations
        self._expressions = expressions
        self._geographie = geographie
        self._local = threading.local()
        self._refresh = threading.Lock()
        self._snapshot: tuple[Path, Snapshot] | None = None
        keep_freed_arrays()

    def search(self, criteres: SearchCriteria) -> SearchPage:
        """Returns one page of the total order of a search."""
        with self._pinned() as (connection, snapshot):
            matching, texte = None, None
            if criteres.texte is not None:
                matching, texte = score_texte(connection, snapshot, criteres.texte)
            structure = criteres.filtres.structure_id
            number = value_id(connection, STRUCTURE, structure) if structure else None
            scan = Scan(snapshot, criteres, self._expressions, self._geographie, number)
            survivors = scan.run(matching)
            ranks = survivors.passing
            reach = scan.reach.take(ranks)
            distance = reach.shown_distance_km()
            proximite = reach.proximite(distance, criteres.rayon_km)
            parts = Parts(proximite=proximite, besoin=None if texte is None else texte[ranks])
            scores = score(snapshot, criteres.poids, criteres.date, ranks, parts)
            keys = search_keys(snapshot, criteres.tri, ranks, distance, scores.total)
            page = page_order(snapshot, ranks, keys, criteres.page, criteres.par_page)
            ids = offre_ids(connection, ranks[page].tolist())
            portees = reach.take(page).portees(distance[page])
            hits = _hits(ids, scores.take(page), portees, _states(snapshot, criteres, ranks[page]))
            hors_portee, elargir = _left_out(scan, survivors, criteres)
            return SearchPage(
                total=len(ranks),
                hits=hits,
                facettes=_facets(snapshot, survivors),
                hors_zone=len(survivors.failing_only.get(ZONE, ())),
                hors_portee=hors_portee,
                elargir=elargir,
            )

    def match(self, criteres: MatchCriteria) -> MatchPage:
        """Returns one page of the total order of a match."""
        with self._pinned() as (connection, snapshot):
            judged = self._expressions.judge(criteres.profil)
            return match_page(connection, snapshot, criteres, judged)

    def known_tokens(self, jetons: Iterable[str]) -> frozenset[str]:
        """Returns those of the tokens that occur in at least one listing."""
        with self._pinned() as (connection, snapshot):
            return tokens_in_use(connection, snapshot, jetons)

    def generation(self) -> str | None:
        """Returns the name of the generation in use, None before the first."""
        path = self._generations.current()
        return path.name if path else None

    @contextmanager
    def _pinned(self) -> Iterator[tuple[sqlite3.Connection, Snapshot]]:
        path = self._generations.current()
        if path is None:
            raise EngineUnavailable("no_generation")
        if not self._generations.is_readable(path):
            raise EngineUnavailable("other_mapping")
        try:
            connection = self._connection(path)
            try:
                yield connection, self._pin(connection, path)
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as exc:
            self._local.opened = None
            raise EngineUnavailable("index_unreadable") from exc

    def _connection(self, path: Path) -> sqlite3.Connection:
        """Returns this thread's own connection to a generation."""
        opened: tuple[Path, sqlite3.Connection] | None = getattr(self._local, "opened", None)
        if opened is not None and opened[0] == path:
            return opened[1]
        if opened is not None:
            opened[1].close()
        connection = connect(path, read_only=True)
        self._local.opened = (path, connection)
        return connection

    def _pin(self, connection: sqlite3.Connection, path: Path) -> Snapshot:
        """Begins a transaction and returns the snapshot of the very state that it sees."""
        while True:
            connection.execute("BEGIN")
            state = read_state(connection)
            held = self._snapshot
            if held is not None and held[0] == path and held[1].state == state:
                return held[1]
            with self._refresh:
                held = self._snapshot
                previous = held[1] if held is not None and held[0] == path else None
                if previous is None or previous.state.sequence <= state.sequence:
                    snapshot = load_snapshot(connection, state, previous)
                    self._expressions.catch_up(snapshot.last_expression)
                    self._snapshot = (path, snapshot)
                    return snapshot
            # Another thread is ahead of this transaction: see what it saw.
            connection.execute("ROLLBACK")


def _states(
    snapshot: Snapshot, criteres: SearchCriteria, ranks: NDArray[np.intp]
) -> list[bool | None]:
    """Returns whether each document is open at the time asked."""
    if criteres.filtres.ouvert is None:
        return [None] * len(ranks)
    numbers = snapshot.numbers("horaires")[ranks]
    states = snapshot.repertoires["horaires"].judged(criteres.filtres.ouvert, numbers)
    return [states[number] for number in numbers.tolist()]


def _hits(
    ids: list[OffreId], scores: Scores, portees: list[Portee], states: list[bool | None]
) -> list[Hit]:
    parts = zip(
        scores.besoin.tolist(),
        scores.proximite.tolist(),
        scores.fraicheur.tolist(),
        scores.qualite.tolist(),
        strict=True,
    )
    hits = []
    for offre_id, (besoin, proximite, fraicheur, qualite), portee, ouvert in zip(
        ids, parts, portees, states, strict=True
    ):
        detail = ScoreDetail(
            besoin=besoin, acces=0.0, proximite=proximite, fraicheur=fraicheur, qualite=qualite
        )
        hits.append(
            Hit(
                offre_id=offre_id,
                score=detail.total,
                detail=detail,
                portee=portee,
                ouvert=ouvert,
            )
        )
    return hits


def _facets(snapshot: Snapshot, survivors: Survivors) -> dict[str, dict[str, int]]:
    counts = {}
    for facet in FACETS:
        nature = FACET_FILTER[facet]
        numbers = snapshot.numbers(nature)[survivors.passing_all_but(nature)]
        counts[facet] = snapshot.repertoires[nature].count(facet, numbers, facet_values)
    return counts


def _left_out(
    scan: Scan, survivors: Survivors, criteres: SearchCriteria
) -> tuple[HorsPortee, list[Elargissement]]:
    """Returns what the distance leaves out, and what each relaxation would bring."""
    too_far = survivors.failing_only.get(PORTEE, np.empty(0, dtype=np.intp))
    distances = scan.reach.take(too_far).distance_km()
    nearest = float(distances.min()) if len(distances) else None
    hors_portee = HorsPortee(total=len(too_far), plus_proche_km=nearest)
    total = len(survivors.passing)
    if total >= FEW:
        return hors_portee, []
    single = {
        name: len(ranks)
        for name, ranks in survivors.failing_only.items()
        if name not in (ZONE, PORTEE) and len(ranks)
    }
    return hors_portee, relaxations(
        total, criteres.rayon_km, gained_by_radius(distances.tolist()), single
    )
