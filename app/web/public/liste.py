"""The shortlist: what to bring and whom to call, to read, print in large type or share."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.offre import OffreId
from app.web.current import current_catalogue
from app.web.public.documents import read_document
from app.web.public.fiche import Fiche, fiche_of
from app.web.public.kept import kept_ids, list_url, with_list
from app.web.public.links import whole_url
from app.web.public.partage import ListeAPartager, liste_a_partager
from app.web.public.search_form import SearchForm
from app.web.public.sheets import reference_of
from app.web.public.typographie import counted

ONE_PER_PAGE = "fiches"  # the value of `format`; the other prints a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One offer of the list, and the list without it."""

    id: str
    url: str
    fiche: Fiche
    url_without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaListe:
    """Everything that the page of a list shows; `missing` tells of offers that are gone."""

    kept: Sequence[Kept]
    count: str
    missing: str | None
    is_one_per_page: bool
    other_format_url: str
    more_url: str
    partage: ListeAPartager | None


def ma_liste() -> ResponseReturnValue:
    """The offers that the address names, in that order."""
    catalogue = current_catalogue()
    ids = kept_ids()
    documents = catalogue.repository.get_many([OffreId(ident) for ident in ids])
    found = tuple(ident for ident in ids if OffreId(ident) in documents)
    reference = reference_of(catalogue)
    kept = [
        Kept(
            id=ident,
            url=with_list(url_for("public.offre", identifiant=ident), found),
            fiche=fiche_of(read_document(documents[OffreId(ident)]), reference),
            url_without=list_url(tuple(other for other in found if other != ident)),
        )
        for ident in found
    ]
    is_one_per_page = request.args.get("format") == ONE_PER_PAGE
    other = {} if is_one_per_page else {"format": ONE_PER_PAGE}
    page = MaListe(
        kept=kept,
        count=counted(len(kept), "offre"),
        missing=_missing(len(ids) - len(found)),
        is_one_per_page=is_one_per_page,
        other_format_url=with_list(url_for("public.ma_liste"), found, **other),
        more_url=with_list(url_for("public.home"), found),
        partage=_partage(found, kept),
    )
    return render_template("public/ma_liste.html", page=page, form=SearchForm())


def _missing(count: int) -> str | None:
    if not count:
        return None
    verb = "n’est plus publiée" if count == 1 else "ne sont plus publiées"
    return f"{counted(count, 'offre')} de cette liste {verb}."


def _partage(ids: tuple[str, ...], kept: Sequence[Kept]) -> ListeAPartager | None:
    if not ids:
        return None
    url = with_list(whole_url("public.ma_liste"), ids)
    return liste_a_partager(url, [(one.fiche.nom, one.fiche.contact.telephone) for one in kept])
