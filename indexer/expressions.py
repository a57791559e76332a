"""The catalogue's distinct eligibility expressions, judged once per request for every engine.

The table in SQL is append-only: a worker catches up on what was added since. An expression that it
does not know yet excludes nobody.
"""

import threading
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.arbre import Noeud
from app.domain.eligibility import Juge, between
from app.domain.expressions import ARBRE, PUBLICS, ZONE, read_arbre, read_list
from app.domain.geographie import Geographie
from app.domain.profil import Profil
from app.domain.questions import Asked
from app.domain.territoire import Zone
from app.domain.verdict import Cause, Valeur
from app.domain.vocabulaire import RESIDENCE, Vocabulaire
from indexer.forest import Forest, Ids, Masks, Values
from indexer.leaves import LeafJudge, QuestionBits
from indexer.places import PlaceIndex

FetchAfter = Callable[[int], Iterable[tuple[int, str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Every expression judged for one person, by id; cell 0 stands for “no condition”.

    `unanswered` returns, for some trees by id, the bits of the questions that keep them undecided,
    in the order of `asked`; `masks` holds them for everything that is no tree; `ids` lists the
    expressions of each nature.
    """

    values: Values
    causes: Values
    masks: Masks
    unanswered: Callable[[Ids], Masks]
    asked: list[Asked]
    ids: Mapping[str, Ids]


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
        self._publics = list(vocabulaire.publics)
        publics = vocabulaire.publics.values()
        self._certain = self._add_trees(public.certain for public in publics)
        self._possible = self._add_trees(public.possible for public in publics)
        self._members: list[list[bool]] = []  # of each list of publics
        self._compiled: _Arrays | None = None

    def catch_up(self, last_id: int) -> None:
        """Reads the expressions added since the last call, when a document names a newer one."""
        if last_id > self._highest_id:
            with self._lock:
                self._read_new()
                self._highest_id = max(last_id, self._last_id)

    def catch_up_with_record(self) -> None:
        """Reads the expressions added since the last call, whoever names them."""
        with self._lock:
            self._read_new()
            self._highest_id = max(self._highest_id, self._last_id)

    def _read_new(self) -> None:
        for ident, nature, canonique in self._fetch_after(self._last_id):
            self._ids[nature].append(ident)
            self._add(nature, canonique)
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

    def zones_touching(self, zone: Zone) -> NDArray[np.bool_]:
        """Tells, by expression id, which zones have a place in common with this one.

        Cell 0 stands for “no zone”, which excludes nobody.
        """
        with self._lock:
            touching = np.zeros(self._highest_id + 1, dtype=np.bool_)
            touching[0] = True
            touching[self._last_id + 1 :] = True
            touching[self._ids[ZONE]] = self._zones.values(zone) != Valeur.NON
            return touching

    def zones_touching_by_id(self, zone: Zone) -> tuple[NDArray[np.bool_], Ids]:
        """Tells of each zone that is known whether it touches this one; returns their ids too."""
        with self._lock:
            return self._zones.values(zone) != Valeur.NON, self._arrays().zones

    def judge(self, profil: Profil) -> Judged:
        """Judges every expression for one person."""
        juge = Juge(profil, self._vocabulaire, self._geographie)
        with self._lock:
            ids = self._arrays()
            leaf_values, leaf_masks = self._leaves.judge(profil, juge)
            forest, by_id = self._forest, ids.node_of
            nodes = forest.evaluate(leaf_values)
            # What this worker does not know counts as undecided.
            values = np.full(len(by_id), Valeur.INCONNU, dtype=np.uint8)
            masks = np.zeros((len(by_id), self._bits.words), dtype=np.uint64)
            values[0] = Valeur.OUI
            values[ids.arbres] = np.take(nodes, np.take(by_id, ids.arbres))
            values[ids.zones] = zones = self._zones.values(juge.residence)
            # The residence has the first bit.
            masks[ids.zones, 0] = zones == Valeur.INCONNU
            causes = (values == Valeur.INCONNU).view(np.uint8) * np.uint8(Cause.FAIT_INCONNU)
            if len(ids.publics):
                found = values, causes, masks
                self._judge_publics(nodes, leaf_masks, ids, found)

        def unanswered(arbres: Ids) -> Masks:
            return forest.unanswered(by_id[arbres], nodes, leaf_masks)

        return Judged(
            values=values,
            causes=causes,
            masks=masks,
            unanswered=unanswered,
            asked=list(self._bits.asked),
            ids={ARBRE: ids.arbres, PUBLICS: ids.publics, ZONE: ids.zones},
        )

    def _arrays(self) -> "_Arrays":
        """Returns which ids are trees, publics and zones, made again when some were added."""
        if self._compiled is None or len(self._compiled.node_of) != self._highest_id + 1:
            arbres = np.array(self._ids[ARBRE], dtype=np.intp)
            node_of = np.zeros(self._highest_id + 1, dtype=np.intp)
            node_of[arbres] = self._nodes
            self._compiled = _Arrays(
                arbres=arbres,
                publics=np.array(self._ids[PUBLICS], dtype=np.intp),
                zones=np.array(self._ids[ZONE], dtype=np.intp),
                node_of=node_of,
                members=np.array(self._members, dtype=np.bool_).reshape(-1, len(self._publics)),
            )
        return self._compiled

    def _judge_publics(
        self, nodes: Values, leaf_masks: Masks, ids: "_Arrays", into: tuple[Values, Values, Masks]
    ) -> None:
        """Writes value, causes and questions of each list: belonging to one public is enough."""
        trees = zip(nodes[self._certain].tolist(), nodes[self._possible].tolist(), strict=True)
        found = [between(Valeur(certain), Valeur(possible)) for certain, possible in trees]
        values, causes, masks = into
        members = ids.members
        best = (members * np.array([int(j.valeur) for j in found], dtype=np.uint8)).max(axis=1)
        own = members * np.array([int(j.causes) for j in found], dtype=np.uint8)
        undecided = best == Valeur.INCONNU
        values[ids.publics] = best
        causes[ids.publics] = np.bitwise_or.reduce(own, axis=1) * undecided
        # Questions are sought for the few publics that an answer of the person would settle.
        by_person = [rank for rank, j in enumerate(found) if Cause.FAIT_INCONNU in j.causes]
        rows = self._forest.unanswered(self._certain[by_person], nodes, leaf_masks)
        rows |= self._forest.unanswered(self._possible[by_person], nodes, leaf_masks)
        asking = ids.publics[undecided]
        for rank, row in zip(by_person, rows, strict=True):
            masks[asking[members[undecided, rank]], : len(row)] |= row


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrays:
    arbres: Ids
    publics: Ids
    zones: Ids
    node_of: Ids
    members: NDArray[np.bool_]
