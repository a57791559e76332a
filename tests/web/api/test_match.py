"""The match over HTTP: every solution, its reasons, and nothing kept of the person."""

import json
import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import AppWith, Record, settings_of

ROUTE = "/api/v1/match"
STRUCTURE: Record = {
    "source": "essai", "id": "essai--s", "nom": "L’Atelier", "date_maj": "2026-11-01",
    "code_insee": "84007",
}  # fmt: skip
OFFRE: Record = {
    "source": "essai", "structure_id": "essai--s", "nom": "Passer le permis",
    "description": "Une aide pour passer le permis.", "date_maj": "2026-11-01",
    "thematiques": ["mobilite--preparer-un-permis"], "code_insee": "84007",
    "modes_accueil": ["en-presentiel"],
}  # fmt: skip
YOUNG = {"toutes": [{"fait": "age", "min": 16, "max": 25}]}
NEED = [{"thematique": "mobilite--preparer-un-permis", "priorite": 3}]


def offre(ident: str, **fields: object) -> Record:
    return {**OFFRE, "id": f"essai--{ident}", **fields}


def ask(client: FlaskClient, **body: object) -> dict[str, object]:
    response = client.post(ROUTE, json=body)
    assert response.status_code == 200, response.text
    assert response.headers["Cache-Control"] == "no-store"
    return response.json


def faults(client: FlaskClient, body: object) -> list[str]:
    response = client.post(ROUTE, json=body)
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert all(erreur["message"] for erreur in response.json["erreurs"])
    return [erreur["champ"] for erreur in response.json["erreurs"]]


@pytest.fixture
def own(app_with: AppWith) -> FlaskClient:
    """The shipped catalogue and a few offers for young people, or that open the way to others."""
    return app_with(
        [
            STRUCTURE,
            offre("jeunes", eligibilite=YOUNG),
            offre("tous", publics=["tous-publics"]),
            offre("silence"),
            offre("permis", eligibilite={"fait": "situations", "parmi": ["permis-b"]}),
            offre(
                "auto-ecole",
                publics=["tous-publics"],
                apporte=[{"fait": "situations", "valeur": "permis-b"}],
            ),
        ]
    ).test_client()


def test_an_empty_body_ranks_the_whole_catalogue(client: FlaskClient) -> None:
    answer = ask(client)

    assert (
        answer["total"]
        == sum(answer["par_verdict"].values()) - answer["par_verdict"]["non_accessible"]
    )
    assert answer["total"] > 800
    assert {s["verdict"] for s in answer["solutions"]} <= {"accessible", "a_verifier"}


def test_each_solution_says_why(own: FlaskClient) -> None:
    answer = ask(
        own,
        faits={"age": {"ne_le": "2002-05-12"}, "residence": "84007"},
        besoins=NEED,
        date="2026-11-25",
        offres=["essai--jeunes", "essai--tous", "essai--silence", "rien"],
    )

    by_id = {s["offre"]["id"]: s for s in answer["solutions"]}
    young = by_id["essai--jeunes"]
    assert young["verdict"] == "accessible"
    assert young["criteres"][0]["fait"] == "age"
    assert "24" in young["criteres"][0]["phrase"]
    assert "12\u00a0mai\u00a02028" in young["criteres"][0]["phrase"]
    assert young["horizon"] == {"date": "2028-05-12", "verdict": "non_accessible"}
    assert by_id["essai--silence"]["causes"] == ["offre_non_precisee"]
    assert "demandez-lui" in by_id["essai--silence"]["criteres"][0]["phrase"]
    assert answer["inconnues"] == ["rien"]


def test_the_two_voices(own: FlaskClient) -> None:
    def phrase(voix: str) -> str:
        answer = ask(own, faits={"age": 24}, voix=voix, offres=["essai--jeunes"])
        return answer["solutions"][0]["criteres"][0]["phrase"]

    assert phrase("vous") != phrase("la-personne")


def test_an_unknown_fact_is_the_next_question(own: FlaskClient) -> None:
    answer = ask(own, offres=["essai--jeunes", "essai--tous"])

    assert answer["questions"][0]["fait"] == "age"
    assert answer["questions"][0]["offres_tranchees"] == 1


def test_what_is_missing_is_given_by_another_offer(own: FlaskClient) -> None:
    answer = ask(
        own,
        faits={"situations": {"permis-b": False}, "residence": "84007"},
        offres=["essai--permis"],
        verdicts=["non_accessible"],
    )

    (solution,) = answer["solutions"]
    (deblocage,) = solution["deblocage"]
    assert (deblocage["fait"], deblocage["valeur"]) == ("situations", "permis-b")
    assert deblocage["offres"][0] == "essai--auto-ecole"


