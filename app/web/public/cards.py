"""One result as a card: what it is, who carries it, where, for whom, how much, how fresh."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from app.domain.portee import ModePortee, Portee
from app.domain.vocabulaire import ModeAccueil, Vocabulaire
from app.services.search import Trouve
from app.web.public.documents import (
    Document,
    first_text,
    read_document,
    text_of,
    values_of,
)
from app.web.public.freshness import Freshness, freshness_of
from app.web.public.kept import Keep, kept_ids, with_list
from app.web.public.ouverture import ask_first
from app.web.public.positions import MapPoint, is_on_site, point_of
from app.web.public.typographie import NBSP, apostrophes, distance_fr, telephone_fr
from app.web.public.words import NO_FRAIS, NO_PUBLIC, label_of, labels_of

MAX_CHIPS = 3  # a card stays readable; the sheet has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card shows, as French text; `opening` is said when a moment was asked.

    `rank` is its place in the list that the map repeats.
    """

    id: str
    structure_id: str
    url: str
    nom: str
    structure: str
    lieu: str
    distance: str | None
    is_approximate: bool
    thematiques: Sequence[str]
    others: int
    type: str | None
    frais: str
    publics: str
    freshness: Freshness
    telephone: str | None
    point: MapPoint | None
    opening: str | None = None
    rank: int | None = None
    keep: Keep | None = None


OPEN_THEN = "Ouvert à ce moment"
HOURS_UNKNOWN = "Horaires inconnus"


def card_of(
    trouve: Trouve, vocabulaire: Vocabulaire, today: date, *, at_a_moment: bool = False
) -> Card:
    """Returns the card of one result; hours count for searches of a moment."""
    card = card_from(read_document(trouve.document), trouve.hit.portee, vocabulaire, today)
    if not at_a_moment:
        return card
    if trouve.hit.ouvert:
        return replace(card, opening=OPEN_THEN)
    asked = ask_first(has_telephone=card.telephone is not None)
    return replace(card, opening=f"{HOURS_UNKNOWN}{NBSP}: {asked}")


def card_from(document: Document, portee: Portee, vocabulaire: Vocabulaire, today: date) -> Card:
    """Returns the card of an offer at some reach."""
    structure: Document = document.get("structure") or {}
    telephone = first_text("telephone", document, structure)
    themes = labels_of(vocabulaire, "thematiques", values_of(document, "thematiques"))
    kind, frais = text_of(document, "type"), text_of(document, "frais")
    lieu, is_remote = place_of(document), portee.mode is ModePortee.A_DISTANCE
    return Card(
        id=document["id"],
        structure_id=document["structure_id"],
        url=with_list(url_for("public.offre", identifiant=document["id"]), kept_ids()),
        nom=apostrophes(document["nom"]),
        structure=apostrophes(text_of(structure, "nom") or ""),
        lieu=lieu,
        # “Bar-le-Duc ou à distance, à distance” would say it twice.
        distance=None if is_remote and "distance" in lieu.lower() else distance_label(portee),
        is_approximate=is_approximate(document) and is_on_site(document),
        thematiques=themes[:MAX_CHIPS],
        others=max(0, len(themes) - MAX_CHIPS),
        type=label_of(vocabulaire, "types", kind) if kind else None,
        frais=label_of(vocabulaire, "frais", frais) if frais else NO_FRAIS,
        publics=publics_label(document, vocabulaire),
        freshness=freshness_of(document, today, has_telephone=bool(telephone)),
        telephone=telephone_fr(telephone) if telephone else None,
        # Nobody goes to what is reached at a distance: its place would only spread the map.
        point=None if is_remote else point_of(document),
    )


def distance_label(portee: Portee) -> str | None:
    """Returns how far an offer is, as it is said; None when nobody knows."""
    if portee.mode is ModePortee.A_DISTANCE:
        return "À distance"
    if portee.in_own_commune:
        return "dans votre commune"
    return f"à {distance_fr(portee.distance_km)}" if portee.distance_km is not None else None


def place_of(document: Document) -> str:
    """Returns the commune, or that the offer is remote."""
    modes = values_of(document, "modes_accueil")
    remote = ModeAccueil.A_DISTANCE in modes
    commune = apostrophes(text_of(document, "commune") or "")
    if remote and not is_on_site(document):
        return "À distance"
    if not commune:
        return "À distance ou sur place" if remote else "Lieu non précisé"
    return f"{commune} ou à distance" if remote else commune


def is_approximate(document: Document) -> bool:
    """True when the position of an offer is only its commune's centre."""
    position = document.get("position")
    return bool(position and position.get("centre_commune"))


def publics_label(document: Document, vocabulaire: Vocabulaire) -> str:
    """Returns for whom the offer is, in one line."""
    publics = labels_of(vocabulaire, "publics", values_of(document, "publics"))
    return ", ".join(publics) or NO_PUBLIC
