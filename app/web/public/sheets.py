"""The sheets: one offer, or one structure with its offers."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.edition import FicheRef
from app.domain.errors import OffreIntrouvable
from app.domain.offre import OffreId, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.services.catalogue import Catalogue
from app.web.current import current_catalogue, current_tiles
from app.web.public.carte import headers_of, sheet_map
from app.web.public.documents import Document, read_document, text_of
from app.web.public.donnees_structurees import organization_of, service_of
from app.web.public.essentiel import essentiel_of
from app.web.public.fiche import (
    Fiche,
    Reference,
    credit_of,
    fiche_of,
    fiche_structure_of,
    offre_link,
    structure_link,
)
from app.web.public.kept import Keep, kept_ids, list_url
from app.web.public.links import whole_url
from app.web.public.partage import Partage, partage_of
from app.web.public.report_form import ReportForm
from app.web.public.retour import back_to
from app.web.public.search_form import SearchForm
from app.web.public.semblables import semblables_of
from app.web.public.typographie import apostrophes
from app.web.public.understanding import Link

MAX_OTHERS = 6  # other offers beside a sheet; the structure's own sheet has them all
MAX_OFFRES = 200  # offers listed on the sheet of a structure: the largest of France has fewer


def offre(identifiant: str) -> ResponseReturnValue:
    """The sheet of an offer."""
    catalogue = current_catalogue()
    found = catalogue.repository.get_many([OffreId(identifiant)])
    if OffreId(identifiant) not in found:
        return _to_kept(OFFRE, identifiant)
    document = read_document(found[OffreId(identifiant)])
    sheet = offre_sheet(document, OffreId(identifiant), catalogue)
    fiche, url = sheet["fiche"], whole_url("public.offre", identifiant=identifiant)
    body = render_template(
        "public/offre.html",
        **sheet,
        url=url,
        back=back_to(request.referrer, request.host, request.root_path),
        partage=_share(document, fiche, url),
        keep=Keep(
            id=identifiant,
            url=list_url(tuple(dict.fromkeys((*kept_ids(), identifiant)))),
            is_kept=False,
        ),
        structured=service_of(document, fiche, url, catalogue.geographie),
        semblables=semblables_of(document, catalogue),
        report=ReportForm(fiche=FicheRef(objet=OFFRE, id=identifiant)),
        form=SearchForm(),
    )
    return body, headers_of(sheet["carte"])


def offre_sheet(document: Document, identifiant: OffreId, catalogue: Catalogue) -> dict[str, Any]:
    """Returns what a sheet says of an offer, published or about to be: not what acts on it."""
    structure_id = StructureId(document["structure_id"])
    others = [i for i in catalogue.repository.offre_ids_of(structure_id) if i != identifiant]
    fiche = fiche_of(document, reference_of(catalogue))
    return {
        "fiche": fiche,
        "carte": sheet_map(fiche.place.point, current_tiles()),
        "essentiel": essentiel_of(document, fiche, catalogue.clock.today()),
        "others": _offre_links(catalogue, others[:MAX_OTHERS]),
        "others_count": len(others),
        "duplicates": _duplicates(catalogue, structure_id),
    }


def structure(identifiant: str) -> ResponseReturnValue:
    """The sheet of a structure."""
    catalogue = current_catalogue()
    structure_id = StructureId(identifiant)
    text = catalogue.repository.get_structure(structure_id)
    if text is None:
        return _to_kept(STRUCTURE, identifiant)
    document = read_document(text)
    sheet = structure_sheet(document, structure_id, catalogue)
    url = whole_url("public.structure", identifiant=identifiant)
    body = render_template(
        "public/structure.html",
        **sheet,
        identifiant=identifiant,
        url=url,
        structured=organization_of(document, sheet["fiche"], url),
        report=ReportForm(fiche=FicheRef(objet=STRUCTURE, id=identifiant)),
        form=SearchForm(),
    )
    return body, headers_of(sheet["carte"])


def structure_sheet(
    document: Document, structure_id: StructureId, catalogue: Catalogue
) -> dict[str, Any]:
    """Returns what a sheet says of a structure, published or about to be."""
    offres = catalogue.repository.offre_ids_of(structure_id)
    fiche = fiche_structure_of(document, reference_of(catalogue))
    return {
        "fiche": fiche,
        "carte": sheet_map(fiche.place.point, current_tiles()),
        "offres": _offre_links(catalogue, offres[:MAX_OFFRES]),
        "offres_count": len(offres),
        "duplicates": _duplicates(catalogue, structure_id),
    }


def _to_kept(objet: str, identifiant: str) -> ResponseReturnValue:
    """Leads to the listing with which this one was merged; for now, since that can be undone.

    Raises `OffreIntrouvable` when it was not.
    """
    kept = current_catalogue().repository.kept_instead(objet, identifiant)
    if kept is None:
        raise OffreIntrouvable(identifiant)
    return redirect(url_for(f"public.{objet}", identifiant=kept), 302)


def reference_of(catalogue: Catalogue) -> Reference:
    """Returns what sheets are written with."""
    return Reference(
        vocabulaire=catalogue.vocabulaire,
        geographie=catalogue.geographie,
        territoires=catalogue.territoires,
        credits=catalogue.credits(),
        today=catalogue.clock.today(),
        now=catalogue.clock.now(),
    )


def _share(document: Document, fiche: Fiche, url: str) -> Partage:
    return partage_of(
        url=url,
        nom=fiche.nom,
        structure=fiche.structure.label,
        commune=apostrophes(text_of(document, "commune") or "") or None,
        telephone=fiche.contact.telephone,
    )


def _offre_links(catalogue: Catalogue, ids: Sequence[OffreId]) -> list[Link]:
    documents = catalogue.repository.get_many(ids)
    return [offre_link(read_document(documents[i])) for i in ids if i in documents]


def _duplicates(catalogue: Catalogue, structure_id: StructureId) -> list[Link]:
    """Returns the sheets that another source seems to give of the same structure."""
    credits_ = catalogue.credits()
    links = []
    for document in islice(_published(catalogue, structure_id), MAX_OTHERS):
        credit = credit_of(document, credits_)
        links.append(structure_link(document, credit.nom if credit else document["source"]))
    return links


def _published(catalogue: Catalogue, structure_id: StructureId) -> Iterable[Document]:
    for twin in catalogue.repository.likely_duplicates(structure_id):
        text = catalogue.repository.get_structure(twin)
        if text is not None:
            yield read_document(text)
