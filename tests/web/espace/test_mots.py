"""Local words: checked, tried on a search, in force without indexing anything, undone."""

import pytest
from werkzeug.test import TestResponse

from tests.web.espace.conftest import Site, form_of

TERRITORY = "/espace/reglages/vaucluse"
PAGE = f"{TERRITORY}/mots"
RESTORE = f"{TERRITORY}/mots/restaurer"
WORDS = "MLHV, la maison jaune = Mission locale du Haut-Vaucluse\nCité des papes = Avignon"


def send(site: Site, mots: str, faire: str = "enregistrer", recherche: str = "") -> TestResponse:
    client = site.person("coordinateur")
    form = form_of(client.get(PAGE), PAGE).fill("mots", mots).fill("recherche", recherche)
    return form.send(client, faire)


def search(site: Site, **asked: str) -> dict[str, object]:
    found = site.visitor().get("/api/v1/offres", query_string={"par_page": "1", **asked}).json
    assert isinstance(found, dict)
    return found


def test_a_local_name_finds_what_the_official_one_does(site: Site) -> None:
    official = search(site, q="Mission locale du Haut-Vaucluse", bassin="nord-vaucluse")["total"]
    assert official
    assert search(site, q="mlhv", bassin="nord-vaucluse")["total"] == 0
    depth = site.app.extensions["eventail"]().search

    assert send(site, WORDS).status_code == 303

    assert search(site, q="mlhv", bassin="nord-vaucluse")["total"] == official
    assert search(site, q="la maison jaune")["total"] == official
    assert search(site, q="mlhv", bassin="meuse")["total"] == 0
    assert site.app.extensions["eventail"]().search is depth  # nothing was made again


def test_a_nickname_is_a_place(site: Site) -> None:
    send(site, WORDS)

    found = search(site, q="permis cité des papes")

    assert found["lieu"] == search(site, q="permis Avignon")["lieu"]
    assert "Avignon" in site.visitor().get("/recherche?q=permis+cité+des+papes").text


def test_a_trial_tells_what_is_understood_and_found_and_saves_nothing(site: Site) -> None:
    page = send(site, WORDS, "essayer", "permis cité des papes")

    assert page.status_code == 200
    assert "Ce que cette recherche comprend et trouve" in page.text
    assert "Rien n’est encore enregistré." in page.text
    assert "près d’Avignon" in page.text
    kept = form_of(page, PAGE)
    assert kept["mots"].replace("\r\n", "\n") == WORDS
    assert kept["recherche"] == "permis cité des papes"
    assert search(site, q="mlhv", bassin="nord-vaucluse")["total"] == 0
    tried = send(site, WORDS, "", "mlhv").text  # the key Enter
    assert "0 avec les mots enregistrés" in tried
    assert "« mlhv » : Mission locale du Haut-Vaucluse" in tried.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("recherche", ["", "   ", "de la", "<script>", "x" * 5000])
def test_any_search_may_be_tried(site: Site, recherche: str) -> None:
    page = send(site, WORDS, "essayer", recherche)

    assert page.status_code == 200
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("mots", "said"),
    [
        pytest.param("MLHV", "écrivez un nom, le signe =", id="no-sign"),
        pytest.param("= Mission locale", "écrivez un nom, le signe =", id="no-name"),
        pytest.param("a = b\nMLHV =", "Ligne 2", id="no-meaning"),
        pytest.param("de la = Mission locale", "aucun mot que la recherche", id="says-nothing"),
        pytest.param("x" * 101 + " = Mission", "trop long", id="long"),
        pytest.param("mission = Mission", "la même chose des deux côtés", id="itself"),
        pytest.param("clic = A\nCLIC = B", "déjà écrit, ligne 1", id="twice"),
        pytest.param("\n".join(f"mot{i} = aide" for i in range(201)), "200 au plus", id="endless"),
    ],
)
def test_what_cannot_be_is_told_and_kept_as_typed(site: Site, mots: str, said: str) -> None:
    answer = send(site, mots)

    assert answer.status_code == 400
    assert said in answer.text.replace("\N{NO-BREAK SPACE}", " ")
    assert form_of(answer, PAGE)["mots"] == mots
    assert site.espace.reglages.reglages.mots == {}


def test_of_two_who_save_the_second_loses_nothing(site: Site) -> None:
    client = site.person("administrateur")
    late = form_of(client.get(PAGE), PAGE).fill("mots", "clic = aide à domicile")
    send(site, WORDS)

    answer = late.send(client, "enregistrer")

    assert answer.status_code == 409
    assert form_of(answer, PAGE)["mots"] == "clic = aide à domicile"


def test_words_are_kept_with_their_history_and_may_be_undone(site: Site) -> None:
    send(site, WORDS)
    send(site, "clic = aide à domicile")
    client = site.person("coordinateur")
    page = client.get(PAGE)
    assert "Après&nbsp;: aide à domicile" in page.text
    assert form_of(page, PAGE)["mots"] == "clic = aide à domicile"

    form_of(page, RESTORE).send(client)

    assert form_of(client.get(PAGE), PAGE)["mots"] == WORDS
    form = form_of(client.get(PAGE), RESTORE).fill("numero", "0")
    form.send(client)
    assert search(site, q="mlhv", bassin="nord-vaucluse")["total"] == 0


@pytest.mark.parametrize("name", ["coordinateur-bassin", "coordinateur-ailleurs"])
def test_words_are_set_by_the_whole_territory(shared_site: Site, name: str) -> None:
    assert shared_site.person(name).get(PAGE).status_code == 403
