"""`flask catalogue signalements`: what readers say is wrong with sheets, for the coordinator."""

from collections.abc import Sequence
from datetime import date

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.errors import Failure, explained
from app.clock import PARIS
from app.composition import Composition
from app.domain.francais import date_fr
from app.domain.signalements import SignalementListe
from app.services.signalements import SignalementService
from schemas.signalements import MOTIFS
from schemas.suggestions import quoted

ERASED = "(fiche effacée)"


def add_signalements(group: click.Group, composition: Composition) -> None:
    """Adds the command to the group `flask catalogue`."""

    @group.command("signalements", help="Liste les erreurs signalées sur les fiches.")
    @click.option("--traiter", metavar="ID", help="Marque un signalement comme traité.")
    @click.option(
        "--purger-avant",
        metavar="AAAA-MM-JJ",
        help="Efface les signalements traités avant ce jour (au plus tard au bout de 12 mois).",
    )
    @explained
    def signalements_command(traiter: str | None, purger_avant: str | None) -> None:
        service = composition.signalements
        if traiter is None and purger_avant is None:
            _list(service.list_open())
        if traiter is not None:
            _mark_handled(service, traiter)
        if purger_avant is not None:
            _purge(service, purger_avant)


def _list(open_ones: Sequence[SignalementListe]) -> None:
    if not open_ones:
        click.echo("Aucun signalement à traiter.")
        return
    table = Table(box=box.HORIZONTALS, show_lines=True)
    table.add_column("ID", justify="right", no_wrap=True)
    table.add_column("Fiche", overflow="fold")
    table.add_column("Erreur", overflow="fold")
    table.add_column("Reçu le", no_wrap=True)
    table.add_column("Fois", justify="right", no_wrap=True)
    for listed in open_ones:
        # As plain texts: square brackets in a cell would be read as a style, and lost.
        table.add_row(*map(Text, _cells(listed)))
    Console().print(table)


def _cells(listed: SignalementListe) -> tuple[str, ...]:
    one = listed.signalement
    return (
        str(one.id),
        f"{listed.fiche_nom or ERASED}\n{one.fiche.objet} {one.fiche.id}",
        "\n".join(filter(None, (MOTIFS[one.fiche.objet][one.motif], one.precision))),
        one.recu_le.astimezone(PARIS).strftime("%d/%m/%Y"),
        str(one.fois),
    )


def _mark_handled(service: SignalementService, text: str) -> None:
    try:
        ident = int(text)
    except ValueError:
        fault = f"{quoted(text)} n’est pas un numéro de signalement : écrivez un nombre."
        raise Failure(fault) from None
    service.mark_handled(ident)
    click.echo(f"Le signalement {ident} est traité.")


def _purge(service: SignalementService, text: str) -> None:
    try:
        day = date.fromisoformat(text)
        count = service.purge_before(day)
    except (ValueError, OverflowError):
        raise Failure(f"{quoted(text)} n’est pas une date : écrivez-la comme 2026-03-31.") from None
    click.echo(f"Signalements traités avant le {date_fr(day)} et effacés : {count}.")
