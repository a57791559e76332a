"""`flask comptes journal`: who did what is sensitive, read and purged by who runs the site."""

from datetime import UTC, date, datetime, time

import click

from app.cli.errors import Failure, explained
from app.clock import PARIS
from app.composition import Composition
from app.domain.journal import DUREE_JOURNAL, Filtre, Sensible
from schemas.suggestions import quoted, unknown_value

COMMANDE = "commande"  # how lines name who types commands


def add_journal(group: click.Group, composition: Composition) -> None:
    """Adds the command to the group `flask comptes`."""

    @group.command("journal", help="Montre les actions sensibles, les plus récentes d’abord.")
    @click.option("--action", help="Une action, par exemple « droit-refuse ».")
    @click.option("--auteur", help="Par exemple « compte:12 » ou « commande ».")
    @click.option("--objet", help="L’identifiant d’une fiche, ou « compte:12 ».")
    @click.option("--depuis", metavar="AAAA-MM-JJ", help="À partir de ce jour.")
    @click.option("--purger", is_flag=True, help="Efface ce qui a plus de 12 mois.")
    @explained
    def journal_command(
        action: str | None, auteur: str | None, objet: str | None, depuis: str | None, purger: bool
    ) -> None:
        if purger:
            count = composition.journal.purge()
            click.echo(f"{count} lignes de plus de {DUREE_JOURNAL.days} jours effacées.")
            return
        if action is not None and action not in set(Sensible):
            raise Failure(unknown_value(action, list(Sensible)))
        filtre = Filtre(
            action=Sensible(action) if action else None,
            auteur=auteur,
            objet=objet,
            depuis=_day(depuis) if depuis else None,
        )
        _list(composition, filtre)


def _list(composition: Composition, filtre: Filtre) -> None:
    # Who types commands on the machine holds the database: no right is asked.
    lignes = composition.journal.store.find(filtre)
    for ligne in lignes:
        quand = ligne.quand.astimezone(UTC)
        details = [f"{name}={value}" for name, value in ligne.details.items()]
        words = (ligne.auteur, ligne.action.value, ligne.objet or "-", *details)
        click.echo(f"{quand:%Y-%m-%dT%H:%M:%SZ} {' '.join(words)}")
    if not lignes:
        click.echo("Aucune ligne ne correspond.")


def _day(typed: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(typed), time.min, PARIS)
    except ValueError:
        raise Failure(f"{quoted(typed)} n’est pas une date : écrivez AAAA-MM-JJ.") from None
