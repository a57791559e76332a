"""What was understood of a search, said back so that the person can correct it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.vocabulaire import Vocabulaire, categorie_of
from app.services.search import Resultats
from app.web.public.links import search_url
from app.web.public.typographie import de, number_fr, quoted
from app.web.public.words import label_of, labels_of


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
    """The search in words: `heading` names it as typed, `what` and `place` are what was read.

    `what` is None when nothing was asked.
    """

    heading: str
    what: str | None
    place: str | None
    radius: str
    notices: Sequence[Notice] = field(default_factory=tuple)


def understanding_of(resultats: Resultats, vocabulaire: Vocabulaire) -> Understanding:
    """Returns the reading of a search in words."""
    demande = resultats.demande
    chosen = labels_of(vocabulaire, "thematiques", demande.thematiques)
    place = f"près {de(resultats.lieu.libelle)}" if resultats.lieu else None
    if demande.q:
        subject = f"Offres pour {quoted(demande.q)}"
    elif demande.thematiques:
        subject = ", ".join(chosen)
    else:
        subject = "Toutes les offres"
    typed_place = place and (demande.lieu or demande.code_commune)
    return Understanding(
        heading=f"{subject} {place}" if typed_place else subject,
        what=_what(resultats, vocabulaire) or ("toutes les offres" if place else None),
        place=place,
        radius=f"{number_fr(resultats.rayon_km)}\u00a0km",
        notices=list(_notices(resultats)),
    )


def _what(resultats: Resultats, vocabulaire: Vocabulaire) -> str:
    demande, lecture = resultats.demande, resultats.lecture
    if not demande.q:
        return ", ".join(labels_of(vocabulaire, "thematiques", demande.thematiques))
    needs = need_labels(lecture.besoins, vocabulaire)
    return ", ".join(needs) or quoted(lecture.correction or demande.q)


def need_labels(besoins: frozenset[str], vocabulaire: Vocabulaire) -> tuple[str, ...]:
    """Returns the labels of needs; a category recognised whole is named once."""
    labels: dict[str, None] = {}
    for besoin in sorted(besoins):
        categorie = categorie_of(besoin)
        whole = vocabulaire.thematiques_of(categorie) <= besoins
        labels[label_of(vocabulaire, "thematiques", categorie if whole else besoin)] = None
    return tuple(labels)


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
