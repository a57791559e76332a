"""Where territories are, one more, one less: administrators' alone, in force everywhere, undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.campagnes import Campagne
from app.domain.comptes import Role
from app.web.espace.reglages import TENU
from tests.web.espace.conftest import Formulaire, Site, form_of
from tests.web.espace.test_bassins import PAGE, RESTORE, opened

LISTE = "/espace/reglages"
VAUCLUSE = "Vaucluse, département (84)"


@pytest.fixture(scope="module")
def administrateur(shared_site: Site) -> FlaskClient:
    """Signed in once: few links are sent to one address in a quarter of an hour."""
    return shared_site.person("administrateur")


def words(answer: TestResponse) -> str:
    """Returns a page whose spaces are plain."""
    return answer.text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")


def placed(site: Site, lieux: str, who: str = "administrateur") -> TestResponse:
    """Types the places of the territory, one a line, and saves."""
    client = site.person(who)
    return opened(client).fill("lieux", lieux.replace("\n", "\r\n")).send(client)


def added(client: FlaskClient, nom: str = "Uzège", lieux: str = "Uzès (30700)") -> TestResponse:
    form = form_of(client.get(LISTE), LISTE)
    return form.fill("nom", nom).fill("lieux", lieux.replace("\n", "\r\n")).send(client)


def removal(client: FlaskClient, slug: str = "uzege") -> Formulaire:
    return form_of(client.get(f"{LISTE}/{slug}/bassins"), f"{LISTE}/{slug}/retirer")


def zone_of(site: Site, slug: str = "vaucluse") -> tuple[str, ...]:
    return next(t.zone for t in site.espace.catalogue.territoires if t.slug == slug)


def test_an_administrator_sets_the_places_of_a_territory_and_undoes_it(site: Site) -> None:
    client = site.person("administrateur")
    assert opened(client)["lieux"] == VAUCLUSE
    before = site.visitor().get("/api/v1/referentiels/territoires").json

    assert placed(site, f"{VAUCLUSE}\nUzès (30700)").status_code == 303

    assert zone_of(site) == ("departement:84", "30334")
    zone = site.espace.catalogue.geographie.zone("30334")
    assert not (site.espace.connexion.perimetres["vaucluse"] & zone).is_empty
    assert site.visitor().get("/api/v1/referentiels/territoires").json != before
    page = client.get(PAGE)
    assert "Avant&nbsp;: Vaucluse, département (84)" in page.text
    assert opened(client)["lieux"] == f"{VAUCLUSE}\nUzès (30334)"
    form_of(page, RESTORE).fill("numero", "0").send(client)
    assert zone_of(site) == ("departement:84",)
    assert site.visitor().get("/api/v1/referentiels/territoires").json == before


@pytest.mark.parametrize(
    ("lieux", "said"),
    [
        pytest.param("", "Écrivez au moins une commune, une intercommunalité", id="none"),
        pytest.param(f"{VAUCLUSE}\nUzese", "« Uzese » n’est ni une commune", id="unknown"),
        pytest.param("France entière", "moins grand que la France", id="france"),
        pytest.param("Avignon", "« Sud Vaucluse » : une partie serait hors", id="basins-outside"),
    ],
)
def test_places_that_cannot_be_are_told_and_kept_as_typed(
    shared_site: Site, administrateur: FlaskClient, lieux: str, said: str
) -> None:
    answer = opened(administrateur).fill("lieux", lieux).send(administrateur)

    assert answer.status_code == 400
    assert said in words(answer)
    assert 'href="#lieux"' in answer.text
    assert form_of(answer, PAGE)["lieux"] == lieux
    assert zone_of(shared_site) == ("departement:84",)


def test_a_fault_of_a_basin_is_not_told_of_places_that_did_not_change(
    administrateur: FlaskClient,
) -> None:
    form = opened(administrateur).fill("bassins.sud-vaucluse.lieux", "Uzès (30700)")

    wrong = form.send(administrateur)

    assert 'href="#bassins.sud-vaucluse.lieux"' in wrong.text
    assert 'href="#lieux"' not in wrong.text


def test_a_coordinator_reads_the_places_and_cannot_widen_them(site: Site) -> None:
    """Who could would give themselves rights."""
    client = site.person("coordinateur")
    page = client.get(PAGE)
    assert "Lieux du territoire : Vaucluse, département (84)." in words(page)
    assert 'name="lieux"' not in page.text

    forged = opened(client).fill("lieux", f"{VAUCLUSE}\nUzès (30700)").fill("nom", "Ici")

    assert forged.send(client).status_code == 303
    assert zone_of(site) == ("departement:84",)
    assert client.get("/espace/structures/essai--a").status_code == 200


def test_a_coordinator_goes_back_to_an_older_version_but_to_its_places(site: Site) -> None:
    assert placed(site, f"{VAUCLUSE}\nUzès (30700)").status_code == 303
    newest = site.espace.reglages.store.newest()
    assert placed(site, VAUCLUSE).status_code == 303
    client = site.person("coordinateur")

    form_of(client.get(PAGE), RESTORE).fill("numero", str(newest)).send(client)

    assert zone_of(site) == ("departement:84",)
    client = site.person("administrateur")
    form_of(client.get(PAGE), RESTORE).fill("numero", str(newest)).send(client)
    assert zone_of(site) == ("departement:84", "30334")


def test_who_coordinates_a_territory_follows_its_places(site: Site) -> None:
    """The only basin of the Meuse is called as the Meuse, and keeps its own communes."""
    page, client = f"{LISTE}/meuse/bassins", site.person("administrateur")
    form = form_of(client.get(page), page)

    form.fill("lieux", f"{form['lieux']}\nNancy").send(client)

    assert zone_of(site, "meuse") == ("departement:55", "54395")
    assert site.person("coordinateur-ailleurs").get(page).status_code == 200


def test_a_page_older_than_a_change_of_places_writes_nothing(site: Site) -> None:
    client = site.person("administrateur")
    late = opened(client)
    placed(site, f"{VAUCLUSE}\nUzès (30700)")

    told = late.fill("lieux", f"{VAUCLUSE}\nNîmes").send(client)

    assert told.status_code == 409
    assert form_of(told, PAGE)["lieux"] == f"{VAUCLUSE}\nNîmes"
    assert zone_of(site) == ("departement:84", "30334")


def test_an_added_territory_is_found_everywhere(site: Site) -> None:
    client = site.person("administrateur")

    saved = added(client)

    assert (saved.status_code, saved.headers["Location"]) == (
        303, f"{LISTE}/uzege/bassins?fait=ajoute",
    )  # fmt: skip
    assert "Le territoire est ajouté" in client.get(saved.headers["Location"]).text
    visitor = site.visitor()
    assert "territoire=uzege" in visitor.get("/").text
    assert visitor.get("/recherche?territoire=uzege").status_code == 200
    told = visitor.get("/api/v1/referentiels/territoires").json
    assert told is not None
    assert "uzege" in [one["valeur"] for one in told["valeurs"]]
    assert "Meuse, Vaucluse ou Uzège" in visitor.get("/a-propos/classement").text
    assert "Meuse, Vaucluse et Uzège" in visitor.get("/recherche?q=bibliothèque&lieu=Brest").text
    assert 'value="uzege"' in client.get("/espace/campagnes").text
    for page in ("", "/bassins", "/mots"):
        assert client.get(f"{LISTE}/uzege{page}").status_code == 200
        assert site.person("coordinateur").get(f"{LISTE}/uzege{page}").status_code == 403
    assert site.person("coordinateur").get(LISTE).text.count("Bassins et contact") == 1
    form = form_of(client.get(f"{LISTE}/uzege/bassins"), f"{LISTE}/uzege/bassins")
    form.fill("nouveau.nom", "Ville").fill("nouveau.lieux", "Uzès (30700)").send(client)
    assert visitor.get("/api/v1/offres?bassin=uzege-ville").status_code == 200
    assert "uzege-ville" in visitor.get("/api/openapi.json").text
    assert "au départ</button>" not in client.get(f"{LISTE}/uzege/bassins").text


def test_of_homonyms_the_communes_of_an_added_territory_win(site: Site) -> None:
    client = site.person("administrateur")
    page = f"{LISTE}/gard/bassins"
    client.get(f"{LISTE}/vaucluse/bassins")  # forms are read before, with the places of before
    added(client, "Gard", "Gard, département (30)")

    form = form_of(client.get(page), page)
    form.fill("nouveau.nom", "Mons").fill("nouveau.lieux", "Mons").send(client)

    assert form_of(client.get(page), page)["bassins.gard-mons.lieux"] == "Mons (30173)"
    lieux = site.espace.catalogue.lieux
    assert lieux.suggest("Mons")[0].code == "30173"


def test_an_account_is_given_an_added_territory(site: Site) -> None:
    added(site.person("administrateur"), lieux="Avignon")
    asked = ["comptes", "ajouter", "coordinateur-ailleurs@essai.fr", "--role", "coordinateur"]

    done = site.app.test_cli_runner().invoke(args=[*asked, "--perimetre", "uzege"])

    assert done.exit_code == 0, done.output
    client = site.person("visiteur")
    assert site.espace.comptes.coordinateurs()["uzege"] == 1
    compte = site.espace.comptes.find("coordinateur-ailleurs@essai.fr")
    assert compte is not None
    acteur = site.espace.connexion.acteur_of(compte)
    assert [t.slug for t in site.espace.reglages.territoires(acteur)] == ["uzege"]
    assert client.get(LISTE).status_code != 200


@pytest.mark.parametrize(
    ("nom", "lieux", "fault"),
    [
        pytest.param("", "Avignon", "Écrivez un nom.", id="no-name"),
        pytest.param("x" * 101, "Avignon", "trop long", id="long-name"),
        pytest.param("VAUCLUSE", "Avignon", "s’appelle déjà « Vaucluse »", id="same-name"),
        pytest.param("Uzège", "", "Écrivez au moins une commune", id="no-place"),
        pytest.param("Uzège", "Uzès (30700)\nUzese", "« Uzese » n’est ni", id="unknown"),
        pytest.param("Uzège", "<script>", "« &lt;script&gt; » n’est ni", id="not-words"),
    ],
)
def test_what_a_new_territory_cannot_be_is_told_and_kept_as_typed(
    shared_site: Site, administrateur: FlaskClient, nom: str, lieux: str, fault: str
) -> None:
    answer = added(administrateur, nom, lieux)

    assert answer.status_code == 400
    assert fault in words(answer)
    assert 'class="fault-summary"' in answer.text
    form = form_of(answer, LISTE)
    assert (form["nom"], form["lieux"]) == (nom, lieux)
    assert len(shared_site.espace.catalogue.territoires) == 2


def test_a_territory_does_not_take_the_name_of_another(site: Site) -> None:
    client = site.person("administrateur")

    answer = opened(client).fill("nom", "meuse").send(client)

    assert answer.status_code == 400
    assert "Un autre territoire s’appelle déjà « Meuse »" in words(answer)


def test_an_added_territory_that_nobody_works_in_is_removed(site: Site) -> None:
    client = site.person("administrateur")
    added(client)

    done = removal(client).send(client)

    assert "Le territoire est retiré" in client.get(done.headers["Location"]).text
    assert [t.slug for t in site.espace.catalogue.territoires] == ["meuse", "vaucluse"]
    assert site.visitor().get("/recherche?territoire=uzege").status_code == 400
    assert "uzege" not in site.visitor().get("/api/v1/referentiels/territoires").text
    assert added(client).headers["Location"].startswith(f"{LISTE}/territoire2-uzege/")


def test_one_that_somebody_works_in_stays(site: Site) -> None:
    client, espace = site.person("administrateur"), site.espace
    added(client)
    old, today = removal(client), espace.clock.today()
    one = Campagne(nom="Été", perimetre="uzege", debut=today, fin=today)
    for campagne in (one, replace(one, debut=today - timedelta(9), fin=today - timedelta(1))):
        espace.campagnes.store.add(campagne, "compte:1", espace.clock.now())
    quand = espace.clock.now()
    espace.comptes.save("c@essai.fr", "C", Role.COORDINATEUR, "uzege", quand)

    told = client.get(old.send(client).headers["Location"])

    assert TENU.partition(" :")[0] in told.text
    assert "(aujourd’hui, 1 coordinateur et 1 campagne)" in told.text
    assert "/uzege/retirer" not in told.text
    assert zone_of(site, "uzege") == ("30334",)


def test_what_is_shipped_or_was_changed_meanwhile_is_not_removed(site: Site) -> None:
    client = site.person("administrateur")
    added(client)
    old = removal(client)
    page = f"{LISTE}/uzege/bassins"
    form_of(client.get(page), page).fill("note", "Essai").send(client)

    assert old.send(client).headers["Location"].endswith("fait=modifie")
    assert "/retirer" not in client.get(PAGE).text
    old.action = f"{LISTE}/vaucluse/retirer"
    assert old.send(client).status_code == 403
    assert len(site.espace.catalogue.territoires) == 3


def test_a_coordinator_sees_no_way_to_add_or_remove(shared_site: Site) -> None:
    client = shared_site.person("coordinateur")

    assert "Ajouter un territoire" not in client.get(LISTE).text
    form = form_of(client.get(PAGE), PAGE).fill("nom", "Uzège").fill("lieux", "Avignon")
    form.action = LISTE
    assert form.send(client).status_code == 403
