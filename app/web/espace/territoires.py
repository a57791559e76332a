"""The territories that one may set, one more, and one less: where they are is administrators'."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.droits import Action, peut
from app.domain.errors import Probleme
from app.domain.journal import Sensible
from app.domain.reglages import LIEUX, MAX_NOM, Nature, ReglageInvalide, ReglageModifie
from app.domain.territoire import Territoire
from app.services.territoires import Attaches, TerritoireTenu
from app.web.auth.session import current_acteur, current_espace, note
from app.web.espace.lecteur import current_lecteur
from app.web.espace.nombres import posted
from app.web.espace.reglages import BASE, Fautes, fautes_of, notice
from app.web.public.search_form import SearchForm

LIBELLES_TERRITOIRE = {"nom": "Nom du territoire", LIEUX: "Lieux du territoire"}
MESSAGES_TERRITOIRE = {
    "vide": "Écrivez un nom.",
    "long": "Ce texte est trop long : raccourcissez-le.",
    "territoire-doublon": "Un autre territoire s’appelle déjà « {nom} » : changez ce nom.",
    "inconnu": (
        "« {lieu} » n’est ni une commune, ni une intercommunalité, ni un département que le site "
        "connaît : vérifiez l’orthographe, ou écrivez son code."
    ),
    "aucun-lieu": "Écrivez au moins une commune, une intercommunalité ou un département.",
    "france": "Un territoire est moins grand que la France : nommez ses départements.",
}
ALREADY = Probleme(chemin="nom", motif="deja")
MESSAGES = MESSAGES_TERRITOIRE | {
    "deja": "Quelqu’un d’autre vient d’ajouter ce territoire : il est dans la liste ci-dessus.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoireSaisi:
    """A new territory as it is typed."""

    nom: str = ""
    lieux: str = ""


def may_place() -> bool:
    """True for who may say where a territory is."""
    return peut(current_acteur(), Action.DELIMITER_TERRITOIRE)


def liste() -> ResponseReturnValue:
    """The territories that one may set, and for an administrator the form of a new one."""
    return _list(TerritoireSaisi(), said=notice())


def ajouter() -> ResponseReturnValue:
    """Adds a territory, or tells what is wrong with what is typed."""
    form, espace = request.form, current_espace()
    typed = TerritoireSaisi(
        nom=" ".join(form.get("nom", "").split()), lieux=lines(form.get(LIEUX, ""))
    )
    noms = current_lecteur().noms
    try:
        slug = espace.territoires.add(current_acteur(), typed.nom, noms.refs(typed.lieux))
    except ReglageInvalide as invalid:
        fautes = fautes_of(invalid.problemes, LIBELLES_TERRITOIRE, MESSAGES)
        return _list(typed, Fautes(fautes=fautes)), 400
    except ReglageModifie:
        fautes = fautes_of([ALREADY], LIBELLES_TERRITOIRE, MESSAGES)
        return _list(typed, Fautes(fautes=fautes)), 409
    note(Sensible.REGLAGE, slug, nature=Nature.TERRITOIRE.value)
    return redirect(url_for("espace.bassins", territoire=slug, fait="ajoute"), 303)


def retirer(territoire: str) -> ResponseReturnValue:
    """Takes away a territory that was added and that nobody works in."""
    try:
        current_espace().territoires.remove(current_acteur(), territoire, posted(BASE) or 0)
    except TerritoireTenu:
        return redirect(url_for("espace.bassins", territoire=territoire, fait="tenu"), 303)
    except ReglageModifie:
        return redirect(url_for("espace.bassins", territoire=territoire, fait="modifie"), 303)
    note(Sensible.REGLAGE, territoire, nature=Nature.TERRITOIRE.value)
    return redirect(url_for("espace.reglages", fait="retire"), 303)


def attaches_of(territoire: Territoire) -> str | None:
    """Says who works in a territory that one could remove; None for one that stays."""
    espace = current_espace()
    if not may_place() or not espace.reglages.is_added(territoire.slug):
        return None
    return attaches_in_words(espace.territoires.attaches(territoire))


def attaches_in_words(found: Attaches) -> str:
    """Says who works in a territory or a basin, nothing for nobody."""
    parts = (_counted(found.coordinateurs, "coordinateur"), _counted(found.campagnes, "campagne"))
    return " et ".join(part for part in parts if part)


def _counted(number: int, name: str) -> str:
    """Says a number of things, nothing for none."""
    return f"{number} {name}{'s' if number > 1 else ''}" if number else ""


def lines(text: str) -> str:
    """Returns what is typed in a field of several lines, as it is kept."""
    return text.replace("\r\n", "\n").strip()


def _list(typed: TerritoireSaisi, fautes: Fautes | None = None, said: str = "") -> str:
    return render_template(
        "espace/reglages.html",
        territoires=current_espace().reglages.territoires(current_acteur()),
        may_place=may_place(),
        saisie=typed,
        fautes=fautes or Fautes(),
        notice=said,
        max_nom=MAX_NOM,
        form=SearchForm(),
    )
