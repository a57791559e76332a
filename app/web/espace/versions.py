"""The history of a listing, and going back to an older version, or to what its source says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.exceptions import BadRequest

from app.domain.edition import Fiche, FicheRef, ModifieeEntretemps, Tenue, merged_changes
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.champs import champs_of
from app.web.espace.historique import changes_in_words, dates_of_fiche, lignes_of
from app.web.espace.records import read_record
from app.web.espace.saisie import record_of, sections_of
from app.web.public.search_form import SearchForm

FOLLOWING = frozenset(("code_insee", "regles"))  # not typed: they follow from what is
REVISION, CHAMP = "revision", "champ"


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
        ecarts=ecarts_of(fiche, espace.edition.tenues(ref)),
        form=SearchForm(),
    )


def restaurer(objet: str, identifiant: str) -> ResponseReturnValue:
    """Writes a listing again as it was after one of its revisions; the history keeps both."""
    ref = FicheRef(objet=objet, id=identifiant)
    fiche = current_espace().edition.read(current_acteur(), ref)
    numero = request.form.get(REVISION, "")
    revisions = current_espace().edition.revisions(ref)
    if numero not in {str(revision.id) for revision in revisions}:
        raise BadRequest
    newer = [revision for revision in revisions if revision.id > int(numero)]
    changes = merged_changes(newer[::-1])
    return _written(fiche, {name: before for name, (before, _) in changes.items()})


def reprendre(objet: str, identifiant: str) -> ResponseReturnValue:
    """Takes what the source says of a field, and lets it speak of it from now on."""
    ref = FicheRef(objet=objet, id=identifiant)
    edition = current_espace().edition
    fiche = edition.read(current_acteur(), ref)
    champ = request.form.get(CHAMP, "")
    tenue = edition.tenues(ref).get(champ)
    if tenue is None:
        raise BadRequest
    response = _written(fiche, {champ: tenue.valeur_source} if tenue.diverge else {})
    edition.release(current_acteur(), ref, champ)
    return response


def ecarts_of(fiche: Fiche, tenues: Mapping[str, Tenue]) -> Sequence[Ecart]:
    """Returns the fields whose source says another thing, in words."""
    record = record_of(fiche.value)
    return [
        Ecart(champ=champ, libelle=change.champ, garde=change.avant, source=change.apres)
        for champ, tenue in tenues.items()
        if tenue.diverge
        for change in changes_in_words(fiche, {champ: (record.get(champ), tenue.valeur_source)})
    ]


def _written(fiche: Fiche, values: Mapping[str, Any]) -> ResponseReturnValue:
    """Writes some fields of a listing; what no longer fits the schema sends to its form."""
    typed = {champ.nom for champ in champs_of(sections_of(fiche.value))} | FOLLOWING
    record = {**record_of(fiche.value), **{n: v for n, v in values.items() if n in typed}}
    address = f"espace.historique_{fiche.ref.objet}"
    try:
        value = read_record(record, fiche.value)
        current_espace().edition.publish(current_acteur(), value, fiche.revision)
    except ModifieeEntretemps:
        pass  # the history shows what came meanwhile
    except ValidationError:
        address = f"espace.modifier_{fiche.ref.objet}"
    return redirect(url_for(address, identifiant=fiche.ref.id), 303)