def test_a_need_without_offer_is_counted(client: FlaskClient) -> None:
    answer = ask(client, besoins=[{"thematique": "equipement-et-alimentation--electromenager"}])

    assert answer["par_besoin"] == [
        {"thematique": "equipement-et-alimentation--electromenager", "total": 0, "premiers": []}
    ]


@pytest.mark.parametrize(
    ("body", "champs"),
    [
        ([], [""]),
        ({"fait": {}}, ["fait"]),
        ({"faits": []}, ["faits"]),
        ({"faits": {"agee": 3}}, ["faits.agee"]),
        ({"faits": {"age": "x", "activite": "y"}}, ["faits.age", "faits.activite"]),
        ({"faits": {"allocations": {"rmi": True}}}, ["faits.allocations.rmi"]),
        ({"besoins": [{"thematique": "mobilit"}]}, ["besoins.0.thematique"]),
        ({"besoins": [{"thematique": "mobilite", "priorite": 4}]}, ["besoins.0.priorite"]),
        ({"mobilite": {"rayon_km": -3}}, ["mobilite.rayon_km"]),
        ({"mobilite": {"mode": "avion"}}, ["mobilite.mode"]),
        ({"date": "demain"}, ["date"]),
        ({"offres": ["x"] * 1_001 + [3]}, ["offres"]),
        ({"verdicts": []}, ["verdicts"]),
        ({"page": 10**9}, ["page"]),
        ({"par_page": 1_000}, ["par_page"]),
        ({"voix": "tu"}, ["voix"]),
    ],
)
def test_bad_input_is_told_by_field(client: FlaskClient, body: object, champs: list[str]) -> None:
    assert sorted(faults(client, body)) == sorted(champs)


def test_a_contradiction_is_told(client: FlaskClient) -> None:
    body = {"faits": {"age": 12, "duree_chomage_mois": 240}}

    assert faults(client, body) == ["faits.duree_chomage_mois"]


def test_the_nearest_known_word_is_proposed(client: FlaskClient) -> None:
    response = client.post(ROUTE, json={"faits": {"activite": "salarié"}})

    assert "« salarie »" in response.json["erreurs"][0]["message"].replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("content", "mimetype", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"[" * 100_000, "application/json", 400),
        (b" " * 2_000_000, "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused(
    client: FlaskClient, content: bytes, mimetype: str, status: int
) -> None:
    response = client.post(ROUTE, data=content, content_type=mimetype)

    assert response.status_code == status
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b'{"\\ud800": 1}',
        b'{"faits": {"\\ud800": 1}}',
        b'{"faits": {"situations": {"\\ud800": true}}}',
        b'{"besoins": [{"thematique": "\\udfff"}]}',
        b'{"offres": ["\\ud800"]}',
    ],
)
def test_half_a_character_is_refused(client: FlaskClient, body: bytes) -> None:
    response = client.post("/api/v1/match", data=body, content_type="application/json")

    assert response.status_code == 400
    assert "moitié" in response.text


def test_nothing_about_the_person_is_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = ["surendettement", "84031", "1977", "violences", "tres-secret"]
    ask(
        client,
        faits={
            "age": {"ne_le": "1977-03"},
            "residence": "84031",
            "situations": {"surendettement": True, "victime-violences": True},
        },
        besoins=[{"thematique": "famille--surmonter-conflits-separation-violence"}],
    )
    client.post(ROUTE, json={"faits": {"activite": "tres-secret", "age": 1977}})

    said = capfd.readouterr()
    logged = said.out + said.err + caplog.text
    assert "api-match" in logged
    assert [secret for secret in secrets if secret in logged] == []


def test_a_fact_added_by_configuration_is_asked(tmp_path: Path, seeded_dir: Path) -> None:
    from app.factory import create_app

    extra = tmp_path / "faits.toml"
    extra.write_text(
        '[[fait]]\ncle = "mention_baccalaureat"\nlibelle = "Mention au baccalauréat"\n'
        'question = "Quelle mention avez-vous obtenue au baccalauréat ?"\nnature = "choix"\n'
        'valeurs = ["aucune", "bien"]\n',
        encoding="utf-8",
    )
    app: Flask = create_app(settings_of(tmp_path / "var", FAITS_SUPPLEMENTAIRES=str(extra)))
    feed = tmp_path / "flux.json"
    tree = {"fait": "mention_baccalaureat", "parmi": ["bien"]}
    feed.write_text(json.dumps([STRUCTURE, offre("bac", eligibilite=tree)]), encoding="utf-8")
    imported = app.test_cli_runner().invoke(args=["catalogue", "import", str(feed)])
    assert imported.exit_code == 0, imported.output

    client = app.test_client()

    assert ask(client)["questions"][0]["fait"] == "mention_baccalaureat"
    known = ask(client, faits={"mention_baccalaureat": "bien"})
    assert known["solutions"][0]["verdict"] == "accessible"
    assert "Mention au baccalauréat" in known["solutions"][0]["criteres"][0]["phrase"]
