"""What a browser sends of the form of a listing: what `macros/saisie.html` shows, field by field.

`test_saisie_browser.py` compares it with the page itself.
"""

from collections.abc import Iterator, Mapping, Sequence

from flask import render_template_string
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.test import EnvironBuilder, TestResponse

from app.domain.vocabulaire import Fait, Nature
from app.web.espace.arbre_saisie import BORNES, Branche, Genre
from app.web.espace.champs import Champ, Sorte, champs_of
from app.web.espace.fiche_form import FicheForm

Pairs = Iterator[tuple[str, str]]
TEXTAREAS = (Sorte.TEXTE, Sorte.LISTE, Sorte.LIEUX)
PAGE = """\
{% from "macros/saisie.html" import fault_summary, field %}
{{ fault_summary(form, "Fautes") }}
<form action="/essai">
  {% for section in form.sections %}
    {% for champ in section.champs %}{{ field(form, champ) }}{% endfor %}
  {% endfor %}
</form>
"""


def sent_tree(racine: Branche, faits: Mapping[str, Fait]) -> Pairs:
    """Yields the fields of the conditions, in the order of the page."""
    for branche in racine.walk():
        yield f"{branche.chemin}.genre", branche.genre.value
        if branche.genre is Genre.CRITERE:
            fait = faits.get(branche.fait)
            yield f"{branche.chemin}.fait", branche.fait if fait else ""
            if fait is not None:
                yield from _values(branche, fait)


def _values(branche: Branche, fait: Fait) -> Pairs:
    chosen = [valeur for valeur in branche.parmi if valeur in fait.valeurs]
    if fait.nature in (Nature.NOMBRE, Nature.ECHELON):
        for borne in BORNES:
            value = branche.bornes.get(borne, "")
            is_known = not fait.valeurs or value in fait.valeurs
            if value or borne in ("min", "max"):
                yield f"{branche.chemin}.{borne}", value if is_known else ""
    elif fait.nature is Nature.LIEU:
        chosen = [area("\n".join(branche.parmi))]
    else:
        chosen = [valeur for valeur in fait.valeurs if valeur in branche.parmi]
    for valeur in chosen:
        yield f"{branche.chemin}.parmi", valeur


def sent(form: FicheForm) -> MultiDict[str, str]:
    """Returns all that is sent when nothing was typed; hours are left as they are."""
    champs = champs_of(tuple(form.sections))
    own = {champ.nom for champ in champs}
    pairs = [(key, value) for key, value in form.saisie.fields.items(multi=True) if key not in own]
    for champ in champs:
        pairs += _field(champ, form)
    return MultiDict(pairs)


def _field(champ: Champ, form: FicheForm) -> Pairs:
    text = form.text(champ)
    match champ.sorte:
        case Sorte.ARBRE:
            yield from sent_tree(form.saisie.trees[champ.nom], form.vocabulaire.faits)
        case Sorte.CASES | Sorte.APPORTE:
            is_gift = champ.sorte is Sorte.APPORTE
            boxes = gifts(form) if is_gift else form.vocabulaire.referentiels[champ.referentiel]
            yield from ((champ.nom, box) for box in boxes if box in form.chosen(champ))
        case Sorte.OUI:
            if text:
                yield champ.nom, "oui"
        case Sorte.HORAIRES:
            yield champ.nom, text
        case Sorte.CHOIX:
            is_known = text in form.vocabulaire.referentiels[champ.referentiel]
            yield champ.nom, text if is_known else ""
        case sorte if sorte in TEXTAREAS:
            yield champ.nom, area(text)
        case _:
            yield champ.nom, line(text)


def gifts(form: FicheForm) -> Sequence[str]:
    """Returns the boxes of what an offer may give, in order."""
    return [choix.valeur for groupe in form.apports for choix in groupe.choix]


def area(text: str) -> str:
    """Returns a text as a field of several lines sends it."""
    return "\r\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def line(text: str) -> str:
    """Returns a text as a field of one line sends it: without its line breaks."""
    return text.replace("\r", "").replace("\n", "")


def page_of(form: FicheForm) -> TestResponse:
    """Returns the fields of a form as the site shows them, within a request."""
    html = render_template_string(PAGE, form=form)
    request = EnvironBuilder().get_request()
    return TestResponse([html.encode()], "200 OK", Headers(), request=request)
