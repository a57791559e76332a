"""What is sensitive leaves a line: who, what, on what, when; no address, nothing typed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.comptes import Role
from app.domain.connexion import Lien, Usage, empreinte_of, new_jeton
from app.domain.journal import DUREE_JOURNAL, Filtre, Ligne, Sensible
from app.web.espace.journal import LIBELLES
from tests.integration.oidc_provider import Provider
from tests.web.espace.conftest import (
    OFFRE_A,
    STRUCTURE_A,
    Site,
    all_forms,
    form_of,
)
from tests.web.espace.oidc import CAMILLE, trusting_site
from tests.web.espace.oidc import sign_in as enter

JOURNAL = "/espace/journal"
EDIT = f"/espace/offres/{OFFRE_A}/modifier"
ESPACE_A = f"/espace/structures/{STRUCTURE_A}"
SECRET = "canari-9f8e7d"


def lines(site: Site, action: Sensible) -> list[Ligne]:
    return list(site.espace.journal.store.find(Filtre(action=action)))


def told(site: Site, action: Sensible) -> list[tuple[str, str | None, dict[str, str | int]]]:
    return [(one.auteur, one.objet, dict(one.details)) for one in lines(site, action)]


def sign_in(site: Site, name: str):  # type: ignore[no-untyped-def]
    client = site.visitor()
    form = form_of(client.get("/connexion"), "/connexion")
    form.fill("courriel", f"{name}@essai.fr").send(client)
    client.get(site.boite.link())
    form_of(client.get("/connexion/confirmer"), "/connexion/confirmer").send(client)
    return client


def test_a_session_leaves_its_beginning_and_its_end(site: Site) -> None:
    client = sign_in(site, "membre-a")
    form_of(client.get("/espace"), "/deconnexion").send(client)

    auteur = f"compte:{site.compte_id('membre-a')}"
    assert told(site, Sensible.CONNEXION) == [(auteur, None, {})]
    assert told(site, Sensible.DECONNEXION) == [(auteur, None, {})]
    assert not lines(site, Sensible.COMPTE_CREE)


def test_a_new_address_makes_an_account(site: Site) -> None:
    sign_in(site, "nouvelle")

    ident = f"compte:{site.compte_id('nouvelle')}"
    assert told(site, Sensible.COMPTE_CREE) == [(ident, ident, {})]


def test_a_link_that_opens_nothing_leaves_its_reason(site: Site) -> None:
    quand = site.espace.clock.now()
    over = new_jeton()
    lien = Lien(usage=Usage.CONNEXION, courriel="membre-a@essai.fr", expire_le=quand)
    site.espace.connexion.store.add_lien(empreinte_of(over), lien, quand)
    for jeton in (over, "forge-de-toutes-pieces"):
        client = site.visitor()
        client.get(f"/lien/{jeton}")
        form = form_of(client.get("/connexion"), "/connexion")
        form.action = "/connexion/confirmer"  # a button that the page no longer shows
        assert form.send(client).status_code in (403, 410)

    refused = told(site, Sensible.CONNEXION_REFUSEE)
    assert refused == [
        ("visiteur", None, {"motif": "inconnu"}),
        ("visiteur", None, {"motif": "expire"}),
    ]


def test_reading_the_page_of_a_link_again_and_again_leaves_nothing(site: Site) -> None:
    forged, replayed = site.visitor(), site.visitor()
    forged.get("/lien/forge-de-toutes-pieces")
    ask = form_of(replayed.get("/connexion"), "/connexion").fill("courriel", "membre-a@essai.fr")
    ask.send(replayed)
    replayed.get(site.boite.link())
    form_of(replayed.get("/connexion/confirmer"), "/connexion/confirmer").send(replayed)
    replayed.get(site.boite.link())
    before = len(site.espace.journal.store.find(Filtre()))

    answers = {client.get("/connexion/confirmer").status_code for client in (forged, replayed) * 20}

    assert answers == {403, 410}
    assert len(site.espace.journal.store.find(Filtre())) == before


def test_memberships_leave_who_answered_and_for_whom(site: Site) -> None:
    asking = site.person("sans-structure")
    form_of(asking.get(f"{ESPACE_A}/rejoindre"), "/adhesions").send(asking)
    client = site.person("membre-a")
    page = client.get(ESPACE_A)
    form_of(page, "/admettre").send(client)
    form_of(page, "/retirer").send(client)  # somebody's membership, or the offer

    who = f"compte:{site.compte_id('membre-a')}"
    asked = site.compte_id("sans-structure")
    assert told(site, Sensible.ADHESION_DEMANDEE) == [
        (f"compte:{asked}", STRUCTURE_A, {"compte": asked})
    ]
    ((auteur, objet, details),) = told(site, Sensible.ADHESION_ADMISE)
    assert (auteur, objet) == (who, STRUCTURE_A)
    assert set(details) == {"compte"}


def test_a_member_removed_leaves_a_line(site: Site) -> None:
    client = site.person("coordinateur")
    forms = [f for f in all_forms(client.get(ESPACE_A)) if f.action.endswith("/membres/retirer")]

    forms[0].send(client)

    removed = int(forms[0]["compte"])
    who = f"compte:{site.compte_id('coordinateur')}"
    assert told(site, Sensible.ADHESION_RETIREE) == [(who, STRUCTURE_A, {"compte": removed})]


def test_an_invitation_leaves_the_structure_and_no_address(site: Site) -> None:
    client = site.person("coordinateur")
    form_of(client.get(ESPACE_A), "/inviter").send(client)

    who = f"compte:{site.compte_id('coordinateur')}"
    assert told(site, Sensible.INVITATION) == [(who, STRUCTURE_A, {})]


def test_what_is_withdrawn_given_back_or_restored_leaves_a_line(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT)
    form.fill("nom", SECRET).send(client, "enregistrer")
    history = f"/espace/offres/{OFFRE_A}/historique"
    oldest = [f for f in all_forms(client.get(history)) if f.action.endswith("/restaurer")][-1]
    oldest.send(client)
    for _ in range(2):
        form_of(client.get(ESPACE_A), f"{OFFRE_A}/retirer").send(client)

    who = f"compte:{site.compte_id('membre-a')}"
    assert told(site, Sensible.RETRAIT) == [(who, OFFRE_A, {})]
    assert told(site, Sensible.REMISE_EN_LIGNE) == [(who, OFFRE_A, {})]
    revision = int(oldest["revision"])
    assert told(site, Sensible.RESTAURATION) == [(who, OFFRE_A, {"revision": revision})]


@pytest.mark.parametrize(
    ("answer", "action"),
    [
        ("/accepter", Sensible.PROPOSITION_ACCEPTEE),
        ("/refuser", Sensible.PROPOSITION_REFUSEE),
    ],
)
def test_a_proposition_leaves_who_answered(site: Site, answer: str, action: Sensible) -> None:
    sender = site.person("boite")
    form_of(sender.get(EDIT), EDIT).fill("nom", "Autre nom").send(sender, "enregistrer")
    client = site.person("coordinateur")
    numero = site.espace.moderation.store.waiting()[0].id

    form_of(client.get(f"/espace/moderation/{numero}"), answer).send(client)

    who = f"compte:{site.compte_id('coordinateur')}"
    assert told(site, action) == [(who, f"proposition:{numero}", {})]


def test_a_key_leaves_its_beginning_and_its_end(site: Site) -> None:
    client = site.person("membre-a")
    form_of(client.get("/espace/cles"), "/cles").fill("nom", SECRET).send(client)
    form_of(client.get("/espace/cles"), "/revoquer").send(client)

    who = f"compte:{site.compte_id('membre-a')}"
    (made,), (ended,) = (
        told(site, action) for action in (Sensible.CLE_CREEE, Sensible.CLE_REVOQUEE)
    )
    assert made == ended
    assert (made[0], str(made[1]).partition(":")[0]) == (who, "cle")


def test_a_right_that_is_refused_leaves_a_line(site: Site) -> None:
    site.person("membre-b").get(EDIT)
    site.visitor().get(EDIT)
    site.person("boite").get("/espace/journal")
    site.person("membre-b").get("/lien/perime", follow_redirects=True)

    who = f"compte:{site.compte_id('membre-b')}"
    assert told(site, Sensible.DROIT_REFUSE) == [
        (f"boite:{STRUCTURE_A}", None, {"page": "espace.journal"}),
        (who, OFFRE_A, {"page": "espace.modifier_offre"}),
    ]


def test_an_administrator_reads_it_with_filters(site: Site) -> None:
    site.person("membre-b").get(EDIT)
    client = site.person("administrateur")
    number = site.compte_id("membre-b")
    today = site.espace.clock.today()

    assert f"compte:{number}" in client.get(JOURNAL).text
    for query, is_found in {
        f"action={Sensible.DROIT_REFUSE}": True,
        f"action={Sensible.RETRAIT}": False,
        f"auteur={number}": True,
        "auteur=999": False,
        f"objet={OFFRE_A}": True,
        f"depuis={today}&jusqu_a={today}": True,
        f"depuis={today + timedelta(days=1)}": False,
        "avant=1": False,
    }.items():
        page = client.get(f"{JOURNAL}?{query}")
        assert page.status_code == 200
        assert (f"<td>compte:{number}</td>" in page.text) is is_found, query


def test_a_day_that_is_none_is_told_and_kept(site: Site) -> None:
    client = site.person("administrateur")
    for query in ("depuis=hier", "jusqu_a=9999-99-99", "depuis=0001-01-01"):
        page = client.get(f"{JOURNAL}?{query}")

        assert page.status_code == 400
        assert "Écrivez une date" in page.text
        assert query.partition("=")[2] in page.text


def test_what_makes_no_sense_filters_nothing_or_finds_nothing(site: Site) -> None:
    client = site.person("administrateur")
    for query in ("avant=x", "avant=99999999999", "action=rien", "auteur=²", "auteur=x&objet=y"):
        assert client.get(f"{JOURNAL}?{query}").status_code == 200, query


def test_it_is_purged_by_command(site: Site) -> None:
    quand = site.espace.clock.now() - DUREE_JOURNAL
    store = site.espace.journal.store
    for after in (timedelta(days=-1), timedelta(days=1)):
        store.add(Ligne(quand=quand + after, auteur="compte:1", action=Sensible.RETRAIT))
    run: Callable[..., object] = site.app.test_cli_runner().invoke

    run(args=["comptes", "journal", "--purger"])

    assert [one.quand for one in store.find(Filtre())] == [quand + timedelta(days=1)]


def test_nothing_of_a_person_is_in_it(site: Site) -> None:
    client = sign_in(site, "membre-a")
    form_of(client.get("/espace/compte"), "/nom").fill("nom", SECRET).send(client)
    form_of(client.get(EDIT), EDIT).fill("nom", SECRET).send(client, "enregistrer")
    form_of(client.get(ESPACE_A), "/membres/retirer").send(client)
    site.espace.comptes.save(
        "autre@essai.fr", SECRET, Role.PARTENAIRE, None, site.espace.clock.now()
    )

    found = site.espace.journal.store.find(Filtre())

    assert found
    kept = " ".join(map(str, found))
    for word in (SECRET, "@", "essai.fr", "jeton", "127.0.0.1"):
        assert word not in kept


def test_a_wrong_password_leaves_a_line_that_names_nobody(site: Site) -> None:
    client = site.visitor()
    form = form_of(client.get("/connexion"), "/mot-de-passe")
    form.fill("courriel", "membre-a@essai.fr").fill("mot_de_passe", SECRET).send(client)

    assert told(site, Sensible.CONNEXION_REFUSEE) == [("visiteur", None, {"motif": "mot-de-passe"})]


def test_a_password_that_is_chosen_leaves_a_line(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get("/espace/compte"), "/mot-de-passe/choisir")
    form.fill("nouveau", "trois renards sous la pluie").send(client)
    form_of(client.get("/espace/compte"), "/mot-de-passe/retirer").send(client)

    who = f"compte:{site.compte_id('membre-a')}"
    assert told(site, Sensible.MOT_DE_PASSE_CHOISI) == [(who, None, {})]
    assert told(site, Sensible.MOT_DE_PASSE_RETIRE) == [(who, None, {})]


def test_sessions_closed_leave_how_many_and_once(site: Site) -> None:
    client, other = site.person("membre-a"), site.person("membre-a")
    page = client.get("/espace/compte")
    for _ in range(2):  # a button pressed twice
        form_of(page, "/sessions/fermer").send(client)
    assert other.get("/espace").status_code == 303
    for _ in range(2):
        site.person("membre-a")
    page = client.get("/espace/compte")
    for _ in range(2):
        form_of(page, "/sessions/fermer-autres").send(client)

    who = f"compte:{site.compte_id('membre-a')}"
    assert told(site, Sensible.SESSION_FERMEE) == [
        (who, who, {"sessions": 2}),
        (who, who, {"sessions": 1}),
    ]


def test_an_identity_joined_and_parted_leaves_lines(
    people_dir: Path, tmp_path: Path, provider: Provider
) -> None:
    site = trusting_site(people_dir, tmp_path, provider)
    client = site.visitor()
    for _ in range(2):  # known the second time
        enter(client)
    page = client.get("/espace/compte")
    for _ in range(2):
        form_of(page, "/dissocier").send(client)

    compte = site.espace.comptes.find(CAMILLE)
    assert compte is not None
    who = f"compte:{compte.id}"
    for action in (
        Sensible.COMPTE_CREE,
        Sensible.IDENTITE_ASSOCIEE,
        Sensible.IDENTITE_DISSOCIEE,
    ):
        assert told(site, action) == [(who, who, {})]


def test_a_setting_leaves_which_one_and_where(site: Site) -> None:
    client = site.person("coordinateur")
    address = "/espace/reglages/vaucluse"
    form = form_of(client.get(address), address)
    form.fill("besoin", "39").fill("acces", "26").send(client, "enregistrer")

    who = f"compte:{site.compte_id('coordinateur')}"
    assert told(site, Sensible.REGLAGE) == [(who, "vaucluse", {"nature": "poids"})]


def test_every_action_is_said_in_words() -> None:
    assert LIBELLES.keys() == set(Sensible)
