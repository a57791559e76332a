"""What reaches a person is taken out of a text, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.coordonnees import EMAIL_REMOVED, NUMBER_REMOVED, masked


@pytest.mark.parametrize(
    "number",
    [
        "0600000000",
        "06 00 00 00 00",
        "06\u00a000\u202f00 00 00",
        "06.00.00.00.00",
        "06-00-00-00-00",
        "06 - 00 - 00 - 00 - 00",
        "0 600 000 000",
        "04/90/00/00/00",
        "04 / 90 / 00 / 00 / 00",
        "6 00 00 00 00",
        "+33600000000",
        "+33 6 00 00 00 00",
        "+33 (0)6 00 00 00 00",
        "0033 6 00 00 00 00",
        "+262 692 00 00 00",
        "+32 470 00 00 00",
    ],
)
def test_a_telephone_number_is_removed(number: str) -> None:
    assert masked(f"Appelez le {number}, merci") == f"Appelez le {NUMBER_REMOVED}, merci"


def test_two_numbers_side_by_side_are_two() -> None:
    text = masked("0600000000/0490000000 ou 0600000000 0490000000")

    assert text.count(NUMBER_REMOVED) == 4
    assert not any(char.isdigit() for char in text)


@pytest.mark.parametrize(
    "address",
    [
        "jean.dupont@exemple.fr",
        "jean+aide@mail.exemple.fr",
        "Jean@exemple",
        "jean @ exemple.fr",
        "jean (at) exemple.fr",
        "jean[AT]exemple.fr",
        "jean (arobase) exemple.fr",
        "éloïse@exemple.fr",
    ],
)
def test_an_email_address_is_removed(address: str) -> None:
    assert masked(f"Écrire à {address}, merci.") == f"Écrire à {EMAIL_REMOVED}, merci."


@pytest.mark.parametrize(
    "text",
    [
        "Fermé le lundi, ouvert de 09:00-12:00 et 14:00-18:00",
        "De 9h-12h à 14h-18h30, le 1er et le 3e samedi",
        "Depuis le 05/11/2026 09h30",
        "Depuis le 05.11.2026 09h30",
        "Depuis le 05-11-2026 09h30",
        "84000 Avignon, code INSEE 84007",
        "SIRET 13002526500013",
        "SIRET 130 025 265 00013",
        "SIREN 130025265",
        "Appelez le 115 ou le 3919, ou le 36 46",
        "RDV @ 9 h, suivez @mairie",
        "1 250 000 euros en 2025, 2026 et 2027",
        "",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="0123456789 .-/+()@aé[]", max_size=60))
def test_a_masked_text_has_nothing_more_to_mask(text: str) -> None:
    once = masked(text)

    assert masked(once) == once


@given(st.lists(st.sampled_from((" ", ".", "-", "", "\u00a0")), min_size=9, max_size=9))
def test_ten_digits_are_a_number_however_they_are_spaced(gaps: list[str]) -> None:
    digits = "0611223344"
    number = digits[0] + "".join(gap + digit for gap, digit in zip(gaps, digits[1:], strict=True))

    assert masked(f"au {number} !") == f"au {NUMBER_REMOVED} !"
