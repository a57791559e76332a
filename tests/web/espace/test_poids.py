"""The weights of a territory's ranking: tried, checked, saved, in force everywhere, undone."""

import pytest
from werkzeug.test import TestResponse

from app.factory import create_app
from tests.conftest import settings_of
from tests.web.espace.conftest import Formulaire, Site, form_of

PAGE = "/espace/reglages/vaucluse"
RESTORE = f"{PAGE}/poids/restaurer"
RANKING = "/a-propos/classement"


def opened(site: Site, name: str = "coordinateur") -> Formulaire:
    return form_of(site.person(name).get(PAGE), PAGE)


def send(site: Site, faire: str = "enregistrer", **typed: str) -> TestResponse:
    """Types weights over those in force and presses a button."""
    client = site.person("coordinateur")
    form = form_of(client.get(PAGE), PAGE)
    for name, value in typed.items():
        form.fill(name, value)
    return form.send(client, faire)


def weights(site: Site) -> list[float]:
    (vaucluse,) = [t for t in site.espace.catalogue.territoires if t.slug == "vaucluse"]
    return [vaucluse.poids.besoin, vaucluse.poids.proximite]


def test_each_weight_is_shown_with_its_meaning_and_where_it_comes_from(shared_site: Site) -> None:
    page = shared_site.person("coordinateur").get(PAGE).text

    assert "La distance est la première raison de renoncer." in page
    assert "commun à tous les territoires" in page
    assert opened(shared_site, "administrateur")["proximite"] == "20"
    assert "Jamais changé" in page


@pytest.mark.parametrize("name", ["coordinateur-bassin", "coordinateur-ailleurs"])
def test_a_territory_is_set_by_its_own_coordination(shared_site: Site, name: str) -> None:
    client = shared_site.person(name)

    assert client.get(PAGE).status_code == 403
    listed = client.get("/espace/reglages").text
    assert f'href="{PAGE}"' not in listed


def test_saved_weights_rank_at_once_and_are_told_to_the_public(site: Site) -> None:
    assert send(site, besoin="20", proximite="40").status_code == 303

    assert weights(site) == [20.0, 40.0]
    page = site.visitor().get(RANKING).text
    assert "Points au plus, par territoire" in page
    page = site.person("coordinateur").get(f"{PAGE}?fait=enregistre").text
    assert "C’est enregistré" in page
    assert "Avant&nbsp;: 40" in page
    assert "Par coordinateur." in page


def test_another_process_on_the_same_record_follows(site: Site) -> None:
    other = create_app(settings_of(site.data_dir))
    assert "Points au plus, par territoire" not in site.visitor().get(RANKING).text

    send(site, besoin="20", proximite="40")

    assert "Points au plus, par territoire" in other.test_client().get(RANKING).text


def test_a_search_in_the_territory_uses_them_and_elsewhere_the_common_ones(site: Site) -> None:
    def proximity(code_commune: str) -> float:
        asked = f"/api/v1/offres?q=permis&code_commune={code_commune}&par_page=1"
        (first,) = site.visitor().get(asked).json["resultats"]  # type: ignore[index]
        found: float = first["score_detail"]["proximite"]
        return found

    before = {code: proximity(code) for code in ("84087", "55029")}
    send(site, besoin="20", proximite="40")
    after = {code: proximity(code) for code in before}

    assert after["84087"] != before["84087"]
    assert after["55029"] == before["55029"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param({"besoin": "45"}, "font 105", id="too-much-together"),
        pytest.param({"besoin": "beaucoup"}, "entre 0 et 100", id="a-word"),
        pytest.param({"besoin": ""}, "entre 0 et 100", id="nothing"),
        pytest.param({"besoin": "-5"}, "entre 0 et 100", id="negative"),
        pytest.param({"besoin": "nan"}, "entre 0 et 100", id="not-a-number"),
        pytest.param({"besoin": "1e999"}, "entre 0 et 100", id="infinite"),
        pytest.param({"besoin": "9" * 500}, "entre 0 et 100", id="endless"),
        pytest.param({"besoin": "40,25"}, "un seul chiffre", id="hundredths"),
        pytest.param({"besoin": "<b>"}, "entre 0 et 100", id="markup"),
    ],
)
def test_what_cannot_be_is_told_and_kept_as_typed(
    site: Site, typed: dict[str, str], said: str
) -> None:
    answer = send(site, **typed)

    assert answer.status_code == 400
    assert said in answer.text
    assert form_of(answer, PAGE)["besoin"] == typed["besoin"]
    assert weights(site) == [40.0, 20.0]


def test_a_comma_is_a_decimal(site: Site) -> None:
    send(site, besoin="37,5", proximite="22,5")

    assert weights(site) == [37.5, 22.5]


def test_a_trial_ranks_for_a_sample_person_and_saves_nothing(site: Site) -> None:
    answer = send(site, "essayer", besoin="0", proximite="60")

    assert answer.status_code == 200
    assert "Rien n’est encore enregistré." in answer.text
    assert "monte, était" in answer.text
    assert weights(site) == [40.0, 20.0]
    assert form_of(answer, PAGE)["proximite"] == "60"
    same = send(site, "")  # the key Enter
    assert "restent dans le même ordre" in same.text


def test_a_trial_is_made_for_the_person_that_is_chosen(site: Site) -> None:
    client = site.person("coordinateur")
    form = form_of(client.get(PAGE), PAGE)
    last = site.espace.profils[-1]

    page = form.fill("personne", last.code).send(client, "essayer").text

    assert "Ce que verrait" in page


def test_of_two_who_save_the_second_sees_what_the_first_did(site: Site) -> None:
    client = site.person("administrateur")
    late = form_of(client.get(PAGE), PAGE)
    send(site, besoin="20", proximite="40")

    answer = late.fill("besoin", "30").fill("proximite", "30").send(client, "enregistrer")

    assert answer.status_code == 409
    assert "Quelqu’un d’autre vient d’enregistrer" in answer.text
    assert form_of(answer, PAGE)["besoin"] == "30"
    assert weights(site) == [20.0, 40.0]
    assert form_of(answer, PAGE).send(client, "enregistrer").status_code == 303
    assert weights(site) == [30.0, 30.0]


def test_an_older_version_or_the_shipped_one_comes_back(site: Site) -> None:
    send(site, besoin="20", proximite="40")
    send(site, besoin="30", proximite="30")
    client = site.person("coordinateur")

    form_of(client.get(PAGE), RESTORE).send(client)
    assert weights(site) == [20.0, 40.0]

    page = client.get(PAGE)
    form = form_of(page, RESTORE)
    form.fill("numero", "0").send(client)
    assert weights(site) == [40.0, 20.0]
    assert "Avant&nbsp;: 20" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("address", "numero", "status"),
    [
        pytest.param(RESTORE, "999", 303, id="no-such-version"),
        pytest.param(RESTORE, "x", 400, id="no-number"),
        pytest.param(f"{PAGE}/couleurs/restaurer", "0", 404, id="no-such-setting"),
        pytest.param("/espace/reglages/atlantide/poids/restaurer", "0", 403, id="nowhere"),
    ],
)
def test_going_back_to_nothing_changes_nothing(
    site: Site, address: str, numero: str, status: int
) -> None:
    client = site.person("coordinateur")
    token = form_of(client.get(PAGE), PAGE)["csrf_token"]

    answer = client.post(address, data={"csrf_token": token, "numero": numero, "base": "0"})

    assert answer.status_code == status
    assert weights(site) == [40.0, 20.0]
