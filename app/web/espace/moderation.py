"""What waits for the coordinator: changes side by side with what is published, then yes or no."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from app.domain.edition import Fiche, ModifieeEntretemps
from app.domain.offre import Structure
from app.domain.propositions import MAX_MOTIF, EtatProposition, Proposition
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.faits import dire
from app.web.espace.fusion import differences
from app.web.espace.historique import Change, changes_in_words, moment_fr, names_of
from app.web.espace.records import read_record
from app.web.espace.saisie import record_of
from app.web.espace.semblables import Semblable, semblables_of
from app.web.espace.suites import tell
from app.web.public.search_form import SearchForm

UNTOLD = (
    " Le courriel qui prévient l’auteur n’a pas pu partir : il lira votre réponse dans son espace."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attente:
    """A change that waits, as it is listed."""

    numero: int
    nom: str
    objet: str
    """Whose it is, and that it is new when nobody can find it yet."""
    auteur: str
    quand: str
    is_new: bool


def moderation() -> ResponseReturnValue:
    """The changes that wait, the oldest first."""
    waiting = current_espace().moderation.waiting(current_acteur())
    attentes = [_attente(proposition, fiche) for proposition, fiche in waiting]
    return render_template(
        "espace/moderation.html",
        attentes=attentes,
        oublier=request.args.get("oublier", ""),
        form=SearchForm(),
    )


def proposition(numero: int) -> ResponseReturnValue:
    """One change beside what is published."""
    return _shown(*current_espace().moderation.read(current_acteur(), numero))


def accepter(numero: int) -> ResponseReturnValue:
    """Publishes a change; when the listing has changed since, its form settles it."""
    moderation = current_espace().moderation
    sent, fiche = moderation.read(current_acteur(), numero)
    to_form = form_address(sent, fiche)
    try:
        moderation.accept(
            current_acteur(), numero, read_record(sent.record, fiche.value), sent.base
        )
    except (ModifieeEntretemps, ValidationError):  # or the vocabulary has changed
        return redirect(to_form, 303)
    return answered(sent, fiche, EtatProposition.ACCEPTEE)


def refuser(numero: int) -> ResponseReturnValue:
    """Sets a change aside."""
    motif = " ".join(request.form.get("motif", "").split())[:MAX_MOTIF]
    sent, fiche = current_espace().moderation.read(current_acteur(), numero)
    current_espace().moderation.refuse(current_acteur(), numero, motif)
    return answered(sent, fiche, EtatProposition.REFUSEE, motif)


def answered(
    sent: Proposition, fiche: Fiche, etat: EtatProposition, motif: str = "", forgotten: str = ""
) -> ResponseReturnValue:
    """Tells the author what became of their change, then returns to what still waits.

    `forgotten` names what the browser has kept of the form, which is done with.
    """
    done = "publiée" if etat is EtatProposition.ACCEPTEE else "refusée"
    untold = "" if tell(sent, fiche, etat, motif) else UNTOLD
    dire(f"La proposition est {done}.{untold}")
    return redirect(url_for("espace.moderation", oublier=forgotten or None), 303)


def form_address(sent: Proposition, fiche: Fiche) -> str:
    """Returns the address of the form that corrects a change before it is published."""
    if fiche.is_new_structure:
        return url_for("espace.nouvelle_structure", proposition=sent.id)
    if fiche.is_new:
        ident = fiche.structure.id
        return url_for("espace.nouvelle_offre", identifiant=ident, proposition=sent.id)
    return url_for(
        f"espace.modifier_{fiche.ref.objet}", identifiant=fiche.ref.id, proposition=sent.id
    )


def _shown(sent: Proposition, fiche: Fiche) -> str:
    return render_template(
        "espace/proposition.html",
        attente=_attente(sent, fiche),
        to_form=form_address(sent, fiche),
        changes=_changes(sent, fiche),
        max_motif=MAX_MOTIF,
        semblables=_semblables(sent, fiche),
        form=SearchForm(),
    )


def _changes(sent: Proposition, fiche: Fiche) -> Sequence[Change]:
    changes = differences(record_of(fiche.value), sent.record)
    return list(changes_in_words(fiche, changes))


def _attente(sent: Proposition, fiche: Fiche) -> Attente:
    return Attente(
        numero=sent.id,
        nom=fiche.value.nom or str(sent.record.get("nom") or ""),
        is_new=fiche.is_new,
        objet=_objet(sent, fiche),
        auteur=names_of([sent.auteur])[sent.auteur],
        quand=moment_fr(sent.envoyee_le),
    )


def _objet(sent: Proposition, fiche: Fiche) -> str:
    if fiche.is_new_structure:
        code = str(sent.record.get("code_insee") or "")
        commune = current_espace().catalogue.geographie.communes.get(code)
        return f"Nouvelle structure, {commune.nom if commune else 'lieu inconnu'}"
    return f"{fiche.structure.nom}. Nouvelle offre" if fiche.is_new else fiche.structure.nom


def _semblables(sent: Proposition, fiche: Fiche) -> Sequence[Semblable]:
    """Returns the structures that a new one may already be."""
    if not fiche.is_new_structure:
        return ()
    try:
        value = read_record(sent.record, fiche.value)
    except ValidationError:  # the vocabulary has changed since it was sent
        return ()
    return semblables_of(value) if isinstance(value, Structure) else ()
