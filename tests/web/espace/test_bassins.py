"""A territory's name, contact and basins: typed by names, checked, in force everywhere, undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.campagnes import Campagne
from app.domain.reglages import Nature
from app.web.espace.reglages import SAVED
from tests.web.espace.conftest import Formulaire, Site, form_of

TERRITORY = "/espace/reglages/vaucluse"
PAGE = f"{TERRITORY}/bassins"
RESTORE = f"{TERRITORY}/territoire/restaurer"
PERTUIS, AVIGNON = "84089", "84007"


def opened(client: FlaskClient) -> Formulaire:
    return form_of(client.get(PAGE), PAGE)


def send(site: Site, **typed: str) -> TestResponse:
    """Types values over those in force, `contact__nom` for `contact.nom`, and saves."""
    client = site.person("coordinateur")
    form = opened(client)
    for name, value in typed.items():
        form.fill(name.replace("__", ".").replace("_", "-"), value)
    return form.send(client)


def moved(site: Site, nom: str = "Pertuis") -> TestResponse:
    """Moves Pertuis from the south of the territory to Grand Avignon."""
    form = opened(site.person("coordinateur"))
    south = [line for line in form["bassins.sud-vaucluse.lieux"].splitlines() if nom not in line]
    return send(
        site,
        bassins__sud_vaucluse__lieux="\n".join(south),
        bassins__grand_avignon__lieux=f"{form['bassins.grand-avignon.lieux']}\n{nom}",
    )


def basins_of(site: Site, code: str) -> set[str]:
    """Returns the basins that have a commune."""
    zone = site.espace.catalogue.geographie.zone(code)
    bassins = site.espace.catalogue.bassins.items()
    return {slug for slug, bassin in bassins if not (bassin.zone & zone).is_empty}


def test_a_territory_is_shown_with_its_places_by_name(shared_site: Site) -> None:
    client = shared_site.person("coordinateur")
    form = opened(client)

    assert form["nom"] == "Vaucluse"
    assert "CC Territoriale Sud-Luberon" in form["bassins.sud-vaucluse.lieux"]
    assert "Pertuis (84089)" in form["bassins.sud-vaucluse.lieux"]
    assert "dans aucun bassin" not in client.get(PAGE).text


def test_sent_back_as_it_is_shown_it_changes_no_basin(site: Site) -> None:
    before = dict(site.espace.catalogue.bassins)

    assert send(site).status_code == 303

    assert dict(site.espace.catalogue.bassins) == before


def test_a_commune_moves_from_a_basin_to_another_for_every_page(site: Site) -> None:
    assert basins_of(site, PERTUIS) == {"sud-vaucluse"}
    in_basin = "/api/v1/offres?bassin=grand-avignon&par_page=1"
    before = site.visitor().get(in_basin).json["total"]  # type: ignore[index]

    assert moved(site).status_code == 303

    assert basins_of(site, PERTUIS) == {"grand-avignon"}
    assert site.visitor().get(in_basin).json["total"] > before  # type: ignore[index]
    perimetre = site.espace.connexion.perimetres["grand-avignon"]
    zone = site.espace.catalogue.geographie.zone(PERTUIS)
    assert not (perimetre & zone).is_empty


def test_a_basin_coordinator_loses_what_leaves_the_basin(site: Site) -> None:
    client = site.person("coordinateur-bassin")
    sheet = "/espace/structures/essai--a"
    assert client.get(sheet).status_code == 200
    form = opened(site.person("coordinateur"))
    both = f"{form['bassins.nord-vaucluse.lieux']}\nAvignon"
    kept = "CA des Sorgues du Comtat"

    assert (
        send(
            site, bassins__nord_vaucluse__lieux=both, bassins__grand_avignon__lieux=kept
        ).status_code
        == 303
    )

    assert client.get(sheet).status_code == 403


def test_names_and_the_contact_are_shown_to_the_public(site: Site) -> None:
    sent = send(
        site,
        nom="Vaucluse Provence",
        bassins__sud_vaucluse__nom="Luberon",
        note="À relire en 2027.",
        contact__nom="Service insertion du Département",
        contact__telephone="0490000000",
        contact__courriel="insertion@exemple.fr",
        contact__lien="https://exemple.fr/insertion",
    )

    assert sent.status_code == 303
    home = site.visitor().get("/").text
    for said in ("Vaucluse Provence", "Luberon", "À relire en 2027.", "Service insertion"):
        assert said in home
    assert 'href="tel:0490000000"' in home or 'href="tel:+33490000000"' in home
    assert 'href="mailto:insertion@exemple.fr"' in home
    assert "Sud Vaucluse" not in home
    page = site.person("coordinateur").get(f"{PAGE}?fait=enregistre").text
    assert SAVED.partition(" :")[0] in page
    assert "Après&nbsp;: Luberon" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        pytest.param({"nom": "  "}, "Écrivez un nom.", id="no-name"),
        pytest.param({"nom": "x" * 101}, "trop long", id="long-name"),
        pytest.param({"note": "x" * 501}, "trop long", id="long-note"),
        pytest.param({"bassins__sud_vaucluse__nom": ""}, "Écrivez un nom.", id="no-basin-name"),
        pytest.param(
            {"bassins__sud_vaucluse__nom": "grand  avignon"},
            "Un autre bassin s’appelle déjà",
            id="same-name",
        ),
        pytest.param(
            {"bassins__sud_vaucluse__lieux": "Apt\nPertui"},
            "« Pertui » n’est ni une commune",
            id="unknown",
        ),
        pytest.param(
            {"bassins__sud_vaucluse__lieux": "Apt\nVerdun (55545)"},
            "« Verdun (55545) » n’est pas dans le territoire",
            id="outside",
        ),
        pytest.param(
            {"bassins__sud_vaucluse__lieux": "Apt\nAvignon"},
            "Avignon : déjà dans le bassin « Grand Avignon »",
            id="in-two-basins",
        ),
        pytest.param(
            {"bassins__sud_vaucluse__lieux": " "}, "Écrivez au moins une commune", id="no-place"
        ),
        pytest.param(
            {"contact__nom": "Service", "contact__courriel": "rien"}, "courriel", id="wrong-address"
        ),
        pytest.param({"contact__telephone": "0490000000"}, "obligatoire", id="nobody-to-call"),
        pytest.param(
            {"contact__nom": "Service", "contact__lien": "javascript:alert(1)"}, "lien", id="script"
        ),
    ],
)
def test_what_cannot_be_is_told_and_kept_as_typed(
    site: Site, typed: dict[str, str], said: str
) -> None:
    before = dict(site.espace.catalogue.bassins)

    answer = send(site, **typed)

    assert answer.status_code == 400
    text = answer.text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    assert said in text
    assert dict(site.espace.catalogue.bassins) == before
    form = form_of(answer, PAGE)
    for name, value in typed.items():
        kept = form[name.replace("__", ".").replace("_", "-")]
        assert " ".join(kept.split()) == " ".join(value.split())


def test_communes_that_no_basin_has_are_told(site: Site) -> None:
    send(site, bassins__sud_vaucluse__lieux="Apt")

    page = site.person("coordinateur").get(PAGE).text
    assert "dans aucun bassin" in page
    assert basins_of(site, PERTUIS) == set()


def test_of_two_who_save_the_second_loses_nothing(site: Site) -> None:
    client = site.person("administrateur")
    late = opened(client)
    moved(site)

    answer = late.fill("nom", "Le Vaucluse").send(client)

    assert answer.status_code == 409
    assert form_of(answer, PAGE)["nom"] == "Le Vaucluse"
    assert basins_of(site, PERTUIS) == {"grand-avignon"}


def test_what_is_shipped_comes_back(site: Site) -> None:
    moved(site)
    client = site.person("coordinateur")

    form_of(client.get(PAGE), RESTORE).send(client)

    assert basins_of(site, PERTUIS) == {"sud-vaucluse"}


@pytest.mark.parametrize("name", ["coordinateur-bassin", "coordinateur-ailleurs"])
def test_basins_are_set_by_the_whole_territory(shared_site: Site, name: str) -> None:
    assert shared_site.person(name).get(PAGE).status_code == 403


def test_a_basin_is_added_and_found_everywhere(site: Site) -> None:
    form = opened(site.person("coordinateur"))
    south = [
        line for line in form["bassins.sud-vaucluse.lieux"].splitlines() if "Pertuis" not in line
    ]

    saved = send(
        site, bassins__sud_vaucluse__lieux="\n".join(south), nouveau__nom="Val de Durance",
        nouveau__lieux="Pertuis (84089)",
    )  # fmt: skip

    assert saved.status_code == 303
    assert basins_of(site, PERTUIS) == {"vaucluse-val-durance"}
    found = site.visitor().get("/api/v1/offres?bassin=vaucluse-val-durance")
    assert found.status_code == 200
    home = site.visitor().get("/").text
    assert "Val de Durance" in home
    assert site.visitor().get("/recherche?bassin=vaucluse-val-durance").status_code == 200
    assert "vaucluse-val-durance" in site.visitor().get("/api/openapi.json").text
    client = site.person("coordinateur")
    assert "Nom du bassin Val de Durance" in client.get(PAGE).text
    again = opened(client)
    assert again["bassins.vaucluse-val-durance.lieux"] == "Pertuis (84089)"
    assert again.send(client).status_code == 303  # as it is shown
    assert basins_of(site, PERTUIS) == {"vaucluse-val-durance"}
    assert (
        opened(client).fill("bassins.vaucluse-val-durance.nom", "Durance").send(client).status_code
        == 303
    )
    assert site.espace.catalogue.bassins["vaucluse-val-durance"].nom == "Durance"


def test_before_a_basin_is_removed_one_reads_whose_work_is_bound_to_it(site: Site) -> None:
    today = site.espace.clock.today()
    ended = Campagne(
        nom="Été",
        perimetre="grand-avignon",
        debut=today - timedelta(days=90),
        fin=today - timedelta(days=1),
    )
    running = replace(ended, fin=today)
    store, now = site.espace.campagnes.store, site.espace.clock.now()
    for one in (ended, running, replace(running, nom="Hiver")):
        store.add(one, "compte:1", now)
    store.stop(store.add(replace(running, nom="Erreur"), "compte:1", now), "compte:1", today)

    page = site.person("coordinateur").get(PAGE).text

    said = [line for line in page.splitlines() if "Retirer ce bassin" in line]
    assert ["(1 coordinateur et 2 campagnes)" in line for line in said].count(True) == 1
    assert ["(aujourd’hui, ni l’un ni l’autre)" in line for line in said].count(True) == 3
    assert "Grand Avignon" in next(line for line in said if "coordinateur et" in line)


def test_a_basin_is_removed_stays_so_and_comes_back(site: Site) -> None:
    for page in ("/api/v1/offres", "/recherche"):
        assert site.visitor().get(f"{page}?bassin=sud-vaucluse").status_code == 200

    saved = send(site, bassins__sud_vaucluse__retirer="oui")

    assert saved.status_code == 303
    assert basins_of(site, PERTUIS) == set()
    client = site.person("coordinateur")
    assert "dans aucun bassin" in client.get(PAGE).text
    assert site.visitor().get("/api/v1/offres?bassin=sud-vaucluse").status_code == 400
    assert "sud-vaucluse" not in site.visitor().get("/api/openapi.json").text
    assert site.visitor().get("/recherche?bassin=sud-vaucluse").status_code == 400
    assert send(site, nom="Le Vaucluse").status_code == 303
    assert "sud-vaucluse" not in site.espace.catalogue.bassins
    form_of(client.get(PAGE), "/restaurer").fill("numero", "0").send(client)
    assert basins_of(site, PERTUIS) == {"sud-vaucluse"}


def test_what_is_wrong_with_a_new_basin_is_told_beside_it(site: Site) -> None:
    refused = send(site, nouveau__nom="", nouveau__lieux="Pertuis")

    assert refused.status_code == 400
    assert 'href="#nouveau.nom"' in refused.text
    assert 'href="#nouveau.lieux"' in refused.text
    assert "déjà dans le bassin" in refused.text
    form = form_of(refused, PAGE)
    assert form["nouveau.lieux"] == "Pertuis"
    assert basins_of(site, PERTUIS) == {"sud-vaucluse"}


def test_a_fault_stands_at_its_own_basin_whatever_the_new_one_is_called(site: Site) -> None:
    wrong = send(site, bassins__grand_avignon__lieux="Nulle Part", nouveau__nom="Avignon",
                 nouveau__lieux="Pertuis")  # fmt: skip

    assert wrong.status_code == 400
    assert 'href="#bassins.grand-avignon.lieux"' in wrong.text
    assert form_of(wrong, PAGE)["nouveau.nom"] == "Avignon"


@pytest.mark.parametrize("nom", ["Nouveau", "Contact", "Vaucluse"])
def test_a_basin_may_have_any_name(site: Site, nom: str) -> None:
    client = site.person("coordinateur")
    lines = opened(client)["bassins.sud-vaucluse.lieux"].splitlines()
    form = opened(client).fill("nouveau.nom", nom).fill("nouveau.lieux", "Pertuis")
    form.fill("bassins.sud-vaucluse.lieux", "\n".join(n for n in lines if "Pertuis" not in n))
    assert form.send(client).status_code == 303

    assert opened(client).send(client).status_code == 303

    (slug,) = basins_of(site, PERTUIS)
    assert site.espace.catalogue.bassins[slug].nom == nom


def test_a_slug_is_never_given_twice(site: Site) -> None:
    """Rights of a basin that was removed do not reach another one of the same name."""
    client = site.person("coordinateur")

    def added() -> str:
        lines = opened(client)["bassins.sud-vaucluse.lieux"].splitlines()
        kept = "\n".join(n for n in lines if "Pertuis" not in n)
        form = opened(client).fill("bassins.sud-vaucluse.lieux", kept)
        form.fill("nouveau.nom", "Est").fill("nouveau.lieux", "Pertuis").send(client)
        (slug,) = basins_of(site, PERTUIS)
        return slug

    first = added()
    opened(client).fill(f"bassins.{first}.retirer", "oui").send(client)

    assert (first, added()) == ("vaucluse-est", "vaucluse-est-2")


def test_a_page_of_before_another_basin_erases_nothing(site: Site) -> None:
    client, other = site.person("coordinateur"), site.person("coordinateur")
    old = opened(client)
    new = opened(other).fill("bassins.sud-vaucluse.lieux", "Apt")
    new.fill("nouveau.nom", "Est").fill("nouveau.lieux", "Pertuis").send(other)

    told = old.fill("nom", "Le Vaucluse").send(client)

    assert told.status_code == 409
    assert basins_of(site, PERTUIS) == {"vaucluse-est"}
    again = form_of(told, PAGE)
    assert (again["nom"], again["bassins.vaucluse-est.lieux"]) == ("Le Vaucluse", "Pertuis (84089)")


def test_what_is_typed_wrongly_keeps_the_version_that_was_read(site: Site) -> None:
    client, other = site.person("coordinateur"), site.person("coordinateur")
    refused = opened(client).fill("nom", "").send(client)
    assert opened(other).fill("note", "Autre").send(other).status_code == 303

    assert form_of(refused, PAGE).fill("nom", "Ici").send(client).status_code == 409


def test_a_version_that_no_longer_holds_is_not_put_back(site: Site) -> None:
    client = site.person("coordinateur")
    kept = {"bassins": {"est": {"nom": "Est", "lieux": ["99999"]}}}
    store, quand = site.espace.reglages.store, site.espace.clock.now()
    store.add("vaucluse", Nature.TERRITOIRE, kept, base=0, auteur="compte:1", quand=quand)
    numero = store.newest()
    store.add("vaucluse", Nature.TERRITOIRE, {}, base=numero, auteur="compte:1", quand=quand)

    answer = form_of(client.get(PAGE), RESTORE).fill("numero", str(numero)).send(client)

    assert "ne convient plus" in client.get(answer.headers["Location"]).text


def test_a_territory_without_basins_is_still_a_way_in(site: Site) -> None:
    form = opened(site.person("coordinateur"))
    slugs = {name.split(".")[1] for name, _ in form.fields if name.startswith("bassins.")}

    send(site, **{f"bassins__{slug.replace('-', '_')}__retirer": "oui" for slug in slugs})

    assert "territoire=vaucluse" in site.visitor().get("/").text
