"""A file of offers: the model, the report, the publication; hostile files; two people at once."""

import csv
import io
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.depots import MAX_OCTETS
from app.domain.edition import FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE
from tests.web.espace.conftest import OFFRE_A, OFFRE_B, STRUCTURE_A, STRUCTURE_B, Site, form_of

SHEET = f"/espace/structures/{STRUCTURE_A}"
PAGE, MODEL = f"{SHEET}/fichier", f"{SHEET}/fichier/offres.csv"
EDIT = f"/espace/offres/{OFFRE_A}/modifier"
Rows = list[dict[str, str]]


def offre(site: Site, ident: str = OFFRE_A) -> Offre:
    fiche = site.espace.edition.store.get(FicheRef(objet=OFFRE, id=ident))
    assert fiche is not None
    assert isinstance(fiche.value, Offre)
    return fiche.value


def model(client: FlaskClient) -> Rows:
    text = client.get(MODEL).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def written(rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


BOUNDARY = "----eventail"


def send(client: FlaskClient, content: bytes, name: str = "offres.csv") -> TestResponse:
    """Sends a file as a browser does: the test client would leave a large one open on disk."""
    token = form_of(client.get(PAGE), "/fichier")["csrf_token"]
    quoted = name.replace('"', "%22")
    head = 'Content-Disposition: form-data; name="csrf_token"'
    file = f'Content-Disposition: form-data; name="fichier"; filename="{quoted}"'
    parts = [(head, token.encode()), (file, content)]
    body = b"".join(
        f"--{BOUNDARY}\r\n{header}\r\n\r\n".encode() + part + b"\r\n" for header, part in parts
    )
    return client.post(
        PAGE,
        data=body + f"--{BOUNDARY}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )


def publish(client: FlaskClient, report: TestResponse) -> TestResponse:
    return form_of(report, "/publier").send(client)


def told(response: TestResponse) -> str:
    return re.sub(r"[ \n]+", " ", response.text.replace("&nbsp;", "\xa0"))


def test_the_model_sent_back_as_it_is_changes_nothing(site: Site) -> None:
    client = site.person("membre-a")
    edit = form_of(client.get(EDIT), EDIT)
    edit.fill("frais_precisions", "=1+1 | gratuit").fill("telephone", "+33 4 90 00 00 00")
    edit.fill("description", "'=apostrophe\r\nDeux lignes, « ; » et | barres.")
    edit.fill("modes_accueil", "en-presentiel", "a-distance").send(client, "enregistrer")
    before = offre(site)

    downloaded = client.get(MODEL)
    assert downloaded.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in downloaded.headers["Content-Disposition"]
    assert "no-store" in downloaded.headers["Cache-Control"]
    (row,) = model(client)
    assert row["frais_precisions"] == "'=1+1 | gratuit"
    assert row["telephone"] == "+33 4 90 00 00 00"
    for content in (downloaded.data, written([row], "utf-8", ","), written([row], "utf-16", "\t")):
        report = send(client, content)
        assert "rien à publier" in told(report)
        assert "1 sans changement" in told(report)
    assert offre(site) == before


def test_a_file_is_told_then_published_as_shown(site: Site) -> None:
    client = site.person("membre-a")
    (row,) = model(client)
    new = dict.fromkeys(row, "")
    new |= {"nom": "Atelier du mercredi", "description": "Apprendre à réparer son vélo."}
    new |= {"commune": "Avignon", "code_postal": "84000"}

    report = send(client, written([row | {"nom": "Le permis", "telephone": ""}, new], "cp1252"))

    page = told(report)
    assert "1 offre à ajouter" in page
    assert "1 offre à modifier" in page
    assert "vérifiez les accents" in page
    assert "Maintenant\xa0: Passer le permis" in page
    assert "Avec le fichier\xa0: Le permis" in page
    assert "Maintenant\xa0: 0490000000" in page
    assert offre(site).nom == "Passer le permis"  # nothing is written yet
    response = publish(client, report)
    assert response.status_code == 303
    assert "Les offres du fichier sont publiées" in client.get(response.headers["Location"]).text
    assert (offre(site).nom, offre(site).telephone) == ("Le permis", None)
    assert offre(site).eligibilite is not None  # what the file does not change stays
    assert "Atelier du mercredi" in client.get(SHEET).text
    created = next(
        fiche.value
        for fiche in site.espace.edition.store.offres_of(STRUCTURE_A)
        if fiche.value.nom == "Atelier du mercredi"
    )
    assert isinstance(created, Offre)
    assert (created.source, created.code_insee) == ("eventail", "84007")
    held = site.espace.edition.store.tenues(FicheRef(objet=OFFRE, id=OFFRE_A))
    assert held.keys() == {"nom", "telephone"}
    history = client.get(f"/espace/offres/{OFFRE_A}/historique").text
    assert "Le permis" in history


def test_what_cannot_be_read_is_told_by_line_and_column(site: Site) -> None:
    client = site.person("membre-a")
    (row,) = model(client)
    rows = [
        row | {"thematiques": "rien-de-tel"},
        row | {"id": OFFRE_B},
        row | {"id": "eventail--inconnue"},
        row | {"id": "", "structure_id": STRUCTURE_B},
        row | {"id": "", "nom": ""},
        row | {"id": "", "etat_publication": "a_moderer"},
        row | {"id": "", "commune": "Nulle-Part", "code_postal": "84000", "code_insee": ""},
    ]
    rows = [{"structure_id": "", "inventee": "x", **one} for one in rows]

    page = told(send(client, written(rows)))

    assert "7 lignes à corriger" in page
    assert "inventee" in page
    assert "aucune offre de votre structure" in page
    assert "celle d’une autre structure" in page
    for cells in ("<td>2</td> <td>thematiques</td>", "<td>6</td> <td>nom</td>"):
        assert cells in page
    assert "<td>8</td> <td>commune</td>" in page
    assert "Il n’y a rien à publier" in page


def test_the_same_offer_twice_is_refused(site: Site) -> None:
    client = site.person("membre-a")
    (row,) = model(client)

    page = told(send(client, written([row | {"nom": "Un nom"}, row | {"nom": "Un autre"}])))

    assert "1 offre à modifier" in page
    assert "déjà présent plus haut" in page


def test_a_hidden_address_stays_hidden_unless_one_says_so(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT).fill("adresse_confidentielle", "oui")
    form.send(client, "enregistrer")
    (row,) = model(client)
    assert row["adresse_confidentielle"] == "oui"

    report = send(client, written([row | {"adresse_confidentielle": "", "nom": "Autre"}]))
    publish(client, report)

    assert (offre(site).nom, offre(site).adresse_confidentielle) == ("Autre", True)


def test_another_place_has_another_code_and_loses_the_old_point(site: Site) -> None:
    client = site.person("membre-a")
    (row,) = model(client)
    place = {"commune": "Avignon", "code_postal": "84000", "adresse": "1 rue de la République"}
    point = {"latitude": "43.9465", "longitude": "4,8057"}
    publish(client, send(client, written([row | place | point])))
    assert (offre(site).code_insee, offre(site).longitude) == ("84007", 4.8057)

    (row,) = model(client)
    publish(
        client, send(client, written([row | {"commune": "Carpentras", "code_postal": "84200"}]))
    )

    assert (offre(site).code_insee, offre(site).latitude) == ("84031", None)


def test_an_offer_is_withdrawn_by_its_file(site: Site) -> None:
    client = site.person("membre-a")
    (row,) = model(client)

    publish(client, send(client, written([row | {"etat_publication": "retire"}])))

    assert site.visitor().get(f"/offres/{OFFRE_A}").status_code == 404


def test_what_changed_meanwhile_is_shown_again_and_not_overwritten(site: Site) -> None:
    client, other = site.person("membre-a"), site.person("coordinateur")
    (row,) = model(client)
    report = send(client, written([row | {"nom": "Du fichier"}]))
    form = form_of(other.get(EDIT), EDIT).fill("nom", "Entre-temps")
    form.fill("courriel", "neuf@a.fr").send(other, "enregistrer")

    again = publish(client, report)

    assert again.status_code == 409
    page = told(again)
    assert "Changé entre-temps par quelqu’un d’autre\xa0: Nom de l’offre" in page
    assert "Maintenant\xa0: Entre-temps" in page
    assert "neuf@a.fr" not in page  # the file says nothing of it
    assert offre(site).nom == "Entre-temps"
    assert publish(client, again).status_code == 303
    assert (offre(site).nom, offre(site).courriel) == ("Du fichier", "neuf@a.fr")


def test_a_report_publishes_once_and_for_its_author_only(site: Site) -> None:
    client, other = site.person("membre-a"), site.person("coordinateur")
    (row,) = model(client)
    report = send(client, written([row | {"nom": "Du fichier"}]))
    form = form_of(report, "/publier")
    token = form_of(other.get(PAGE), "/fichier")["csrf_token"]
    stolen = form_of(report, "/publier").fill("csrf_token", token)

    assert stolen.send(other).status_code == 410
    assert offre(site).nom == "Passer le permis"
    assert form.send(client).status_code == 303
    assert form.send(client).status_code == 410
    assert form.fill("depot", "inventé\x00").send(client).status_code == 410


def test_what_is_typed_by_hand_in_the_page_publishes_nothing_else(site: Site) -> None:
    client = site.person("membre-a")
    (row,) = model(client)
    form = form_of(send(client, written([row | {"nom": "Du fichier"}])), "/publier")

    form.fill("nom", "Forgé").fill("id", OFFRE_B).send(client)

    assert offre(site).nom == "Du fichier"
    assert offre(site, OFFRE_B).nom == "Réparer son vélo"


HOSTILE = {
    "nothing": (b"", "offres.csv", "vide"),
    "no name": (b"id;nom", "", "Choisissez d’abord un fichier"),
    "a program": (b"MZ", "offres.exe", "n’est pas un CSV"),
    "a workbook": (b"PK\x03\x04", "offres.csv", "C’est un classeur"),
    "another table": (b"a;b\n1;2", "offres.csv", "Aucune colonne n’est reconnue"),
    "too heavy": (b"id;nom\n" + b"x" * MAX_OCTETS, "offres.csv", "trop lourd"),
    "a name that acts": (b"a;b", '"><script>x</script>.csv', "Aucune colonne"),
}


def test_hostile_files_are_refused_in_words(shared_site: Site) -> None:
    client = shared_site.person("membre-a")
    for case, (content, name, words) in HOSTILE.items():
        response = send(client, content, name)
        assert response.status_code == 400, case
        assert words in response.text, case
        assert "<script>" not in response.text, case


def test_hostile_cells_stay_words(shared_site: Site) -> None:
    client = shared_site.person("membre-a")
    (row,) = model(client)
    cells = {"nom": "<script>alert(1)</script>", "eligibilite": "[" * 5000, "regles": "{"}

    response = send(client, written([row | {"id": ""} | cells, row | {"nom": cells["nom"]}]))

    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "eligibilite" in response.text


def test_a_file_heavier_than_a_body_is_answered(shared_site: Site) -> None:
    client = shared_site.person("membre-a")

    assert send(client, b"x" * 1_100_000).status_code == 413
