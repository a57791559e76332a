"""`flask comptes`: accounts made, changed and closed by who runs the site."""

from collections.abc import Sequence
from datetime import timedelta

import click
from marshmallow import ValidationError

from app.cli.errors import Failure, explained
from app.cli.journal import COMMANDE, add_journal
from app.composition import Composition
from app.domain.annuaire import DernierAdministrateur, MotifStatut, StatutInvalide
from app.domain.cles import MAX_CLES, MAX_NOM_CLE, VALIDITE_MAX, CleInconnue, TropDeCles
from app.domain.comptes import MAX_NOM, Compte, Role, courriel_key
from app.domain.droits import DroitRefuse
from app.domain.errors import OffreIntrouvable
from app.domain.journal import Sensible
from app.domain.offre import StructureId
from schemas.connexion import read_courriel
from schemas.suggestions import quoted, unknown_value

LAST_ADMINISTRATOR = (
    "C’est le dernier administrateur : nommez-en d’abord un autre, avec « flask comptes ajouter »."
)


def comptes_commands(composition: Composition) -> click.Group:
    """Returns the group `flask comptes`."""
    group = click.Group("comptes", help="Tient les comptes de l’espace partenaires.")

    @group.command("ajouter", help="Crée un compte, ou change son rôle et le déconnecte.")
    @click.argument("courriel")
    @click.option("--role", required=True, help=f"{', '.join(Role)}.")
    @click.option("--perimetre", help="Territoire ou bassin d’un coordinateur.")
    @click.option("--nom", default="", help="Prénom et nom, vus des autres membres.")
    @explained
    def add_command(courriel: str, role: str, perimetre: str | None, nom: str) -> None:
        _add(composition, courriel, role, perimetre, nom)

    @group.command("admettre", help="Donne à un compte les fiches d’une structure.")
    @click.argument("courriel")
    @click.argument("structure")
    @explained
    def admit_command(courriel: str, structure: str) -> None:
        ident, quand = _compte_id(composition, courriel), composition.clock.now()
        try:
            composition.comptes.ask(ident, StructureId(structure), quand)
        except OffreIntrouvable:
            raise Failure(f"Aucune structure n’a l’identifiant {quoted(structure)}.") from None
        composition.comptes.admit(ident, StructureId(structure), COMMANDE, quand)
        composition.journal.note(COMMANDE, Sensible.ADHESION_ADMISE, structure, compte=ident)
        click.echo("Ce compte tient maintenant les fiches de la structure.")

    @group.command("fermer", help="Ferme un compte et ses sessions ; ce qu’il a écrit reste.")
    @click.argument("courriel")
    @explained
    def close_command(courriel: str) -> None:
        ident = _compte_id(composition, courriel)
        try:
            composition.annuaire.shut(COMMANDE, ident)
        except DernierAdministrateur:
            raise Failure(LAST_ADMINISTRATOR) from None
        click.echo("Compte fermé.")

    @group.command("cle", help="Fait une clé d’API pour un compte, et la montre une seule fois.")
    @click.argument("courriel")
    @click.option("--nom", help="Le logiciel qui s’en servira.")
    @click.option("--jours", type=click.IntRange(1, VALIDITE_MAX.days), default=VALIDITE_MAX.days)
    @click.option("--revoquer", metavar="NUMERO", type=int, help="Révoque cette clé du compte.")
    @explained
    def key_command(courriel: str, nom: str | None, jours: int, revoquer: int | None) -> None:
        compte = _compte(composition, courriel)
        if revoquer is not None:
            _revoke(composition, compte, revoquer)
        elif nom is not None:
            _make_key(composition, compte, nom.strip(), jours)
        else:
            _list_keys(composition, compte)

    add_journal(group, composition)
    _add_purge(group, composition)
    return group


def _add_purge(group: click.Group, composition: Composition) -> None:
    @group.command(
        "purger-brouillons", help="Efface les brouillons que personne n’a changés depuis 12 mois."
    )
    @explained
    def purge_command() -> None:
        click.echo(f"Brouillons effacés : {composition.brouillons.purge()}.")


def _make_key(composition: Composition, compte: Compte, nom: str, jours: int) -> None:
    if not nom or len(nom) > MAX_NOM_CLE or not nom.isprintable():
        raise Failure(f"Nommez la clé, en {MAX_NOM_CLE} caractères au plus : --nom.")
    try:
        cle, made = composition.cles.make(
            composition.connexion.acteur_of(compte), nom, timedelta(days=jours)
        )
    except TropDeCles:
        raise Failure(f"Ce compte a déjà {MAX_CLES} clés : révoquez-en une.") from None
    except DroitRefuse:
        raise Failure("Ce compte est fermé : il ne peut pas avoir de clé.") from None
    click.echo(f"Clé n° {made.id}, valable jusqu’au {made.expire_le:%d/%m/%Y} :")
    click.echo(cle)
    click.echo("Copiez-la maintenant : elle ne sera plus jamais montrée.")


def _revoke(composition: Composition, compte: Compte, numero: int) -> None:
    try:
        composition.cles.revoke(composition.connexion.acteur_of(compte), numero)
    except CleInconnue:
        raise Failure(f"Ce compte n’a pas de clé n° {numero}.") from None
    click.echo("Clé révoquée.")


def _list_keys(composition: Composition, compte: Compte) -> None:
    for cle in composition.cles.of(composition.connexion.acteur_of(compte)):
        seen = f"{cle.vue_le:%d/%m/%Y}" if cle.vue_le else "jamais"
        click.echo(f"{cle.id} : {cle.nom}, jusqu’au {cle.expire_le:%d/%m/%Y}, vue : {seen}")
    click.echo("Pour en faire une : --nom LOGICIEL.")


def _add(
    composition: Composition, courriel: str, role: str, perimetre: str | None, nom: str
) -> None:
    address = _address(courriel)
    if len(nom) > MAX_NOM:
        raise Failure(f"Ce nom est trop long : {MAX_NOM} caractères au plus.")
    try:
        composition.annuaire.install(COMMANDE, address, nom.strip(), role, perimetre)
    except StatutInvalide as fault:
        zones = list(composition.annuaire.perimetres)
        raise Failure(_said(fault.motif, role, perimetre or "", zones)) from None
    except DernierAdministrateur:
        raise Failure(LAST_ADMINISTRATOR) from None
    click.echo("Compte prêt : il se connecte par un lien, depuis la page /connexion.")


def _said(motif: MotifStatut, role: str, perimetre: str, zones: Sequence[str]) -> str:
    """Returns what is wrong with a role and its perimeter, and what to type."""
    match motif:
        case MotifStatut.ROLE_INCONNU:
            return unknown_value(role, list(Role))
        case MotifStatut.PERIMETRE_ATTENDU:
            return f"Un coordinateur a un périmètre : --perimetre {'|'.join(zones)}."
        case MotifStatut.PERIMETRE_INCONNU:
            return unknown_value(perimetre, zones)
    return "Seul un coordinateur a un périmètre : retirez --perimetre."


def _compte_id(composition: Composition, courriel: str) -> int:
    return _compte(composition, courriel).id


def _compte(composition: Composition, courriel: str) -> Compte:
    compte = composition.comptes.find(_address(courriel))
    if compte is None:
        raise Failure("Aucun compte n’a cette adresse : créez-le avec « flask comptes ajouter ».")
    return compte


def _address(courriel: str) -> str:
    try:
        return courriel_key(read_courriel(courriel))
    except ValidationError as error:
        raise Failure(str(error.messages[0])) from None
