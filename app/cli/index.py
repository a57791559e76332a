"""`flask index rebuild | drain | check`."""

import sqlite3
import time
from typing import NoReturn

import click
import structlog
from sqlalchemy.exc import DBAPIError

from app.cli.errors import explain, explained
from app.composition import Composition
from app.domain.errors import CatalogueError, IndexUnavailable
from indexer.sync import Report

log = structlog.get_logger(__name__)

WATCH_MAX_SECONDS = 30.0  # between two tries while something is away
WATCH_SECONDS = 1.0  # a change by another process is searchable within about this delay
SHOWN = 20  # ids listed by `check`; the counts tell the rest


def index_commands(composition: Composition) -> click.Group:
    """Returns the group `flask index`."""
    group = click.Group("index", help="Tient l’index de recherche à jour.")

    @group.command("rebuild", help="Refait l’index depuis la base ; les recherches continuent.")
    @explained
    def rebuild_command() -> None:
        started = time.monotonic()
        name = composition.sync.rebuild()
        seconds = time.monotonic() - started
        click.echo(f"Index refait en {seconds:.1f} s : {name}")

    @group.command("drain", help="Porte dans l’index les changements en attente.")
    @click.option("--watch", is_flag=True, help="Recommence sans fin (processus de travail).")
    @explained
    def drain_command(watch: bool) -> None:
        if watch:
            _drain_for_ever(composition)
        composition.sync.drain()

    @group.command("check", help="Compare la base et l’index ; code 1 s’ils diffèrent.")
    @click.option("--reparer", is_flag=True, help="Porte dans l’index ce qui diffère.")
    @explained
    def check_command(reparer: bool) -> None:
        difference = composition.sync.check()
        if reparer and not difference.is_clean:
            composition.sync.repair([*difference.missing, *difference.extra])
            difference = composition.sync.check()
        if difference.is_clean:
            click.echo("La base et l’index disent la même chose.")
            return
        click.echo(f"Changements en attente : {difference.waiting}")
        for title, ids in (
            ("Absentes de l’index", difference.missing),
            ("En trop dans l’index", difference.extra),
        ):
            click.echo(f"{title} : {len(ids)}")
            for ident in ids[:SHOWN]:
                click.echo(f"  {ident}")
        click.echo("« flask index check --reparer » y remédie ; sinon, « flask index rebuild ».")
        raise SystemExit(1)

    return group


def drain_or_tell(composition: Composition, report: Report = lambda _: None) -> None:
    """Pays what the index is owed, if anything; says so when the engine is away.

    What a command wrote is written all the same, and the debt is kept.
    """
    try:
        if composition.outbox.depth() or not composition.sync.is_ready():
            composition.sync.drain(report)
    except IndexUnavailable as exc:
        click.echo(explain(exc), err=True)


def _drain_for_ever(composition: Composition) -> NoReturn:
    """Drains as changes come; an outage of the record or of the engine is waited for."""
    wait = WATCH_SECONDS
    while True:
        try:
            if composition.outbox.depth() or not composition.sync.is_ready():
                composition.sync.drain()
            wait = WATCH_SECONDS
        except (CatalogueError, DBAPIError, sqlite3.Error) as exc:
            log.warning("drain_failed", error=type(exc).__name__, retry_in_seconds=wait)
            wait = min(2 * wait, WATCH_MAX_SECONDS)
        time.sleep(wait)
