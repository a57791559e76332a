"""The accounts of the site, for administrators: found, invited, changed, closed, opened again."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound

from app.domain.annuaire import (
    MAX_CHERCHE,
    CompteConnu,
    CompteInconnu,
    CompteModifie,
    DernierAdministrateur,
    Inscrit,
    MotifStatut,
    SonPropreCompte,
    StatutInvalide,
    statut_of,
)
from app.domain.comptes import MAX_NOM, Compte, Role
from app.domain.connexion import ConnexionFermee, CourrielNonParti, TropDeLiens
from app.web.auth.courriels import send_invitation
from app.web.auth.pages import CONNEXION_FERMEE, COURRIEL_NON_PARTI, TROP_DE_LIENS
from app.web.auth.session import current_acteur, current_espace
from app.web.espace.fiche_form import Faute
from app.web.espace.historique import moment_fr
from app.web.espace.nombres import posted
from app.web.espace.reglages import Fautes
from app.web.public.search_form import SearchForm
from app.web.public.typographie import typo
from schemas.connexion import read_courriel

ROLES = {
    Role.PARTENAIRE: "Partenaire",
    Role.PROFESSIONNEL: "Professionnel",
    Role.COORDINATEUR: "Coordinateur",
    Role.ADMINISTRATEUR: "Administrateur",
}
AIDES = {
    Role.PARTENAIRE: "tient les fiches de ses structures",
    Role.PROFESSIONNEL: "lit toutes les fiches et propose des changements",
    Role.COORDINATEUR: "relit, règle et suit un territoire ou un bassin",
    Role.ADMINISTRATEUR: "peut tout, comptes et journal compris",
}
LIBELLES = {
    "courriel": "Adresse de courriel",
    "nom": "Prénom et nom",
    "role": "Rôle",
    "perimetre": "Territoire ou bassin",
}
STATUTS = {
    MotifStatut.ROLE_INCONNU: ("role", "Choisissez un rôle de la liste."),
    MotifStatut.PERIMETRE_ATTENDU: (
        "perimetre",
        "Un coordinateur a un territoire ou un bassin : choisissez-le.",
    ),
    MotifStatut.PERIMETRE_INCONNU: (
        "perimetre",
        "Ce territoire ou ce bassin n’existe plus : choisissez-en un de la liste.",
    ),
    MotifStatut.PERIMETRE_EN_TROP: (
        "perimetre",
        "Seul un coordinateur en a un : choisissez « Aucun », ou le rôle de coordinateur.",
    ),
}
SANS_ADRESSE = "Écrivez l’adresse de la personne, comme prenom.nom@structure.fr."
NOM_LONG = f"Ce nom est trop long : {MAX_NOM} caractères au plus."
CONNU = "Cette adresse a déjà un compte, qui n’est pas tel que vous le demandez ici."
REFUS: Mapping[type[Exception], str] = {
    CompteModifie: "Quelqu’un d’autre vient de changer ce compte : rien de vous n’est enregistré. "
    "Relisez ce qu’il est maintenant, puis recommencez si c’est encore utile.",
    SonPropreCompte: "C’est votre compte : un autre administrateur peut en changer le rôle, ou le "
    "fermer.",
    DernierAdministrateur: "C’est le dernier administrateur : nommez-en d’abord un autre.",
}
NON_PARTIS: Mapping[type[Exception], tuple[str, int]] = {
    TropDeLiens: (TROP_DE_LIENS, 429),
    CourrielNonParti: (COURRIEL_NON_PARTI, 503),
    ConnexionFermee: (CONNEXION_FERMEE, 503),
}
FAITS = {
    "change": "C’est enregistré. Si le rôle a changé, la personne doit se reconnecter.",
    "ferme": "Le compte est fermé, avec ses sessions et ses clés d’API. Ses fiches restent.",
    "rouvert": "Le compte est rouvert. La personne se connecte par un lien.",
    "invite": "Le compte est créé, et le lien de connexion est parti. Il dure 15 minutes : passé "
    "ce temps, la personne en demande un autre à la page de connexion.",
    "non-parti": "Le compte est créé, mais le lien n’a pas pu partir. Vérifiez l’adresse, puis "
    "envoyez-le d’ici.",
    "deja": "Cette adresse a déjà ce compte, avec ce rôle : rien n’a été envoyé de nouveau.",
    "lien": "Le lien de connexion est parti. Il dure 15 minutes.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompteLu:
    """An account, as it is read."""

    id: int
    nom: str
    courriel: str
    role: str
    lieu: str
    vu: str
    is_actif: bool
    is_sans_lieu: bool
    """A coordinator whose territory or basin is no longer in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saisie:
    """What is typed of an account."""

    role: str = ""
    perimetre: str = ""
    courriel: str = ""
    nom: str = ""


