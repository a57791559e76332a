"""Going back to an older version, or to what the source says, without losing what came between."""

import json
from pathlib import Path

from app.domain.offre import Offre
from tests.web.espace.conftest import OFFRE_A, RECORDS, Site, all_forms, form_of

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
HISTORY = f"/espace/offres/{OFFRE_A}/historique"


def offre(site: Site) -> Offre:
    found = site.offre(OFFRE_A)
    assert isinstance(found, Offre)
    return found


def change(site: Site, **typed: str) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT)
    for name, value in typed.items():
        form.fill(name, value)
    assert form.send(client, "enregistrer").status_code == 303


def feed(site: Site, folder: Path, **said: str) -> None:
    """Imports the record of the offer again, saying other things."""
    records = [json.loads(line) for line in RECORDS.splitlines()]
    sent = [record | said if record["id"] == OFFRE_A else record for record in records]
    path = folder / "encore.jsonl"
    path.write_text("\n".join(map(json.dumps, sent)), encoding="utf-8")
    imported = site.app.test_cli_runner().invoke(args=["catalogue", "import", str(path)])
    assert imported.exit_code == 0, imported.output


def test_a_listing_goes_back_to_what_it_was(site: Site) -> None:
    before = offre(site)
    change(site, nom="Deuxième nom", telephone="0411111111")
    change(site, nom="Troisième nom", code_postal="84200", commune="Carpentras")
    client = site.person("membre-a")
    oldest = [f for f in all_forms(client.get(HISTORY)) if f.action.endswith("/restaurer")][-1]

    assert oldest.send(client).status_code == 303
    assert "la fiche dit de nouveau ce que disait cette version" in client.get(HISTORY).text

    now = offre(site)
    assert (now.nom, now.telephone, now.code_insee) == (before.nom, before.telephone, None)
    assert now.eligibilite == before.eligibilite
    history = client.get(HISTORY).text
    assert "Troisième nom" in history


def test_a_revision_of_another_listing_is_refused(site: Site) -> None:
    change(site, nom="Deuxième nom")
    client = site.person("membre-a")
    form = next(f for f in all_forms(client.get(HISTORY)) if f.action.endswith("/restaurer"))

    for revision in ("1", "0", "x", "99999999999999999999"):
        assert form.fill("revision", revision).send(client).status_code == 400
    assert offre(site).nom == "Deuxième nom"


def test_a_feed_leaves_a_correction_and_its_words_are_shown(site: Site, tmp_path: Path) -> None:
    change(site, nom="Corrigé par la structure")

    feed(site, tmp_path, nom="Nom du flux", telephone="0499999999")

    assert (offre(site).nom, offre(site).telephone) == ("Corrigé par la structure", "0499999999")
    page = site.person("membre-a").get(HISTORY).text.replace("&nbsp;", "\xa0")
    assert "La source\xa0: Nom du flux" in page


def test_the_words_of_the_source_are_taken_back(site: Site, tmp_path: Path) -> None:
    change(site, nom="Corrigé par la structure")
    feed(site, tmp_path, nom="Nom du flux")
    client = site.person("membre-a")

    form_of(client.get(HISTORY), "/reprendre").send(client)

    assert "ce champ dit ce que dit la source" in client.get(HISTORY).text
    assert offre(site).nom == "Nom du flux"
    assert "La source" not in client.get(HISTORY).text
    feed(site, tmp_path, nom="Encore un autre nom")
    assert offre(site).nom == "Encore un autre nom"


def test_a_field_that_is_not_held_cannot_be_taken_back(site: Site) -> None:
    client = site.person("membre-a")
    change(site, nom="Corrigé par la structure")
    form = form_of(client.get(HISTORY), "/reprendre")

    for champ in ("id", "etat_publication", "rien", ""):
        assert form.fill("champ", champ).send(client).status_code == 400
    assert form.fill("champ", "telephone").send(client).status_code == 303
    assert offre(site).nom == "Corrigé par la structure"


def test_what_came_since_the_page_was_opened_is_never_written_over(
    site: Site, tmp_path: Path
) -> None:
    change(site, nom="Corrigé")
    feed(site, tmp_path, nom="Nom du flux")
    client = site.person("coordinateur")
    page = client.get(HISTORY)
    back = [form for form in all_forms(page) if form.action.endswith("/restaurer")][-1]
    taken = form_of(page, "/reprendre")
    change(site, telephone="0411111111")

    for form in (back, taken):
        told = client.get(form.send(client).headers["Location"]).text
        assert "a été modifiée depuis que vous l’avez ouverte" in told
    assert (offre(site).nom, offre(site).telephone) == ("Corrigé", "0411111111")
    feed(site, tmp_path, nom="Encore un autre nom")
    assert offre(site).nom == "Corrigé"  # it is held still


def test_pressing_twice_is_no_conflict(site: Site, tmp_path: Path) -> None:
    before = offre(site).nom
    change(site, nom="Corrigé")
    client = site.person("membre-a")
    back = [form for form in all_forms(client.get(HISTORY)) if form.action.endswith("/restaurer")]

    answers = [back[-1].send(client).headers["Location"] for _ in range(2)]

    assert answers[0] == answers[1] == HISTORY
    assert offre(site).nom == before
    change(site, nom="Corrigé encore")
    feed(site, tmp_path, nom="Nom du flux")
    taken = form_of(client.get(HISTORY), "/reprendre")
    assert [taken.send(client).headers["Location"] for _ in range(2)] == [HISTORY, HISTORY]
    assert offre(site).nom == "Nom du flux"
