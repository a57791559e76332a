"""What was understood of a search, said back so that the person can correct it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.lecture import Element
from app.domain.noms import fold
from app.domain.vocabulaire import Vocabulaire, categorie_of
from app.services.search import Resultats
from app.web.public.emergency import EmergencyNumber, urgent_numbers
from app.web.public.links import search_url
from app.web.public.typographie import NBSP, de, number_fr, quoted
from app.web.public.words import label_of, labels_of

MAX_NEEDS_NAMED = 2  # in one chip; the list of needs beside the results names them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A choice offered to the reader."""

    label: str
    url: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to know about the results, with what can be done about it."""

    text: str
    links: Sequence[Link] = ()
    lead: str | None = None
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """The search in words: `heading` names it as typed, `parts` are what was read of it.

    Each part leads to the search without it. `literal` leads to the words as they are, or back;
    `urgent` are the numbers to call before reading anything.
    """

    heading: str
    parts: Sequence[Link]
    radius: str | None
    literal: Link | None
    urgent: Sequence[EmergencyNumber]
    notices: Sequence[Notice] = field(default_factory=tuple)


def understanding_of(resultats: Resultats, vocabulaire: Vocabulaire) -> Understanding:
    """Returns the reading of a search in words."""
    demande = resultats.demande
    place = f"près {de(resultats.lieu.libelle)}" if resultats.lieu else None
    if demande.q:
        subject = f"Offres pour {quoted(demande.q)}"
    elif demande.thematiques:
        subject = ", ".join(labels_of(vocabulaire, "thematiques", demande.thematiques))
    else:
        subject = "Toutes les offres"
    typed_place = place and (demande.lieu or demande.code_commune)
    radius = f"à {number_fr(resultats.rayon_km)}{NBSP}km au plus"
    return Understanding(
        heading=f"{subject} {place}" if typed_place else subject,
        parts=[*_what(resultats, vocabulaire), *_where(resultats)],
        radius=radius if place else None,
        literal=_literal(resultats),
        urgent=urgent_numbers(resultats.lecture.urgences, demande.thematiques),
        notices=list(_notices(resultats)),
    )


def need_in_words(element: Element, vocabulaire: Vocabulaire) -> str:
    """Returns what was understood of some words: the need that they name, else themselves."""
    needs = need_labels(element.groupe.thematiques, vocabulaire)
    if not needs:
        return quoted(element.mots)
    named = " ou ".join(needs[:MAX_NEEDS_NAMED]) + ("…" if len(needs) > MAX_NEEDS_NAMED else "")
    if fold(element.mots) == fold(named):
        return named
    return f"{quoted(element.mots)}{NBSP}: {named[:1].lower()}{named[1:]}"


def need_labels(besoins: frozenset[str], vocabulaire: Vocabulaire) -> tuple[str, ...]:
    """Returns the labels of needs; a category recognised whole is named once."""
    labels: dict[str, None] = {}
    for besoin in sorted(besoins):
        categorie = categorie_of(besoin)
        whole = vocabulaire.thematiques_of(categorie) <= besoins
        labels[label_of(vocabulaire, "thematiques", categorie if whole else besoin)] = None
    return tuple(labels)


def _what(resultats: Resultats, vocabulaire: Vocabulaire) -> list[Link]:
    demande, elements = resultats.demande, resultats.lecture.elements
    place = resultats.lieu if resultats.lecture.lieu is not None else None
    where = {"lieu": place.libelle, "code_commune": place.code} if place else {}
    return [
        Link(
            label=need_in_words(element, vocabulaire),
            url=search_url(
                demande,
                q=" ".join(other.mots for other in elements if other is not element),
                **where,
            ),
        )
        for element in elements
    ]


def _where(resultats: Resultats) -> list[Link]:
    if resultats.lieu is None:
        return []
    sans_lieu = resultats.lecture.sans_lieu
    changes = {"q": sans_lieu} if sans_lieu is not None else {"lieu": "", "code_commune": None}
    url = search_url(resultats.demande, lat=None, lon=None, **changes)
    return [Link(label=f"près {de(resultats.lieu.libelle)}", url=url)]


def _literal(resultats: Resultats) -> Link | None:
    demande, lecture = resultats.demande, resultats.lecture
    if not demande.q:
        return None
    if demande.tel_quel:
        url = search_url(demande, tel_quel=False)
        return Link(label="Chercher plutôt le sens de ces mots", url=url)
    if lecture.besoins or lecture.correction or lecture.lieu is not None:
        url = search_url(demande, tel_quel=True)
        return Link(label=f"Chercher plutôt les mots exacts {quoted(demande.q)}", url=url)
    return None


def _notices(resultats: Resultats) -> list[Notice]:
    demande, lecture = resultats.demande, resultats.lecture
    notices = []
    if lecture.correction is not None:
        corrected, typed = quoted(lecture.correction), quoted(demande.q)
        notices.append(Notice(text=f"Nous avons cherché {corrected} au lieu de {typed}."))
    places = [
        Link(label=lieu.libelle, url=search_url(demande, lieu=lieu.libelle, code_commune=lieu.code))
        for lieu in resultats.choix_lieux
    ]
    if resultats.lieu_inconnu:
        whole = "territoire" if demande.territoire else "catalogue"
        text = (
            f"Nous n’avons pas trouvé le lieu {quoted(demande.lieu)}. "
            f"Les offres ci-dessous viennent de tout le {whole}."
        )
        lead = "Vouliez-vous dire\u00a0:" if places else None
        notices.append(Notice(text=text, links=places, lead=lead, is_warning=True))
    elif places and resultats.lieu is not None:
        text = "D’autres communes portent ce nom ou ce code postal\u00a0:"
        notices.append(Notice(text=text, links=places))
    if resultats.adresse_indisponible and resultats.lieu is not None:
        text = (
            "La recherche d’adresses ne répond pas. Les distances partent du centre "
            f"{de(resultats.lieu.libelle)}."
        )
        notices.append(Notice(text=text, is_warning=True))
    return notices