def comptes() -> ResponseReturnValue:
    """Every account, a page at a time; what is looked for is posted, never in an address."""
    cherche = request.form.get("cherche", "")[:MAX_CHERCHE]
    role = request.form.get("role", "")
    role = role if role in set(Role) else ""
    trouves = current_espace().annuaire.search(current_acteur(), cherche, role, posted("page") or 1)
    return render_template(
        "espace/annuaire.html",
        trouves=trouves,
        lus=[_lu(one) for one in trouves.inscrits],
        cherche=cherche,
        max_cherche=MAX_CHERCHE,
        role=role,
        roles=ROLES,
        moi=_moi(),
        form=SearchForm(),
    )


def nouveau_compte() -> ResponseReturnValue:
    """The form that invites somebody."""
    return _form(Saisie(role=Role.PARTENAIRE))


def inviter_compte() -> ResponseReturnValue:
    """Makes the account of an address, and sends it the link that signs in."""
    saisie, service = _typed(), current_espace().annuaire
    nom = " ".join("".join(c for c in saisie.nom if c.isprintable() or c.isspace()).split())
    fautes = [] if len(nom) <= MAX_NOM else [_faute("nom", NOM_LONG)]
    try:
        courriel = read_courriel(saisie.courriel)
    except ValidationError as fault:
        said = str(fault.messages[0]) if saisie.courriel.strip() else SANS_ADRESSE
        fautes.insert(0, _faute("courriel", said))
    if fautes:
        return _form(saisie, fautes), 400
    try:
        compte, is_new = service.invite(
            current_acteur(), courriel, nom, saisie.role, saisie.perimetre
        )
    except StatutInvalide as invalid:
        return _form(saisie, [_faute(*STATUTS[invalid.motif])]), 400
    except CompteConnu as known:
        return _form(saisie, [_faute("courriel", CONNU)], connu=known.compte_id), 409
    fait = "deja"
    if is_new:
        fait = "invite" if _sent(compte.id) is None else "non-parti"
    return _done(compte.id, fait)


def fiche_compte(numero: int) -> ResponseReturnValue:
    """One account, and what may be done with it."""
    return _page(numero, fait=FAITS.get(request.args.get("fait", ""), ""))


def changer_compte(numero: int) -> ResponseReturnValue:
    """Gives an account another role or perimeter."""
    saisie = _typed()
    try:
        current_espace().annuaire.change(
            current_acteur(), numero, _base(), saisie.role, saisie.perimetre
        )
    except StatutInvalide as invalid:
        return _page(numero, saisie, [_faute(*STATUTS[invalid.motif])], base=_base()), 400
    except CompteInconnu:
        raise NotFound from None
    except (CompteModifie, SonPropreCompte, DernierAdministrateur) as refus:
        return _page(numero, saisie, refus=REFUS[type(refus)]), 409
    return _done(numero, "change")


def fermer_compte(numero: int) -> ResponseReturnValue:
    """Closes an account, its sessions and its keys."""
    try:
        current_espace().annuaire.close(current_acteur(), numero, _base())
    except CompteInconnu:
        raise NotFound from None
    except (CompteModifie, SonPropreCompte, DernierAdministrateur) as refus:
        return _page(numero, refus=REFUS[type(refus)]), 409
    return _done(numero, "ferme")


def rouvrir_compte(numero: int) -> ResponseReturnValue:
    """Opens an account again as it was."""
    try:
        current_espace().annuaire.reopen(current_acteur(), numero, _base())
    except CompteInconnu:
        raise NotFound from None
    except (CompteModifie, SonPropreCompte) as refus:
        return _page(numero, refus=REFUS[type(refus)]), 409
    return _done(numero, "rouvert")


