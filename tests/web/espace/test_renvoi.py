"""What was typed in a form that could not be done is in the page that says so, to be sent again."""

from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.domain.errors import CatalogueUnavailable
from app.services.campagnes import CampagneService
from app.services.connexion import ConnexionService
from app.web.rate_limits import LIMITS, PAGES, SAISIE
from app.web.renvoi import MAX_CHAMPS
from tests.web.espace.conftest import (
    OFFRE_A,
    OFFRE_B,
    STRUCTURE_A,
    Formulaire,
    Site,
    all_forms,
    form_of,
    site_in,
)

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
REMINDERS = f"/espace/structures/{STRUCTURE_A}/rappels"
FILE = f"/espace/structures/{STRUCTURE_A}/fichier"
SETTINGS = "/espace/reglages/vaucluse"
ACCOUNT, NAME = "/espace/compte", "/espace/compte/nom"
SAVE, AGAIN = "enregistrer", "Envoyer de nouveau"


def sign_out(client: FlaskClient) -> str:
    """Ends the session of a browser, and returns what would open it."""
    with client.session_transaction() as kept:
        return str(kept.pop("jeton"))


def sign_in(client: FlaskClient, jeton: str) -> None:
    """Signs in again: whatever the browser held is forgotten."""
    with client.session_transaction() as kept:
        kept.clear()
        kept["jeton"] = jeton


@pytest.fixture(scope="module")
def coordinateur(shared_site: Site) -> FlaskClient:
    """One browser for the tests that write nothing: few links leave for one address."""
    return shared_site.person("coordinateur")


def renew(client: FlaskClient) -> None:
    """Signs in again, as in another tab."""
    sign_in(client, sign_out(client))


def typed_in(form: Formulaire) -> list[tuple[str, str]]:
    """Returns the fields of a form but its token."""
    return [pair for pair in form.fields if pair[0] != "csrf_token"]


def named(client: FlaskClient, nom: str) -> Formulaire:
    """Returns the form of one's name, filled in."""
    return form_of(client.get(ACCOUNT), NAME).fill("nom", nom)


@pytest.mark.parametrize(
    ("page", "action", "field", "typed"),
    [
        pytest.param(SETTINGS, SETTINGS, "base", "0", id="weights"),
        pytest.param(f"{SETTINGS}/mots", f"{SETTINGS}/mots", "mots", "CDP = rien", id="words"),
        pytest.param(
            f"{SETTINGS}/bassins", f"{SETTINGS}/bassins", "nouveau.nom", "Val d’ici", id="basins"
        ),
        pytest.param(
            "/espace/campagnes", "/espace/campagnes", "message", "Merci à tous", id="campaign"
        ),
        pytest.param(REMINDERS, REMINDERS, "courriel", "pas une adresse", id="reminders"),
        pytest.param("/espace/cles", "/espace/cles", "nom", "Logiciel d’ici", id="key"),
    ],
)
def test_a_form_is_told_as_ended_then_stale_then_as_it_was_sent(
    coordinateur: FlaskClient, page: str, action: str, field: str, typed: str
) -> None:
    client = coordinateur
    form = form_of(client.get(page), action)
    assert form.fill(field, typed).all(field) == [typed]
    jeton = sign_out(client)

    ended = form.send(client, SAVE)
    sign_in(client, jeton)
    stale = form_of(ended, action).send(client)
    done = form_of(stale, action).send(client)

    assert ended.status_code == 401
    assert "Rien n’est perdu" in ended.text
    assert form_of(ended, action).fields == [*typed_in(form), ("faire", SAVE)]
    assert stale.status_code == 400
    assert "Votre connexion a été renouvelée" in stale.text
    assert "coordinateur@essai.fr" in stale.text
    assert AGAIN not in done.text
    assert "Votre connexion a été renouvelée" not in done.text
    if done.status_code != 303:
        assert typed in done.text


def test_one_press_does_what_was_typed_before_the_session_was_renewed(site: Site) -> None:
    client = site.person("membre-a")
    form = named(client, "Camille Renard")
    renew(client)

    stale = form.send(client)

    assert stale.status_code == 400
    assert "Camille Renard" not in client.get(ACCOUNT).text
    assert form_of(stale, NAME).send(client).status_code == 303
    assert form_of(client.get(ACCOUNT), NAME)["nom"] == "Camille Renard"


def test_the_reason_of_a_refusal_comes_back(site: Site) -> None:
    author = site.person("boite")
    form_of(author.get(EDIT), EDIT).fill("nom", "Proposé").send(author, SAVE)
    client = site.person("coordinateur")
    form = form_of(client.get("/espace/moderation/1"), "/refuser")
    form.fill("motif", "Un motif assez long")
    jeton = sign_out(client)
    ended = form.send(client)
    sign_in(client, jeton)

    stale = form_of(ended, "/refuser").send(client)

    assert form_of(stale, "/refuser")["motif"] == "Un motif assez long"
    assert ">Un motif assez long<" in stale.text  # to be read, and not only sent
    assert form_of(stale, "/refuser").send(client).status_code == 303


