"""Keeps campaigns, what was sent for them, what came back, and how structures want to be asked."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update

from app.domain.campagnes import (
    BAIL,
    MAX_PASSAGERS,
    Appel,
    Campagne,
    CampagneInconnue,
    Contact,
    Envoi,
    ModeContact,
    Participante,
    Rappel,
    Resultat,
)
from app.domain.connexion import Empreinte
from app.domain.offre import StructureId
from app.domain.vocabulaire import EtatPublication
from app.persistence.answering import in_utc, reading, writing
from app.persistence.participantes import contact_of, read_participantes
from app.persistence.statements import MAX_ID, upsert
from app.persistence.tables.campagnes import appels, campagnes, contacts, rappels
from app.persistence.tables.catalogue import structures

_SCALARS = ("id", "nom", "perimetre", "debut", "fin", "message", "mois")
_LISTS = ("reseaux", "thematiques", "relances")


class SqlCampagneStore:
    """Implements `app.domain.campagnes_port.CampagneStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, campagne: Campagne, auteur: str, quand: datetime) -> int:
        """Keeps a campaign and returns its number."""
        values = {name: value for name, value in asdict(campagne).items() if name != "id"}
        values |= {name: list(values[name]) for name in _LISTS}
        statement = insert(campagnes).values(**values, creee_par=auteur, creee_le=quand)
        with writing(self._engine) as connection:
            key = connection.execute(statement).inserted_primary_key
            if key is None:
                raise AssertionError
            return int(key[0])

    def all(self) -> Sequence[Campagne]:
        """Returns every campaign, the newest first."""
        query = select(campagnes).order_by(campagnes.c.debut.desc(), campagnes.c.id.desc())
        with reading(self._engine) as connection:
            return [_campagne(row) for row in connection.execute(query).mappings()]

    def get(self, numero: int) -> Campagne:
        """Returns a campaign. Raises `CampagneInconnue`."""
        query = select(campagnes).where(campagnes.c.id == min(numero, MAX_ID))
        with reading(self._engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            raise CampagneInconnue(numero)
        return _campagne(row)

    def communes(self) -> Collection[str]:
        """Returns the codes where published structures stand."""
        query = (
            select(structures.c.code_insee)
            .where(structures.c.etat_publication == EtatPublication.PUBLIE.value)
            .where(structures.c.code_insee.is_not(None))
            .distinct()
        )
        with reading(self._engine) as connection:
            return [row[0] for row in connection.execute(query)]

    def participantes(self, codes: Collection[str]) -> Sequence[Participante]:
        """Returns the published structures of some communes with their published offers."""
        with reading(self._engine) as connection:
            return read_participantes(connection, codes)

    def envois(self, numero: int) -> Sequence[Envoi]:
        """Returns what has left for a campaign, in order."""
        query = (
            select(rappels)
            .where(rappels.c.campagne_id == numero, rappels.c.parti_le.is_not(None))
            .order_by(rappels.c.structure_id, rappels.c.rang)
        )
        with reading(self._engine) as connection:
            return [
                Envoi(
                    structure_id=StructureId(row["structure_id"]),
                    rang=row["rang"],
                    parti_le=in_utc(row["parti_le"]),
                )
                for row in connection.execute(query).mappings()
            ]

    def take(self, rappel: Rappel, quand: datetime) -> bool:
        """Takes a message to send. Writers go one at a time: only one process takes it.

        A message that was taken and not noted as sent is taken again once its lease is over: a
        process died between both, and its message may then leave twice, and is never lost.
        """
        with writing(self._engine) as connection:
            known = connection.execute(select(rappels).where(_is(rappel))).mappings().first()
            if known is not None:
                if known["parti_le"] is not None or in_utc(known["pris_le"]) + BAIL > quand:
                    return False
                connection.execute(delete(rappels).where(_is(rappel)))
            connection.execute(insert(rappels).values(**asdict(rappel), pris_le=quand))
            return True

    def sent(self, rappel: Rappel, quand: datetime) -> None:
        """Notes that a message has left."""
        with writing(self._engine) as connection:
            connection.execute(update(rappels).where(_is_mine(rappel)).values(parti_le=quand))

    def give_back(self, rappel: Rappel) -> None:
        """Lets a message that could not leave be taken again."""
        with writing(self._engine) as connection:
            connection.execute(delete(rappels).where(_is_mine(rappel)))

    def contact(self, structure_id: StructureId) -> Contact:
        """Returns how a structure wants to be asked."""
        with reading(self._engine) as connection:
            return _contact(connection, structure_id)

    def set_contact(
        self, structure_id: StructureId, mode: ModeContact, courriel: str | None
    ) -> None:
        """Changes how a structure wants to be asked; another address starts without failures."""
        with writing(self._engine) as connection:
            known = _contact(connection, structure_id)
            passagers = known.passagers if known.courriel == courriel else 0
            changed = Contact(mode=mode, courriel=courriel, echec=known.echec, passagers=passagers)
            _write_contact(connection, structure_id, changed)

    def structure_of_arret(self, arret: Empreinte) -> StructureId | None:
        """Returns whose reminders a token stops."""
        query = select(rappels.c.structure_id).where(rappels.c.arret == arret)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar_one_or_none()
        return StructureId(found) if found is not None else None

    def failed(self, retour: Empreinte, *, definitif: bool) -> bool:
        """Notes a message that came back; several passing failures are a lasting one."""
        query = select(rappels.c.structure_id, rappels.c.adresse).where(rappels.c.retour == retour)
        with writing(self._engine) as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                return False
            ident = StructureId(row["structure_id"])
            known = _contact(connection, ident)
            passagers = 0 if definitif else known.passagers + 1
            is_lasting = definitif or passagers >= MAX_PASSAGERS
            changed = Contact(
                mode=known.mode,
                courriel=known.courriel,
                echec=Empreinte(row["adresse"]) if is_lasting else known.echec,
                passagers=passagers,
            )
            _write_contact(connection, ident, changed)
            return True

    def add_appel(self, numero: int, appel: Appel) -> None:
        """Keeps the result of a call."""
        with writing(self._engine) as connection:
            connection.execute(insert(appels).values(campagne_id=numero, **asdict(appel)))

    def appels(self, numero: int) -> Sequence[Appel]:
        """Returns the calls of a campaign, in order."""
        query = select(appels).where(appels.c.campagne_id == numero).order_by(appels.c.id)
        with reading(self._engine) as connection:
            return [
                Appel(
                    structure_id=StructureId(row["structure_id"]),
                    quand=in_utc(row["quand"]),
                    auteur=row["auteur"],
                    resultat=Resultat(row["resultat"]),
                )
                for row in connection.execute(query).mappings()
            ]


def _campagne(row: RowMapping) -> Campagne:
    values = {name: row[name] for name in _SCALARS}
    values |= {name: tuple(row[name]) for name in _LISTS}
    return Campagne(**values)


def _is(rappel: Rappel) -> Any:
    return (
        (rappels.c.campagne_id == rappel.campagne_id)
        & (rappels.c.structure_id == rappel.structure_id)
        & (rappels.c.rang == rappel.rang)
    )


def _is_mine(rappel: Rappel) -> Any:
    # Another process may have taken it again since, with a token of its own.
    return _is(rappel) & (rappels.c.retour == rappel.retour)


def _contact(connection: Connection, structure_id: StructureId) -> Contact:
    query = select(contacts).where(contacts.c.structure_id == structure_id)
    return contact_of(connection.execute(query).mappings().first())


def _write_contact(connection: Connection, structure_id: StructureId, contact: Contact) -> None:
    row = {
        "structure_id": structure_id,
        "mode": contact.mode.value,
        "courriel": contact.courriel,
        "echec": contact.echec,
        "passagers": contact.passagers,
    }
    upsert(connection, contacts, [row])