def envoyer_lien(numero: int) -> ResponseReturnValue:
    """Sends an account the link that signs in, again."""
    try:
        refus = _sent(numero)
    except CompteInconnu:
        raise NotFound from None
    if refus is not None:
        return _page(numero, refus=refus[0]), refus[1]
    return _done(numero, "lien")


def _sent(numero: int) -> tuple[str, int] | None:
    """Sends the link; returns what to tell, and a status, when it could not leave."""
    try:
        current_espace().annuaire.send_link(current_acteur(), numero, send_invitation())
    except (TropDeLiens, CourrielNonParti, ConnexionFermee) as fault:
        return NON_PARTIS[type(fault)]
    return None


def _form(saisie: Saisie, fautes: list[Faute] | None = None, connu: int = 0) -> str:
    return render_template(
        "espace/nouveau_compte.html",
        saisie=saisie,
        fautes=Fautes(fautes=fautes or ()),
        connu=connu,
        max_nom=MAX_NOM,
        libelles=LIBELLES,
        roles=ROLES,
        aides=AIDES,
        lieux=_lieux(),
        form=SearchForm(),
    )


def _page(
    numero: int,
    saisie: Saisie | None = None,
    fautes: list[Faute] | None = None,
    *,
    refus: str = "",
    fait: str = "",
    base: str = "",
) -> str:
    """Returns the page of an account; `base` is what its reader had seen of it, if not this."""
    espace = current_espace()
    try:
        inscrit = espace.annuaire.read(current_acteur(), numero)
    except CompteInconnu:
        raise NotFound from None
    compte = inscrit.compte
    return render_template(
        "espace/compte_tenu.html",
        lu=_lu(inscrit),
        cree=moment_fr(inscrit.cree_le),
        adhesions=espace.comptes.adhesions_of(compte.id),
        base=base or statut_of(compte).cle,
        saisie=saisie or Saisie(role=compte.role, perimetre=compte.perimetre or ""),
        fautes=Fautes(fautes=fautes or ()),
        refus=refus,
        fait=fait,
        moi=_moi(),
        libelles=LIBELLES,
        roles=ROLES,
        aides=AIDES,
        lieux=_lieux(),
        form=SearchForm(),
    )


def _lu(one: Inscrit) -> CompteLu:
    compte = one.compte
    lieu = _lieu(compte)
    # An account that nobody came back to was made by signing in, or by an invitation: the record
    # does not tell which.
    seen, made = moment_fr(one.vu_le), moment_fr(one.cree_le)
    is_back = one.vu_le > one.cree_le
    return CompteLu(
        id=compte.id,
        nom=compte.nom or "Sans nom",
        courriel=compte.courriel,
        role=ROLES[compte.role],
        lieu=lieu,
        vu=f"Dernière connexion le {seen}"
        if is_back
        else f"Pas revenu depuis sa création le {made}",
        is_actif=compte.is_actif,
        is_sans_lieu=compte.role is Role.COORDINATEUR and not lieu,
    )


def _lieu(compte: Compte) -> str:
    places = {slug: nom for named in _lieux().values() for slug, nom in named}
    return places.get(compte.perimetre or "", "")


def _lieux() -> Mapping[str, list[tuple[str, str]]]:
    """Returns the territories and basins in force, each kind with its slugs and names."""
    territoires = current_espace().catalogue.territoires
    known = {one.slug for one in territoires}
    bassins = [(b.slug, b.nom) for one in territoires for b in one.bassins if b.slug not in known]
    return {"Territoires": [(one.slug, one.nom) for one in territoires], "Bassins": bassins}


def _typed() -> Saisie:
    names = ("role", "perimetre", "courriel", "nom")
    return Saisie(**{name: request.form.get(name, "") for name in names})


def _faute(champ: str, message: str) -> Faute:
    return Faute(champ=champ, libelle=LIBELLES[champ], ancre=champ, message=typo(message))


def _base() -> str:
    return request.form.get("base", "")


def _moi() -> int | None:
    compte = current_acteur().compte
    return compte.id if compte else None


def _done(numero: int, fait: str) -> ResponseReturnValue:
    return redirect(url_for("espace.fiche_compte", numero=numero, fait=fait), 303)
