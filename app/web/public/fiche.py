"""The sheet of an offer, and that of a structure: the same questions in the same order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for

from app.domain.credits import Credit
from app.domain.geographie import Geographie
from app.domain.regles import EtatRegles, Regles, regles_from_json
from app.domain.territoire import Territoire
from app.domain.vocabulaire import Nature, Vocabulaire
from app.domain.wording import Voix, Wording
from app.web.public.cards import is_approximate
from app.web.public.conditions import Condition, conditions_of
from app.web.public.contact import Contact, contact_of
from app.web.public.documents import (
    Document,
    paragraphs_of,
    text_of,
    values_of,
)
from app.web.public.freshness import Freshness, freshness_of
from app.web.public.horaires import DayHours, hours_in_words
from app.web.public.links import host_of, safe_link
from app.web.public.ouverture import Opening, opening_of
from app.web.public.positions import MapPoint, is_on_site, point_of
from app.web.public.typographie import (
    NBSP,
    apostrophes,
    counted,
    date_fr,
    number_fr,
    parse_date,
    typo,
)
from app.web.public.understanding import Link
from app.web.public.words import label_of, labels_of
from app.web.public.zones import zone_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The words and places that a sheet is written with."""

    vocabulaire: Vocabulaire
    geographie: Geographie
    territoires: Sequence[Territoire]
    credits: Sequence[Credit]
    today: date
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to go: postal lines, the point, and whether it is only the commune's centre."""

    lines: Sequence[str]
    modes: str | None
    point: MapPoint | None
    is_approximate: bool
    is_confidential: bool
    accessibility: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When it is open: now, then the week in words when they are simple, else as written."""

    status: Opening
    days: Sequence[DayHours]
    raw: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who published the listing, and how it must be credited."""

    label: str
    attribution: str | None
    licence: str | None
    lien: str | None
    site: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesOrigin:
    """Which official text the rules come from, when it was read, and who vouches for them."""

    source: str
    lien: str | None
    site: str | None
    read_on: str
    is_confirmed: bool
    confirmation: str = ""
    """Which coordination vouches for them, and since when, as a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiche:
    """What the sheet of an offer shows."""

    nom: str
    structure: Link
    description: Sequence[str]
    thematiques: Sequence[str]
    type: str | None
    publics: Sequence[str]
    publics_precisions: Sequence[str]
    conditions: Sequence[str]
    criteres: Sequence[Condition]
    a_prevoir: Sequence[Condition]
    priorite: Sequence[Condition]
    apporte: Sequence[str]
    rules: RulesOrigin | None
    zone: str | None
    place: Place
    frais: str | None
    frais_precisions: Sequence[str]
    contact: Contact
    hours: Hours
    duration: str | None
    langues: Sequence[str]
    places: str | None
    session: str | None
    a_apporter: Sequence[str]
    freshness: Freshness
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class FicheStructure:
    """What the sheet of a structure shows."""

    nom: str
    description: Sequence[str]
    reseaux: Sequence[str]
    siret: str | None
    place: Place
    contact: Contact
    hours: Hours
    freshness: Freshness
    source: Source


def fiche_of(document: Document, reference: Reference) -> Fiche:
    """Returns the sheet of an offer."""
    vocabulaire = reference.vocabulaire
    structure: Document = document.get("structure") or {}
    contact = contact_of(document, structure, vocabulaire)
    kind, frais = text_of(document, "type"), text_of(document, "frais")
    criteria: Mapping[str, Any] = document.get("eligibilite") or {}
    # Nobody is spoken to in conditions: either voice says the same.
    wording = Wording(vocabulaire, reference.geographie, Voix.VOUS)
    return Fiche(
        nom=apostrophes(document["nom"]),
        structure=structure_link(structure),
        description=paragraphs_of(apostrophes(text_of(document, "description") or "")),
        thematiques=labels_of(vocabulaire, "thematiques", values_of(document, "thematiques")),
        type=label_of(vocabulaire, "types", kind) if kind else None,
        publics=labels_of(vocabulaire, "publics", values_of(document, "publics")),
        publics_precisions=_lines(document, "publics_precisions"),
        conditions=(*_lines(document, "conditions_acces"), *criteria.get("a_verifier", ())),
        criteres=conditions_of(criteria, wording),
        a_prevoir=conditions_of(document.get("suppose"), wording),
        priorite=conditions_of(document.get("prioritaires"), wording),
        apporte=brought_by(document, vocabulaire),
        rules=_rules(document),
        zone=zone_in_words(
            values_of(document, "zone_eligibilite"), reference.geographie, reference.territoires
        ),
        place=_place(document, vocabulaire),
        frais=label_of(vocabulaire, "frais", frais) if frais else None,
        frais_precisions=_lines(document, "frais_precisions"),
        contact=contact,
        hours=_hours(document, reference.now, contact),
        duration=_duration(document),
        langues=[
            vocabulaire.libelle("langues", langue) for langue in values_of(document, "langues")
        ],
        places=_places_left(document),
        session=_session(document, reference.today),
        a_apporter=[apostrophes(text) for text in values_of(document, "a_apporter")],
        freshness=freshness_of(document, reference.today, has_telephone=bool(contact.telephone)),
        source=_source(document, reference.credits),
    )


def fiche_structure_of(document: Document, reference: Reference) -> FicheStructure:
    """Returns the sheet of a structure."""
    vocabulaire = reference.vocabulaire
    contact = contact_of(document, {}, vocabulaire)
    return FicheStructure(
        nom=apostrophes(document["nom"]),
        description=paragraphs_of(apostrophes(text_of(document, "description") or "")),
        reseaux=[
            vocabulaire.libelle("reseaux-porteurs", reseau)
            for reseau in values_of(document, "reseaux_porteurs")
        ],
        siret=text_of(document, "siret"),
        place=_place(document, vocabulaire),
        contact=contact,
        hours=_hours(document, reference.now, contact),
        freshness=freshness_of(document, reference.today, has_telephone=bool(contact.telephone)),
        source=_source(document, reference.credits),
    )


def structure_link(structure: Document, note: str | None = None) -> Link:
    """Returns the name of a structure and the address of its sheet."""
    url = url_for("public.structure", identifiant=structure.get("id") or "-")
    return Link(label=apostrophes(text_of(structure, "nom") or "Structure"), url=url, note=note)


def offre_link(document: Document) -> Link:
    """Returns the name of an offer and the address of its sheet."""
    url = url_for("public.offre", identifiant=document["id"])
    return Link(label=apostrophes(document["nom"]), url=url)


def brought_by(
    document: Document, vocabulaire: Vocabulaire, *, levels: bool = True
) -> tuple[str, ...]:
    """Returns what an offer gives that other offers ask for, with or without levels reached."""
    names: dict[str, list[str]] = {}  # one may give several levels of a same fact
    for given in document.get("apporte") or ():
        fait = vocabulaire.faits.get(given["fait"])
        if fait is None:
            continue
        label = apostrophes(fait.libelles.get(given["valeur"], given["valeur"]))
        if fait.nature is not Nature.ECHELON:
            names.setdefault(label, [])
        elif levels:
            names.setdefault(apostrophes(fait.libelle), []).append(label)
    return tuple(
        f"{name}{NBSP}: {', '.join(reached)}" if reached else name
        for name, reached in names.items()
    )


def _lines(document: Document, name: str) -> tuple[str, ...]:
    return paragraphs_of(apostrophes(text_of(document, name) or ""))


def _rules(document: Document) -> RulesOrigin | None:
    form: Mapping[str, str] | None = document.get("regles")
    if form is None:
        return None
    regles = regles_from_json(form)
    lien = safe_link(regles.lien)
    return RulesOrigin(
        source=apostrophes(regles.source),
        lien=lien,
        site=host_of(lien) if lien else None,
        read_on=date_fr(regles.lue_le),
        is_confirmed=regles.etat is EtatRegles.CONFIRMEES,
        confirmation=_confirmation(regles),
    )


def _confirmation(regles: Regles) -> str:
    """Names a territory, never a person; nobody but the site vouches for a national scheme."""
    if regles.confirmees_par:
        said = f"Règles confirmées par la coordination « {apostrophes(regles.confirmees_par)} »"
    elif regles.confirmees_le:
        said = "Règles confirmées"
    else:
        said = "Règles confirmées par la coordination du territoire"
    since = f" le {date_fr(regles.confirmees_le)}" if regles.confirmees_le else ""
    return typo(f"{said}{since}.")


def _place(document: Document, vocabulaire: Vocabulaire) -> Place:
    modes = values_of(document, "modes_accueil")
    town = " ".join(filter(None, (text_of(document, "code_postal"), text_of(document, "commune"))))
    lines = (text_of(document, "adresse"), text_of(document, "complement_adresse"), town)
    return Place(
        lines=[apostrophes(line) for line in lines if line],
        modes=" ou ".join(labels_of(vocabulaire, "modes_accueil", modes)).capitalize() or None,
        point=point_of(document),
        is_approximate=is_approximate(document) and is_on_site(document),
        is_confidential=bool(document.get("adresse_confidentielle")),
        accessibility=safe_link(document.get("accessibilite_lieu")),
    )


def _hours(document: Document, now: datetime, contact: Contact) -> Hours:
    raw = text_of(document, "horaires_accueil")
    return Hours(
        status=opening_of(raw, now, has_telephone=bool(contact.telephone)),
        days=hours_in_words(raw, now.date()) if raw else (),
        raw=raw,
    )


def _duration(document: Document) -> str | None:
    hours, weeks = document.get("volume_horaire_hebdomadaire"), document.get("nombre_semaines")
    parts = []
    if hours:
        parts.append(f"{counted_hours(hours)} par semaine")
    if weeks:
        parts.append(f"pendant {counted(weeks, 'semaine')}")
    return " ".join(parts) or None


def counted_hours(hours: float) -> str:
    """Returns a number of hours in words.

    >>> counted_hours(1), counted_hours(3.5).replace("\\u00a0", " ")
    ('1\\xa0heure', '3,5 heures')
    """
    return f"{number_fr(hours)}\u00a0heure{'s' * (hours >= 2)}"


def _places_left(document: Document) -> str | None:
    places = document.get("places_disponibles")
    if places is None:
        return None
    if places == 0:
        return "Complet pour le moment"
    noun, adjective = ("place", "disponible") if places == 1 else ("places", "disponibles")
    return f"{number_fr(places)}\u00a0{noun} {adjective}"


def _session(document: Document, today: date) -> str | None:
    day = parse_date(document.get("prochaine_session"))
    if day is None:
        return None
    if day < today:
        return f"La dernière session connue a commencé le {date_fr(day)}"
    return f"Prochaine session le {date_fr(day)}"


def credit_of(document: Document, credits_: Sequence[Credit]) -> Credit | None:
    """Returns what must be said of the source of a listing, None when it is not a shipped one."""
    source = document["source"]
    return next((credit for credit in credits_ if credit.source == source), None)


def _source(document: Document, credits_: Sequence[Credit]) -> Source:
    credit = credit_of(document, credits_)
    lien = safe_link(document.get("lien_source"))
    return Source(
        label=credit.nom if credit else document["source"],
        attribution=credit.attribution if credit else None,
        licence=credit.licence if credit else None,
        lien=lien,
        site=host_of(lien) if lien else None,
    )
