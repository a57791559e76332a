"""The space of who keeps listings: their structures, the offers of each, who else may write."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.domain.adhesions import AdhesionInconnue, AdhesionListee
from app.domain.comptes import Acteur, Qualite
from app.domain.connexion import ConnexionFermee, CourrielNonParti, TropDeLiens, Usage
from app.domain.droits import Action, Etendue, etendue, peut
from app.domain.edition import Fiche, FicheRef
from app.domain.errors import OffreIntrouvable
from app.domain.francais import date_fr
from app.domain.journal import Sensible
from app.domain.offre import StructureId
from app.domain.publication import STRUCTURE
from app.web.auth.courriels import send_link
from app.web.auth.session import current_acteur, current_espace, note
from app.web.espace.brouillons import lignes_of as brouillons_of
from app.web.espace.faits import dire
from app.web.espace.nombres import posted
from app.web.espace.suites import suite_of, tell_adhesion
from app.web.espace.taches import taches_of
from app.web.public.documents import read_document
from app.web.public.freshness import Freshness, freshness_of
from app.web.public.search_form import SearchForm


def accueil() -> ResponseReturnValue:
    """The structures that one keeps, and those asked for."""
    acteur, espace = current_acteur(), current_espace()
    if acteur.qualite is Qualite.BOITE:
        return redirect(url_for("espace.structure", identifiant=min(acteur.structures)), 303)
    if acteur.compte is None:
        raise BadRequest
    return render_template(
        "espace/accueil.html",
        compte=acteur.compte,
        adhesions=espace.comptes.adhesions_of(acteur.compte.id),
        brouillons=brouillons_of(acteur),
        waiting=_waiting(acteur),
        taches=list(taches_of(acteur)),
        suites=[suite_of(sent) for sent in espace.moderation.begun_by(acteur)],
        is_sent="envoyee" in request.args,
        oublier=request.args.get("oublier", ""),
        form=SearchForm(),
    )


def _waiting(acteur: Acteur) -> Sequence[AdhesionListee]:
    """Returns who asks to speak for a structure, as far as one may answer."""
    espace = current_espace()
    if etendue(acteur, Action.ADMETTRE_MEMBRE) is Etendue.RIEN:
        return ()
    return [
        listed
        for listed in espace.comptes.waiting()
        if peut(
            acteur,
            Action.ADMETTRE_MEMBRE,
            espace.edition.cible(FicheRef(objet=STRUCTURE, id=listed.adhesion.structure_id)),
        )
    ]


def structure(identifiant: str) -> ResponseReturnValue:
    """The sheet of a structure as its keepers see it: its offers, its members."""
    acteur, espace = current_acteur(), current_espace()
    ref = FicheRef(objet=STRUCTURE, id=identifiant)
    fiche = espace.edition.read(acteur, ref)
    cible = espace.edition.cible(ref)
    members = espace.comptes.members_of(StructureId(identifiant))
    offres = espace.edition.offres_of(acteur, ref)
    may_set_reminders = peut(acteur, Action.REGLER_RAPPELS, cible)
    return render_template(
        "espace/structure.html",
        fiche=fiche,
        offres=offres,
        fraicheur=_freshness,
        members=members if peut(acteur, Action.ADMETTRE_MEMBRE, cible) else (),
        suites=[suite_of(sent) for sent in espace.moderation.sent_by(acteur, ref)],
        may_propose=peut(acteur, Action.PROPOSER_FICHE, cible),
        may_write=peut(acteur, Action.MODIFIER_FICHE, cible),
        may_send_file=peut(acteur, Action.DEPOSER_OFFRES, cible),
        is_published="publie" in request.args,
        may_confirm=peut(acteur, Action.CONFIRMER_FICHE, cible),
        may_set_reminders=may_set_reminders,
        echec=espace.campagnes.echec(acteur, fiche.structure.id) if may_set_reminders else None,
        date_fr=date_fr,
        may_admit=peut(acteur, Action.ADMETTRE_MEMBRE, cible),
        may_moderate=peut(acteur, Action.MODERER, cible),
        brouillons=brouillons_of(acteur, identifiant),
        is_sent="envoyee" in request.args,
        publiee=_published((*offres, fiche)),
        publiees=[offre for offre in offres if offre.is_published],
        oublier=request.args.get("oublier", ""),
        invited=request.args.get("invitee", ""),
        own_id=acteur.compte.id if acteur.compte else None,
        form=SearchForm(),
    )


def _published(fiches: Sequence[Fiche]) -> str:
    """Returns the name of the listing that has just been published, empty when none was."""
    ident = request.args.get("publiee")
    return next((fiche.value.nom for fiche in fiches if fiche.ref.id == ident), "")


def inviter(identifiant: str) -> ResponseReturnValue:
    """Sends the structure's mailbox the link that opens its listings."""
    espace = current_espace()
    fiche = espace.edition.read(current_acteur(), FicheRef(objet=STRUCTURE, id=identifiant))
    if fiche.value.courriel is None:
        raise BadRequest
    try:
        send = send_link(Usage.BOITE, nom=fiche.value.nom)
        espace.connexion.invite(fiche.value.courriel, StructureId(identifiant), send)
    except (ConnexionFermee, CourrielNonParti, TropDeLiens):
        sent = "non"
    else:
        sent = "oui"
        note(Sensible.INVITATION, identifiant)
    return redirect(url_for("espace.structure", identifiant=identifiant, invitee=sent), 303)


