"""Never a dead end: when little was found, what each relaxation would bring, and what is near."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.demande import Demande
from app.domain.francais import joined
from app.domain.search import FEW, Elargissement
from app.domain.vocabulaire import Vocabulaire
from app.services.catalogue import Catalogue
from app.services.search import Resultats
from app.web.public.links import search_url
from app.web.public.typographie import NBSP, counted, de, distance_fr, number_fr
from app.web.public.understanding import Link

_FILTER_NAMES = {
    "thematiques": "sans choisir de besoin",
    "publics": "pour tous les publics",
    "types": "pour tous les types d’aide",
    "frais": "à tous les prix",
    "modes_accueil": "sur place et à distance",
    "territoire": "dans tous les territoires",
    "bassin": "dans tous les bassins",
    "structure_id": "dans toutes les structures",
    "ouvert_le": "à toute heure",
}
ZONE = "bassin"  # the filter by place, as the domain names it
OPENING = "ouvert_le"  # the filter by hours
NO_FILTERS = {
    "thematiques": (), "publics": (), "types": (), "frais": (), "modes_accueil": (),
    "territoire": None, "bassin": None, "structure_id": None, "ouvert_le": None, "moment": None,
    "inclure_non_precises": True,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """What to do when little was found: what is farther, what to relax, what is near."""

    title: str
    relaxations: Sequence[Link]
    around: Link | None
    themes: Sequence[Link]
    covered: str | None
    is_empty: bool


def everything_around(demande: Demande, resultats: Resultats) -> Demande | None:
    """Returns the search of all that is near, when little was found and it would ask less."""
    if resultats.page.total >= FEW:
        return None
    place = resultats.lieu.code if resultats.lieu else demande.code_commune
    wide = Demande(
        lieu=resultats.lieu.libelle if resultats.lieu else "",
        code_commune=place,
        lat=demande.lat,
        lon=demande.lon,
        rayon_km=demande.rayon_km,
    )
    return None if search_url(wide) == search_url(demande, page=1) else wide


def way_out_of(
    resultats: Resultats, around: Resultats | None, catalogue: Catalogue
) -> WayOut | None:
    """Returns what to propose when little was found, None when enough was."""
    page, demande = resultats.page, resultats.demande
    if page.total >= FEW:
        return None
    relaxations = [_relaxation(resultats, found) for found in page.elargir]
    place_is_typed_apart = resultats.lecture.lieu is None
    wider = any(found.parametre == "rayon_km" for found in page.elargir)
    if page.hors_portee.total and place_is_typed_apart and not wider:
        url = search_url(demande, lieu="", code_commune=None, lat=None, lon=None)
        relaxations.append(Link(label="Chercher sans limite de distance", url=url))
    nothing_near = page.total == 0 and (around is None or around.page.total == 0)
    return WayOut(
        title=_way_out_title(resultats),
        relaxations=relaxations,
        around=None if _drops_everything(demande, page.elargir) else _around_link(around),
        themes=_themes_around(around, catalogue.vocabulaire),
        covered=_covered(catalogue) if nothing_near or _is_outside(resultats, catalogue) else None,
        is_empty=page.total == 0,
    )


def _is_outside(resultats: Resultats, catalogue: Catalogue) -> bool:
    """Tells a place of no territory: only what is offered to the whole country is found there."""
    if resultats.lieu is None:
        return False
    refs = (ref for territoire in catalogue.territoires for ref in territoire.zone)
    here = catalogue.geographie.zone(resultats.lieu.code)
    return (here & catalogue.geographie.union(refs)).is_empty


def _covered(catalogue: Catalogue) -> str:
    return joined([territoire.nom for territoire in catalogue.territoires], "et")


def _way_out_title(resultats: Resultats) -> str:
    beyond = resultats.page.hors_portee
    radius = f"{number_fr(resultats.rayon_km)}{NBSP}km"
    if beyond.total and beyond.plus_proche_km is not None:
        far = counted(beyond.total, "autre offre" if resultats.page.total else "offre")
        nearest = distance_fr(beyond.plus_proche_km)
        at = f"à {nearest}" if beyond.total == 1 else f"plus loin, la plus proche à {nearest}"
        if resultats.page.total:
            return f"Et {far} {at}."
        return f"Rien à moins de {radius}, mais {far} {at}."
    if resultats.page.total:
        return "Peu d’offres répondent à cette recherche."
    return "Rien ne répond exactement à cette recherche, pour l’instant."


def _relaxation(resultats: Resultats, found: Elargissement) -> Link:
    demande, total = resultats.demande, counted(found.total, "offre")
    if found.parametre == "q":
        place = resultats.lieu if resultats.lecture.lieu is not None else None
        where = {"lieu": place.libelle, "code_commune": place.code} if place else {}
        url = search_url(demande, q=found.valeur, **where)
        return Link(label=f"Chercher seulement « {found.valeur} » : {total}", url=url)
    if found.parametre == "rayon_km" and found.valeur is not None:
        url = search_url(demande, rayon_km=float(found.valeur))
        return Link(label=f"Chercher jusqu’à {found.valeur}{NBSP}km{NBSP}: {total}", url=url)
    dropped = _parameters_of(found.parametre, demande)
    url = search_url(demande, **{name: NO_FILTERS[name] for name in dropped})
    return Link(label=f"Chercher {_FILTER_NAMES[dropped[0]]}{NBSP}: {total}", url=url)


def _parameters_of(filtre: str, demande: Demande) -> tuple[str, ...]:
    """Returns what to drop of a search for a filter, which engines know by one name."""
    if filtre == ZONE and demande.territoire is not None:
        return ("territoire", ZONE)
    return (OPENING, "moment") if filtre == OPENING else (filtre,)


def _drops_everything(demande: Demande, elargir: Sequence[Elargissement]) -> bool:
    """True when one of the relaxations already gives everything around."""
    asked = {name for name, empty in NO_FILTERS.items() if getattr(demande, name) != empty}
    return (
        bool(asked)
        and not demande.q
        and any(asked <= set(_parameters_of(found.parametre, demande)) for found in elargir)
    )


def _around_link(around: Resultats | None) -> Link | None:
    if around is None or not around.page.total:
        return None
    where = f"près {de(around.lieu.libelle)}" if around.lieu else "du catalogue"
    label = f"Toutes les offres {where}{NBSP}: {number_fr(around.page.total)}"
    return Link(label=label, url=search_url(around.demande))


def _themes_around(around: Resultats | None, vocabulaire: Vocabulaire) -> list[Link]:
    if around is None:
        return []
    counts = around.page.facettes["categories"]
    return [
        Link(
            label=f"{terme.libelle}{NBSP}: {number_fr(counts[categorie])}",
            url=search_url(around.demande, thematiques=(categorie,)),
        )
        for categorie, terme in vocabulaire.referentiels["categories"].items()
        if counts.get(categorie)
    ]
