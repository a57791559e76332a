"""The history of a listing, and going back to an older version, or to what its source says."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest

from app.domain.edition import ETAT, Fiche, FicheRef, ModifieeEntretemps, Tenue, merged_changes
from app.domain.journal import Sensible
from app.domain.regles import is_same_text, regles_from_json
from app.web.auth.session import current_acteur, current_espace, note
from app.web.espace.champs import champs_of
from app.web.espace.faits import dire
from app.web.espace.historique import changes_in_words, dates_of_fiche, lignes_of
from app.web.espace.nombres import posted
from app.web.espace.records import read_record
from app.web.espace.saisie import record_of, sections_of
from app.web.public.search_form import SearchForm

FOLLOWING = frozenset(("code_insee", "regles"))  # not typed: they follow from what is
REVISION, CHAMP, BASE = "revision", "champ", "base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ecart:
    """A field that is kept against its source, and what each says in words."""

    champ: str
    libelle: str
    garde: str
    source: str


def historique(objet: str, identifiant: str) -> ResponseReturnValue:
    """All that was done with a listing, newest first."""
    espace = current_espace()
    ref = FicheRef(objet=objet, id=identifiant)
    fiche, revisions = espace.edition.history(current_acteur(), ref)
    lignes = list(lignes_of(fiche, revisions))
    return render_template(
        "espace/historique.html",
        fiche=fiche,
        lignes=lignes,
        dates=dates_of_fiche(fiche, revisions),
        ecarts=ecarts_of(fiche, espace.edition.tenues(current_acteur(), ref)),
        form=SearchForm(),
    )


def restaurer(objet: str, identifiant: str) -> ResponseReturnValue:
    """Writes a listing again as it was after one of its revisions; the history keeps both."""
    ref = FicheRef(objet=objet, id=identifiant)
    numero = request.form.get(REVISION, "")
    fiche, revisions = current_espace().edition.history(current_acteur(), ref)
    if numero not in {str(revision.id) for revision in revisions}:
        raise BadRequest
    newer = [revision for revision in revisions if revision.id > int(numero)]
    changes = merged_changes(newer[::-1])
    values = {name: before for name, (before, _) in changes.items()}
    response, is_written = _write(fiche, values, posted(BASE) or 0)
    if is_written:
        note(Sensible.RESTAURATION, identifiant, revision=int(numero))
        dire("C’est fait : la fiche dit de nouveau ce que disait cette version.")
    return response


def reprendre(objet: str, identifiant: str) -> ResponseReturnValue:
    """Takes what the source says of a field, and lets it speak of it from now on."""
    ref = FicheRef(objet=objet, id=identifiant)
    edition = current_espace().edition
    fiche = edition.read(current_acteur(), ref)
    champ = request.form.get(CHAMP, "")
    tenue = edition.tenues(current_acteur(), ref).get(champ)
    if tenue is None and champ not in _typed(fiche):
        raise BadRequest
    if tenue is None:  # it was let go meanwhile, or the button was pressed twice
        return _to("historique", ref)
    values = {champ: tenue.valeur_source} if tenue.diverge else {}
    response, is_written = _write(fiche, values, posted(BASE) or 0, {ETAT})
    if is_written:
        edition.release(current_acteur(), ref, champ)
        dire("C’est fait : ce champ dit ce que dit la source, et la suivra désormais.")
    return response


def ecarts_of(fiche: Fiche, tenues: Mapping[str, Tenue]) -> Sequence[Ecart]:
    """Returns the fields whose source says another thing, in words."""
    record = record_of(fiche.value)
    return [
        Ecart(champ=champ, libelle=change.champ, garde=change.avant, source=change.apres)
        for champ, tenue in tenues.items()
        if tenue.diverge and not _is_only_confirmed(champ, record, tenue)
        for change in changes_in_words(fiche, {champ: (record.get(champ), tenue.valeur_source)})
    ]


def _typed(fiche: Fiche) -> set[str]:
    """Returns the names of the fields that are typed."""
    return {champ.nom for champ in champs_of(sections_of(fiche.value))}


def _is_only_confirmed(champ: str, record: Mapping[str, Any], tenue: Tenue) -> bool:
    """True when the source cites the same text, which a coordinator has confirmed since."""
    own, said = record.get(champ), tenue.valeur_source
    if champ != "regles" or own is None or said is None:
        return False
    return is_same_text(regles_from_json(own), regles_from_json(said))


def _write(
    fiche: Fiche, values: Mapping[str, Any], base: int, also: Set[str] = frozenset()
) -> tuple[ResponseReturnValue, bool]:
    """Writes some fields of a listing that was read at `base`, and tells whether they were.

    What no longer fits the schema sends to its form. What came after `base` is shown first: its
    reader has not seen it, and nothing is written over it.
    """
    typed = _typed(fiche) | FOLLOWING | also
    record = {**record_of(fiche.value), **{n: v for n, v in values.items() if n in typed}}
    try:
        value = read_record(record, fiche.value)
    except ValidationError:
        return _to("modifier", fiche.ref), False
    is_said = replace(value, date_maj=fiche.value.date_maj) == fiche.value  # pressed twice
    try:
        if base != fiche.revision and not is_said:
            raise ModifieeEntretemps(())
        current_espace().edition.publish(current_acteur(), value, base)
    except ModifieeEntretemps:
        return to_changed(fiche.ref), False
    return _to("historique", fiche.ref), True


def to_changed(ref: FicheRef) -> ResponseReturnValue:
    """Shows the history of a listing that has changed since it was read: nothing was done."""
    dire(
        "Cette fiche a été modifiée depuis que vous l’avez ouverte, et rien n’a été fait. Lisez ce "
        "qui a changé, puis recommencez."
    )
    return _to("historique", ref)


def _to(page: str, ref: FicheRef) -> ResponseReturnValue:
    return redirect(url_for(f"espace.{page}_{ref.objet}", identifiant=ref.id), 303)
