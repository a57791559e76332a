"""The page on ranking says what the code does: its figures are the domain's, and follow them."""

import ast
import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.config import PROJECT_ROOT
from app.domain import portee, ranking, texte
from app.domain.poids import Poids
from app.web.match.solutions import FOLD_AFTER
from app.web.public.classement import ranking_page
from app.web.public.classement_exemple import example
from app.web.public.typographie import number_fr
from tests.conftest import AppWith
from tests.web.public.markup import Markup, read, visit

ADDRESS = "/a-propos/classement"
TODAY = date(2026, 11, 22)
NUMBER = re.compile(r"\d+(?: \d{3})*(?:,\d+)?")
WEB = PROJECT_ROOT / "app" / "web"
OWN_WEIGHTS = """
[poids]
besoin = 31
acces = 27
proximite = 22
fraicheur = 13
qualite = 7
"""


def content(client: FlaskClient) -> Markup:
    """What the page itself says, without header, emergency numbers and footer."""
    html = client.get(ADDRESS).text
    return read(html[html.index("<main") : html.index("</main>") + len("</main>")])


def plain(value: float) -> str:
    return number_fr(value).replace("\u202f", " ")


def figures_of_the_code() -> set[str]:
    """Every figure that the page may show: constants, and what the example works out of them."""
    poids = [float(getattr(Poids(), part.name)) for part in fields(Poids)]
    shares = [
        0, 1, 1 / 3, 2 / 3, ranking.SAME_CATEGORY, ranking.OFFRE_UNSAID, ranking.FACT_UNKNOWN,
        ranking.REMOTE, ranking.REACH_UNKNOWN, ranking.OWN_COMMUNE_FLOOR, ranking.PRICE_UNSAID,
        ranking.DESCRIPTION_SO_SO, texte.MIN_SHARE, *texte.FIELD_WEIGHT.values(),
    ]  # fmt: skip
    thresholds = [
        ranking.PLATEAU_KM, ranking.FRESH_DAYS, ranking.STALE_DAYS, ranking.DESCRIPTION_MIN,
        ranking.DESCRIPTION_GOOD, ranking.DESCRIPTION_LONG, ranking.SCORE_DECIMALS,
        portee.RADIUS_MIN_KM, portee.RADIUS_MAX_KM, portee.RADIUS_DEFAULT_KM,
        *portee.RADIUS_BY_MOBILITY_KM.values(), texte.ALL_GROUPS_UP_TO, FOLD_AFTER,
    ]  # fmt: skip
    besoin, acces, proximite, fraicheur, qualite = poids
    exact = (besoin, ranking.OFFRE_UNSAID * acces, proximite / 2, fraicheur, qualite)
    near = (ranking.SAME_CATEGORY * besoin, acces, proximite, fraicheur / 2, qualite)
    half_way_km = (ranking.PLATEAU_KM + portee.RADIUS_DEFAULT_KM) / 2
    half_way_days = (ranking.FRESH_DAYS + ranking.STALE_DAYS) // 2
    worked_out = [*exact, sum(exact), *near, sum(near), half_way_km, half_way_days]
    sums = [sum(poids), sum(poids) - acces]
    return {
        *map(plain, (*poids, *sums, *thresholds, *worked_out)),
        *(plain(100 * share) for share in shares),
    }


def test_no_figure_of_the_page_is_absent_from_the_code(client: FlaskClient) -> None:
    shown = NUMBER.findall(content(client).text)

    assert set(shown) <= figures_of_the_code()
    assert len(shown) > 50


