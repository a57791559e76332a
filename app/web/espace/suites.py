"""What becomes of a change that waited: told to its author by e-mail, and on their own pages."""

from dataclasses import dataclass

import structlog
from flask import render_template, url_for

from app.domain.comptes import Compte, compte_id_of
from app.domain.edition import Fiche
from app.domain.propositions import EtatProposition, Proposition
from app.mail.message import Courriel
from app.mail.sender import AdresseRefusee, EnvoiImpossible
from app.web.auth.courriels import site_address
from app.web.auth.session import current_espace
from app.web.espace.historique import moment_fr

SUJET = "Votre proposition sur Éventail"
SUJET_ADHESION = "Votre demande sur Éventail"
ETATS = {
    EtatProposition.A_MODERER: "en attente de relecture",
    EtatProposition.ACCEPTEE: "publiée",
    EtatProposition.REFUSEE: "refusée",
}
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A change that was sent, as its author reads of it."""

    nom: str
    quand: str
    etat: EtatProposition
    libelle: str
    motif: str | None
    url: str | None = None
    """Where one goes on: the sheet that is published, or the form of one that is not."""


def suite_of(sent: Proposition) -> Suite:
    """Returns what its author reads of a change."""
    return Suite(
        nom=str(sent.record.get("nom") or "Sans nom"),
        quand=moment_fr(sent.envoyee_le),
        etat=sent.etat,
        libelle=ETATS[sent.etat],
        motif=sent.motif,
        url=_url(sent),
    )


def _url(sent: Proposition) -> str | None:
    if not sent.is_creation:
        is_open = sent.base and sent.etat is EtatProposition.A_MODERER
        address = f"espace.modifier_{sent.ref.objet}"
        return url_for(address, identifiant=sent.ref.id) if is_open else None
    if sent.etat is EtatProposition.ACCEPTEE:
        return url_for("public.structure", identifiant=sent.ref.id)
    return url_for("espace.nouvelle_structure", reprise=sent.id)


def tell(sent: Proposition, fiche: Fiche, etat: EtatProposition, motif: str | None) -> bool:
    """Writes to the author of a change what became of it; False when no message could leave.

    The answer also stands on their page of the structure, so that nothing depends on a message.
    """
    expediteur, address = current_espace().expediteur, _address(sent, fiche)
    if expediteur is None or address is None:
        return False
    texte = render_template(
        f"courriels/proposition-{etat}.txt",
        nom=str(sent.record.get("nom") or "Sans nom"),
        structure=fiche.structure.nom or str(sent.record.get("nom") or "une structure"),
        motif=motif,
        page=f"{site_address()}{_page(sent, fiche)}",
        site=site_address(),
    )
    try:
        expediteur.send(Courriel(destinataire=address, sujet=SUJET, texte=texte))
    except (EnvoiImpossible, AdresseRefusee) as fault:
        _log.warning("proposal_answer_unsent", proposition=sent.id, cause=type(fault).__name__)
        return False
    return True


def tell_adhesion(compte: Compte | None, structure: Fiche, *, is_admitted: bool) -> None:
    """Writes to who asked to keep a structure's listings what was answered.

    Their page of the space says it too: nothing depends on a message.
    """
    expediteur = current_espace().expediteur
    if expediteur is None or compte is None:
        return
    said, endpoint = ("admise", "structure") if is_admitted else ("refusee", "rejoindre")
    page = url_for(f"espace.{endpoint}", identifiant=structure.ref.id)
    texte = render_template(
        f"courriels/adhesion-{said}.txt",
        structure=structure.value.nom,
        page=f"{site_address()}{page}",
        site=site_address(),
    )
    try:
        expediteur.send(Courriel(destinataire=compte.courriel, sujet=SUJET_ADHESION, texte=texte))
    except (EnvoiImpossible, AdresseRefusee) as fault:
        _log.warning("membership_answer_unsent", cause=type(fault).__name__)


def _page(sent: Proposition, fiche: Fiche) -> str:
    """Returns the page where the answer stands: not everyone reads that of a new structure."""
    if sent.is_creation:
        return url_for("espace.accueil")
    return url_for("espace.structure", identifiant=fiche.structure.id)


def _address(sent: Proposition, fiche: Fiche) -> str | None:
    """Returns where the author of a change reads: their account's address, or the mailbox."""
    compte_id = compte_id_of(sent.auteur)
    if compte_id is None:
        return fiche.structure.courriel
    compte = current_espace().comptes.get(compte_id)
    return compte.courriel if compte is not None else None
