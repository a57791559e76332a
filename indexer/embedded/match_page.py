"""Turns the match of a snapshot into a page of the domain."""

import sqlite3
from collections.abc import Mapping

import numpy as np

from app.domain.matching import PREMIERS, BesoinCount, MatchCriteria, MatchPage, Solution
from app.domain.offre import OffreId
from app.domain.ranking import ScoreDetail
from app.domain.search import HorsPortee
from app.domain.verdict import Verdict
from indexer.embedded.columns import Snapshot
from indexer.embedded.match import Match, Ranked
from indexer.embedded.scan import Ranks
from indexer.embedded.store import living_ranks, offre_ids
from indexer.judging.arrays import NON_ACCESSIBLE
from indexer.judging.judged import Judged


def match_page(
    connection: sqlite3.Connection, snapshot: Snapshot, criteres: MatchCriteria, judged: Judged
) -> MatchPage:
    """Returns one page, its totals over the whole snapshot, and what to ask next."""
    match = Match(snapshot, criteres, judged)
    ranks, unknown = _asked(connection, match, criteres)
    values = match.values(ranks)
    is_counted = match.in_reach(ranks)
    beyond = ranks[~is_counted & (values != NON_ACCESSIBLE)]
    ranks, values = ranks[is_counted], values[is_counted]
    counted = match.ranked(ranks, match.verdicts(ranks, values))
    is_shown = np.array([verdict in criteres.verdicts for verdict in Verdict])
    shown = np.flatnonzero(np.take(is_shown, values))
    totals = np.bincount(values, minlength=len(Verdict)).tolist()
    page = counted.best(snapshot, shown, criteres.page, criteres.par_page)
    premiers = _first_of_needs(match, snapshot, criteres, counted)
    giving = match.giving()
    wanted = [*counted.ranks[page].tolist(), *(r for _, found in premiers.values() for r in found)]
    wanted += [rank for found in giving.values() for rank in found.tolist()]
    names = dict(zip(wanted, offre_ids(connection, wanted), strict=True))
    return MatchPage(
        total=len(shown),
        par_verdict=dict(zip(Verdict, totals, strict=True)),
        hors_portee=HorsPortee(total=len(beyond), plus_proche_km=match.nearest_beyond(beyond)),
        solutions=_solutions(match, criteres, counted, page, names),
        par_besoin=[
            BesoinCount(besoin=b, total=total, premiers=tuple(names[rank] for rank in found))
            for b, (total, found) in premiers.items()
        ],
        questions=match.questions(counted.ranks, counted.verdicts),
        inconnues=unknown,
        apports={key: [names[rank] for rank in found.tolist()] for key, found in giving.items()},
    )


def _asked(
    connection: sqlite3.Connection, match: Match, criteres: MatchCriteria
) -> tuple[Ranks, list[OffreId]]:
    """Returns the documents to judge, and the ids that name none."""
    if criteres.offres is None:
        return match.answering(), []
    found = living_ranks(connection, list(criteres.offres))
    ranks = np.array(sorted(found.values()), dtype=np.intp)
    return ranks, [ident for ident in criteres.offres if ident not in found]


def _first_of_needs(
    match: Match, snapshot: Snapshot, criteres: MatchCriteria, counted: Ranked
) -> dict[str, tuple[int, list[int]]]:
    is_open = counted.verdicts.values != NON_ACCESSIBLE
    found = {}
    for besoin in criteres.besoins:
        answering = np.flatnonzero(match.answering_exactly(besoin, counted.ranks) & is_open)
        best = counted.best(snapshot, answering, 1, PREMIERS)
        found[besoin] = (len(answering), counted.ranks[best].tolist())
    return found


def _solutions(
    match: Match,
    criteres: MatchCriteria,
    counted: Ranked,
    page: Ranks,
    names: Mapping[int, OffreId],
) -> list[Solution]:
    ranks = counted.ranks[page]
    scores = counted.scores.take(page)
    portees = counted.reach.take(page).portees(counted.distance[page])
    parts = (scores.besoin, scores.acces, scores.proximite, scores.fraicheur, scores.qualite)
    answers = {besoin: match.answering_exactly(besoin, ranks) for besoin in criteres.besoins}
    solutions = []
    for at, (rank, values, portee) in enumerate(
        zip(
            ranks.tolist(),
            zip(*(part.tolist() for part in parts), strict=True),
            portees,
            strict=True,
        )
    ):
        detail = ScoreDetail(**dict(zip(ScoreDetail.__dataclass_fields__, values, strict=True)))
        solutions.append(
            Solution(
                offre_id=names[rank],
                score=detail.total,
                detail=detail,
                jugement=counted.verdicts.jugement(int(page[at])),
                portee=portee,
                besoins=tuple(besoin for besoin, exact in answers.items() if exact[at]),
            )
        )
    return solutions
