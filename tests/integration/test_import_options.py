"""`--complet`, `--force` and `--dry-run`: what a feed withdraws, and what a trial tells."""

import gzip
import json

import pytest

from tests.integration.site import SERVICE, STRUCTURE, Site, make_services
from tests.integration.test_import_command import counts_of
from tests.unit.persistence.dumps import dump, row, rows

OTHER = {**STRUCTURE, "source": "soliguide", "id": "soliguide--1", "nom": "Ailleurs"}


def states(site: Site) -> dict[object, object]:
    found = rows(site.engine, "offres") + rows(site.engine, "structures")
    return {listing["id"]: listing["etat_publication"] for listing in found}


@pytest.fixture
def ten(site: Site) -> Site:
    """One structure and nine services of one source, one structure of another."""
    result = site.import_(site.write("first", [STRUCTURE, *make_services(9), OTHER]))
    assert result.exit_code == 0
    return site


def test_without_the_option_nothing_is_withdrawn(ten: Site) -> None:
    ten.import_(ten.write("second", [STRUCTURE]))

    assert set(states(ten).values()) == {"publie"}


def test_what_the_source_no_longer_sends_is_withdrawn(ten: Site) -> None:
    feed = ten.write("second", [STRUCTURE, *make_services(7)])

    result = ten.import_(feed, "--complet", "dora")

    assert result.exit_code == 0
    assert counts_of(result.output)["retirées"] == 2
    gone = {ident for ident, state in states(ten).items() if state == "retire"}
    assert gone == {"dora--1--8", "dora--1--9"}
    assert ten.run("index", "check").exit_code == 0
    assert rows(ten.engine, "imports")[-1]["bilan"]["retires"] == 2  # type: ignore[index]  # JSON


def test_too_many_withdrawals_are_refused_whole(ten: Site) -> None:
    feed = ten.write("second", [STRUCTURE, *make_services(6, nom="Un nouveau nom")])

    result = ten.import_(feed, "--complet", "dora")

    assert result.exit_code == 1
    assert "dora : 3 fiches sur 10 (30 %)" in result.stderr
    assert "--force" in result.stderr
    assert set(states(ten).values()) == {"publie"}
    assert row(ten.engine, "offres", id="dora--1--1")["nom"] == "Un nouveau nom"
    assert ten.run("index", "check").exit_code == 0


def test_too_many_withdrawals_may_be_wanted(ten: Site) -> None:
    result = ten.import_(ten.write("second", [STRUCTURE]), "--complet", "dora", "--force")

    assert result.exit_code == 0
    assert list(states(ten).values()).count("retire") == 9
    assert states(ten)["soliguide--1"] == "publie"


def test_several_sources_are_judged_one_by_one(ten: Site) -> None:
    feed = ten.write("second", [STRUCTURE, *make_services(8)])

    result = ten.import_(feed, "--complet", "soliguide", "--complet", "dora")

    assert result.exit_code == 1
    assert "soliguide : 1 fiches sur 1 (100 %)" in result.stderr
    assert states(ten)["soliguide--1"] == "publie"
    assert states(ten)["dora--1--9"] == "retire"


def test_refused_records_are_not_withdrawn(ten: Site) -> None:
    """They are wrong, not absent."""
    broken = {**make_services(1)[0], "code_insee": "99999"}
    orphan = {**make_services(2)[1], "structure_id": "nowhere"}
    feed = ten.write("second", [STRUCTURE, broken, orphan, *make_services(9)[2:]])

    result = ten.import_(feed, "--complet", "dora")

    assert counts_of(result.output)["rejetées"] == 2
    assert counts_of(result.output)["retirées"] == 0
    assert states(ten)["dora--1--1"] == "publie"
    assert states(ten)["dora--1--2"] == "publie"


def test_a_structure_whose_record_is_refused_keeps_its_services(ten: Site) -> None:
    feed = ten.write("second", [{**STRUCTURE, "nom": "X"}, *make_services(9, nom="Permis moto")])

    result = ten.import_(feed, "--complet", "dora")

    assert counts_of(result.output)["modifiées"] == 9
    assert set(states(ten).values()) == {"publie"}


