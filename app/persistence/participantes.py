"""Reads the structures that a campaign may ask, with the dates of their listings through time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, select

from app.clock import PARIS
from app.domain.campagnes import (
    Contact,
    FicheSuivie,
    ModeContact,
    Participante,
    chronologie,
    last_change,
)
from app.domain.connexion import Empreinte
from app.domain.edition import Fiche, FicheRef, Revision
from app.domain.offre import Structure, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.vocabulaire import EtatPublication
from app.persistence.answering import in_utc
from app.persistence.mappers import row_to_offre, row_to_structure
from app.persistence.statements import chunks
from app.persistence.tables.campagnes import contacts
from app.persistence.tables.catalogue import offres, revisions, structures

_AT_ONCE = 500  # ids in a statement, under every database's limit of parameters
_PUBLISHED = EtatPublication.PUBLIE.value
_DATES = ("nom", "date_maj", "derniere_confirmation")
Histories = Mapping[str, list[Revision]]


def read_participantes(
    connection: Connection, codes: Collection[str], ids: Collection[StructureId] = ()
) -> list[Participante]:
    """Returns the published structures of some communes, and some others, by name."""
    found: list[RowMapping] = []
    for column, values in ((structures.c.code_insee, codes), (structures.c.id, ids)):
        for chunk in chunks(sorted(values), _AT_ONCE):
            query = (
                select(structures)
                .where(column.in_(chunk), structures.c.etat_publication == _PUBLISHED)
                .order_by(structures.c.id)
            )
            found += connection.execute(query).mappings().all()
    named = [row["id"] for row in found]
    offers = _offres(connection, named)
    asked = _contacts(connection, named)
    histories = {
        STRUCTURE: _histories(connection, STRUCTURE, named),
        OFFRE: _histories(connection, OFFRE, [o["id"] for rows in offers.values() for o in rows]),
    }
    made = (
        _participante(row, offers[row["id"]], asked.get(row["id"], Contact()), histories)
        for row in found
    )
    return sorted(made, key=lambda one: (one.nom, one.id))


def read_sans_commune(connection: Connection) -> list[tuple[Structure, Sequence[Fiche]]]:
    """Returns the published structures without a commune, with all offers of each."""
    query = (
        select(structures)
        .where(structures.c.code_insee.is_(None), structures.c.etat_publication == _PUBLISHED)
        .order_by(structures.c.id)
    )
    found = [row_to_structure(row) for row in connection.execute(query).mappings()]
    offers = defaultdict(list)
    for chunk in chunks([one.id for one in found], _AT_ONCE):
        of_them = select(offres).where(offres.c.structure_id.in_(chunk)).order_by(offres.c.id)
        for row in connection.execute(of_them).mappings():
            offers[row["structure_id"]].append(row_to_offre(row))
    return [
        (
            one,
            [
                Fiche(
                    ref=FicheRef(objet=OFFRE, id=offre.id), value=offre, structure=one, revision=0
                )
                for offre in offers[one.id]
            ],
        )
        for one in found
    ]


def contact_of(row: RowMapping | None) -> Contact:
    """Returns how a structure wants to be asked, by e-mail when it said nothing."""
    if row is None:
        return Contact()
    return Contact(
        mode=ModeContact(row["mode"]),
        courriel=row["courriel"],
        echec=Empreinte(row["echec"]) if row["echec"] else None,
        echec_le=row["echec_le"],
        passagers=row["passagers"],
    )


def _participante(
    row: RowMapping,
    offers: list[RowMapping],
    contact: Contact,
    histories: Mapping[str, Histories],
) -> Participante:
    fiches = [_suivie(STRUCTURE, row, histories), *(_suivie(OFFRE, o, histories) for o in offers)]
    return Participante(
        id=StructureId(row["id"]),
        nom=row["nom"],
        code_insee=row["code_insee"],
        courriel=row["courriel"],
        telephone=row["telephone"],
        reseaux=frozenset(row["reseaux_porteurs"] or ()),
        thematiques=frozenset(name for o in offers for name in o["thematiques"] or ()),
        fiches=tuple(fiches),
        contact=contact,
    )


def _suivie(objet: str, row: RowMapping, histories: Mapping[str, Histories]) -> FicheSuivie:
    history = histories[objet].get(row["id"], [])
    return FicheSuivie(
        ref=FicheRef(objet=objet, id=row["id"]),
        nom=row["nom"],
        dates=chronologie(row["date_maj"], row["derniere_confirmation"], history),
        revision=history[-1].id if history else 0,
        changement=last_change(history),
    )


def _offres(connection: Connection, ids: list[str]) -> dict[str, list[RowMapping]]:
    found = defaultdict(list)
    columns = (offres.c.id, offres.c.structure_id, offres.c.thematiques)
    for chunk in chunks(ids, _AT_ONCE):
        query = (
            select(*columns, *(offres.c[name] for name in _DATES))
            .where(offres.c.structure_id.in_(chunk), offres.c.etat_publication == _PUBLISHED)
            .order_by(offres.c.nom, offres.c.id)
        )
        for row in connection.execute(query).mappings():
            found[row["structure_id"]].append(row)
    return found


def _contacts(connection: Connection, ids: list[str]) -> dict[str, Contact]:
    rows: Iterable[RowMapping] = (
        row
        for chunk in chunks(ids, _AT_ONCE)
        for row in connection.execute(
            select(contacts).where(contacts.c.structure_id.in_(chunk))
        ).mappings()
    )
    return {row["structure_id"]: contact_of(row) for row in rows}


def _histories(connection: Connection, objet: str, ids: list[str]) -> Histories:
    found = defaultdict(list)
    for chunk in chunks(ids, _AT_ONCE):
        query = (
            select(revisions)
            .where(revisions.c.objet == objet, revisions.c.objet_id.in_(chunk))
            .order_by(revisions.c.id)
        )
        for row in connection.execute(query).mappings():
            changes = row["champs"] or {}
            revision = Revision(
                id=row["id"],
                # A listing's age is counted in Paris: so is the day of its history.
                quand=in_utc(row["quand"]).astimezone(PARIS),
                auteur=row["auteur"],
                action=row["action"],
                changes={name: (old, new) for name, (old, new) in changes.items()},
            )
            found[row["objet_id"]].append(revision)
    return found
