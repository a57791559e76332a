"""Hours are said in French where they are compared; the form leads to what its source says."""

from pathlib import Path

from tests.web.espace.conftest import Site, form_of
from tests.web.espace.test_versions import EDIT, HISTORY, change, feed


def plain(page: str) -> str:
    """Returns a page with ordinary spaces."""
    return page.replace("&nbsp;", " ").replace("\xa0", " ").replace("\u202f", " ")


def hours(site: Site, text: str) -> None:
    """Writes hours as a text, as who knows their syntax does."""
    change(site, **{"horaires.mode": "texte", "horaires_accueil": text})


def test_the_history_says_hours_as_the_sheet_does(site: Site) -> None:
    hours(site, "Mo-Fr 09:00-12:30")
    hours(site, "Mo-Fr 09:00-12:30; PH off")

    page = plain(site.person("membre-a").get(HISTORY).text)

    assert "Avant : rien" in page
    assert "Après : Du lundi au vendredi : de 9 h à 12 h 30" in page
    assert "Après : Du lundi au vendredi : de 9 h à 12 h 30 ; Samedi et dimanche : fermé ;" in page
    assert "Jours fériés : fermé" in page
    assert "Mo-Fr" not in page


def test_hours_that_nobody_can_read_stay_as_they_are(site: Site) -> None:
    hours(site, "Mo[1] 09:00-12:30")

    assert "Après : Mo[1] 09:00-12:30" in plain(site.person("membre-a").get(HISTORY).text)


def test_hours_that_two_people_changed_are_compared_in_words(site: Site) -> None:
    client = site.person("coordinateur")
    mine = form_of(client.get(EDIT), EDIT)
    hours(site, "Sa 10:00-12:00")

    mine.fill("horaires.lundi.0.debut", "9h").fill("horaires.lundi.0.fin", "12h")
    settling = plain(mine.send(client, "enregistrer").text)

    assert "vous l’avez changé tous les deux" in settling
    assert "Samedi : de 10 h à 12 h" in settling
    assert "Sa 10:00" not in settling


def test_the_form_leads_to_what_the_source_says_otherwise(site: Site, tmp_path: Path) -> None:
    client = site.person("membre-a")
    assert "La source écrit autre chose" not in client.get(EDIT).text
    change(site, nom="Corrigé par la structure")
    hours(site, "Mo-Fr 09:00-12:30")

    feed(site, tmp_path, nom="Nom du flux", horaires_accueil="Sa 10:00-12:00")

    form = client.get(EDIT).text
    assert form.count("La source écrit autre chose") == 2  # beside the name and beside the week
    assert form.count(f'href="{HISTORY}#ecarts-titre"') == 2
    page = plain(client.get(HISTORY).text)
    assert 'id="ecarts-titre"' in page
    assert "La source : Du lundi au vendredi : fermé ; Samedi : de 10 h à 12 h" in page


def test_who_may_not_see_the_history_is_not_led_there(site: Site, tmp_path: Path) -> None:
    change(site, nom="Corrigé par la structure")
    feed(site, tmp_path, nom="Nom du flux")

    page = site.person("professionnel").get(EDIT).text

    assert "La source écrit autre chose" in page
    assert HISTORY not in page
