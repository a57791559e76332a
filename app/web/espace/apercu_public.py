"""The sheet of a listing as the public would read it, made of what is typed and not published.

It is the page of the public, with the same templates and the same document; what acts on a sheet
that is published (keep, share, report) is left out.
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.edition import Listing
from app.domain.offre import Offre, StructureId
from app.web.auth.session import current_espace
from app.web.espace.apercu import document_of
from app.web.espace.fiche_form import FicheForm
from app.web.public.carte import headers_of
from app.web.public.search_form import SearchForm
from app.web.public.sheets import offre_sheet, structure_sheet

OF_THE_BUTTON = frozenset(("faire", "fragment"))


def public_preview(form: FicheForm, value: Listing) -> ResponseReturnValue:
    """Returns the sheet, and the way back to the form with all that is typed in it."""
    catalogue = current_espace().catalogue
    document = document_of(value, form.fiche.structure)
    if isinstance(value, Offre):
        sheet = offre_sheet(document, value.id, catalogue)
    else:
        sheet = structure_sheet(document, StructureId(value.id), catalogue)
    typed = [pair for pair in request.form.items(multi=True) if pair[0] not in OF_THE_BUTTON]
    body = render_template(
        "espace/apercu_public.html",
        typed=typed,
        action=form.action,
        is_offre=isinstance(value, Offre),
        is_preview=True,
        **sheet,
        form=SearchForm(),
    )
    return body, headers_of(sheet["carte"])
