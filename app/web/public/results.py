"""The results page: cards, counts in words, filters, and never a dead end."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.demande import Demande
from app.domain.portee import ModePortee
from app.domain.search import FEW, Elargissement, SearchPage, Tri
from app.domain.vocabulaire import Vocabulaire
from app.services.catalogue import Catalogue
from app.services.search import Resultats
from app.tiles import Tiles
from app.web.public.cards import Card, card_of
from app.web.public.carte import Carte, results_map
from app.web.public.facets import Choice, Filters, filters_of
from app.web.public.links import search_url
from app.web.public.pagination import Pagination, pagination_of
from app.web.public.search_form import SearchForm, form_of
from app.web.public.typographie import NBSP, counted, de, distance_fr, number_fr
from app.web.public.understanding import Link, Understanding, understanding_of

ORDERS = {
    Tri.PERTINENCE: "Les plus utiles d’abord",
    Tri.DISTANCE: "Les plus proches d’abord",
    Tri.DATE_MAJ: "Les plus récentes d’abord",
}
_FILTER_NAMES = {
    "thematiques": "sans choisir de besoin",
    "publics": "pour tous les publics",
    "types": "pour tous les types d’aide",
    "frais": "à tous les prix",
    "modes_accueil": "sur place et à distance",
    "bassin": "dans tous les bassins",
    "structure_id": "dans toutes les structures",
    "ouvert_le": "à toute heure",
}
_NO_FILTERS = {
    "thematiques": (), "publics": (), "types": (), "frais": (), "modes_accueil": (),
    "bassin": None, "structure_id": None, "ouvert_le": None, "inclure_non_precises": True,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """Everything that the template of results shows."""

    title: str
    form: SearchForm
    understanding: Understanding
    total: int
    count: str
    cards: Sequence[Card]
    first_rank: int
    carte: Carte | None
    filters: Filters
    orders: Sequence[Choice]
    pagination: Pagination
    remarks: Sequence[str]
    way_out: WayOut | None
    clear_url: str
    is_beyond_last: bool


def results_page(
    resultats: Resultats, catalogue: Catalogue, around: Resultats | None, tiles: Tiles | None
) -> ResultsPage:
    """Returns the page of a search; `around` is everything near, asked when little was found."""
    demande, page = resultats.demande, resultats.page
    understanding = understanding_of(resultats, catalogue.vocabulaire)
    pagination = pagination_of(demande, page.total)
    count = counted(page.total, "offre")
    today = catalogue.clock.today()
    is_beyond_last = page.total > 0 and pagination.page > pagination.pages
    cards = [card_of(trouve, catalogue.vocabulaire, today) for trouve in resultats.trouves]
    where = f"page {number_fr(pagination.page)} sur {number_fr(pagination.pages)}"
    if is_beyond_last:
        where = "page inconnue"
    return ResultsPage(
        title=f"{understanding.heading}{NBSP}: {count}, {where}",
        form=form_of(demande, resultats.lieu),
        understanding=understanding,
        total=page.total,
        count=count if page.total else "Aucune offre",
        cards=cards,
        first_rank=(demande.page - 1) * demande.par_page + 1,
        carte=results_map(resultats, cards, tiles),
        filters=filters_of(demande, page.facettes, catalogue.vocabulaire, catalogue.territoires),
        orders=_orders(demande, has_place=resultats.lieu is not None),
        pagination=pagination,
        remarks=_remarks(page),
        way_out=_way_out(resultats, around, catalogue),
        clear_url=search_url(demande, **_NO_FILTERS),
        is_beyond_last=is_beyond_last,
    )


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


def _orders(demande: Demande, *, has_place: bool) -> list[Choice]:
    return [
        Choice(value=tri.value, label=label, count=None, checked=tri is demande.tri)
        for tri, label in ORDERS.items()
        if has_place or tri is not Tri.DISTANCE or tri is demande.tri
    ]


def _remarks(page: SearchPage) -> list[str]:
    remarks = []
    remote = sum(hit.portee.mode is ModePortee.A_DISTANCE for hit in page.hits)
    if remote:
        verb = "est" if remote == 1 else "sont"
        remarks.append(f"{counted(remote, 'offre')} de cette page {verb} à distance.")
    if page.hors_zone == 1:
        remarks.append("Une offre réservée aux habitants d’autres communes n’est pas montrée.")
    elif page.hors_zone:
        offres = counted(page.hors_zone, "offre")
        remarks.append(f"{offres} réservées aux habitants d’autres communes ne sont pas montrées.")
    return remarks


def _way_out(resultats: Resultats, around: Resultats | None, catalogue: Catalogue) -> WayOut | None:
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
    return " et ".join(territoire.nom for territoire in catalogue.territoires)


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
    url = search_url(demande, **{found.parametre: _NO_FILTERS[found.parametre]})
    return Link(label=f"Chercher {_FILTER_NAMES[found.parametre]}{NBSP}: {total}", url=url)


def _drops_everything(demande: Demande, elargir: Sequence[Elargissement]) -> bool:
    """True when one of the relaxations already gives everything around."""
    asked = {name for name, empty in _NO_FILTERS.items() if getattr(demande, name) != empty}
    return not demande.q and any({found.parametre} == asked for found in elargir)


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
