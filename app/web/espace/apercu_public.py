"""The sheet of a listing as the public would read it, made of what is typed and not published.

It is the page of the public, with the same templates and the same document; what acts on a sheet
that is published (keep, share, report) is left out.
"""

from dataclasses import replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.edition import Listing
from app.domain.offre import Offre, StructureId
from app.web.auth.session import current_espace
from app.web.espace.fiche_form import FicheForm
from app.web.public.carte import headers_of
from app.web.public.documents import read_document
from app.web.public.search_form import SearchForm
from app.web.public.sheets import offre_sheet, structure_sheet
from schemas.document import render_offre, render_structure

OF_THE_BUTTON = frozenset(("faire", "fragment"))


def public_preview(form: FicheForm, value: Listing) -> ResponseReturnValue:
    """Returns the sheet, and the way back to the form with all that is typed in it."""
    espace = current_espace()
    dated = replace(value, date_maj=espace.clock.today())
    if isinstance(dated, Offre):
        document = render_offre(espace.catalogue.geographie)(dated, form.fiche.structure)
        sheet = offre_sheet(read_document(document), dated.id, espace.catalogue)
    else:
        document = render_structure(dated)
        sheet = structure_sheet(read_document(document), StructureId(dated.id), espace.catalogue)
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in OF_THE_BUTTON]
    body = render_template(
        "espace/apercu_public.html",
        typed=typed,
        action=form.action,
        is_offre=isinstance(dated, Offre),
        is_preview=True,
        **sheet,
        form=SearchForm(),
    )
    return body, headers_of(sheet["carte"])
