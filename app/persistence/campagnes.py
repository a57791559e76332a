"""Keeps campaigns, what was sent for them, what came back, and how structures want to be asked."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update

from app.domain.campagnes import (
    BAIL,
    MAX_PASSAGERS,
    MEME_GESTE,
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
from app.domain.edition import Fiche
from app.domain.offre import Structure, StructureId
from app.domain.vocabulaire import EtatPublication
from app.persistence.answering import in_utc, reading, writing
from app.persistence.participantes import contact_of, read_participantes, read_sans_commune
from app.persistence.statements import MAX_ID, upsert
from app.persistence.tables.campagnes import appels, campagnes, contacts, rappels
from app.persistence.tables.catalogue import structures

_SCALARS = ("id", "nom", "perimetre", "debut", "fin", "message", "mois", "arretee_le")
_LISTS = ("reseaux", "thematiques", "relances")


class SqlCampagneStore:
    """Implements `app.domain.campagnes_port.CampagneStore` on SQLAlchemy.

    Raises `CatalogueUnavailable` when the record does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, campagne: Campagne, auteur: str, quand: datetime) -> int:
        """Keeps a campaign and returns its number, that of the same one when it is just kept."""
        values = {name: value for name, value in asdict(campagne).items() if name != "id"}
        values |= {name: list(values[name]) for name in _LISTS}
        statement = insert(campagnes).values(**values, creee_par=auteur, creee_le=quand)
        with writing(self._engine) as connection:
            known = _just_kept(connection, auteur, quand)
            if known is not None and known == replace(campagne, id=known.id):
                return known.id
            key = connection.execute(statement).inserted_primary_key
            if key is None:
                raise AssertionError
            return int(key[0])

    def stop(self, numero: int, auteur: str, jour: date) -> None:
        """Ends a campaign on a day: no message is taken any more. Stopping it again is once."""
        statement = (
            update(campagnes)
            .where(campagnes.c.id == numero, campagnes.c.arretee_le.is_(None))
            .values(arretee_par=auteur, arretee_le=jour)
        )
        with writing(self._engine) as connection:
            connection.execute(statement)

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

    def sans_commune(self) -> Sequence[tuple[Structure, Sequence[Fiche]]]:
        """Returns the published structures without a commune, with all offers of each."""
        with reading(self._engine) as connection:
            return read_sans_commune(connection)

    def participantes(
        self, codes: Collection[str], ids: Collection[StructureId] = ()
    ) -> Sequence[Participante]:
        """Returns the published structures of some communes, and some others, by name."""
        with reading(self._engine) as connection:
            return read_participantes(connection, codes, ids)

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
        stopped = select(campagnes.c.arretee_le).where(campagnes.c.id == rappel.campagne_id)
        with writing(self._engine) as connection:
            if connection.execute(stopped).scalar() is not None:
                return False
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
            changed = replace(known, mode=mode, courriel=courriel, passagers=passagers)
            _write_contact(connection, structure_id, changed)

    def forget_failures(self, structure_id: StructureId) -> None:
        """Lets the address of a structure be written to again."""
        with writing(self._engine) as connection:
            known = _contact(connection, structure_id)
            changed = replace(known, echec=None, echec_le=None, passagers=0)
            _write_contact(connection, structure_id, changed)

    def structure_of_arret(self, arret: Empreinte) -> StructureId | None:
        """Returns whose reminders a token stops."""
        query = select(rappels.c.structure_id).where(rappels.c.arret == arret)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar_one_or_none()
        return StructureId(found) if found is not None else None

    def failed(self, retour: Empreinte, jour: date, *, definitif: bool) -> bool:
        """Notes a message that came back; several passing failures are a lasting one."""
        query = select(rappels.c.structure_id, rappels.c.adresse).where(rappels.c.retour == retour)
        with writing(self._engine) as connection:
            row = connection.execute(query).mappings().first()
            if row is None:
                return False
            ident = StructureId(row["structure_id"])
            known = _contact(connection, ident)
            passagers = 0 if definitif else known.passagers + 1
            changed = replace(known, passagers=passagers)
            adresse = Empreinte(row["adresse"])
            # It has failed since the first message that came back, whatever follows.
            if known.echec != adresse and (definitif or passagers >= MAX_PASSAGERS):
                changed = replace(changed, echec=adresse, echec_le=jour)
            _write_contact(connection, ident, changed)
            return True

    def add_appel(self, numero: int, appel: Appel) -> None:
        """Keeps the result of a call; one that its author has just kept is the same."""
        of_structure = (appels.c.campagne_id == numero, appels.c.structure_id == appel.structure_id)
        last = select(appels).where(*of_structure).order_by(appels.c.id.desc()).limit(1)
        with writing(self._engine) as connection:
            row = connection.execute(last).mappings().first()
            if row is not None and _is_same_call(row, appel):
                return
            connection.execute(insert(appels).values(campagne_id=numero, **asdict(appel)))

    def appels(self, numero: int) -> Sequence[Appel]:
        """Returns the calls of a campaign, in order."""
        query = select(appels).where(appels.c.campagne_id == numero).order_by(appels.c.id)
        with reading(self._engine) as connection:
            return [_appel(row) for row in connection.execute(query).mappings()]


def _just_kept(connection: Connection, auteur: str, quand: datetime) -> Campagne | None:
    """Returns the last campaign of someone when it is too young for another one like it."""
    last = (
        select(campagnes)
        .where(campagnes.c.creee_par == auteur)
        .order_by(campagnes.c.id.desc())
        .limit(1)
    )
    row = connection.execute(last).mappings().first()
    is_young = row is not None and quand < in_utc(row["creee_le"]) + MEME_GESTE
    return _campagne(row) if row is not None and is_young else None


def _is_same_call(row: RowMapping, appel: Appel) -> bool:
    known = _appel(row)
    same = (known.auteur, known.resultat) == (appel.auteur, appel.resultat)
    return same and appel.quand < known.quand + MEME_GESTE


def _appel(row: RowMapping) -> Appel:
    return Appel(
        structure_id=StructureId(row["structure_id"]),
        quand=in_utc(row["quand"]),
        auteur=row["auteur"],
        resultat=Resultat(row["resultat"]),
    )


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
        "echec_le": contact.echec_le,
        "passagers": contact.passagers,
    }
    upsert(connection, contacts, [row])
