"""Drafts in the pages: kept as they are typed, opened again, thrown away."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.clock import PARIS
from app.domain.brouillons import Brouillon, Typed
from app.domain.comptes import Acteur
from app.domain.edition import Fiche
from app.domain.publication import OFFRE, STRUCTURE
from app.web.auth.guard import CSRF_FIELD
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.formulaire import ATTENTE, CONTRE, FRAGMENT, Page, form_of, shown
from app.web.espace.historique import moment_fr
from app.web.espace.lecteur import current_lecteur
from app.web.espace.saisie import sections_of
from app.web.espace.semblables import VUES
from app.web.public.typographie import NBSP

BROUILLON = "brouillon"
UNNAMED = {OFFRE: "Offre sans nom", STRUCTURE: "Structure sans nom"}
# What a page adds to what is typed: none of it is worth keeping.
OF_THE_PAGE = frozenset(
    (CSRF_FIELD, FRAGMENT, "faire", "base", "identifiant", "relu", VUES, ATTENTE, CONTRE)
)
CHANGED_SINCE = "La fiche a été modifiée depuis : vous verrez les deux en publiant, et choisirez."


@dataclass(frozen=True, slots=True, kw_only=True)
class LigneBrouillon:
    """A draft as it is listed."""

    id: int
    nom: str
    quand: str
    url: str
    structure_id: str


def kept(page: Page) -> ResponseReturnValue:
    """Keeps what is typed and shows it again, with the hour when it was kept."""
    fiche = page.form.fiche
    typed = typed_of(request.form)
    current_espace().brouillons.keep(current_acteur(), fiche, typed, page.form.base)
    now = current_espace().clock.now().astimezone(PARIS)
    said = f"Brouillon enregistré à {now:%H}{NBSP}h{NBSP}{now:%M}."
    if request.form.get(FRAGMENT) == BROUILLON:
        return said, {"Content-Type": "text/plain; charset=utf-8"}
    return shown(Page(form=page.form, notice=said, is_saved=True))


def typed_of(form: MultiDict[str, str]) -> Typed:
    """Returns the fields of a form that are worth keeping, in their order."""
    return [pair for pair in form.items(multi=True) if pair[0] not in OF_THE_PAGE]


def reopened(fiche: Fiche, draft: Brouillon) -> Page:
    """Returns the form as its author left it, made from the revision that they had read."""
    saisie = current_lecteur().typed(MultiDict(draft.typed), sections_of(fiche.value))
    notice = f"Votre brouillon du {moment_fr(draft.modifie_le)} : personne d’autre ne le voit."
    if draft.base != fiche.revision:
        notice = f"{notice} {CHANGED_SINCE}"
    return Page(form=form_of(fiche, saisie, draft.base), notice=notice, is_saved=True)


def abandonner(numero: int) -> ResponseReturnValue:
    """Throws one of one's own drafts away."""
    draft = current_espace().brouillons.discard(current_acteur(), numero)
    if _is_begun(draft):
        return redirect(url_for("espace.accueil"), 303)
    return redirect(url_for("espace.structure", identifiant=draft.structure_id), 303)


def lignes_of(acteur: Acteur, structure_id: str | None = None) -> list[LigneBrouillon]:
    """Returns one's own drafts, the newest first: all of them, or those of a structure."""
    espace = current_espace()
    return [
        LigneBrouillon(
            id=draft.id,
            nom=draft.text("nom").strip() or UNNAMED[draft.ref.objet],
            quand=moment_fr(draft.modifie_le),
            url=url_of(draft),
            structure_id=draft.structure_id,
        )
        for draft in espace.brouillons.of(acteur)
        if structure_id in (None, draft.structure_id)
    ]


def url_of(draft: Brouillon) -> str:
    """Returns the address where a draft is opened again."""
    if _is_begun(draft):
        return url_for("espace.nouvelle_structure", brouillon=draft.ref.id)
    if draft.is_new:
        structure = draft.structure_id
        return url_for("espace.nouvelle_offre", identifiant=structure, brouillon=draft.ref.id)
    address = f"espace.modifier_{draft.ref.objet}"
    return url_for(address, identifiant=draft.ref.id, brouillon=1)


def _is_begun(draft: Brouillon) -> bool:
    """True for a structure that does not exist yet: it has no page."""
    return draft.is_new and draft.ref.objet == STRUCTURE