def test_a_file_is_asked_for_again(shared_site: Site) -> None:
    client = shared_site.person("membre-a")
    token = form_of(client.get(FILE), FILE)["csrf_token"]
    jeton = sign_out(client)
    data = {"csrf_token": token, "fichier": (BytesIO(b"id\n"), "offres.csv")}

    ended = client.post(FILE, data=data, content_type="multipart/form-data")

    assert ended.status_code == 401
    assert "choisissez de nouveau le fichier" in ended.text
    assert "Rien n’est perdu" not in ended.text
    assert not any(form.action == FILE for form in all_forms(ended))
    assert f'href="{FILE}"' in ended.text
    client.get(FILE)
    with client.session_transaction() as kept:
        assert kept["suite"] == FILE
    sign_in(client, jeton)
    report = client.post(f"{FILE}/publier", data={"depot": "x" * 22})
    assert report.status_code == 400
    assert "choisissez de nouveau le fichier" in report.text
    assert "x" * 22 not in report.text


@pytest.mark.parametrize("state", ["ended", "stale"])
def test_a_password_stays_in_no_page(shared_site: Site, state: str) -> None:
    client = shared_site.person("membre-b")
    form = form_of(client.get(ACCOUNT), "/choisir").fill("nouveau", "trois vélos rouges")
    jeton = sign_out(client)
    if state == "stale":
        sign_in(client, jeton)

    page = form.send(client)

    assert "ne garde jamais un mot de passe" in page.text
    assert "trois vélos rouges" not in page.text
    assert f'href="{ACCOUNT}"' in page.text


@pytest.mark.parametrize(
    ("action", "status"),
    [
        pytest.param(f"/espace/offres/{OFFRE_B}/modifier", 403, id="of others"),
        pytest.param("/espace/offres/rien/modifier", 404, id="that is no more"),
    ],
)
def test_a_listing_out_of_reach_leaves_what_was_typed(
    shared_site: Site, action: str, status: int
) -> None:
    client = shared_site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT).fill("nom", "Tapé <avant> & après")
    form.action = action

    page = form.send(client, SAVE)

    assert page.status_code == status
    assert "Rien n’est perdu" in page.text
    kept = form_of(page, action)
    assert "csrf_token" in dict(kept.fields)
    assert sorted(typed_in(kept)) == sorted([*typed_in(form), ("faire", SAVE)])
    assert "Tapé &lt;avant&gt; &amp; après" in page.text


def test_a_save_while_the_record_is_away_is_sent_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT).fill("nom", "Tapé pendant la panne")
    with monkeypatch.context() as patch:
        patch.setattr(ConnexionService, "acteur", _away)

        page = form.send(client, SAVE)

    assert page.status_code == 503
    assert AGAIN in page.text
    assert form_of(page, EDIT).send(client, "").status_code == 303
    assert "Tapé pendant la panne" in site.visitor().get(f"/offres/{OFFRE_A}").text


def test_what_a_read_page_says_of_the_record_promises_nothing(
    coordinateur: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CampagneService, "all", _away)

    page = coordinateur.get("/espace/campagnes")

    assert page.status_code == 503
    assert "rien n’est perdu" not in page.text.lower()


def _away(*_: object) -> None:
    raise CatalogueUnavailable


def test_the_token_of_another_session_is_not_renewed_by_a_fault(
    shared_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = shared_site.person("membre-a")
    form = named(client, "Camille Renard")
    renew(client)
    with monkeypatch.context() as patch:
        patch.setattr(ConnexionService, "acteur", _away)

        page = form.send(client)

    assert "csrf_token" not in [nom for nom, _ in form_of(page, NAME).fields]
    assert "Votre connexion a été renouvelée" in form_of(page, NAME).send(client).text


@pytest.fixture
def limited(people_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site that counts requests, where one save a minute is enough."""
    monkeypatch.setitem(LIMITS, SAISIE, "1 per minute")
    monkeypatch.setitem(LIMITS, PAGES, "2 per minute")
    return site_in(people_dir, tmp_path, RATE_LIMITS="on")


def test_a_save_that_comes_too_soon_is_kept(limited: Site) -> None:
    client = limited.person("membre-a")
    form = form_of(client.get(EDIT), EDIT).fill("nom", "Tapé trop vite")
    client.get("/attributions")
    assert client.get("/attributions").status_code == 429

    # What is read leaves what is written alone.
    assert form.send(client, "apercu").status_code == 200
    page = form.send(client, SAVE)

    assert page.status_code == 429
    kept = form_of(page, EDIT)
    assert (kept["nom"], kept["faire"]) == ("Tapé trop vite", SAVE)
    assert "csrf_token" in dict(kept.fields)


def test_what_another_site_sends_is_kept_by_no_page(limited: Site) -> None:
    client = limited.person("membre-a")
    sent = [
        client.post(EDIT, data={"nom": "Piégé"}, headers={"Sec-Fetch-Site": "cross-site"})
        for _ in range(2)
    ]

    assert [page.status_code for page in sent] == [403, 429]
    assert not any("Piégé" in page.text for page in sent)


def test_more_fields_than_any_form_has_are_not_kept(shared_site: Site) -> None:
    data = {f"champ{rank}": "x" for rank in range(MAX_CHAMPS + 1)}

    page = shared_site.visitor().post("/espace/campagnes", data=data)

    assert page.status_code == 401
    assert "champ1" not in page.text
    assert "Rien n’est perdu" not in page.text
    assert "trop long pour cette page" in page.text


def test_a_part_of_a_page_is_not_asked_again(shared_site: Site) -> None:
    page = shared_site.visitor().post(EDIT, data={"nom": "x", "fragment": "apercu"})

    assert form_of(page, EDIT).fields == [("nom", "x")]
