"""The address of the background of maps: what it names, and what would break a header or a map."""

import pytest

from app.tiles import PLAN_IGN_ATTRIBUTION, PLAN_IGN_URL, Tiles, tiles_fault


def test_the_default_background_is_usable_and_names_its_site() -> None:
    tiles = Tiles(url=PLAN_IGN_URL, attribution=PLAN_IGN_ATTRIBUTION)

    assert tiles_fault(PLAN_IGN_URL) is None
    assert tiles.host == "data.geopf.fr"
    assert tiles.origin == "https://data.geopf.fr"


def test_a_port_is_part_of_the_origin_only() -> None:
    tiles = Tiles(url="http://localhost:8080/{z}/{x}/{y}{r}.png", attribution="Nous")

    assert tiles_fault(tiles.url) is None
    assert tiles.host == "localhost"
    assert tiles.origin == "http://localhost:8080"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("ftp://cartes.fr/{z}/{x}/{y}", id="scheme"),
        pytest.param("https://{s}.cartes.fr/{z}/{x}/{y}", id="several-hosts"),
        pytest.param("https://moi:secret@cartes.fr/{z}/{x}/{y}", id="password"),
        pytest.param("https://cartes.fr;script-src *;/{z}/{x}/{y}", id="second-directive"),
        pytest.param("https://cartes.fr/{z}/{x}/{y} https://ailleurs.fr/", id="space"),
        pytest.param("https://cartes.fr/{z}/{x}/{y}\n", id="line"),
        pytest.param("https://cartes.fr:port/{z}/{x}/{y}", id="port"),
        pytest.param("https://cartes.fr/{z}/{x}", id="no-row"),
        pytest.param("https://cartes.fr/{z}/{x}/{y}?cle={cle}", id="unknown-mark"),
    ],
)
def test_what_the_map_or_a_header_could_not_bear_is_a_fault(url: str) -> None:
    assert tiles_fault(url) is not None