def test_a_listing_comes_back_with_its_source(ten: Site) -> None:
    ten.import_(ten.write("second", [STRUCTURE, *make_services(8)]), "--complet", "dora")

    result = ten.import_(ten.write("first", [STRUCTURE, *make_services(9)]), "--complet", "dora")

    assert counts_of(result.output)["modifiées"] == 1
    assert states(ten)["dora--1--9"] == "publie"
    assert ten.run("index", "check").exit_code == 0


def test_a_source_never_seen_withdraws_nothing(ten: Site) -> None:
    before = states(ten)

    result = ten.import_(ten.write("second", [STRUCTURE]), "--complet", "doar")

    assert result.exit_code == 0
    assert states(ten) == before


def test_a_source_never_seen_is_told(ten: Site) -> None:
    """A name mistyped in a nightly job would otherwise go unnoticed for ever."""
    result = ten.import_(ten.write("second", [STRUCTURE]), "--complet", "doar")

    assert "doar" in result.output


TRUNCATED = {
    "array": json.dumps([STRUCTURE, *make_services(9)])[:-200].encode(),
    "gzip": gzip.compress(json.dumps([STRUCTURE, *make_services(9)]).encode())[:-10],
    "csv": b'id,source,nom,date_maj\ndora--1,dora,"Le Garage',
}


@pytest.mark.parametrize("form", TRUNCATED)
def test_a_truncated_feed_withdraws_nothing(ten: Site, form: str) -> None:
    result = ten.import_(ten.write("second", TRUNCATED[form]), "--complet", "dora", "--force")

    assert result.exit_code == 1
    assert "second : " in result.stderr
    assert "Traceback" not in result.output
    assert set(states(ten).values()) == {"publie"}


def test_a_missing_file_withdraws_nothing(ten: Site) -> None:
    whole = ten.write("second", [STRUCTURE])

    result = ten.import_(whole, ten.folder / "nowhere", "--complet", "dora", "--force")

    assert result.exit_code == 1
    assert "nowhere : le fichier n’existe pas" in result.stderr
    assert set(states(ten).values()) == {"publie"}


CHANGED = [
    STRUCTURE,
    *make_services(3),
    *make_services(5, nom="Permis moto")[3:],
    {**SERVICE, "id": "dora--1--new"},
    {**SERVICE, "id": "dora--1--orphan", "structure_id": "nowhere"},
    {**SERVICE, "id": "dora--1--broken", "publics": ["jeune"]},
    {**STRUCTURE, "id": "dora--2", "nom": "Nouvelle structure"},
    {**SERVICE, "id": "dora--2--o", "structure_id": "dora--2"},
]


def test_a_trial_writes_nothing_and_predicts_the_counts(ten: Site) -> None:
    feed = ten.write("second", CHANGED)
    before = dump(ten.engine)

    trial = ten.import_(feed, "--dry-run")
    told = ten.rejected()

    assert trial.exit_code == 0
    assert "rien n’a été écrit" in trial.output
    assert dump(ten.engine) == before
    real = ten.import_(feed)
    assert counts_of(trial.output) == counts_of(real.output)
    assert ten.rejected() == told


def test_a_trial_on_an_empty_catalogue_predicts_the_counts(site: Site) -> None:
    feed = site.write("flux", CHANGED)

    trial = site.import_(feed, "--dry-run")

    assert rows(site.engine, "structures") == []
    assert counts_of(trial.output) == counts_of(site.import_(feed).output)


def test_a_trial_sees_what_is_unchanged_whatever_its_form(ten: Site) -> None:
    """The same values written otherwise are no change, in a trial as in an import."""
    feed = ten.write("second", [STRUCTURE | {"telephone": None}, *make_services(9, frais="")])

    trial = ten.import_(feed, "--dry-run")

    assert counts_of(trial.output) == counts_of(ten.import_(feed).output)


def test_a_trial_predicts_the_withdrawals(ten: Site) -> None:
    feed = ten.write("second", [STRUCTURE, *make_services(8)])

    trial = ten.import_(feed, "--complet", "dora", "--dry-run")

    assert set(states(ten).values()) == {"publie"}
    assert counts_of(trial.output)["retirées"] == 1
