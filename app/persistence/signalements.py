"""Keeps what readers say is wrong with a sheet, and apart from it whom to answer, for a while."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, func, insert, select, update

from app.domain.edition import FicheRef
from app.domain.errors import SignalementInconnu
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.signalements import (
    REPEAT_WINDOW,
    Constat,
    Motif,
    ReponseDue,
    Signalement,
    SignalementListe,
    repeated_among,
)
from app.persistence.answering import in_utc, reading, writing
from app.persistence.editions import is_of
from app.persistence.statements import MAX_ID
from app.persistence.tables.catalogue import offres, signalements, structures
from app.persistence.tables.depots import reponses

_IS_OPEN = signalements.c.traite_le.is_(None)
_NOM = func.coalesce(offres.c.nom, structures.c.nom).label("fiche_nom")
_NAMED = signalements.join(
    offres,
    (signalements.c.objet == OFFRE) & (offres.c.id == signalements.c.objet_id),
    isouter=True,
).join(
    structures,
    (signalements.c.objet == STRUCTURE) & (structures.c.id == signalements.c.objet_id),
    isouter=True,
)
_LISTED = select(signalements, _NOM).select_from(_NAMED).where(_IS_OPEN)


class SqlSignalementStore:
    """Implements `app.domain.signalements.SignalementStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, fiche: FicheRef, constat: Constat, quand: datetime, courriel: str | None = None
    ) -> None:
        """Keeps a report, or counts it on the open one that it repeats."""
        recent = select(signalements).where(
            is_of(signalements, fiche),
            signalements.c.motif == constat.motif.value,
            signalements.c.recu_le > quand - REPEAT_WINDOW,
            _IS_OPEN,
        )
        with writing(self._engine) as connection:
            known = map(_signalement, connection.execute(recent).mappings())
            repeated = repeated_among(known, constat, quand)
            if repeated is None:
                new = insert(signalements).values(_new(fiche, constat, quand))
                added = connection.execute(new).inserted_primary_key
                ident = int(added[0])  # type: ignore[index]  # one row was added
            else:
                ident = repeated.id
                connection.execute(
                    update(signalements)
                    .where(signalements.c.id == repeated.id)
                    .values(
                        fois=repeated.fois + 1, precision=repeated.precision or constat.precision
                    )
                )
            if courriel is not None:
                _keep_address(connection, ident, courriel, quand)

    def list_open(self) -> Sequence[SignalementListe]:
        """Returns what is still to be handled, newest first."""
        query = _LISTED.order_by(signalements.c.recu_le.desc(), signalements.c.id.desc())
        with reading(self._engine) as connection:
            return [_listed(row) for row in connection.execute(query).mappings()]

    def get_open(self, ident: int) -> SignalementListe:
        """Returns a report that is still to be handled. Raises `SignalementInconnu`."""
        if not 0 < ident <= MAX_ID:
            raise SignalementInconnu(ident)
        with reading(self._engine) as connection:
            found = connection.execute(_LISTED.where(signalements.c.id == ident)).mappings().first()
        if found is None:
            raise SignalementInconnu(ident)
        return _listed(found)

    def answer(self, ident: int, texte: str, par: str, quand: datetime) -> None:
        """Closes a report with an answer, once. Raises `SignalementInconnu`."""
        closed = {"traite_le": quand, "traite_par": par, "reponse": texte}
        answered = update(signalements).where(signalements.c.id == ident, _IS_OPEN).values(closed)
        with writing(self._engine) as connection:
            if connection.execute(answered).rowcount == 0:
                raise SignalementInconnu(ident)

    def asked(self) -> Mapping[int, int]:
        """Returns how many people wait for an answer, by report that is still to be handled."""
        query = (
            select(reponses.c.signalement_id, func.count())
            .join(signalements, signalements.c.id == reponses.c.signalement_id)
            .where(_IS_OPEN)
            .group_by(reponses.c.signalement_id)
        )
        with reading(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def owed(self) -> Sequence[ReponseDue]:
        """Returns the answers that have not left, the oldest first."""
        query = (
            select(
                reponses,
                signalements.c.objet,
                signalements.c.objet_id,
                signalements.c.reponse,
                _NOM,
            )
            .select_from(_NAMED.join(reponses, reponses.c.signalement_id == signalements.c.id))
            .where(signalements.c.traite_le.is_not(None))
            .order_by(reponses.c.id)
        )
        with reading(self._engine) as connection:
            return [
                ReponseDue(
                    id=row["id"],
                    fiche=_fiche(row),
                    fiche_nom=row["fiche_nom"],
                    courriel=row["courriel"],
                    texte=row["reponse"],
                )
                for row in connection.execute(query).mappings()
            ]

    def forget(self, ident: int) -> None:
        """Erases the address of who was answered."""
        with writing(self._engine) as connection:
            connection.execute(delete(reponses).where(reponses.c.id == ident))

    def forget_before(self, quand: datetime) -> int:
        """Erases the addresses received before an instant and returns how many there were."""
        is_old = reponses.c.recu_le < quand
        with reading(self._engine) as connection:
            if connection.execute(select(reponses.c.id).where(is_old)).first() is None:
                return 0
        with writing(self._engine) as connection:
            return connection.execute(delete(reponses).where(is_old)).rowcount

    def mark_handled(self, ident: int, quand: datetime) -> bool:
        """Closes a report, once; False when there is none of this id."""
        if not 0 < ident <= MAX_ID:
            return False
        has_id = signalements.c.id == ident
        with writing(self._engine) as connection:
            if connection.execute(select(signalements.c.id).where(has_id)).first() is None:
                return False
            connection.execute(update(signalements).where(has_id, _IS_OPEN).values(traite_le=quand))
            return True

    def count_open(self) -> int:
        """Returns how many reports are still to be handled."""
        query = select(func.count()).select_from(signalements).where(_IS_OPEN)
        with reading(self._engine) as connection:
            count: int = connection.execute(query).scalar_one()
            return count

    def purge_before(self, quand: datetime) -> int:
        """Erases the reports handled before an instant and returns how many there were."""
        is_handled = signalements.c.traite_le < quand
        of_handled = select(signalements.c.id).where(is_handled)
        with writing(self._engine) as connection:
            connection.execute(delete(reponses).where(reponses.c.signalement_id.in_(of_handled)))
            return connection.execute(delete(signalements).where(is_handled)).rowcount


def _keep_address(connection: Connection, ident: int, courriel: str, quand: datetime) -> None:
    """Keeps an address beside a report; asking twice is asking once."""
    same = (reponses.c.signalement_id == ident) & (reponses.c.courriel == courriel)
    if connection.execute(select(reponses.c.id).where(same)).first() is None:
        asked = {"signalement_id": ident, "courriel": courriel, "recu_le": quand}
        connection.execute(insert(reponses).values(asked))


def _listed(row: RowMapping) -> SignalementListe:
    return SignalementListe(signalement=_signalement(row), fiche_nom=row["fiche_nom"])


def _new(fiche: FicheRef, constat: Constat, quand: datetime) -> dict[str, Any]:
    return {
        "objet": fiche.objet,
        "objet_id": fiche.id,
        "motif": constat.motif.value,
        "precision": constat.precision,
        "recu_le": quand,
        "fois": 1,
    }


def _fiche(row: RowMapping) -> FicheRef:
    return FicheRef(objet=row["objet"], id=row["objet_id"])


def _signalement(row: RowMapping) -> Signalement:
    return Signalement(
        id=row["id"],
        fiche=_fiche(row),
        motif=Motif(row["motif"]),
        precision=row["precision"],
        recu_le=in_utc(row["recu_le"]),
        traite_le=in_utc(row["traite_le"]) if row["traite_le"] else None,
        fois=row["fois"],
    )