def rejoindre(identifiant: str) -> ResponseReturnValue:
    """The button that asks to speak for a structure, or its listings when one already does."""
    if StructureId(identifiant) in current_acteur().structures:
        return redirect(url_for("espace.structure", identifiant=identifiant), 303)
    document = current_espace().catalogue.repository.get_structure(StructureId(identifiant))
    if document is None:
        raise OffreIntrouvable(identifiant)
    nom = read_document(document)["nom"]
    return render_template(
        "espace/rejoindre.html", identifiant=identifiant, nom=nom, form=SearchForm()
    )


def demander_adhesion() -> ResponseReturnValue:
    """Asks to speak for a structure: a member, or the coordinator, answers."""
    compte = current_acteur().compte
    identifiant = request.form.get("structure", "").strip()
    if compte is None or not identifiant:
        raise BadRequest
    espace = current_espace()
    espace.comptes.ask(compte.id, StructureId(identifiant), espace.clock.now())
    note(Sensible.ADHESION_DEMANDEE, identifiant, compte=compte.id)
    dire("Votre demande est envoyée : qui tient déjà ces fiches, ou le coordinateur, y répondra.")
    return redirect(url_for("espace.accueil"), 303)


def admettre(identifiant: str) -> ResponseReturnValue:
    """Admits who asked to speak for a structure."""
    espace = current_espace()
    compte_id = _compte_id()
    espace.comptes.admit(
        compte_id, StructureId(identifiant), current_acteur().auteur, espace.clock.now()
    )
    note(Sensible.ADHESION_ADMISE, identifiant, compte=compte_id)
    dire("C’est fait : cette personne tient maintenant ces fiches. Un courriel le lui dit.")
    _tell_adhesion(compte_id, identifiant, is_admitted=True)
    return redirect(url_for("espace.structure", identifiant=identifiant), 303)


def retirer_membre(identifiant: str) -> ResponseReturnValue:
    """Ends what links an account to a structure, or refuses who asked."""
    compte_id, espace = _compte_id(), current_espace()
    members = espace.comptes.members_of(StructureId(identifiant))
    asked = [one for one in members if one.adhesion.admise_le is None]
    was_asked = compte_id in {one.adhesion.compte.id for one in asked}
    espace.comptes.remove(compte_id, StructureId(identifiant))
    note(Sensible.ADHESION_RETIREE, identifiant, compte=compte_id)
    if was_asked:
        dire("La demande est refusée. Un courriel le dit à cette personne.")
        _tell_adhesion(compte_id, identifiant, is_admitted=False)
    else:
        dire("C’est fait : cette personne ne tient plus ces fiches.")
    compte = current_acteur().compte
    if compte is not None and compte.id == compte_id:  # one's own: the page is no longer theirs
        return redirect(url_for("espace.accueil"), 303)
    return redirect(url_for("espace.structure", identifiant=identifiant), 303)


def _tell_adhesion(compte_id: int, identifiant: str, *, is_admitted: bool) -> None:
    espace = current_espace()
    fiche = espace.edition.read(current_acteur(), FicheRef(objet=STRUCTURE, id=identifiant))
    tell_adhesion(espace.comptes.get(compte_id), fiche, is_admitted=is_admitted)


def _compte_id() -> int:
    compte_id = posted("compte")
    if compte_id is None:
        raise AdhesionInconnue
    return compte_id


def _freshness(fiche: Fiche) -> Freshness:
    value = fiche.value
    document = {
        "date_maj": value.date_maj.isoformat(),
        "derniere_confirmation": (
            value.derniere_confirmation.isoformat() if value.derniere_confirmation else None
        ),
    }
    today = current_espace().clock.today()
    return freshness_of(document, today, has_telephone=bool(value.telephone))
