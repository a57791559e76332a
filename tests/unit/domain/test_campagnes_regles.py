"""What a new campaign may ask: every fault is told at once, with its field."""

from datetime import date, timedelta

import pytest

from app.domain.campagnes import Campagne
from app.domain.campagnes_regles import CampagneInvalide, check

DEBUT, FIN = date(2026, 6, 1), date(2026, 7, 26)


def make_campagne(**fields: object) -> Campagne:
    values = {"nom": "Été", "perimetre": "vaucluse", "debut": DEBUT, "fin": FIN, **fields}
    return Campagne(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("champ", "motif", "fields"),
    [
        pytest.param("nom", "nom", {"nom": ""}, id="no-name"),
        pytest.param("nom", "nom", {"nom": "a" * 101}, id="long-name"),
        pytest.param("nom", "illisible", {"nom": "a\nb"}, id="two-lines"),
        pytest.param("nom", "illisible", {"nom": "a\u2028b"}, id="two-lines-of-unicode"),
        pytest.param(
            "debut", "debut", {"debut": date.min, "fin": date.min, "relances": ()}, id="long-ago"
        ),
        pytest.param("fin", "fin", {"fin": DEBUT - timedelta(days=1)}, id="ends-before"),
        pytest.param("fin", "fin", {"fin": DEBUT + timedelta(days=367)}, id="two-campaigns"),
        pytest.param("relances", "relances", {"relances": (20, 10)}, id="backwards"),
        pytest.param("relances", "relances", {"relances": (0,)}, id="twice-the-same-day"),
        pytest.param("relances", "relances", {"relances": (1, 2, 3, 4, 5, 6)}, id="too-many"),
        pytest.param("message", "message", {"message": "a" * 1001}, id="long"),
        pytest.param("message", "illisible", {"message": "Merci\0"}, id="nul"),
        pytest.param("message", "illisible", {"message": "Merci\ud800"}, id="half-a-character"),
        pytest.param("mois", "mois", {"mois": 0}, id="no-month"),
        pytest.param("mois", "mois", {"mois": 61}, id="too-many-months"),
    ],
)
def test_a_campaign_that_breaks_a_rule_is_refused(
    champ: str, motif: str, fields: dict[str, object]
) -> None:
    with pytest.raises(CampagneInvalide) as refused:
        check(make_campagne(**fields))

    assert [(one.chemin, one.motif) for one in refused.value.problemes] == [(champ, motif)]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"nom": "Été\u00a02026\u202f: relance"}, id="spaces-that-do-not-break"),
        pytest.param({"message": "Bonjour,\r\n\tmerci\u00a0!"}, id="lines"),
        pytest.param({"fin": DEBUT + timedelta(days=20)}, id="last-reminder-on-the-last-day"),
        pytest.param({"fin": DEBUT, "relances": ()}, id="one-day"),
    ],
)
def test_a_campaign_that_breaks_none_is_opened(fields: dict[str, object]) -> None:
    check(make_campagne(**fields))


@pytest.mark.parametrize(
    ("days", "motif", "late"),
    [(5, "tardives", "10, 20"), (19, "tardives", "20"), (0, "aucune_relance", "10, 20")],
)
def test_a_reminder_that_would_never_leave_is_told(days: int, motif: str, late: str) -> None:
    with pytest.raises(CampagneInvalide) as refused:
        check(make_campagne(fin=DEBUT + timedelta(days=days)))

    (problem,) = refused.value.problemes
    assert (problem.chemin, problem.motif) == ("relances", motif)
    assert problem.details == {"tardives": late, "jours": str(days)}


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(CampagneInvalide) as refused:
        check(make_campagne(nom="", mois=0, relances=(2, 1)))

    assert {one.chemin for one in refused.value.problemes} == {"nom", "mois", "relances"}


def test_one_that_was_kept_before_a_rule_is_still_read() -> None:
    assert make_campagne(fin=DEBUT, message="\0").message == "\0"
