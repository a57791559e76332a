"""The results page on the shipped catalogue: what it says, what it links to, what it refuses."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import AppWith
from tests.web.public.conftest import OFFRE, STRUCTURE
from tests.web.public.markup import Markup, visit

SEARCH = "/recherche"


def search(client: FlaskClient, **asked: object) -> Markup:
    page = visit(client, SEARCH, **asked)
    assert page.status == 200
    return page


def test_title_has_query_place_count_and_page(client: FlaskClient) -> None:
    page = search(client, q="ordinateur", lieu="Orange")

    assert page.title == (
        "Offres pour « ordinateur » près d’Orange (84100) : 62 offres, page 1 sur 7 – Éventail"
    )
    assert "« ordinateur » Ne plus chercher près d’Orange (84100) à 30 km au plus" in page.text


def test_a_need_named_in_the_query_is_said_back(client: FlaskClient) -> None:
    page = search(client, q="permis Orange")

    assert "« permis » : préparer un permis Ne plus chercher près d’Orange (84100)" in page.text


def test_each_thing_understood_can_be_undone(client: FlaskClient) -> None:
    page = search(client, q="permis crèche Orange")

    without_permis = visit(client, page.link("Ne plus chercher « permis »"))
    assert without_permis.value_of("q") == "crèche"
    assert without_permis.value_of("lieu") == "Orange (84100)"
    without_place = visit(client, page.link("Ne plus chercher près d’Orange (84100)"))
    assert without_place.value_of("q") == "permis crèche"
    assert without_place.value_of("lieu") == ""


def test_words_can_be_taken_literally_and_back(client: FlaskClient) -> None:
    page = search(client, q="permis Orange")

    exact = visit(client, page.link("Chercher plutôt les mots exacts « permis Orange »"))
    assert "préparer un permis" not in exact.text
    assert "Ne plus chercher « Orange »" in exact.text
    again = visit(client, exact.link("Chercher plutôt le sens de ces mots"))
    assert again.text == page.text


def test_the_needs_of_one_sentence_stand_apart(client: FlaskClient) -> None:
    page = search(client, q="je cherche une crèche et je veux passer le permis à Orange")

    titles = [title for title in page.headings(2) if "crèche" in title or "permis" in title]
    assert titles == ["« crèche » : garde d’enfants", "« passer le permis » : préparer un permis"]
    assert not [text for _, text in page.links if text == "Page suivante"]


def test_an_urgent_need_shows_its_number_before_anything(client: FlaskClient) -> None:
    page = search(client, q="je dors dans ma voiture à Bar-le-Duc")

    assert page.headings(2)[0] == "C’est urgent ? Appelez d’abord"
    assert page.link("115 Samu social") == "tel:115"
    chosen = search(client, thematiques="famille--surmonter-conflits-separation-violence")
    assert chosen.link("3919") == "tel:3919"
    assert "Appelez d’abord" not in search(client, q="permis Orange").text


def test_offers_that_answer_some_of_the_words_are_never_withheld(client: FlaskClient) -> None:
    page = search(client, q="imprimer zorglubs", lieu="Orange")

    assert "Aucune offre" in page.text
    assert "Ces offres répondent à une partie de votre recherche" in page.headings(2)
    assert "partie de votre recherche" not in search(client, q="permis", lieu="Orange").text


def test_a_long_list_says_how_to_be_more_precise(client: FlaskClient) -> None:
    page = search(client, lieu="Avignon")

    assert "Préciser le besoin" in page.headings(2)
    assert "Préciser le besoin" not in search(client, q="crèche", lieu="Apt").headings(2)


def test_a_moment_is_a_filter_that_says_what_is_unknown(client: FlaskClient) -> None:
    page = search(client, lieu="Orange", thematiques="numerique", moment="mercredi-matin")

    assert page.link("Retirer le filtre Ouvert mercredi matin") == (
        "/recherche?lieu=Orange&thematiques=numerique"
    )
    assert "Ouvert à ce moment" in page.text
    assert "Horaires inconnus : renseignez-vous avant de vous déplacer" in page.text


def test_a_correction_is_said(client: FlaskClient) -> None:
    page = search(client, q="bibliotheqe")

    assert "Nous avons cherché « bibliotheque » au lieu de « bibliotheqe »" in page.text


def test_the_radius_is_shown_and_kept(client: FlaskClient) -> None:
    assert search(client, lieu="Apt").value_of("rayon_km") == "30"
    assert search(client, lieu="Apt", rayon_km="12,5").value_of("rayon_km") == "12,5"


def test_distances_are_words(client: FlaskClient) -> None:
    page = search(client, lieu="Orange", thematiques="numerique")

    assert "Orange, dans votre commune" in page.text
    assert "à 5,2 km" in page.text


def test_old_listings_say_how_to_check_them(client: FlaskClient) -> None:
    page = search(client, q="france services", lieu="Orange")

    assert "Mis à jour le 1er août 2024, à vérifier par téléphone" in page.text
    assert "à vérifier avant de vous déplacer" in page.text


def test_facets_are_boxes_with_counts_and_ticked_ones_can_be_removed(client: FlaskClient) -> None:
    page = search(client, lieu="Bollène", rayon_km=12, thematiques="numerique", frais="gratuit")

    ticked = [box.get("value") for box in page.all("input", type="checkbox") if "checked" in box]
    assert ticked == ["numerique", "gratuit"]
    assert page.link("Retirer le filtre Gratuit") == (
        "/recherche?lieu=Boll%C3%A8ne&rayon_km=12&thematiques=numerique"
    )
    assert page.link("Tout retirer") == "/recherche?lieu=Boll%C3%A8ne&rayon_km=12"


def test_every_parameter_survives_from_page_to_page(client: FlaskClient) -> None:
    page = search(client, lieu="Avignon", types="information", tri="distance", rayon_km=40)

    assert page.link("Page suivante") == (
        "/recherche?lieu=Avignon&rayon_km=40&types=information&tri=distance&page=2"
    )
    second = visit(client, page.link("Page suivante"))
    assert ", page 2 sur " in second.title
    assert page.link("Page suivante").replace("&page=2", "") in second.hrefs()


def test_a_page_beyond_the_last_leads_back(client: FlaskClient) -> None:
    page = search(client, lieu="Orange", q="ordinateur", page=9)

    assert "la recherche s’arrête à la page 7" in page.text
    assert ", page inconnue – Éventail" in page.title
    assert page.link("Voir la dernière page").endswith("page=7")


def test_homonyms_are_links_that_keep_the_search(client: FlaskClient) -> None:
    page = search(client, q="crèche", lieu="Saint-Martin")

    assert "D’autres communes portent ce nom ou ce code postal" in page.text
    href = page.link("Saint-Martin (32300)")
    chosen = visit(client, href)
    assert "q=cr%C3%A8che" in href
    assert "près de Saint-Martin (32300)" in chosen.title
    assert chosen.value_of("lieu") == "Saint-Martin (32300)"
    assert chosen.value_of("code_commune") == "32389"


def test_another_place_typed_wins_over_a_homonym_chosen_before(client: FlaskClient) -> None:
    page = search(client, lieu="Orange", code_commune="32389")

    assert "près d’Orange (84100)" in page.title
    assert not page.all("input", name="code_commune")


def test_an_unknown_place_gives_the_nearest_names(client: FlaskClient) -> None:
    page = search(client, lieu="Carpentrass")

    assert "Nous n’avons pas trouvé le lieu « Carpentrass »" in page.text
    assert page.link("Carpentras (84200)").endswith("code_commune=84031")


def test_an_address_without_its_service_falls_back_to_the_commune(client: FlaskClient) -> None:
    page = search(client, lieu="12 rue de la République 84000 Avignon")

    assert "Les distances partent du centre d’Avignon (84000)" in page.text


def test_nothing_found_is_never_a_dead_end(client: FlaskClient) -> None:
    page = search(client, q="natation", lieu="Orange")

    assert "Aucune offre" in page.text
    around = visit(client, page.link("Toutes les offres près d’Orange"))
    assert "594 offres" in around.title
    assert page.link("Numérique").startswith("/recherche?lieu=Orange")


def test_what_is_farther_is_said_and_one_link_away(client: FlaskClient) -> None:
    page = search(client, q="bibliothèque", code_commune="84048", lieu="Gignac", rayon_km=5)
    assert "Rien à moins de 5 km, mais " in page.text

    wider = next(href for href, text in page.links if text.startswith("Chercher jusqu’à"))
    assert "rayon_km=" in wider
    assert "Aucune offre" not in visit(client, wider).text


def test_filters_that_leave_nothing_can_be_dropped(client: FlaskClient) -> None:
    page = search(client, lieu="Verdun", q="bibliothèque", types="formation")

    assert page.link("Chercher pour tous les types d’aide") == (
        "/recherche?q=biblioth%C3%A8que&lieu=Verdun"
    )


def test_dropping_the_only_filter_is_not_offered_twice(client: FlaskClient) -> None:
    page = search(client, lieu="Orange", thematiques="numerique--acquerir-un-equipement")

    assert "Chercher sans choisir de besoin : 594 offres" in page.text
    assert "Toutes les offres près" not in page.text
    assert page.link("Numérique : 207")


def test_a_territory_is_a_filter_that_is_shown_kept_and_dropped(client: FlaskClient) -> None:
    page = search(client, q="bibliothèque", territoire="meuse")

    assert page.value_of("territoire") == "meuse"
    everywhere = visit(client, page.link("Retirer le filtre Territoire Meuse"))
    assert page.link("Retirer le filtre Territoire Meuse") == "/recherche?q=biblioth%C3%A8que"
    assert everywhere.title != page.title


def test_a_basin_outside_the_territory_leaves_nothing_but_a_way_out(client: FlaskClient) -> None:
    page = search(client, q="bibliothèque", territoire="meuse", bassin="grand-avignon")

    assert "Aucune offre" in page.text
    assert page.link("Chercher dans tous les territoires") == "/recherche?q=biblioth%C3%A8que"


def test_a_place_outside_the_territories_says_what_is_covered(client: FlaskClient) -> None:
    page = search(client, lieu="Brest", q="bibliothèque")

    assert "Le catalogue couvre pour l’instant : Meuse et Vaucluse." in page.text


def test_remote_and_reserved_offers_are_counted(app_with: AppWith) -> None:
    remote = {**OFFRE, "id": "essai--loin", "modes_accueil": ["a-distance"]}
    reserved = {**OFFRE, "id": "essai--reserve", "zone_eligibilite": ["55"]}
    client = app_with([STRUCTURE, OFFRE, remote, reserved]).test_client()

    page = search(client, q="zéphyr", lieu="Avignon")

    assert "1 offre de cette page est à distance." in page.text
    assert "Une offre réservée aux habitants d’autres communes n’est pas montrée." in page.text
    assert "Avignon ou à distance, dans votre commune" in page.text
    assert "(position approximative)" in page.text


def test_an_engine_that_is_down_is_never_no_result(engine_down: Flask) -> None:
    page = visit(engine_down.test_client(), SEARCH, q="crèche", lieu="Apt", rayon_km=8)

    assert page.status == 503
    assert page.title == "Recherche indisponible – Éventail"
    assert "aucun" not in page.text.split("En cas d’urgence")[0].lower().replace("aucune aide", "")
    assert [page.value_of(name) for name in ("q", "lieu", "rayon_km")] == ["crèche", "Apt", "8"]


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        pytest.param({"rayon_km": "-3"}, "rayon_km", "de 1 à 100 km", id="radius too small"),
        pytest.param({"rayon_km": "10000"}, "rayon_km", "de 1 à 100 km", id="radius too large"),
        pytest.param({"rayon_km": "loin"}, "rayon_km", "loin", id="radius in words"),
        pytest.param({"q": "x" * 10_000}, "q", "300", id="query too long"),
        pytest.param({"lieu": "y" * 500}, "lieu", "200", id="place too long"),
        pytest.param({"thematiques": "zzz"}, "recherche", "zzz", id="unknown need"),
        pytest.param({"page": "1000000000"}, "recherche", "page", id="page too deep"),
        pytest.param({"code_commune": "99999"}, "recherche", "Commune", id="unknown commune"),
        pytest.param({"bassin": "nulle-part"}, "recherche", "nulle-part", id="unknown basin"),
    ],
)
def test_a_fault_is_summed_up_and_linked_to_its_field(
    client: FlaskClient, asked: dict[str, str], field: str, words: str
) -> None:
    page = visit(client, SEARCH, **{"lieu": "Apt", "publics": "jeunes", **asked})

    assert page.status == 400
    assert page.title == "Erreur : recherche à corriger – Éventail"
    assert words in page.text
    assert f"#{field}" in page.hrefs()
    assert page.all("input", id=field) or page.all("form", id=field)
    assert page.all("input", name="publics", value="jeunes")  # what was right is kept
    assert page.value_of("lieu") == asked.get("lieu", "Apt")


def test_a_faulty_field_is_tied_to_its_message(client: FlaskClient) -> None:
    page = visit(client, SEARCH, rayon_km="-3")

    (radius,) = page.all("input", name="rayon_km")
    assert radius["aria-invalid"] == "true"
    described = (radius["aria-describedby"] or "").split()
    assert all(page.all("span", id=ident) for ident in described)
    assert len(described) == 2
