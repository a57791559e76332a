"""What an offer says by its silences: modes, position, precision, date."""

from datetime import date

import pytest

from app.domain.arbre import Critere
from app.domain.territoire import Point
from tests.builders import make_eligibilite, make_offre, make_structure

RSA = Critere(fait="allocations", parmi=("rsa",))


@pytest.mark.parametrize(
    ("modes", "on_site", "remote"),
    [
        pytest.param(None, True, False, id="silence-means-on-site"),
        pytest.param(("en-presentiel",), True, False, id="on-site"),
        pytest.param(("a-distance",), False, True, id="remote"),
        pytest.param(("a-distance", "en-presentiel"), True, True, id="both"),
    ],
)
def test_modes_say_how_an_offer_is_delivered(
    modes: tuple[str, ...] | None, on_site: bool, remote: bool
) -> None:
    offre = make_offre(modes_accueil=modes)

    assert (offre.is_on_site, offre.is_remote) == (on_site, remote)


@pytest.mark.parametrize(
    ("fields", "point"),
    [
        pytest.param({"latitude": 44.0, "longitude": 5.0}, Point(44.0, 5.0), id="known"),
        pytest.param({"latitude": 0.0, "longitude": 0.0}, Point(0.0, 0.0), id="zero-is-known"),
        pytest.param({"latitude": 44.0}, None, id="half-known"),
        pytest.param({"longitude": 5.0}, None, id="other-half-known"),
        pytest.param(
            {"latitude": 44.0, "longitude": 5.0, "adresse_confidentielle": True},
            None,
            id="confidential",
        ),
    ],
)
def test_a_confidential_or_missing_position_is_no_point(
    fields: dict[str, object], point: Point | None
) -> None:
    assert make_offre(**fields).point == point


@pytest.mark.parametrize(
    ("fields", "imprecise"),
    [
        pytest.param({}, True, id="neither-publics-nor-tree"),
        pytest.param({"publics": ("tous-publics",)}, False, id="publics-alone"),
        pytest.param({"eligibilite": make_eligibilite(RSA)}, False, id="tree-alone"),
        pytest.param({"eligibilite": make_eligibilite(RSA, "Motivation")}, True, id="to-check"),
        pytest.param(
            {"publics": ("jeunes",), "eligibilite": make_eligibilite(RSA, "Motivation")},
            True,
            id="to-check-with-publics",
        ),
        pytest.param(
            {"publics": ("jeunes",), "conditions_acces": "Sur entretien"}, True, id="conditions"
        ),
        pytest.param(
            {"publics": ("jeunes",), "publics_precisions": "Suivis"}, True, id="precisions"
        ),
    ],
)
def test_free_text_or_silence_makes_an_offer_imprecise(
    fields: dict[str, object], imprecise: bool
) -> None:
    assert make_offre(**fields).is_imprecise is imprecise


@pytest.mark.parametrize(
    ("confirmed", "expected"),
    [
        pytest.param(None, date(2026, 1, 1), id="never-confirmed"),
        pytest.param(date(2026, 6, 1), date(2026, 6, 1), id="confirmed-later"),
        pytest.param(date(2025, 6, 1), date(2026, 1, 1), id="updated-since"),
    ],
)
def test_freshness_starts_at_the_later_date(confirmed: date | None, expected: date) -> None:
    offre = make_offre(date_maj=date(2026, 1, 1), derniere_confirmation=confirmed)

    assert offre.date_fraicheur == expected


def test_a_structure_is_published_and_public_unless_it_says_otherwise() -> None:
    structure = make_structure()

    assert structure.etat_publication == "publie"
    assert not structure.adresse_confidentielle
