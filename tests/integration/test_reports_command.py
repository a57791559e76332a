"""`flask catalogue signalements`: the coordinator reads, closes and erases reports."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.edition import FicheRef
from app.domain.signalements import Constat, Motif
from app.persistence.signalements import SqlSignalementStore
from tests.integration.site import SERVICE, STRUCTURE, Site
from tests.unit.persistence.dumps import rows

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LATE = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # the next day in Paris
OFFRE = FicheRef(objet="offre", id="dora--1--permis")
STRUCTURE_REF = FicheRef(objet="structure", id="dora--1")
COMMAND = ("catalogue", "signalements")


def report(site: Site, constat: Constat, quand: datetime = NOON, fiche: FicheRef = OFFRE) -> int:
    """Keeps a report and returns its number."""
    store = SqlSignalementStore(site.engine)
    store.add(fiche, constat, quand)
    return store.list_open()[0].signalement.id


def words_of(output: str) -> str:
    return " ".join(output.split())


@pytest.fixture
def reported(site: Site) -> Site:
    """A site where one offer was reported twice."""
    site.import_(site.write("flux", [STRUCTURE, SERVICE]))
    report(site, Constat(motif=Motif.LIEN_CASSE))
    report(site, Constat(motif=Motif.LIEN_CASSE), NOON + timedelta(hours=1))
    report(site, Constat(motif=Motif.HORAIRES, precision="Au [numéro retiré] : [b]lundi"), LATE)
    return site


def test_no_report_is_said(site: Site) -> None:
    result = site.run(*COMMAND)

    assert (result.exit_code, result.output) == (0, "Aucun signalement à traiter.\n")


def test_open_reports_are_listed_newest_first(reported: Site) -> None:
    result = reported.run(*COMMAND)

    assert result.exit_code == 0
    for words in (
        "Atelier code de la route",
        f"offre {OFFRE.id}",
        "Les horaires",
        "Un lien ne marche pas",
    ):
        assert words in result.output
    assert result.output.index("Les horaires") < result.output.index("Un lien ne marche pas")
    assert "23/11/2026" in result.output
    assert [line.split()[-1] for line in result.output.splitlines() if "/11/2026" in line] == [
        "1",
        "2",
    ]


def test_a_report_of_a_structure_says_that_it_is_one(reported: Site) -> None:
    report(reported, Constat(motif=Motif.N_EXISTE_PLUS), fiche=STRUCTURE_REF)

    shown = words_of(reported.run(*COMMAND).output)

    for words in ("Le Garage solidaire", "structure dora--1", "La structure"):
        assert words in shown


def test_square_brackets_are_shown_as_they_are(reported: Site) -> None:
    shown = reported.run(*COMMAND).output

    assert "[numéro retiré]" in shown
    assert "[b]lundi" in shown


def test_a_report_of_an_erased_offer_is_still_listed(site: Site) -> None:
    report(site, Constat(motif=Motif.AUTRE))

    result = site.run(*COMMAND)

    assert "(fiche effacée)" in words_of(result.output)
    assert OFFRE.id in result.output


def test_a_handled_report_leaves_the_list(reported: Site) -> None:
    ident = report(reported, Constat(motif=Motif.AUTRE), LATE + timedelta(minutes=1))

    result = reported.run(*COMMAND, "--traiter", ident)

    assert (result.exit_code, result.output) == (0, f"Le signalement {ident} est traité.\n")
    assert "Autre chose" not in reported.run(*COMMAND).output
    assert len(rows(reported.engine, "signalements")) == 3


@pytest.mark.parametrize("numero", ["99", "0", "-1", "9" * 30])
def test_a_number_that_nobody_has_is_explained(reported: Site, numero: str) -> None:
    result = reported.run(*COMMAND, f"--traiter={numero}")

    assert result.exit_code == 1
    assert f"Aucun signalement ne porte le numéro {numero}" in result.output
    assert "flask catalogue signalements" in result.output


@pytest.mark.parametrize("text", ["douze", "1,5", "", "9" * 5_000])
def test_what_is_no_number_is_explained(reported: Site, text: str) -> None:
    result = reported.run(*COMMAND, f"--traiter={text}")

    assert result.exit_code == 1
    assert "n’est pas un numéro de signalement" in result.output


def test_the_purge_erases_what_was_handled_before_a_day(reported: Site) -> None:
    store = SqlSignalementStore(reported.engine)
    newest, oldest = (listed.signalement.id for listed in store.list_open())
    store.mark_handled(oldest, NOON)
    store.mark_handled(newest, LATE)

    result = reported.run(*COMMAND, "--purger-avant", "2026-11-23")

    assert result.exit_code == 0
    assert "avant le 23 novembre 2026 et effacés : 1." in words_of(result.output)
    assert [row["id"] for row in rows(reported.engine, "signalements")] == [newest]


def test_the_purge_leaves_what_is_still_to_handle(reported: Site) -> None:
    reported.run(*COMMAND, "--purger-avant", "2099-01-01")

    assert len(rows(reported.engine, "signalements")) == 2


@pytest.mark.parametrize("text", ["hier", "2026-13-01", "31/03/2026", "", "0001-01-01"])
def test_a_date_that_cannot_be_read_is_explained(reported: Site, text: str) -> None:
    result = reported.run(*COMMAND, f"--purger-avant={text}")

    assert result.exit_code == 1
    assert "n’est pas une date : écrivez-la comme 2026-03-31." in result.output
    assert len(rows(reported.engine, "signalements")) == 2
