"""`flask seed reference | demo` and `flask db upgrade`."""

import click

from app.cli.errors import explain, explained
from app.cli.index import drain_or_tell
from app.composition import Composition
from app.persistence import schema
from app.services.import_feed import FeedImport
from seed.dispositifs import load_dispositifs


def seed_commands(composition: Composition) -> click.Group:
    """Returns the group `flask seed`."""
    group = click.Group("seed", help="Vérifie les références, charge le catalogue livré.")

    @group.command("reference", help="Lit et vérifie toutes les données de référence.")
    @explained
    def reference_command() -> None:
        geographie, vocabulaire = composition.geographie, composition.vocabulaire
        dispositifs = load_dispositifs(vocabulaire, geographie)
        bassins = sum(len(territoire.bassins) for territoire in composition.territoires)
        click.echo(
            f"{len(geographie.places)} lieux, {len(vocabulaire.faits)} faits, "
            f"{len(vocabulaire.publics)} publics, {len(composition.territoires)} territoires, "
            f"{bassins} bassins, {len(dispositifs)} dispositifs : les références sont bonnes."
        )

    @group.command("demo", help="Charge le catalogue livré (Vaucluse et Meuse).")
    @click.option("--si-vide", is_flag=True, help="Ne fait rien si le catalogue a des offres.")
    @explained
    def demo_command(si_vide: bool) -> None:
        if not (si_vide and composition.catalogue_reader.has_any()):
            rejected: list[str] = []
            feed_import = FeedImport(
                store=composition.store,
                reader=composition.record_reader(),
                reject=lambda rejet: rejected.append(f"{rejet.identifiant} : {rejet.raison}"),
                progress=lambda _: None,
                now=composition.clock.now(),
            )
            bilan = feed_import.run(composition.shipped_feeds(), (), force=False)
            for line in (*rejected, *map(explain, bilan.illisibles.values())):
                click.echo(line, err=True)
            click.echo(
                f"Catalogue livré : {bilan.crees} fiches créées, {bilan.modifies} modifiées, "
                f"{bilan.inchanges} inchangées."
            )
        drain_or_tell(composition)

    return group


def database_commands(composition: Composition) -> click.Group:
    """Returns the group `flask db`."""
    group = click.Group("db", help="Tient la base de données à jour.")

    @group.command("upgrade", help="Crée ou met à jour la base de données.")
    @explained
    def upgrade_command() -> None:
        schema.upgrade(composition.database_of_any_version)
        click.echo(f"Base de données à la version {schema.HEAD}.")

    return group
