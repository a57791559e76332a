"""The catalogue's distinct eligibility expressions, judged once per request for every engine.

The table in SQL is append-only: a worker catches up on what was added since. An expression that it
does not know yet excludes nobody.
"""

import threading
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from app.domain.arbre import Noeud
from app.domain.eligibility import Juge, between
from app.domain.expressions import ARBRE, PUBLICS, ZONE, read_arbre, read_list, read_usage
from app.domain.geographie import Geographie
from app.domain.profil import Profil
from app.domain.territoire import Zone
from app.domain.verdict import Cause, Valeur
from app.domain.vocabulaire import RESIDENCE, Vocabulaire
from indexer.judging.arrays import INCONNU, NON, OUI, Bools, Ids, Masks, Values
from indexer.judging.conditions import Conditions
from indexer.judging.evaluation import Evaluation
from indexer.judging.forest import Forest
from indexer.judging.judged import Judged, Layout
from indexer.judging.leaves import LeafJudge, QuestionBits
from indexer.judging.places import PlaceIndex

FetchAfter = Callable[[int], Iterable[tuple[int, str, str, str | None]]]
"""Returns id, nature, canonical text and usage of the expressions added since an id."""


class ExpressionIndex:
    """Trees, publics and zones of the catalogue, as far as they are known to this worker."""

    def __init__(
        self, fetch_after: FetchAfter, geographie: Geographie, vocabulaire: Vocabulaire
    ) -> None:
        self._fetch_after = fetch_after
        self._geographie = geographie
        self._vocabulaire = vocabulaire
        self._lock = threading.Lock()
        self._last_id = 0  # the newest expression read
        self._highest_id = 0  # the newest that a document names, perhaps not in the record
        self._bits = QuestionBits()
        self._bits.mask(frozenset(((RESIDENCE, None),)))
        self._forest = Forest()
        self._leaves = LeafJudge(vocabulaire, geographie, self._bits)
        self._zones = PlaceIndex(geographie)
        self._ids = {nature: array("q") for nature in (ARBRE, PUBLICS, ZONE)}
        self._nodes = array("q")  # of each tree
        self._usages = array("q")  # of each tree, as a rank among those met so far
        self._ranks: dict[str, int] = {}
        self._publics = list(vocabulaire.publics)
        publics = vocabulaire.publics.values()
        self._certain = self._add_trees(public.certain for public in publics)
        self._possible = self._add_trees(public.possible for public in publics)
        self._members: list[list[bool]] = []  # of each list of publics
        self._compiled: tuple[Layout, _Lists] | None = None

    def catch_up(self, last_id: int) -> None:
        """Reads the expressions added since the last call, when a document names a newer one."""
        if last_id > self._highest_id:
            with self._lock:
                self._read_new()
                self._highest_id = max(last_id, self._last_id)
                self._compiled = None

    def catch_up_with_record(self) -> None:
        """Reads the expressions added since the last call, whoever names them."""
        with self._lock:
            self._read_new()
            self._highest_id = max(self._highest_id, self._last_id)

    def _read_new(self) -> None:
        for ident, nature, canonique, usage in self._fetch_after(self._last_id):
            self._compiled = None
            self._ids[nature].append(ident)
            self._add(nature, canonique)
            if nature == ARBRE:
                self._usages.append(self._ranks.setdefault(usage or "", len(self._ranks)))
            self._last_id = ident

    def _add(self, nature: str, canonique: str) -> None:
        if nature == ZONE:
            self._zones.add(read_list(canonique))
        elif nature == ARBRE:
            self._nodes.extend(self._add_trees([read_arbre(canonique)]).tolist())
        else:
            values = read_list(canonique)
            self._members.append([public in values for public in self._publics])

    def _add_trees(self, trees: Iterable[Noeud]) -> Ids:
        known = len(self._forest.leaves)
        nodes = np.array([self._forest.add(tree) for tree in trees], dtype=np.intp)
        for leaf in self._forest.leaves[known:]:
            self._leaves.add(leaf)
        return nodes

    @property
    def last_id(self) -> int:
        """The newest expression that is known, or named."""
        return self._highest_id

    def zones_touching(self, zone: Zone) -> Bools:
        """Tells, by expression id, which zones have a place in common with this one.

        Cell 0 stands for “no zone”, which excludes nobody.
        """
        with self._lock:
            touching = np.zeros(self._highest_id + 1, dtype=np.bool_)
            touching[0] = True
            touching[self._last_id + 1 :] = True
            touching[self._ids[ZONE]] = self._zones.values(zone) != NON
            return touching

    def zones_touching_by_id(self, zone: Zone) -> tuple[Bools, Ids]:
        """Tells of each zone that is known whether it touches this one; returns their ids too."""
        with self._lock:
            return self._zones.values(zone) != NON, self._arrays()[0].ids[ZONE]

    def judge(self, profil: Profil) -> Judged:
        """Judges every expression for one person."""
        juge = Juge(profil, self._vocabulaire, self._geographie)
        with self._lock:
            layout, lists = self._arrays()
            leaf_values, asking = self._leaves.judge(profil, juge)
            evaluation = Evaluation(self._forest.cells, leaf_values, asking, room=layout.room)
            cells = evaluation.values
            cells[layout.zones] = self._zones.values(juge.residence)
            cells[layout.publics.stop :] = OUI, INCONNU
            masks = np.zeros((layout.room, self._bits.words), dtype=np.uint64)
            # The residence has the first bit.
            undecided = cells[layout.zones] == INCONNU
            masks[np.flatnonzero(undecided), 0] = 1
            found = self._judge_publics(evaluation, lists, masks[len(undecided) : -2])
            cells[layout.publics], causes = found
        return Judged(
            layout=layout,
            evaluation=evaluation,
            publics_causes=causes,
            masks=masks,
            asked=list(self._bits.asked),
        )

    def _arrays(self) -> tuple[Layout, "_Lists"]:
        """Returns the layout and the lists of publics, made again when some were added."""
        if self._compiled is None:
            cells = self._forest.cells
            ids = {nature: np.array(found, dtype=np.intp) for nature, found in self._ids.items()}
            trees = cells.of_node[np.array(self._nodes, dtype=np.intp)]
            nodes = np.empty(len(cells), dtype=np.intp)
            nodes[cells.of_node] = np.arange(len(cells))
            inner = nodes[: cells.first_top].tolist()
            keys = np.fromiter(map(self._forest.key, inner), dtype=np.int64)
            conditions = Conditions(
                cells,
                keys,
                trees,
                np.array(self._usages, dtype=np.intp),
                [read_usage(usage) for usage in self._ranks],
            )
            layout = Layout.of(
                ids, trees, conditions, nodes=len(cells), highest_id=self._highest_id
            )
            members = np.array(self._members, dtype=np.bool_).reshape(-1, len(self._publics))
            lists = _Lists(
                members=members,
                certain=cells.of_node[self._certain],
                possible=cells.of_node[self._possible],
            )
            self._compiled = layout, lists
        return self._compiled

    def _judge_publics(
        self, evaluation: Evaluation, lists: "_Lists", masks: Masks
    ) -> tuple[Values, Values]:
        """Returns value and causes of each list: belonging to one public is enough.

        Its questions are written into `masks`.
        """
        certain, possible = (
            map(Valeur, evaluation.at(cells).tolist()) for cells in (lists.certain, lists.possible)
        )
        found = [between(*pair) for pair in zip(certain, possible, strict=True)]
        members = lists.members
        best = (members * np.array([int(j.valeur) for j in found], dtype=np.uint8)).max(
            axis=1, initial=0
        )
        own = members * np.array([int(j.causes) for j in found], dtype=np.uint8)
        undecided = best == INCONNU
        causes = np.bitwise_or.reduce(own, axis=1) * undecided
        # Questions are sought for the few publics that an answer of the person would settle.
        by_person = [rank for rank, j in enumerate(found) if Cause.FAIT_INCONNU in j.causes]
        both = np.concatenate([lists.certain[by_person], lists.possible[by_person]])
        rows = evaluation.unanswered(both)
        rows = rows[: len(by_person)] | rows[len(by_person) :]
        for rank, row in zip(by_person, rows, strict=True):
            masks[members[:, rank] & undecided, : len(row)] |= row
        return best, causes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lists:
    """The lists of publics: which publics each names, and the cells of their two trees."""

    members: Bools
    certain: Ids
    possible: Ids
