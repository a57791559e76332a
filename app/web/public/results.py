"""The results page: few and good answers first, counts in words, filters, and never a dead end."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.demande import Demande
from app.domain.portee import ModePortee
from app.domain.search import NON_PRECISE, SearchPage, Tri
from app.domain.vocabulaire import Vocabulaire, categorie_of
from app.services.catalogue import Catalogue
from app.services.search import Resultats, Trouve
from app.tiles import Tiles
from app.web.public.cards import Card, card_of
from app.web.public.carte import Carte, results_map
from app.web.public.facets import Choice, Filters, filters_of
from app.web.public.folding import FOLD_AFTER, fold
from app.web.public.links import search_url
from app.web.public.pagination import Pagination, pagination_of
from app.web.public.search_form import SearchForm, form_of
from app.web.public.typographie import NBSP, counted, number_fr
from app.web.public.understanding import (
    Link,
    Understanding,
    need_in_words,
    understanding_of,
)
from app.web.public.way_out import NO_FILTERS, WayOut, way_out_of
from app.web.public.words import label_of

ORDERS = {
    Tri.PERTINENCE: "Les plus utiles d’abord",
    Tri.DISTANCE: "Les plus proches d’abord",
    Tri.DATE_MAJ: "Les plus récentes d’abord",
}
FIRST_OF_EACH_NEED = FOLD_AFTER  # the needs of one sentence share a page
TOO_MANY = 30  # three pages: beyond, saying more precisely is quicker than reading
MAX_REFINEMENTS = 6
NARROWS = 0.8  # a need that nearly every result has chooses nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A card of the list, with those of the same structure that fold under it."""

    card: Card
    folded: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedBlock:
    """The first offers for one need of a sentence that names several."""

    title: str
    count: str
    items: Sequence[Item]
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """Everything that the template of results shows; `needs` stand in place of `items`.

    `partial` are offers that answer some of the words, shown when few answer them all.
    """

    title: str
    form: SearchForm
    understanding: Understanding
    total: int
    count: str
    needs: Sequence[NeedBlock]
    items: Sequence[Item]
    partial: Sequence[Item]
    carte: Carte | None
    refinements: Sequence[Link]
    filters: Filters
    orders: Sequence[Choice]
    pagination: Pagination
    remarks: Sequence[str]
    way_out: WayOut | None
    clear_url: str
    is_beyond_last: bool


def results_page(
    resultats: Resultats,
    catalogue: Catalogue,
    around: Resultats | None,
    by_need: Sequence[Resultats],
    tiles: Tiles | None,
) -> ResultsPage:
    """Returns the page of a search.

    `around` is everything near, asked when little was found; `by_need` the first offers of each
    need that a sentence names.
    """
    demande, page = resultats.demande, resultats.page
    understanding = understanding_of(resultats, catalogue.vocabulaire)
    pagination = pagination_of(demande, page.total)
    offres = counted(page.total, "offre")
    is_beyond_last = page.total > 0 and pagination.page > pagination.pages
    items = [] if by_need else _ranked(_items(demande, resultats.trouves, catalogue), demande)
    shown = [card for item in items for card in (item.card, *item.folded)]
    where = f"page {number_fr(pagination.page)} sur {number_fr(pagination.pages)}"
    if is_beyond_last:
        where = "page inconnue"
    return ResultsPage(
        title=f"{understanding.heading}{NBSP}: {offres}, {where}",
        form=form_of(demande, resultats.lieu),
        understanding=understanding,
        total=page.total,
        count=offres if page.total else "Aucune offre",
        needs=[_need_block(found, catalogue) for found in by_need],
        items=items,
        partial=_items(demande, resultats.en_partie, catalogue),
        carte=results_map(resultats, shown, tiles),
        refinements=_refinements(resultats, catalogue.vocabulaire),
        filters=filters_of(demande, page.facettes, catalogue.vocabulaire, catalogue.territoires),
        orders=_orders(demande, has_place=resultats.lieu is not None),
        pagination=pagination,
        remarks=_remarks(page),
        way_out=way_out_of(resultats, around, catalogue),
        clear_url=search_url(demande, **NO_FILTERS),
        is_beyond_last=is_beyond_last,
    )


def shows_by_need(demande: Demande) -> bool:
    """True where the needs of a sentence stand apart: on the first page, in the order of use."""
    return demande.page == 1 and demande.tri is Tri.PERTINENCE


def _need_block(found: Resultats, catalogue: Catalogue) -> NeedBlock:
    named = [need_in_words(e, catalogue.vocabulaire) for e in found.lecture.elements]
    demande = replace(found.demande, page=1)
    rest = found.page.total - len(found.trouves)
    everything = f"Voir les {counted(found.page.total, 'offre')} pour ce besoin"
    return NeedBlock(
        title=", ".join(named) or found.demande.q,
        count=counted(found.page.total, "offre") if found.page.total else "Aucune offre",
        items=_items(demande, found.trouves, catalogue),
        link=Link(label=everything, url=search_url(demande)) if rest > 0 else None,
    )


def _items(demande: Demande, trouves: Sequence[Trouve], catalogue: Catalogue) -> list[Item]:
    today = catalogue.clock.today()
    at_a_moment = demande.moment is not None or demande.ouvert_le is not None
    cards = [
        card_of(trouve, catalogue.vocabulaire, today, at_a_moment=at_a_moment) for trouve in trouves
    ]
    if demande.structure_id is not None:
        return [Item(card=card, folded=()) for card in cards]
    return [
        Item(card=card, folded=folded) for card, folded in fold(cards, lambda c: c.structure_id)
    ]


def _ranked(items: Sequence[Item], demande: Demande) -> list[Item]:
    """Numbers the cards as they are read, page after page."""
    ranks = itertools.count((demande.page - 1) * demande.par_page + 1)
    return [
        Item(
            card=replace(item.card, rank=next(ranks)),
            folded=[replace(card, rank=next(ranks)) for card in item.folded],
        )
        for item in items
    ]


def _refinements(resultats: Resultats, vocabulaire: Vocabulaire) -> list[Link]:
    """Returns the needs that would shorten a long list most usefully, the most frequent first."""
    demande, total = resultats.demande, resultats.page.total
    if total <= TOO_MANY or demande.page > 1 or any("--" in need for need in demande.thematiques):
        return []
    counts = resultats.page.facettes["thematiques"]
    asked = set(demande.thematiques)
    found = [
        (need, count)
        for need, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if need != NON_PRECISE
        and count < NARROWS * total
        and (not asked or categorie_of(need) in asked)
    ]
    return [
        Link(
            label=label_of(vocabulaire, "thematiques", need),
            note=number_fr(count),
            url=search_url(demande, thematiques=(need,)),
        )
        for need, count in found[:MAX_REFINEMENTS]
    ]


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
