"""Answers text queries from the postings: which documents hold a group of words, and how well."""

import sqlite3
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.domain.texte import FIELD_WEIGHT, Champ, Groupe, Phrase, RequeteTexte
from indexer.documents import FIELD_BIT
from indexer.embedded.columns import Snapshot

Floats = NDArray[np.float64]
_BEST_FIELD = np.array(  # by the bits of the fields that hold a token: the best field's weight
    [
        max((FIELD_WEIGHT[c] for c, bit in FIELD_BIT.items() if bits & bit), default=0.0)
        for bits in range(16)
    ]
)
_Found = tuple[NDArray[np.int32], NDArray[np.uint8]]


def token_ids(connection: sqlite3.Connection, tokens: Iterable[str]) -> dict[str, int]:
    """Returns the numbers of the tokens that the generation knows."""
    asked = list(set(tokens))
    marks = ",".join("?" * len(asked))
    query = f"SELECT jeton, id FROM lexique WHERE jeton IN ({marks})"  # noqa: S608  # marks only
    return dict(connection.execute(query, asked))


def tokens_in_use(
    connection: sqlite3.Connection, snapshot: Snapshot, tokens: Iterable[str]
) -> frozenset[str]:
    """Returns those of the tokens that a live listing holds."""
    groupes = tuple(Groupe(poids=1.0, phrases=frozenset(((t,),))) for t in set(tokens))
    if not groupes:
        return frozenset()
    reader = _Postings(connection, snapshot, RequeteTexte(groupes))
    found = {phrase for groupe in groupes for phrase in groupe.phrases}
    return frozenset(
        phrase[0] for phrase in found if snapshot.living[reader.phrase(phrase)[0]].any()
    )


def score_texte(
    connection: sqlite3.Connection, snapshot: Snapshot, requete: RequeteTexte
) -> tuple[NDArray[np.bool_], Floats]:
    """Returns, by rank, which documents answer enough groups, and their text score in [0, 1]."""
    reader = _Postings(connection, snapshot, requete)
    size = len(snapshot)
    total = np.zeros(size)
    groups_found = np.zeros(size, dtype=np.uint16)
    exiges = requete.exiges
    for groupe in requete.groupes:
        best = _best_fields(reader, snapshot, groupe)
        total += groupe.poids * best
        if groupe in exiges:
            groups_found += best > 0
    return groups_found >= requete.required, total / requete.poids


def _best_fields(reader: "_Postings", snapshot: Snapshot, groupe: Groupe) -> Floats:
    best = np.zeros(len(snapshot))
    if groupe.thematiques:
        named = snapshot.repertoires["thematiques"].saying_any(groupe.thematiques, absent=False)
        best[named[snapshot.numbers("thematiques")]] = FIELD_WEIGHT[Champ.THEMATIQUE]
    for phrase in groupe.phrases:
        ranks, fields = reader.phrase(phrase)
        best[ranks] = np.maximum(best[ranks], _BEST_FIELD[fields])
    return best


class _Postings:
    """Reads the documents of each token of one query, once."""

    def __init__(
        self, connection: sqlite3.Connection, snapshot: Snapshot, requete: RequeteTexte
    ) -> None:
        self._connection = connection
        self._snapshot = snapshot
        tokens = {t for g in requete.groupes for phrase in g.phrases for t in phrase}
        self._ids = token_ids(connection, tokens)
        self._read: dict[str, _Found] = {}

    def phrase(self, phrase: Phrase) -> _Found:
        """Returns the documents that hold every token of a phrase in one field, and which."""
        ranks, fields = self._token(phrase[0])
        for token in phrase[1:]:
            if not len(ranks):
                break
            other_ranks, other_fields = self._token(token)
            if not len(other_ranks):
                return other_ranks, other_fields
            # Ranks are sorted on both sides.
            at = np.searchsorted(other_ranks, ranks)
            at[at == len(other_ranks)] = 0
            shared = other_ranks[at] == ranks
            fields = fields[shared] & other_fields[at[shared]]
            ranks = ranks[shared]
        together = fields > 0
        return ranks[together], fields[together]

    def _token(self, token: str) -> _Found:
        if token not in self._read:
            self._read[token] = self._fetch(self._ids.get(token))
        return self._read[token]

    def _fetch(self, ident: int | None) -> _Found:
        query = "SELECT rangs, champs FROM postings WHERE jeton = ?"
        blobs = self._connection.execute(query, (ident,)).fetchone() or (b"", b"")
        ranks: NDArray[np.int32] = np.frombuffer(blobs[0], dtype="<i4")
        fields: NDArray[np.uint8] = np.frombuffer(blobs[1], dtype="u1")
        if self._snapshot.late:
            current = ~self._snapshot.is_late[ranks]
            late_ranks, late_fields = self._snapshot.late.get(ident or 0, ([], []))
            ranks = np.concatenate((ranks[current], np.array(late_ranks, dtype="<i4")))
            fields = np.concatenate((fields[current], np.array(late_fields, dtype="u1")))
            order = np.argsort(ranks)
            ranks, fields = ranks[order], fields[order]
        return ranks, fields
