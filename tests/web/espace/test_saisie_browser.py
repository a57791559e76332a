"""A form that a real browser sends back, as it stands, says the listing that it was made of."""

import json
from collections.abc import Iterable
from dataclasses import fields, replace

import pytest
from flask import Flask

from app.domain.arbre import Critere
from app.domain.edition import Fiche, FicheRef, Listing
from app.domain.offre import Apport, Offre, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.web.auth.session import current_espace
from app.web.espace.champs import Section, Sorte, champs_of
from app.web.espace.champs_offre import SECTIONS_OFFRE
from app.web.espace.champs_structure import SECTIONS_STRUCTURE
from app.web.espace.fiche_form import FicheForm
from app.web.espace.lecteur import current_lecteur
from app.web.espace.records import read_record
from app.web.espace.saisie import record_of, sections_of
from schemas.base import ReadingContext
from schemas.offre import OffreSchema
from schemas.structure import StructureSchema
from tests.builders import TODAY, make_eligibilite, make_offre, make_structure
from tests.web.espace.browser import gifts, page_of, sent
from tests.web.espace.conftest import form_of

AGE = Critere(fait="age", min=16.0, max=25.0)


def listings() -> list[Listing]:
    """Every structure of the shipped catalogue, and every offer."""
    espace = current_espace()
    _, documents = espace.catalogue.repository.list_structures(0, 10_000)
    found: list[Listing] = []
    for document in documents:
        ident = StructureId(json.loads(document)["id"])
        structure = espace.edition.store.get(FicheRef(objet=STRUCTURE, id=ident))
        assert structure is not None
        found.append(structure.value)
        found += [fiche.value for fiche in espace.edition.store.offres_of(ident)]
    return found


def opened(value: Listing) -> FicheForm:
    """Returns the form of a listing as it is now."""
    lecteur = current_lecteur()
    objet = OFFRE if isinstance(value, Offre) else STRUCTURE
    return FicheForm(
        fiche=Fiche(
            ref=FicheRef(objet=objet, id=value.id),
            value=value,
            structure=make_structure(),
            revision=1,
        ),
        sections=sections_of(value),
        saisie=lecteur.shown(value),
        vocabulaire=lecteur.vocabulaire,
        base=1,
    )


def unchanged(value: Listing) -> Listing:
    """Returns the listing of a form that is opened in a browser and sent back."""
    lecteur = current_lecteur()
    typed_back = lecteur.typed(sent(opened(value)), sections_of(value))
    record, _ = lecteur.record(typed_back, value)
    return read_record(record, value)


def changed(value: Listing) -> list[str]:
    """Returns the fields that opening and sending back would change."""
    after = unchanged(value)
    return [f.name for f in fields(value) if getattr(value, f.name) != getattr(after, f.name)]


def test_the_page_sends_what_these_tests_say(catalogue_app: Flask) -> None:
    with catalogue_app.test_request_context():
        every = listings()
        richest = sorted(every, key=lambda value: -len(str(record_of(value))))[:25]
        for value in [*richest, *every[::200]]:
            form = opened(value)
            own = {champ.nom for champ in champs_of(tuple(form.sections))}
            shown = form_of(page_of(form), "/essai").fields
            assert typed(shown, own) == typed(sent(form).items(multi=True), own), value.id


def typed(pairs: Iterable[tuple[str, str]], own: set[str]) -> list[tuple[str, str]]:
    """Returns the fields of these names, with plain line breaks; hours are tested elsewhere."""
    said = [
        (key, value.replace("\r\n", "\n"))
        for key, value in pairs
        if key.split(".")[0] in own - {"horaires_accueil"}
    ]
    return sorted(said, key=lambda pair: pair[0])  # the values of one field keep their order


def test_a_browser_gives_every_shipped_listing_back(catalogue_app: Flask) -> None:
    with catalogue_app.app_context():
        every = listings()
        told = {value.id: names for value in every if (names := changed(value))}

    assert len(every) > 1_500
    # Boxes come in the order of the page: a list in another order has not changed.
    assert told == {}


