"""A file of a structure's offers: the model, the report of what it would do, then one button."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.domain.depots import (
    MAX_LIGNES,
    MAX_OCTETS,
    DepotInconnu,
    LigneRefusee,
    Plan,
    Prevision,
    Sorte,
)
from app.domain.edition import Fiche, FicheRef
from app.domain.offre import StructureId
from app.domain.publication import STRUCTURE
from app.feeds.tableur import Tableau, TableurIllisible, read_table, written_table
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.historique import NOTHING, Change, changes_in_words
from app.web.espace.lecteur import current_lecteur
from app.web.public.search_form import SearchForm

FICHIER, JETON = "fichier", "depot"
EXTENSIONS = (".csv", ".txt", ".tsv")  # what spreadsheets name such a file (ASVS 5.0, 5.2.2)
ILLISIBLES = {
    "absent": "Choisissez d’abord un fichier.",
    "extension": "Ce fichier n’est pas un CSV : dans votre tableur, enregistrez-le au format "
    "« CSV », puis envoyez-le.",
    "trop-lourd": f"Ce fichier est trop lourd : {MAX_OCTETS // 1000} ko au plus. Envoyez-le en "
    "plusieurs fois.",
    "classeur": "C’est un classeur, et non un CSV : dans votre tableur, choisissez « Enregistrer "
    "sous », puis le format « CSV ».",
    "vide": "Ce fichier est vide.",
    "binaire": "Ce fichier n’est pas un texte : enregistrez-le au format « CSV UTF-8 ».",
    "guillemets": "Un guillemet n’est pas fermé : vérifiez les textes sur plusieurs lignes.",
    "colonnes-en-double": "Deux colonnes ont le même nom : gardez-en une seule.",
    "trop-de-lignes": f"Ce fichier a trop de lignes : {MAX_LIGNES} au plus. Envoyez-le en "
    "plusieurs fois.",
    "sans-colonne": "Aucune colonne n’est reconnue : partez du modèle, et gardez sa première "
    "ligne.",
}
GONE = "Ce fichier a déjà été publié, ou il attend depuis trop longtemps : envoyez-le de nouveau."
CHANGED = (
    "Quelqu’un a changé ces offres depuis la lecture du fichier : rien n’est publié. Relisez ce "
    "que le fichier change maintenant, puis publiez."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LignePrevue:
    """What a line would do, in words."""

    numero: int
    nom: str
    changes: Sequence[Change]
    entretemps: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapport:
    """What a file would do, in words; `jeton` publishes it, None when it changes nothing."""

    creations: Sequence[LignePrevue]
    modifications: Sequence[LignePrevue]
    inchangees: int
    refusees: Sequence[LigneRefusee]
    ignorees: Sequence[str]
    is_guessed: bool
    jeton: str | None

    @property
    def count(self) -> int:
        """How many offers would be written."""
        return len(self.creations) + len(self.modifications)


def depot(identifiant: str) -> ResponseReturnValue:
    """The form that takes a file."""
    return _page(_fiche(identifiant))


def modele(identifiant: str) -> ResponseReturnValue:
    """The offers of a structure as a file, to correct and to send back."""
    service = current_espace().depots
    records = service.model(current_acteur(), StructureId(identifiant))
    content = written_table(service.colonnes, records)
    headers = {"Content-Disposition": 'attachment; filename="offres.csv"'}
    return Response(content, headers=headers, mimetype="text/csv")


def lire_depot(identifiant: str) -> ResponseReturnValue:
    """Tells what a file would do; nothing is written."""
    fiche = _fiche(identifiant)
    service, acteur = current_espace().depots, current_acteur()
    try:
        table = _table(request.files.get(FICHIER))
    except TableurIllisible as fault:
        return _page(fiche, fault=ILLISIBLES[fault.motif]), 400
    commune_of = current_lecteur().commune_of
    structure_id = StructureId(identifiant)
    plan = service.plan(acteur, structure_id, table.colonnes, table.lignes, commune_of)
    return _page(fiche, rapport=_rapport(structure_id, plan, table))


def publier_depot(identifiant: str) -> ResponseReturnValue:
    """Publishes what was shown, and shows again what somebody has changed meanwhile."""
    fiche = _fiche(identifiant)
    structure_id, jeton = StructureId(identifiant), request.form.get(JETON, "")
    try:
        plan = current_espace().depots.publish(current_acteur(), structure_id, jeton)
    except DepotInconnu:
        return _page(fiche, fault=GONE), 410
    if plan is None:
        return redirect(url_for("espace.structure", identifiant=identifiant, publie=1), 303)
    return _page(fiche, rapport=_rapport(structure_id, plan), notice=CHANGED), 409


def _table(sent: FileStorage | None) -> Tableau:
    """Returns what a file holds. Raises `TableurIllisible`."""
    if sent is None or not sent.filename:
        raise TableurIllisible("absent")
    if not sent.filename.lower().endswith(EXTENSIONS):
        raise TableurIllisible("extension")
    table = read_table(sent.stream.read(MAX_OCTETS + 1))
    if not set(table.colonnes) & set(current_espace().depots.colonnes):
        raise TableurIllisible("sans-colonne")
    return table


def _rapport(structure_id: StructureId, plan: Plan, table: Tableau | None = None) -> Rapport:
    jeton = None
    if plan.to_write:
        jeton = current_espace().depots.keep(current_acteur(), structure_id, plan)
    refusees = [*(table.refusees if table else ()), *plan.refusees]
    return Rapport(
        creations=[_prevue(one) for one in plan.of(Sorte.CREATION)],
        modifications=[_prevue(one) for one in plan.of(Sorte.MODIFICATION)],
        inchangees=len(plan.of(Sorte.RIEN)),
        refusees=sorted(refusees, key=lambda one: one.numero),
        ignorees=plan.ignorees,
        is_guessed=table is not None and table.is_guessed,
        jeton=jeton,
    )


def _prevue(one: Prevision) -> LignePrevue:
    changes = []
    for nom, pair in one.changes.items():
        said = list(changes_in_words(one.fiche, {nom: pair}))
        before, after = (NOTHING if value is None else str(value) for value in pair)
        changes += said or [Change(champ=nom, avant=before, apres=after)]
    moved = {nom: one.changes[nom] for nom in sorted(one.entretemps) if nom in one.changes}
    return LignePrevue(
        numero=one.numero,
        nom=one.value.nom,
        changes=changes,
        entretemps=[change.champ for change in changes_in_words(one.fiche, moved)],
    )


def _fiche(identifiant: str) -> Fiche:
    ref = FicheRef(objet=STRUCTURE, id=identifiant)
    return current_espace().edition.read(current_acteur(), ref)


def _page(
    fiche: Fiche, *, rapport: Rapport | None = None, fault: str = "", notice: str = ""
) -> str:
    return render_template(
        "espace/depot.html",
        fiche=fiche,
        rapport=rapport,
        fault=fault,
        notice=notice,
        max_ko=MAX_OCTETS // 1000,
        max_lignes=MAX_LIGNES,
        accept=",".join(EXTENSIONS),
        form=SearchForm(),
    )