def test_no_figure_is_typed_in_the_page() -> None:
    template = (WEB / "templates" / "public" / "classement.html").read_text(encoding="utf-8")
    visible = re.sub(r"\{[{%#].*?[}%#]\}|<[^>]*>|&#\d+;", "", template, flags=re.S)
    assert not re.search(r"\d", visible)

    for path in sorted((WEB / "public").glob("classement*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        constants = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in docstrings
        ]
        texts = [value for value in constants if isinstance(value, str)]
        assert not [text for text in texts if re.search(r"\d", text)], path
        numbers = {value for value in constants if type(value) in (int, float)}
        assert numbers <= {0, 1, 2, 100}, path


@pytest.mark.parametrize(
    ("module", "name", "value", "words"),
    [
        pytest.param(ranking, "FRESH_DAYS", 61, "depuis 61 jours au plus", id="fresh"),
        pytest.param(ranking, "STALE_DAYS", 911, "depuis 911 jours ou plus", id="stale"),
        pytest.param(ranking, "REMOTE", 0.55, "par Internet 55 %", id="remote"),
        pytest.param(ranking, "PLATEAU_KM", 2.5, "à 2,5 km ou moins", id="plateau"),
        pytest.param(ranking, "REACH_UNKNOWN", 0.15, "d’où part la recherche 15 %", id="unknown"),
        pytest.param(ranking, "OWN_COMMUNE_FLOOR", 0.35, "35 % au moins", id="own-commune"),
        pytest.param(ranking, "SAME_CATEGORY", 0.25, "25 % de ce que", id="same-domain"),
        pytest.param(ranking, "PRIORITY_MAX", 4, "un besoin urgent 75 %", id="priority"),
        pytest.param(ranking, "OFFRE_UNSAID", 0.85, "ne dit pas tout 85 %", id="unsaid"),
        pytest.param(ranking, "FACT_UNKNOWN", 0.45, "une réponse manque 45 %", id="unknown-fact"),
        pytest.param(ranking, "PRICE_UNSAID", 0.65, "65 % s’il faut payer", id="price"),
        pytest.param(ranking, "DESCRIPTION_MIN", 44, "sous 44 caractères", id="description"),
        pytest.param(ranking, "DESCRIPTION_LONG", 3001, "moins de 3 001", id="description-long"),
        pytest.param(ranking, "SCORE_DECIMALS", 4, "jusqu’à la 4e décimale", id="rounding"),
        pytest.param(portee, "RADIUS_DEFAULT_KM", 25, "Le rayon est de 25 km", id="radius"),
        pytest.param(portee, "RADIUS_MAX_KM", 90, "de 1 km à 90 km", id="radius-max"),
        pytest.param(texte, "MIN_SHARE", 0.6, "en avoir au moins 60 %", id="words"),
        pytest.param(texte, "ALL_GROUPS_UP_TO", 4, "Jusqu’à 4 mots", id="few-words"),
    ],
)
def test_a_rule_that_changes_changes_the_page(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    value: float,
    words: str,
) -> None:
    assert words not in content(client).text

    monkeypatch.setattr(module, name, value)

    assert words in content(client).text


def test_the_weight_of_a_field_is_read_from_the_code(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = {**texte.FIELD_WEIGHT, texte.Champ.STRUCTURE: 0.45}
    monkeypatch.setattr(texte, "FIELD_WEIGHT", weights)

    assert "Le nom de la structure 45 %" in content(client).text


def test_a_weight_that_changes_changes_parts_and_example() -> None:
    poids = replace(Poids(), proximite=60.0, besoin=4.0)

    page, offers = ranking_page((), poids), example(TODAY, poids)

    shown = {part.slug: part.points.replace("\u00a0", " ") for part in page.parts}
    assert (shown["proximite"], shown["besoin"]) == ("60 points", "4 points")
    assert page.whole == "104"
    assert page.search_whole.replace("\u00a0", " ") == "79 points"
    assert sum(part.width for part in page.parts) == pytest.approx(100, abs=0.5)
    assert offers[0].name == "Une aide pour louer une voiture"


def test_the_example_adds_up(client: FlaskClient) -> None:
    for offer in example(TODAY, Poids()):
        got = [float(row.points.split(" sur ")[0].replace(",", ".")) for row in offer.rows]
        assert sum(got) == pytest.approx(offer.total)

    text = content(client).text
    assert text.index("préparer le permis : 85 sur 100") < text.index("une voiture : 67 sur 100")


def test_the_weights_of_a_territory_file_are_shown(app_with: AppWith, tmp_path: Path) -> None:
    shipped = PROJECT_ROOT / "seed" / "territoires"
    folder = tmp_path / "territoires"
    folder.mkdir()
    for path in shipped.glob("*.toml"):
        own = OWN_WEIGHTS if path.stem == "meuse" else ""
        written = path.read_text(encoding="utf-8") + own
        (folder / path.name).write_text(written, encoding="utf-8")
    app = app_with(TERRITOIRE=f"{folder}/*.toml")

    text = content(app.test_client()).text

    assert "Meuse 31 27 22 13 7" in text
    assert "Ailleurs, ou sans lieu donné 40 25 20 10 5" in text
    assert "Vaucluse" not in text


def test_without_own_weights_the_page_says_that_they_are_the_same_everywhere(
    client: FlaskClient,
) -> None:
    page = content(client)

    assert "Aucun ne l’a fait ici (Meuse ou Vaucluse) : ils sont les mêmes partout." in page.text
    assert not page.all("caption", id="territoires-legende")


def test_it_says_what_never_counts_and_how_to_complain(client: FlaskClient) -> None:
    page = content(client)

    for words in (
        "personne ne paie pour être mieux placé",
        "Les clics, les visites et les demandes",
        "L’ordre alphabétique",
        "le même ordre à tout le monde",
        "la partie Accès n’y est pas comptée. Une offre y obtient donc 75 points au plus.",
        "Dire que c’est mal classé",
        "Adressez-vous à la structure qui fait fonctionner ce site",
    ):
        assert words in page.text, words
    assert not [href for href in page.hrefs() if href.startswith("mailto:")]


def test_bars_have_their_value_in_text(client: FlaskClient) -> None:
    page = content(client)

    bars = page.all("svg", **{"class": "bar"})
    assert len(bars) == 5 + 2 * 5
    assert all(bar["aria-hidden"] == "true" for bar in bars)
    widths = [float(rect["width"] or 0) for rect in page.all("rect", **{"class": "bar-part"})]
    assert widths[:5] == [40, 25, 20, 10, 5]


def test_results_and_footer_lead_to_it(client: FlaskClient) -> None:
    assert visit(client, "/recherche", lieu="Apt").link("Comment sont-elles classées") == ADDRESS
    assert visit(client, "/").link("Comment les offres sont classées") == ADDRESS
