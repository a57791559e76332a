"""Shipped synonyms: found in words, turned off in a territory, tried, turned on again."""

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.mots import MotsLocaux
from app.domain.reglages import Nature
from tests.web.espace.conftest import Site, form_of
from tests.web.espace.test_mots import PAGE, RESTORE, WORDS, search

KEY = "périscolaire"
TERM = "centre aéré"
ELSEWHERE = {"q": TERM, "bassin": "meuse"}
HERE = {"q": TERM, "bassin": "nord-vaucluse"}


@pytest.fixture(scope="module")
def coordinateur(shared_site: Site) -> FlaskClient:
    """Signed in once, for tests that save nothing."""
    return shared_site.person("coordinateur")


def send(site: Site, *eteints: str, faire: str = "enregistrer", **typed: str) -> TestResponse:
    return sent(site.person("coordinateur"), *eteints, faire=faire, **typed)


def sent(client: FlaskClient, *eteints: str, faire: str, **typed: str) -> TestResponse:
    form = form_of(client.get(PAGE), PAGE).fill("eteints", *eteints)
    for name, value in typed.items():
        form.fill(name, value)
    return form.send(client, faire)


def said(page: TestResponse) -> str:
    return " ".join(page.text.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ").split())


def in_force(site: Site) -> frozenset[str]:
    mots = site.espace.reglages.reglages.mots
    return mots.get("vaucluse", MotsLocaux()).eteints


def test_a_group_is_found_and_said_in_words_without_losing_what_is_typed(site: Site) -> None:
    page = send(site, faire="chercher", cherche="centre aéré", mots=WORDS, recherche="vacances")

    assert page.status_code == 200
    assert "Un groupe contient « centre aéré »." in said(page)
    assert "« périscolaire », " in said(page)
    assert "chacun trouve aussi les autres" in said(page)
    form = form_of(page, PAGE)
    assert form["mots"].replace("\r\n", "\n") == WORDS
    assert (form["recherche"], form["cherche"]) == ("vacances", "centre aéré")
    assert in_force(site) == frozenset()


@pytest.mark.parametrize(
    ("cherche", "expected"),
    [
        pytest.param(
            "cdd", "« cdd », « contrat à durée déterminée » : l’un trouve", id="both-ways"
        ),
        pytest.param("pass culture", "« pass culture » : trouve les offres du", id="one-way"),
        pytest.param("crèche", "et tous trouvent les offres du besoin « Garde", id="need"),
        pytest.param("emploi", "En voici 20 : ajoutez un mot", id="many"),
        pytest.param("xyzzy", "Aucun groupe ne contient « xyzzy ».", id="none"),
        pytest.param("<script>", "Aucun groupe ne contient « &lt;script&gt; ».", id="markup"),
        pytest.param("", "Aucun groupe n’est éteint dans ce territoire.", id="nothing"),
        pytest.param("suicide", "numéros d’urgence (3114, 15) : il reste toujours", id="urgent"),
    ],
)
def test_what_is_found_is_said(coordinateur: FlaskClient, cherche: str, expected: str) -> None:
    assert expected in said(sent(coordinateur, faire="chercher", cherche=cherche))


def test_a_group_is_turned_off_here_and_on_again(site: Site) -> None:
    before = search(site, **HERE)["total"]
    elsewhere = search(site, **ELSEWHERE)["total"]

    assert send(site, KEY).status_code == 303

    assert search(site, **HERE)["total"] < before
    assert search(site, **ELSEWHERE)["total"] == elsewhere
    client = site.person("coordinateur")
    page = client.get(PAGE)
    assert form_of(page, PAGE).all("eteints") == [KEY]
    assert "Après : « périscolaire »" in said(page)

    form_of(page, PAGE).fill("eteints").send(client, "enregistrer")

    assert search(site, **HERE)["total"] == before
    form_of(client.get(PAGE), RESTORE).send(client)
    assert in_force(site) == {KEY}


def test_a_trial_does_without_the_groups_that_are_ticked(site: Site) -> None:
    page = send(site, KEY, faire="essayer", recherche=TERM)

    assert "avec les mots enregistrés)" in said(page)
    assert form_of(page, PAGE).all("eteints") == [KEY]
    assert in_force(site) == frozenset()


def test_groups_and_words_are_saved_together(site: Site) -> None:
    send(site, KEY, mots=WORDS)
    send(site, KEY, "cdd")

    assert in_force(site) == {KEY, "cdd"}
    assert site.espace.reglages.reglages.mots["vaucluse"].mots


@pytest.mark.parametrize("cle", ["suicide", "xyzzy", "<b>", ""])
def test_what_cannot_be_turned_off_is_told_and_kept_ticked(
    shared_site: Site, coordinateur: FlaskClient, cle: str
) -> None:
    page = sent(coordinateur, cle, "cdd", faire="enregistrer", mots="clic")

    assert page.status_code == 400
    assert "ne peut pas être éteint : décochez-le." in said(page)
    assert "écrivez un nom, le signe =" in said(page)
    form = form_of(page, PAGE)
    assert (form.all("eteints"), form["mots"]) == (sorted([cle, "cdd"]), "clic")
    assert in_force(shared_site) == frozenset()


def test_a_group_that_is_shipped_no_longer_is_kept_without_harm(site: Site) -> None:
    store = site.espace.reglages.store
    valeurs = {"eteints": ["disparu", "suicide"]}
    store.add("vaucluse", Nature.MOTS, valeurs, base=0, auteur="x", quand=site.espace.clock.now())
    site.espace.reglages.reglages.forget()
    page = site.person("coordinateur").get(PAGE)

    assert "« disparu » : le site ne connaît plus ce groupe" in said(page)
    assert search(site, **HERE)["total"]
    assert "3114" in site.visitor().get("/recherche?q=suicide&bassin=nord-vaucluse").text
    assert send(site, *form_of(page, PAGE).all("eteints"), "cdd").status_code == 303
    assert in_force(site) == {"disparu", "suicide", "cdd"}


def test_of_two_who_tick_the_second_loses_nothing(site: Site) -> None:
    client = site.person("administrateur")
    late = form_of(client.get(PAGE), PAGE).fill("eteints", "cdd")
    send(site, KEY)

    answer = late.send(client, "enregistrer")

    assert answer.status_code == 409
    assert form_of(answer, PAGE).all("eteints") == ["cdd"]
    assert in_force(site) == {KEY}