def test_all_that_shipped_offers_give_can_be_ticked(catalogue_app: Flask) -> None:
    with catalogue_app.app_context():
        lost = {
            f"{apport.fait}={apport.valeur}"
            for value in listings()
            if isinstance(value, Offre) and value.apporte
            for known in [gifts(opened(value))]
            for apport in value.apporte
            if f"{apport.fait}={apport.valeur}" not in known
        }

    assert lost == set()


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"description": "Un atelier.\r\nUn café."}, id="windows line break"),
        pytest.param({"description": "Un atelier.\n\n  Un café."}, id="paragraphs"),
        pytest.param({"adresse": "12 rue Neuve\nBâtiment B"}, id="two lines in one"),
        pytest.param({"eligibilite": make_eligibilite(AGE, "Un projet\nvalidé")}, id="long note"),
        pytest.param({"eligibilite": make_eligibilite(AGE, "Un projet ")}, id="space after a note"),
        pytest.param({"volume_horaire_hebdomadaire": 3.5}, id="half an hour"),
        pytest.param({"volume_horaire_hebdomadaire": 0.1 + 0.2}, id="all digits"),
        pytest.param({"latitude": 43.94929999, "longitude": 0.0}, id="on the meridian"),
        pytest.param({"latitude": -0.00001, "longitude": 4.8}, id="near the equator"),
        pytest.param({"places_disponibles": 0}, id="full"),
        pytest.param({"apporte": (Apport(fait="situations", valeur="permis-b"),)}, id="gift"),
        pytest.param({"zone_eligibilite": ("region:93", "55545", "france")}, id="places"),
        pytest.param({"adresse_confidentielle": True}, id="confidential"),
    ],
)
def test_a_browser_gives_back_what_a_feed_may_say(
    catalogue_app: Flask, said: dict[str, object]
) -> None:
    with catalogue_app.app_context():
        assert changed(make_offre(**said)) == []


@pytest.mark.parametrize(
    ("typed_in", "code"),
    [
        pytest.param(("Orange", "84100"), "84087", id="name and postal code"),
        pytest.param(("ORANGE", ""), "84087", id="name alone"),
        pytest.param(("saint denis", "93200"), "93066", id="homonym of that postal code"),
        pytest.param(("Saint-Denis", "97400"), "97411", id="the other one"),
        pytest.param(("", "84100"), "84087", id="postal code alone"),
        pytest.param(("Orange", "75001"), None, id="they disagree"),
        pytest.param(("Trifouilly", ""), None, id="unknown"),
        pytest.param(("", ""), None, id="nothing"),
    ],
)
def test_the_code_of_a_commune_follows_its_name(
    catalogue_app: Flask, typed_in: tuple[str, str], code: str | None
) -> None:
    with catalogue_app.app_context():
        lecteur = current_lecteur()
        offre = make_offre(commune="Avignon", code_postal="84000", code_insee="84007")
        saisie = lecteur.shown(offre)
        saisie.fields["commune"], saisie.fields["code_postal"] = typed_in
        record, _ = lecteur.record(saisie, offre)

    assert record["code_insee"] == code


def test_the_code_of_a_commune_left_alone_is_the_one_that_the_source_gave(
    catalogue_app: Flask,
) -> None:
    offre = make_offre(commune="Paris", code_postal="75011", code_insee="75111")
    with catalogue_app.app_context():
        assert unchanged(offre) == offre
        assert unchanged(replace(offre, commune=None, code_postal=None)).code_insee == "75111"


def test_rules_keep_their_origin_while_conditions_do_not_change(catalogue_app: Flask) -> None:
    with catalogue_app.app_context():
        lecteur = current_lecteur()
        shipped = (value for value in listings() if isinstance(value, Offre) and value.regles)
        offre = next(value for value in shipped if value.eligibilite)
        assert "regles" in lecteur.record(lecteur.shown(offre), offre)[0]

        renamed, noted, emptied = (lecteur.shown(offre) for _ in range(3))
        renamed.fields["nom"] = "Un autre nom"
        noted.fields["eligibilite_a_verifier"] += "\nAvoir un projet"
        emptied.trees["eligibilite"].enfants.clear()

        assert "regles" in lecteur.record(renamed, offre)[0]
        assert "regles" not in lecteur.record(noted, offre)[0]
        assert "regles" not in lecteur.record(emptied, offre)[0]


@pytest.mark.parametrize(
    "sections", [SECTIONS_OFFRE, SECTIONS_STRUCTURE], ids=["offre", "structure"]
)
def test_fields_are_those_of_the_schema(
    catalogue_app: Flask, sections: tuple[Section, ...]
) -> None:
    with catalogue_app.app_context():
        catalogue = current_espace().catalogue
    context = ReadingContext(
        vocabulaire=catalogue.vocabulaire, geographie=catalogue.geographie, today=TODAY
    )
    schema = OffreSchema(context) if sections is SECTIONS_OFFRE else StructureSchema(context)
    champs = [champ for champ in champs_of(sections) if champ.nom != "eligibilite_a_verifier"]

    for champ in champs:
        field = schema.fields[champ.nom]
        assert champ.is_obligatoire == field.required, champ.nom
        assert champ.referentiel == getattr(field, "referentiel", ""), champ.nom
        is_list = champ.sorte in (Sorte.CASES, Sorte.APPORTE, Sorte.LISTE, Sorte.LIEUX)
        assert is_list == (field.metadata["type"] == "array"), champ.nom
    assert len({champ.nom for champ in champs}) == len(champs)
