"""The catalogue's distinct eligibility expressions, judged once per request for every engine.

The table in SQL is append-only: a worker catches up on what was added since. An expression that it
does not know yet excludes nobody.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.arbre import criteres
from app.domain.eligibility import Juge
from app.domain.expressions import ARBRE, ZONE, read_arbre, read_list
from app.domain.geographie import Geographie
from app.domain.profil import Profil
from app.domain.questions import Asked, Questioner, asked_by
from app.domain.territoire import Zone
from app.domain.verdict import Cause, Valeur
from app.domain.vocabulaire import RESIDENCE, Vocabulaire
from indexer.forest import Forest
from indexer.leaves import LeafJudge, Masks, QuestionBits, Values
from indexer.places import PlaceIndex

FetchAfter = Callable[[int], list[tuple[int, str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Every expression judged for one person, by id; the last cell stands for “no condition” (−1).

    `masks` holds the bits of the questions that keep an expression undecided, in the order of
    `asked`.
    """

    values: Values
    causes: Values
    masks: Masks
    asked: list[Asked]


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
        self._ids: dict[str, list[int]] = {}
        self._nodes: list[int] = []  # of each tree
        self._publics = list(vocabulaire.publics)
        for public in vocabulaire.publics.values():
            for leaf in (*criteres(public.certain), *criteres(public.possible)):
                self._bits.mask(asked_by(leaf, Profil(), vocabulaire))
        self._members: list[list[bool]] = []  # of each list of publics

    def catch_up(self, last_id: int) -> None:
        """Reads the expressions added since the last call, when a document names a newer one."""
        if last_id <= self._highest_id:
            return
        with self._lock:
            for ident, nature, canonique in self._fetch_after(self._last_id):
                self._ids.setdefault(nature, []).append(ident)
                self._add(nature, canonique)
                self._last_id = ident
            self._highest_id = max(last_id, self._last_id)

    def _add(self, nature: str, canonique: str) -> None:
        if nature == ZONE:
            self._zones.add(read_list(canonique))
        elif nature == ARBRE:
            known = len(self._forest.leaves)
            self._nodes.append(self._forest.add(read_arbre(canonique)))
            for leaf in self._forest.leaves[known:]:
                self._leaves.add(leaf)
        else:
            values = read_list(canonique)
            self._members.append([public in values for public in self._publics])

    def zones_touching(self, zone: Zone) -> NDArray[np.bool_]:
        """Tells, by expression id, which zones have a place in common with this one.

        The last cell stands for “no zone” (id −1), which excludes nobody.
        """
        with self._lock:
            touching = np.zeros(self._highest_id + 2, dtype=np.bool_)
            touching[self._last_id + 1 :] = True
            touching[self._ids.get(ZONE, [])] = self._zones.values(zone) != Valeur.NON
            return touching

    def judge(self, profil: Profil) -> Judged:
        """Judges every expression for one person."""
        juge = Juge(profil, self._vocabulaire, self._geographie)
        with self._lock:
            leaf_values, leaf_masks = self._leaves.judge(profil, juge)
            values, masks = self._forest.evaluate(leaf_values, leaf_masks)
            publics = self._judge_publics(juge, profil)
            size = self._highest_id + 2
            # What this worker does not know counts as undecided.
            judged = Judged(
                values=np.full(size, Valeur.INCONNU, dtype=np.uint8),
                causes=np.full(size, Cause.FAIT_INCONNU, dtype=np.uint8),
                masks=np.zeros((size, self._bits.words), dtype=np.uint64),
                asked=list(self._bits.asked),
            )
            judged.values[-1] = Valeur.OUI
            arbres, zones = self._ids.get(ARBRE, []), self._ids.get(ZONE, [])
            judged.values[arbres] = values[self._nodes]
            judged.masks[arbres, : masks.shape[1]] = masks[self._nodes]
            judged.values[zones] = self._zones.values(juge.residence)
            judged.masks[zones, 0] |= np.uint64(1)  # the residence has the first bit
            lists = [
                i for nature, ids in self._ids.items() if nature not in (ARBRE, ZONE) for i in ids
            ]
            if lists:
                judged.values[lists], judged.causes[lists] = publics[:2]
                judged.masks[lists, : publics[2].shape[1]] = publics[2]
        judged.causes[judged.values != Valeur.INCONNU] = Cause.AUCUNE
        judged.masks[judged.values != Valeur.INCONNU] = 0
        return judged

    def _judge_publics(self, juge: Juge, profil: Profil) -> tuple[Values, Values, Masks]:
        """Returns value, causes and questions of each list: belonging to one public is enough."""
        questioner = Questioner(juge, profil, self._vocabulaire)
        found = [juge.public(self._vocabulaire.publics[public]) for public in self._publics]
        masks = [self._bits.mask(questioner.public(public)) for public in self._publics]
        members = np.array(self._members, dtype=np.bool_).reshape(-1, len(self._publics))
        values = np.where(members, [j.valeur for j in found], Valeur.NON).max(axis=1)
        causes = np.where(members, [int(j.causes) for j in found], 0).astype(np.uint8)
        rows = self._bits.rows(masks)
        asked = np.where(members[:, :, None], rows[None, :, :], np.uint64(0))
        return (
            values.astype(np.uint8),
            np.bitwise_or.reduce(causes, axis=1),
            np.bitwise_or.reduce(asked, axis=1),
        )
