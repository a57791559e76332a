"""What readers reported, for who may mend it: the listing, then an answer, and it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.publication import OFFRE, STRUCTURE
from app.domain.signalements import MAX_REPONSE, ReponseDue
from app.mail.adresses import CourrielInvalide
from app.mail.message import Courriel
from app.mail.sender import AdresseRefusee, EnvoiImpossible
from app.services.reponses import Ouvert
from app.web.auth.courriels import site_address
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.historique import moment_fr
from app.web.public.search_form import SearchForm
from schemas.reading import clean_text
from schemas.signalements import MOTIFS

SUJET = "Votre signalement sur Éventail"
DEFAUT = "La fiche a été vérifiée."
# What is answered most often, as a reader understands it.
_PRETES = {
    "corrigee": "Merci : nous avons corrigé la fiche.",
    "verifiee": "Merci : nous avons vérifié, et la fiche est exacte.",
    "retiree": "Merci : {} n’existe plus, et nous avons retiré la fiche.",
    "transmise": "Merci : nous avons prévenu la structure, qui va corriger la fiche.",
}
PRETES = {
    objet: {cle: texte.format(quoi) for cle, texte in _PRETES.items()}
    for objet, quoi in ((OFFRE, "cette aide"), (STRUCTURE, "cette structure"))
}
NATURES = {OFFRE: "Offre", STRUCTURE: "Structure"}
EMPTY = "Choisissez une réponse, ou écrivez la vôtre."
TOO_LONG = f"Votre réponse est trop longue : {MAX_REPONSE} caractères au plus."
NOTICES = {
    "clos": "Le signalement est clos.",
    "dues": "Le signalement est clos, mais la réponse n’a pas pu partir : elle est gardée, et vous "
    "pourrez l’envoyer de nouveau.",
    "parties": "Les réponses sont parties.",
    "pas-parties": "Les réponses n’ont pas pu partir : réessayez dans quelques minutes.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ligne:
    """A report, as it is read."""

    numero: int
    nature: str
    nom: str
    url: str | None
    motif: str
    precision: str | None
    quand: str
    fois: int
    attendue: int
    pretes: Mapping[str, str]


def signalements() -> ResponseReturnValue:
    """The reports of who may answer them, newest first."""
    return _page(NOTICES.get(request.args.get("fait", ""), ""))


def clore(numero: int) -> ResponseReturnValue:
    """Closes a report with an answer, which is sent to who asked for it."""
    espace, acteur = current_espace(), current_acteur()
    objet = espace.reponses.read(acteur, numero).signalement.fiche.objet
    typed = request.form.get("texte", "")
    texte = clean_text(typed.replace("\r\n", "\n"))
    texte = texte or PRETES[objet].get(request.form.get("prete", ""), "")
    if not texte or len(texte) > MAX_REPONSE:
        return _page("", numero, typed, TOO_LONG if texte else EMPTY), 400
    owed = espace.reponses.answer(acteur, numero, texte, _send)
    return redirect(url_for("espace.signalements", fait="dues" if owed else "clos"), 303)


def renvoyer() -> ResponseReturnValue:
    """Sends again the answers that could not leave."""
    left = current_espace().reponses.send_owed(current_acteur(), _send)
    fait = "pas-parties" if left else "parties"
    return redirect(url_for("espace.signalements", fait=fait), 303)


def _page(notice: str, numero: int = 0, typed: str = "", fault: str = "") -> str:
    espace, acteur = current_espace(), current_acteur()
    return render_template(
        "espace/signalements.html",
        lignes=[_ligne(one) for one in espace.reponses.open(acteur)],
        owed=espace.reponses.owed(acteur),
        max_reponse=MAX_REPONSE,
        notice=notice,
        wrong=numero,
        typed=typed,
        fault=fault,
        form=SearchForm(),
    )


def _ligne(one: Ouvert) -> Ligne:
    said, fiche, nom = one.listed.signalement, one.fiche, one.listed.fiche_nom
    return Ligne(
        numero=said.id,
        nature=NATURES[fiche.objet],
        nom=nom or "Fiche effacée",
        url=url_for(f"espace.modifier_{fiche.objet}", identifiant=fiche.id) if nom else None,
        motif=MOTIFS[fiche.objet][said.motif],
        precision=said.precision,
        quand=moment_fr(said.recu_le),
        fois=said.fois,
        attendue=one.attendue,
        pretes=PRETES[fiche.objet],
    )


def _send(due: ReponseDue) -> bool:
    """Sends one answer; False when it could not leave. An address that is none is given up."""
    expediteur = current_espace().expediteur
    if expediteur is None:
        return False
    texte = render_template(
        "courriels/reponse.txt",
        nom=due.fiche_nom,
        texte=due.texte or DEFAUT,
        site=site_address(),
    )
    try:
        expediteur.send(Courriel(destinataire=due.courriel, sujet=SUJET, texte=texte))
    except EnvoiImpossible:
        return False
    except (AdresseRefusee, CourrielInvalide):
        return True  # no mailbox will ever take it in: keeping the address would serve nobody
    return True
