"""`flask catalogue import`, `flask catalogue export`, and the reports of readers."""

import csv
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from app.cli.errors import Failure, explain, explained
from app.cli.index import drain_or_tell
from app.cli.signalements import add_signalements
from app.composition import Composition
from app.domain.feeds import Bilan, RecordReader, Rejet
from app.feeds.cellules import defused
from app.feeds.reader import FeedFile
from app.feeds.writer import FORMATS, write_feed
from app.services.import_feed import FeedImport

PASSES = 2  # a feed is read once for its structures and once for its services


def catalogue_commands(composition: Composition) -> click.Group:
    """Returns the group `flask catalogue`."""
    group = click.Group("catalogue", help="Importe, exporte et corrige le catalogue.")
    _add_import(group, composition)
    _add_export(group, composition)
    add_signalements(group, composition)
    return group


def _add_import(group: click.Group, composition: Composition) -> None:
    @group.command("import", help="Importe des flux data·inclusion v1 (JSON, JSONL, CSV, .gz).")
    @click.argument("fichiers", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option(
        "--complet", multiple=True, metavar="SOURCE", help="Retire ce que la source n’envoie plus."
    )
    @click.option(
        "--rejets", type=click.Path(path_type=Path), help="Fichier CSV des fiches refusées."
    )
    @click.option("--dry-run", is_flag=True, help="Lit tout et n’écrit rien.")
    @click.option("--force", is_flag=True, help="Accepte de retirer plus de 20 % d’une source.")
    @explained
    def import_command(
        fichiers: tuple[Path, ...],
        complet: tuple[str, ...],
        rejets: Path | None,
        dry_run: bool,
        force: bool,
    ) -> None:
        now = composition.clock.now()
        rejets = rejets or _default_rejects(composition, now.strftime("%Y%m%d-%H%M%S"))
        feeds = [FeedFile(path) for path in fichiers]
        reader = composition.record_reader()
        console = Console(stderr=True)
        with RejectsFile(rejets) as rejects, _progress(console) as bar:
            task = bar.add_task("Import", total=PASSES * sum(feed.size for feed in feeds))
            feed_import = FeedImport(
                store=composition.store,
                reader=reader,
                reject=rejects.write,
                progress=lambda read: bar.advance(task, read),
                now=now,
                dry_run=dry_run,
            )
            try:
                feed_import.run(feeds, complet, force=force)
            finally:
                bar.stop()
                _report(feed_import.bilan, reader, rejects, dry_run=dry_run)
        if not dry_run:
            _drain(composition, console)
        bilan = feed_import.bilan
        for fault in bilan.illisibles.values():
            Failure(explain(fault)).show()
        if bilan.illisibles or any(withdrawal.refused for withdrawal in bilan.retraits):
            raise SystemExit(1)


def _add_export(group: click.Group, composition: Composition) -> None:
    @group.command("export", help="Écrit structures et services dans un dossier.")
    @click.argument("dossier", type=click.Path(path_type=Path, file_okay=False))
    @click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl.gz")
    @explained
    def export_command(dossier: Path, form: str) -> None:
        counts = write_feed(composition.catalogue_export, dossier, form)
        for name, count in counts.items():
            click.echo(f"{dossier / f'{name}.{form}'} : {count}")


class RejectsFile:
    """A CSV of refused records, made when the first one comes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._file = self._open() if path.exists() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _open(self) -> IO[str]:
        # What UTF-8 cannot write, such as half a character, is spelled out.
        return self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="")

    def write(self, rejet: Rejet) -> None:
        """Adds one fault."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._open()
        writer = csv.DictWriter(self._file, ["fichier", "ligne", "identifiant", "champ", "raison"])
        if self.rows == 0:
            writer.writeheader()
        # What a record said is somebody else's, and this file is opened in a spreadsheet.
        cells = asdict(rejet).items()
        writer.writerow({n: defused(v) if isinstance(v, str) else v for n, v in cells})
        self.rows += 1


def _default_rejects(composition: Composition, stamp: str) -> Path:
    return composition.settings.data_dir / "rejets" / f"import-{stamp}.csv"


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )


def _drain(composition: Composition, console: Console) -> None:
    with _progress(console) as bar:
        task = bar.add_task("Index", total=composition.outbox.depth() or None)
        drain_or_tell(composition, lambda rows: bar.advance(task, rows))


def _report(bilan: Bilan, reader: RecordReader, rejects: RejectsFile, *, dry_run: bool) -> None:
    if dry_run:
        click.echo("Essai à blanc : rien n’a été écrit.")
    click.echo(
        f"{bilan.lus} fiches lues : {bilan.crees} créées, {bilan.modifies} modifiées, "
        f"{bilan.inchanges} inchangées, {bilan.rejetes} rejetées, {bilan.retires} retirées."
    )
    if rejects.rows:
        click.echo(f"Fiches rejetées, avec la raison : {rejects.path}")
    for withdrawal in bilan.retraits:
        if not withdrawal.published:
            click.echo(f"{withdrawal.source} : aucune fiche publiée ne vient de cette source.")
        if withdrawal.refused:
            share = round(100 * withdrawal.withdrawn / max(1, withdrawal.published))
            click.echo(
                f"{withdrawal.source} : {withdrawal.withdrawn} fiches sur {withdrawal.published} "
                f"({share} %) ne sont plus dans le flux ; rien n’a été retiré. Si c’est voulu, "
                "relancez avec --force.",
                err=True,
            )
    _report_counter(
        "Anciens codes de commune lus comme ceux d’aujourd’hui",
        [f"{old} → {new} ({count})" for (old, new), count in reader.resolved_codes.most_common()],
    )
    _report_counter(
        "Champs ignorés",
        [f"{name} ({count})" for name, count in reader.ignored_fields.most_common()],
    )


def _report_counter(title: str, entries: Sequence[str]) -> None:
    shown = 10
    if entries:
        more = f" et {len(entries) - shown} autres" if len(entries) > shown else ""
        text = f"{title} : {', '.join(entries[:shown])}{more}."
        click.echo(text.encode("utf-8", "backslashreplace").decode())
