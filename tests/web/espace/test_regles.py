"""The rules of shipped schemes: confirmed, corrected, set aside; what imports then leave alone."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from app.domain.edition import FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE
from app.domain.regles import EtatRegles
from app.domain.vocabulaire import EtatPublication
from tests.shipped import shipped_services
from tests.web.espace.conftest import Site, form_of

LIST = "/espace/regles"
SCHEME = f"{LIST}/aides-ccas"
ID = "eventail-dispositifs--aides-ccas--ccas-"
AVIGNON, CARPENTRAS, APT, VERDUN = (
    f"{ID}{town}" for town in ("avignon", "carpentras", "apt", "verdun")
)
CONFIRM, SET_ASIDE, TAKE = f"{SCHEME}/confirmer", f"{SCHEME}/ecarter", f"{SCHEME}/reprendre"


def offre(site: Site, ident: str = AVIGNON) -> Offre:
    found = site.offre(ident)
    assert isinstance(found, Offre)
    return found


def press(site: Site, gesture: str, name: str = "coordinateur") -> TestResponse:
    client = site.person(name)
    return form_of(client.get(SCHEME), gesture).send(client)


def confirmed(site: Site, ident: str = AVIGNON) -> object:
    """Returns by whom the rules of an offer are confirmed, None when they are not."""
    regles = offre(site, ident).regles
    if regles is None or regles.etat is not EtatRegles.CONFIRMEES:
        return None
    assert regles.confirmees_le == site.espace.clock.today()
    return regles.confirmees_par


def page_of(site: Site, address: str = SCHEME, name: str = "coordinateur") -> str:
    """Returns a page, whose spaces are all alike."""
    page = site.person(name).get(address).text
    return page.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ")


def correct(site: Site, ident: str = AVIGNON, name: str = "coordinateur") -> TestResponse:
    """Adds something to check to an offer, from the page of its scheme."""
    client = site.person(name)
    address = f"/espace/offres/{ident}/modifier"
    form = form_of(client.get(f"{address}?dispositif=aides-ccas"), address)
    return form.fill("eligibilite_a_verifier", "Habiter la commune").send(client, "enregistrer")


def imported(site: Site, folder: Path, **changes: object) -> None:
    """Imports the scheme of Avignon again, as a new edition of what is shipped would say it."""
    (record,) = [record for record in shipped_services() if record["id"] == AVIGNON]
    file = folder / "dispositifs.jsonl"
    file.write_text(json.dumps({**record, **changes}), encoding="utf-8")
    done = site.app.test_cli_runner().invoke(args=["catalogue", "import", str(file)])
    assert done.exit_code == 0, done.output


def test_schemes_are_listed_by_what_they_await(shared_site: Site) -> None:
    page = shared_site.person("coordinateur").get(LIST).text

    assert f'href="{SCHEME}"' in page
    assert "Guide Solidarités usagers psy" in page
    assert "4 offres." in page
    assert "Dispositifs nationaux ou régionaux" in page


@pytest.mark.parametrize(
    ("name", "count"),
    [
        pytest.param("coordinateur", 4, id="territory"),
        pytest.param("coordinateur-bassin", 1, id="basin"),
        pytest.param("coordinateur-ailleurs", 2, id="elsewhere"),
        pytest.param("administrateur", 6, id="everything"),
    ],
)
def test_one_answers_for_the_offers_of_ones_perimeter(
    shared_site: Site, name: str, count: int
) -> None:
    page = page_of(shared_site, SCHEME, name)

    assert f"À confirmer : {count} offre" in page


def test_a_scheme_says_what_it_asks_of_which_text_and_who_would_get_it(shared_site: Site) -> None:
    page = page_of(shared_site)

    assert "la composition du foyer et la durée de résidence respectent le règlement" in page
    assert "Guide Solidarités usagers psy" in page
    assert "lu le 25 novembre 2026" in page
    assert "Essai sur 40 personnes inventées" in page


def test_a_scheme_whose_bodies_have_no_counter_belongs_where_it_is_given(site: Site) -> None:
    served = {
        str(found["id"]).split("--")[1]
        for found in shipped_services()
        if found.get("zone_eligibilite") == ["84"] and found.get("regles")
    }
    page = site.person("coordinateur").get(LIST).text
    elsewhere = site.person("coordinateur-ailleurs").get(LIST).text

    assert served
    for cle in served:
        assert f'href="{LIST}/{cle}"' in page
    assert not all(f'href="{LIST}/{cle}"' in elsewhere for cle in served)


def test_a_scheme_of_nowhere_here_is_refused(site: Site) -> None:
    assert site.person("coordinateur").get(f"{LIST}/rien").status_code == 404
    (national,) = [
        str(found["id"]).split("--")[1]
        for found in shipped_services()
        if found.get("regles") and not found.get("zone_eligibilite") and not found.get("commune")
    ][:1]
    assert site.person("coordinateur").get(f"{LIST}/{national}").status_code == 403
    assert site.person("administrateur").get(f"{LIST}/{national}").status_code == 200


def test_confirming_reaches_the_offers_of_the_perimeter_and_says_for_whom(site: Site) -> None:
    assert press(site, CONFIRM).status_code == 303

    assert confirmed(site, AVIGNON) == confirmed(site, CARPENTRAS) == "Vaucluse"
    assert confirmed(site, VERDUN) is None
    page = site.visitor().get(f"/offres/{AVIGNON}").text
    assert (
        "Règles confirmées par la coordination «\N{NO-BREAK SPACE}Vaucluse\N{NO-BREAK SPACE}» le"
        in page
    )
    assert "Règles à confirmer" not in page
    assert "coordinateur" not in page
    history = site.person("coordinateur").get(f"/espace/offres/{AVIGNON}/historique").text
    assert "Règles confirmées" in history
    assert "par coordinateur." in history
    assert "Ce que la source écrit autrement" not in history


@pytest.mark.parametrize(
    ("name", "said"), [("coordinateur-bassin", "Grand Avignon"), ("administrateur", "Vaucluse")]
)
def test_who_vouches_is_a_place_and_never_a_person(site: Site, name: str, said: str) -> None:
    press(site, CONFIRM, name)

    assert confirmed(site) == said


def test_a_national_scheme_is_confirmed_by_an_administrator_for_no_territory(site: Site) -> None:
    national = next(
        str(found["id"])
        for found in shipped_services()
        if found.get("regles") and not found.get("zone_eligibilite") and not found.get("commune")
    )
    client = site.person("administrateur")
    address = f"{LIST}/{national.split('--')[1]}"

    form_of(client.get(address), "/confirmer").send(client)

    assert confirmed(site, national) is None
    regles = offre(site, national).regles
    assert regles is not None
    assert regles.etat is EtatRegles.CONFIRMEES
    page = site.visitor().get(f"/offres/{national}").text
    assert "Règles confirmées le" in page
    assert "coordination" not in page.partition("Règles confirmées")[2][:200]


def test_confirming_changes_neither_the_date_nor_what_the_offer_says(site: Site) -> None:
    before = offre(site)

    press(site, CONFIRM)

    after = offre(site)
    assert after.date_maj == before.date_maj
    assert after.eligibilite == before.eligibilite


def test_two_coordinators_who_confirm_at_once_both_succeed(site: Site) -> None:
    one, other = site.person("coordinateur"), site.person("administrateur")
    forms = [form_of(client.get(SCHEME), CONFIRM) for client in (one, other)]

    assert forms[0].send(one).status_code == 303
    assert confirmed(site) == "Vaucluse"
    assert forms[1].send(other).status_code == 303
    assert confirmed(site) == "Vaucluse"


def test_nobody_vouches_for_a_text_that_they_were_not_shown(site: Site) -> None:
    client = site.person("coordinateur")
    form = form_of(client.get(SCHEME), CONFIRM)
    store = site.espace.edition.store
    fiche = store.get(FicheRef(objet=OFFRE, id=AVIGNON))
    assert fiche is not None
    assert isinstance(fiche.value, Offre)
    assert fiche.value.regles is not None
    other = replace(fiche.value.regles, lien="https://autre.exemple.fr/texte")
    store.save(
        replace(fiche.value, regles=other), fiche.revision, "import", site.espace.clock.now()
    )

    assert form.send(client).status_code == 409
    assert confirmed(site) is None


@pytest.mark.parametrize("gesture", [CONFIRM, SET_ASIDE])
def test_nothing_is_written_when_somebody_has_changed_the_scheme_meanwhile(
    site: Site, gesture: str
) -> None:
    client = site.person("coordinateur")
    form = form_of(client.get(SCHEME), gesture)
    correct(site, CARPENTRAS)

    answer = form.send(client)

    assert answer.status_code == 409
    assert "Quelqu’un d’autre vient de changer ce dispositif" in answer.text
    assert confirmed(site) is None
    assert offre(site).etat_publication is EtatPublication.PUBLIE


@pytest.mark.parametrize("gesture", [CONFIRM, SET_ASIDE, TAKE, f"{SCHEME}/comparer"])
def test_a_form_without_what_was_seen_writes_nothing(site: Site, gesture: str) -> None:
    client = site.person("coordinateur")
    token = form_of(client.get(SCHEME), CONFIRM)["csrf_token"]

    answer = client.post(gesture, data={"csrf_token": token, "modele": AVIGNON, "vu": "x"})

    assert answer.status_code == 409
    assert confirmed(site) is None


def test_importing_what_is_shipped_again_undoes_no_confirmation(site: Site) -> None:
    press(site, CONFIRM)

    done = site.app.test_cli_runner().invoke(args=["seed", "demo"])

    assert done.exit_code == 0, done.output
    assert confirmed(site) == "Vaucluse"


def test_a_source_that_changes_asks_to_be_read_again_and_changes_nothing(
    site: Site, tmp_path: Path
) -> None:
    press(site, CONFIRM)
    before = offre(site)
    regles = {"source": "Nouvelle loi", "lien": "https://exemple.fr/loi", "lue_le": "2026-11-26"}

    imported(site, tmp_path, eligibilite={"fait": "age", "min": 60}, regles=regles)

    assert offre(site).eligibilite == before.eligibilite
    assert confirmed(site) == "Vaucluse"
    page = page_of(site)
    assert "La source dit autre chose depuis" in page
    assert "Nouvelle loi" in page
    assert "60 ans" in page
    assert "À relire :" in page


def test_what_the_source_says_now_is_taken_then_confirmed(site: Site, tmp_path: Path) -> None:
    press(site, CONFIRM)
    regles = {"source": "Nouvelle loi", "lien": "https://exemple.fr/loi", "lue_le": "2026-11-26"}
    imported(site, tmp_path, eligibilite={"fait": "age", "min": 60}, regles=regles)

    assert press(site, TAKE).status_code == 303

    taken = offre(site)
    assert taken.regles is not None
    assert (taken.regles.source, taken.regles.etat) == ("Nouvelle loi", EtatRegles.A_CONFIRMER)
    page = site.person("coordinateur").get(SCHEME).text
    assert "La source dit autre chose depuis" not in page
    press(site, CONFIRM)
    assert confirmed(site) == "Vaucluse"


def test_keeping_ones_conditions_answers_the_source(site: Site, tmp_path: Path) -> None:
    press(site, CONFIRM)
    imported(site, tmp_path, eligibilite={"fait": "age", "min": 60})
    assert "La source dit autre chose" in page_of(site)

    press(site, CONFIRM)

    assert "La source dit autre chose" not in page_of(site)
    assert confirmed(site) == "Vaucluse"


def test_a_correction_is_shown_beside_the_other_offers_then_given_to_them(site: Site) -> None:
    sent = correct(site)

    assert sent.status_code == 303
    address = sent.headers["Location"]
    assert address.startswith(f"{SCHEME}/comparer?modele=")
    client = site.person("coordinateur")
    page = client.get(address)
    assert "Carpentras" in page.text
    assert "Habiter la commune" in page.text
    assert "Verdun" not in page.text
    assert form_of(page, "/comparer").send(client).status_code == 303
    for ident in (CARPENTRAS, APT):
        assert offre(site, ident).eligibilite == offre(site).eligibilite
    assert offre(site, VERDUN).eligibilite != offre(site).eligibilite


def test_corrected_rules_are_confirmed_with_the_text_that_they_came_from(site: Site) -> None:
    correct(site, AVIGNON, "coordinateur-bassin")
    assert offre(site).regles is None

    press(site, CONFIRM, "coordinateur-bassin")

    assert confirmed(site) == "Grand Avignon"
    regles = offre(site).regles
    assert regles is not None
    assert regles.source == "Guide Solidarités usagers psy, aides alimentaires et CCAS"
    page = site.person("coordinateur-bassin").get(SCHEME).text
    assert "La source dit autre chose depuis" not in page


def test_versions_that_differ_are_told_apart(site: Site) -> None:
    correct(site)

    page = site.person("coordinateur").get(SCHEME).text

    assert "voici les 2 versions" in page
    assert "Conditions modifiées depuis la lecture du texte." in page
    model = site.person("coordinateur").get(f"{SCHEME}/comparer?modele={CARPENTRAS}").text
    assert "Appliquer à 1 offre" in model


def test_all_alike_leave_nothing_to_apply(site: Site) -> None:
    client = site.person("coordinateur")

    assert "demandent déjà la même chose" in client.get(f"{SCHEME}/comparer?modele={APT}").text
    assert client.get(f"{SCHEME}/comparer?modele={VERDUN}").status_code == 404
    assert client.get(f"{SCHEME}/comparer").status_code == 404


def test_a_scheme_set_aside_is_found_by_nobody_until_it_is_put_back(site: Site) -> None:
    assert press(site, SET_ASIDE).status_code == 303

    assert site.visitor().get(f"/offres/{AVIGNON}").status_code in (404, 410)
    assert site.visitor().get(f"/offres/{VERDUN}").status_code == 200
    assert site.app.test_cli_runner().invoke(args=["seed", "demo"]).exit_code == 0
    assert site.visitor().get(f"/offres/{AVIGNON}").status_code in (404, 410)
    page = site.person("coordinateur").get(LIST).text
    assert "Écartés (1)" in page
    press(site, SET_ASIDE)  # the form of what is withdrawn
    assert offre(site).etat_publication is EtatPublication.PUBLIE
