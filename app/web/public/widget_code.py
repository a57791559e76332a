"""The code to paste in another site: choices, their preview, and the frame as text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import url_for
from markupsafe import Markup
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from app.domain.demande import Demande
from app.services.catalogue import Catalogue
from app.web.public.facets import Choice
from app.web.public.links import whole_url
from app.web.public.search_form import Fault, SearchForm
from app.web.public.widget_view import chosen, name_of_territory
from schemas.problem import erreurs_of
from schemas.search import MAX_WIDGET, PAR_WIDGET

HEIGHT_PX = 720  # the form and three compact cards; the frame scrolls for the others
NAMES = {"territoire": "Territoire", "thematiques": "Thèmes", "limite": "Nombre d’offres"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """Everything that the template of the code shows; `code` is None while a choice is wrong."""

    territories: Sequence[Choice]
    themes: Sequence[Choice]
    limit: str
    max_limit: int
    form: SearchForm
    title: str
    preview: str
    code: str | None
    height: int


def code_page(
    demande: Demande, args: MultiDict[str, str], error: ValidationError | None, catalogue: Catalogue
) -> CodePage:
    """Returns the page of the choices made; what a visitor types is none of them."""
    asked = replace(demande, q="", lieu="")
    territoire = args.get("territoire") if error else demande.territoire
    themes = args.getlist("thematiques") if error else demande.thematiques
    query = urlencode(chosen(asked))
    title = _title(asked, catalogue)
    address = whole_url("public.widget")
    code = _code(f"{address}?{query}" if query else address, title)
    return CodePage(
        territories=[
            Choice(value=t.slug, label=t.nom, count=None, checked=t.slug == territoire)
            for t in catalogue.territoires
        ],
        themes=[
            Choice(value=value, label=terme.libelle, count=None, checked=value in themes)
            for value, terme in catalogue.vocabulaire.referentiels["categories"].items()
        ],
        limit=args.get("limite", str(PAR_WIDGET)) if error else str(demande.par_page),
        max_limit=MAX_WIDGET,
        form=SearchForm(faults=_faults(error)),
        title=title,
        preview=f"{url_for('public.widget')}?{query}",
        code=None if error else code,
        height=HEIGHT_PX,
    )


def _title(demande: Demande, catalogue: Catalogue) -> str:
    """Returns what the frame is called by those who do not see it."""
    nom = name_of_territory(demande, catalogue)
    return f"Trouver une aide avec Éventail ({nom})" if nom else "Trouver une aide avec Éventail"


def _code(address: str, title: str) -> str:
    """Returns the element to paste; values are escaped as attributes are."""
    frame = Markup(
        '<iframe src="{address}" title="{title}" width="100%" height="{height}" loading="lazy">'
        "</iframe>"
    )
    return str(frame.format(address=address, title=title, height=HEIGHT_PX))


def _faults(error: ValidationError | None) -> dict[str, list[Fault]]:
    faults: dict[str, list[Fault]] = {}
    for erreur in erreurs_of(error.messages) if error else ():
        champ = erreur.champ.partition(".")[0]
        nom = NAMES.get(champ, champ)
        faults.setdefault(champ, []).append(Fault(champ=champ, nom=nom, message=erreur.message))
    return faults
