"""The settings of a territory: where each is set, and back to an older version of one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from app.domain.errors import Probleme
from app.domain.journal import Sensible
from app.domain.reglages import Nature, Reglage, ReglageInvalide, ReglageModifie, Valeurs
from app.web.auth.session import current_acteur, current_espace, note
from app.web.espace.fiche_form import Faute
from app.web.espace.historique import Change, moment_fr, names_of
from app.web.espace.nombres import posted

BASE, FAIRE, NUMERO = "base", "faire", "numero"
ENREGISTRER, ESSAYER = "enregistrer", "essayer"
ADDRESSES = {
    Nature.POIDS: "espace.poids",
    Nature.TERRITOIRE: "espace.bassins",
    Nature.MOTS: "espace.mots",
}
SAVED = "C’est enregistré : le site en tient compte dans deux secondes au plus."
MODIFIED = (
    "Quelqu’un d’autre vient d’enregistrer ce réglage : rien de vous n’est encore enregistré. "
    "Comparez avec l’historique ci-dessous, puis enregistrez de nouveau."
)
TENU = (
    "Ce territoire n’est pas retiré : quelqu’un y travaille encore. Donnez-lui d’abord un autre "
    "territoire, ou arrêtez la campagne."
)
AJOUTE = (
    "Le territoire est ajouté : le site en tient compte dans deux secondes au plus. Réglez ici ses "
    "bassins et son contact."
)
RETIRE = "Le territoire est retiré : il quitte le site dans deux secondes au plus."
AWAY = "La recherche ne répond pas pour l’instant : réessayez dans une minute."
INVALID = "Cette version ne convient plus au site d’aujourd’hui : elle n’a pas été reprise."
NOTICES = {
    "enregistre": SAVED,
    "modifie": MODIFIED,
    "invalide": INVALID,
    "tenu": TENU,
    "ajoute": AJOUTE,
    "retire": RETIRE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a setting, as it is read."""

    id: int
    quand: str
    auteur: str
    changes: Sequence[Change]
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Historique:
    """The versions of a setting, newest first, and where to go back to one of them."""

    versions: Sequence[Version]
    nature: Nature
    territoire: str
    vue: int | None = None
    has_livre: bool = True
    """False when nothing is shipped to go back to."""

    @property
    def base(self) -> int:
        """The version that the form was made from: the newest one, 0 for what is shipped.

        What is typed was made from the one that its author had seen.
        """
        newest = self.versions[0].id if self.versions else 0
        return newest if self.vue is None else self.vue


Said = Callable[[Valeurs], Mapping[str, str]]
"""Says the values of a setting in words, field by field; empty values are the shipped ones."""


def restaurer(territoire: str, nature: str) -> ResponseReturnValue:
    """Puts an older version in force again."""
    if nature not in set(Nature):
        raise NotFound
    asked = Nature(nature)
    numero = posted(NUMERO)
    if numero is None:
        raise BadRequest
    service = current_espace().reglages
    try:
        service.restore(current_acteur(), territoire, asked, numero, posted(BASE) or 0)
    except ReglageModifie:
        return redirect(url_for(ADDRESSES[asked], territoire=territoire, fait="modifie"), 303)
    except ReglageInvalide:
        return redirect(url_for(ADDRESSES[asked], territoire=territoire, fait="invalide"), 303)
    note(Sensible.REGLAGE, territoire, nature=asked.value)
    return redirect(url_for(ADDRESSES[asked], territoire=territoire, fait="enregistre"), 303)


def is_outdated(territoire: str, nature: Nature) -> bool:
    """True when somebody has changed a setting since the form was made."""
    history = current_espace().reglages.history(current_acteur(), territoire, nature)
    newest = history[0].id if history else 0
    return (posted(BASE) or 0) != newest


def is_settled(said: str) -> bool:
    """True when a page shows what is in force, or tells its reader that it has changed."""
    return request.method == "GET" or said == MODIFIED


def notice() -> str:
    """Returns what was just done, from the address that led here."""
    return NOTICES.get(request.args.get("fait", ""), "")


def saved(territoire: str, nature: Nature, valeurs: Valeurs) -> ResponseReturnValue | None:
    """Puts values in force and leads to their page; None when someone else was faster."""
    try:
        current_espace().reglages.save(
            current_acteur(), territoire, nature, valeurs, posted(BASE) or 0
        )
    except ReglageModifie:
        return None
    note(Sensible.REGLAGE, territoire, nature=nature.value)
    return redirect(url_for(ADDRESSES[nature], territoire=territoire, fait="enregistre"), 303)


def history_of(slug: str, nature: Nature, said: Said, *, is_settled: bool) -> Historique:
    """Returns the versions of a setting, each with what it changed.

    `is_settled`: what the page shows is made from the newest one, or its reader is told of it.
    """
    reglages = current_espace().reglages.history(current_acteur(), slug, nature)
    names = names_of([reglage.auteur for reglage in reglages])
    versions = [
        Version(
            id=reglage.id,
            quand=moment_fr(reglage.quand),
            auteur=names[reglage.auteur],
            changes=list(_changes(said(_before(reglages, rank)), said(reglage.valeurs))),
            is_current=rank == 0,
        )
        for rank, reglage in enumerate(reglages)
    ]
    vue = None if is_settled else posted(BASE)
    is_blank = nature is Nature.TERRITOIRE and current_espace().reglages.is_added(slug)
    return Historique(
        versions=versions, nature=nature, territoire=slug, vue=vue, has_livre=not is_blank
    )


def _before(reglages: Sequence[Reglage], rank: int) -> Valeurs:
    return reglages[rank + 1].valeurs if rank + 1 < len(reglages) else {}


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Sequence[Change]:
    names = dict.fromkeys((*before, *after))
    return [
        Change(
            champ=name, avant=before.get(name, "") or "rien", apres=after.get(name, "") or "rien"
        )
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def fautes_of(
    problemes: Sequence[Probleme],
    libelles: Mapping[str, str],
    messages: Mapping[str, str],
) -> Sequence[Faute]:
    """Returns what is wrong in words, each fault beside its field."""
    return [
        Faute(
            champ=probleme.chemin,
            libelle=libelles[probleme.chemin],
            ancre=probleme.chemin,
            message=messages[probleme.motif].format(**probleme.details),
        )
        for probleme in problemes
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fautes:
    """The faults of a form, as the macros of forms ask for them."""

    fautes: Sequence[Faute] = ()

    def is_shown(self, faute: Faute) -> bool:
        """True when what is wrong is in the page: here all of it is typed."""
        return faute in self.fautes

    def fautes_of(self, ancre: str) -> Sequence[Faute]:
        """Returns those of one field."""
        return [faute for faute in self.fautes if faute.ancre == ancre]
