"""A new offer, a copy of another, and the sheet of the structure itself."""

from flask.testing import FlaskClient

from app.domain.offre import Offre
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, STRUCTURE_B, Formulaire, Site, form_of

SHEET = f"/espace/structures/{STRUCTURE_A}"
NEW = f"{SHEET}/offres/nouvelle"
EDIT = f"{SHEET}/modifier"
NAME, DESCRIPTION = "Essayer un métier", "Une semaine dans une entreprise, pour voir."


def filled(client: FlaskClient, address: str = NEW) -> Formulaire:
    """Opens the form of a new offer and types what is needed."""
    form = form_of(client.get(address), address)
    return form.fill("nom", NAME).fill("description", DESCRIPTION)


def offres_of_a(site: Site) -> list[str]:
    return [str(i) for i in site.espace.catalogue.repository.offre_ids_of(STRUCTURE_A)]


def made_of(site: Site, ident: str) -> Offre:
    found = site.offre(ident)
    assert isinstance(found, Offre)
    return found


def test_a_new_offer_is_published_and_found(site: Site) -> None:
    client = site.person("membre-a")

    assert filled(client).send(client, "enregistrer").status_code == 303

    (ident,) = set(offres_of_a(site)) - {OFFRE_A}
    made = made_of(site, ident)
    assert ident.startswith("eventail--")
    assert (made.nom, made.structure_id, made.source) == (NAME, STRUCTURE_A, "eventail")
    assert made.date_maj == site.espace.clock.today()
    found = site.visitor().get("/api/v1/offres?q=essayer").json["resultats"]
    assert ident in [o["id"] for o in found]
    assert "Création" in client.get(f"/espace/offres/{ident}/historique").text


def test_pressing_twice_makes_one_offer(site: Site) -> None:
    client = site.person("membre-a")
    form = filled(client)

    for _ in range(2):
        assert form.send(client, "enregistrer").status_code == 303

    assert len(offres_of_a(site)) == 2


def test_a_fault_keeps_what_is_typed_and_makes_nothing(site: Site) -> None:
    client = site.person("membre-a")
    form = filled(client).fill("nom", "")

    response = form.send(client, "enregistrer")

    assert response.status_code == 400
    back = form_of(response, NEW)
    assert (back["description"], back["identifiant"]) == (DESCRIPTION, form["identifiant"])
    assert offres_of_a(site) == [OFFRE_A]


def test_a_copy_begins_like_its_model_and_leaves_it_alone(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(f"{NEW}?modele={OFFRE_A}"), NEW)
    assert form["nom"] == "Passer le permis (copie)"
    assert form["eligibilite.0.fait"] == "age"

    assert form.send(client, "enregistrer").status_code == 303

    (ident,) = set(offres_of_a(site)) - {OFFRE_A}
    copy, model = made_of(site, ident), made_of(site, OFFRE_A)
    assert (copy.eligibilite, copy.telephone) == (model.eligibilite, model.telephone)
    assert model.nom == "Passer le permis"


def test_the_offer_of_another_structure_is_no_model(site: Site) -> None:
    client = site.person("membre-a")

    assert client.get(f"{NEW}?modele=essai--b1").status_code == 403
    assert client.get(f"{NEW}?modele=rien").status_code == 404


def test_only_ids_of_ours_are_made(site: Site) -> None:
    client = site.person("membre-a")

    for ident in ("essai--b1", "", "eventail--x", "eventail--" + "f" * 33):
        form = filled(client).fill("identifiant", ident)
        assert form.send(client, "enregistrer").status_code == 400, ident
    assert offres_of_a(site) == [OFFRE_A]


def test_nobody_takes_the_new_offer_of_another_structure(site: Site) -> None:
    owner, other = site.person("membre-b"), site.person("membre-a")
    form = filled(owner, f"/espace/structures/{STRUCTURE_B}/offres/nouvelle")
    form.send(owner, "enregistrer")

    stolen = filled(other).fill("identifiant", form["identifiant"]).fill("nom", "Volée")

    assert stolen.send(other, "enregistrer").status_code == 403
    assert made_of(site, form["identifiant"]).nom == NAME


def test_the_structure_is_corrected_and_its_offers_say_so(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT)
    assert (form["commune"], form["code_postal"]) == ("Avignon", "84000")
    form.fill("nom", "La Maison du Vernet").fill("siret", "130 025 265 00013")
    form.fill("horaires.lundi.0.debut", "9h").fill("horaires.lundi.0.fin", "17h")

    assert form.send(client, "enregistrer").status_code == 303

    page = site.visitor().get(f"/structures/{STRUCTURE_A}").text
    assert "La Maison du Vernet" in page
    assert "13002526500013" in page
    assert "La Maison du Vernet" in site.visitor().get(f"/offres/{OFFRE_A}").text
    assert "Maison A" in client.get(f"{SHEET}/historique").text


def test_the_faults_of_a_structure_stand_beside_their_fields(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT)

    response = form.fill("siret", "123").fill("site_web", "structure").send(client, "enregistrer")

    assert response.status_code == 400
    for name in ("siret", "site_web"):
        assert f'href="#{name}"' in response.text
    assert form_of(response, EDIT)["siret"] == "123"


def test_nothing_has_changed_for_the_structure(site: Site) -> None:
    client = site.person("boite")

    form_of(client.get(SHEET), f"/{STRUCTURE_A}/confirmer").send(client)

    assert "Confirmé par la structure" in client.get(SHEET).text
