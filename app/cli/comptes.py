"""`flask comptes`: accounts made, changed and closed by who runs the site."""

import click
from marshmallow import ValidationError

from app.cli.errors import Failure, explained
from app.composition import Composition
from app.domain.comptes import MAX_NOM, Role, courriel_key
from app.domain.errors import OffreIntrouvable
from app.domain.offre import StructureId
from schemas.connexion import read_courriel
from schemas.suggestions import quoted, unknown_value


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
        composition.comptes.admit(ident, StructureId(structure), "commande", quand)
        click.echo("Ce compte tient maintenant les fiches de la structure.")

    @group.command("fermer", help="Ferme un compte et ses sessions ; ce qu’il a écrit reste.")
    @click.argument("courriel")
    @explained
    def close_command(courriel: str) -> None:
        composition.comptes.close(_compte_id(composition, courriel))
        click.echo("Compte fermé.")

    @group.command(
        "purger-brouillons", help="Efface les brouillons que personne n’a changés depuis 12 mois."
    )
    @explained
    def purge_command() -> None:
        click.echo(f"Brouillons effacés : {composition.brouillons.purge()}.")

    return group


def _add(
    composition: Composition, courriel: str, role: str, perimetre: str | None, nom: str
) -> None:
    address = _address(courriel)
    if role not in set(Role):
        raise Failure(unknown_value(role, list(Role)))
    slugs = [t.slug for t in composition.territoires]
    slugs += [b.slug for t in composition.territoires for b in t.bassins]
    zones = list(dict.fromkeys(slugs))
    if role == Role.COORDINATEUR and perimetre is None:
        raise Failure(f"Un coordinateur a un périmètre : --perimetre {'|'.join(zones)}.")
    if perimetre is not None and perimetre not in zones:
        raise Failure(unknown_value(perimetre, zones))
    if perimetre is not None and role != Role.COORDINATEUR:
        raise Failure("Seul un coordinateur a un périmètre : retirez --perimetre.")
    if len(nom) > MAX_NOM:
        raise Failure(f"Ce nom est trop long : {MAX_NOM} caractères au plus.")
    composition.comptes.save(address, nom.strip(), Role(role), perimetre, composition.clock.now())
    click.echo("Compte prêt : il se connecte par un lien, depuis la page /connexion.")


def _compte_id(composition: Composition, courriel: str) -> int:
    compte = composition.comptes.find(_address(courriel))
    if compte is None:
        raise Failure("Aucun compte n’a cette adresse : créez-le avec « flask comptes ajouter ».")
    return compte.id


def _address(courriel: str) -> str:
    try:
        return courriel_key(read_courriel(courriel))
    except ValidationError as error:
        raise Failure(str(error.messages[0])) from None
