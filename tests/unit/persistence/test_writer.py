"""What writing a listing leaves: its row, its history, its provenance and the index's debt."""

import dataclasses
from datetime import date

import pytest

from app.domain.arbre import Critere, Eligibilite, Toutes
from app.domain.offre import EXTENSIONS, Apport, Offre, Structure
from app.domain.regles import EtatRegles, Regles
from app.domain.vocabulaire import EtatPublication
from app.persistence.mappers import row_to_offre, row_to_structure
from tests.builders import AVIGNON, CARPENTRAS, make_offre, make_structure
from tests.unit.persistence.dumps import dump, history, owed, provenance, row, rows
from tests.unit.persistence.filling import LATER, NOON, Catalogue

FULL_STRUCTURE = Structure(
    source="dora",
    id="dora--1",  # type: ignore[arg-type]  # opaque text
    nom="Maison de l’emploi",
    date_maj=date(2026, 1, 31),
    description="Un accueil pour tous.",
    lien_source="https://dora.example/1",
    siret="21840007300015",
    commune="Avignon",
    code_postal="84000",
    code_insee=AVIGNON,
    adresse="1 place de l’Horloge",
    complement_adresse="2e étage",
    longitude=4.8059,
    latitude=43.9493,
    telephone="04 90 00 00 00",
    courriel="accueil@example.org",
    site_web="https://example.org",
    horaires_accueil="Mo-Fr 09:00-17:00",
    accessibilite_lieu="https://acceslibre.example/1",
    reseaux_porteurs=("ccas-cias", "france-service"),
    derniere_confirmation=date(2026, 11, 1),
)
FULL_OFFRE = Offre(
    source="dora",
    structure_id=FULL_STRUCTURE.id,
    id="dora--1--permis",  # type: ignore[arg-type]  # opaque text
    nom="Passer le permis",
    description="Une aide pour le permis, à l’« œil ».",
    date_maj=date(2026, 2, 1),
    lien_source="https://dora.example/1/permis",
    type="aide-financiere",
    thematiques=("mobilite--permis",),
    frais="payant",
    frais_precisions="10 €",
    publics=("jeunes", "demandeurs-emploi"),
    publics_precisions="Sur dossier",
    conditions_acces="Avoir un projet",
    commune="Avignon",
    code_postal="84000",
    code_insee=AVIGNON,
    adresse="1 place de l’Horloge",
    complement_adresse="2e étage",
    longitude=4.8059,
    latitude=43.9493,
    telephone="3949",
    courriel="permis@example.org",
    contact_nom_prenom="Camille Martin",
    modes_accueil=("a-distance", "en-presentiel"),
    zone_eligibilite=("departement:84", "epci:248400251"),
    lien_mobilisation="https://example.org/rdv",
    modes_mobilisation=("telephoner",),
    mobilisable_par=("usagers", "professionnels"),
    mobilisation_precisions="Le matin",
    volume_horaire_hebdomadaire=3.5,
    nombre_semaines=4,
    horaires_accueil="Mo 09:00-12:00",
    eligibilite=Eligibilite(
        racine=Toutes((Critere(fait="age", min=16.0, max=25.0),)), a_verifier=("Projet validé",)
    ),
    apporte=(Apport(fait="situations", valeur="permis-b"),),
    suppose=Critere(fait="niveau_francais", min="a2"),
    prioritaires=Critere(fait="allocations", parmi=("rsa",)),
    regles=Regles(
        source="Code du travail", lien="https://example.org/loi", lue_le=date(2026, 11, 1)
    ),
    langues=("fr", "ar"),
    places_disponibles=0,
    prochaine_session=date(2027, 1, 15),
    a_apporter=("Une pièce d’identité, en cours de validité", "Un « RIB »"),
    derniere_confirmation=date(2026, 11, 2),
)


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    catalogue.put(make_structure())
    catalogue.put(make_offre())
    return catalogue


def test_every_field_is_read_back_as_it_was_written(catalogue: Catalogue) -> None:
    for value in (FULL_STRUCTURE, FULL_OFFRE):
        defaults = {f.name: f.default for f in dataclasses.fields(value)}
        left_out = {"adresse_confidentielle", "etat_publication"}
        same = {k for k, v in defaults.items() if getattr(value, k) == v}
        assert same == left_out, "the test must give every field a value of its own"

    catalogue.put(FULL_STRUCTURE)
    catalogue.put(FULL_OFFRE)

    assert row_to_structure(row(catalogue.engine, "structures")) == FULL_STRUCTURE
    assert row_to_offre(row(catalogue.engine, "offres")) == FULL_OFFRE


def test_a_creation_is_told_and_owed_to_the_index(catalogue: Catalogue) -> None:
    made = catalogue.put(make_structure())
    offered = catalogue.put(make_offre())

    assert (made.created, made.changed, made.unchanged) == (["structure-1"], [], [])
    assert (offered.created, offered.orphans) == (["offre-1"], [])
    assert owed(catalogue.engine) == ["offre-1"]
    for ident in ("structure-1", "offre-1"):
        (revision,) = history(catalogue.engine, ident)
        assert (revision["action"], revision["auteur"], revision["champs"]) == (
            "creation",
            "import",
            None,
        )


def test_a_change_is_kept_field_by_field_with_who_and_when(filled: Catalogue) -> None:
    after = make_offre(
        nom="Atelier vélo",
        publics=("jeunes",),
        date_maj=date(2026, 11, 20),
        telephone="3949",
        eligibilite=Eligibilite(racine=Critere(fait="age", max=25.0)),
        a_apporter=("Un RIB",),
    )

    written = filled.put(after, given={"eligibilite", "a_apporter"}, auteur="camille", quand=LATER)

    assert written.changed == ["offre-1"]
    _, revision = history(filled.engine, "offre-1")
    assert (revision["action"], revision["auteur"]) == ("modification", "camille")
    assert revision["quand"] in (LATER, LATER.replace(tzinfo=None))
    assert revision["champs"] == {
        "nom": ["Atelier mobilité", "Atelier vélo"],
        "publics": [None, ["jeunes"]],
        "date_maj": ["2026-11-22", "2026-11-20"],
        "telephone": [None, "3949"],
        "eligibilite": [None, {"fait": "age", "max": 25}],
        "a_apporter": [None, ["Un RIB"]],
    }
    assert owed(filled.engine) == ["offre-1", "offre-1"]


def test_a_field_that_goes_silent_is_a_change(filled: Catalogue) -> None:
    filled.put(make_offre(telephone="3949"))
    filled.put(make_offre())

    assert history(filled.engine, "offre-1")[-1]["champs"] == {"telephone": ["3949", None]}


def test_an_unchanged_listing_leaves_no_revision_nor_debt(filled: Catalogue) -> None:
    before = dump(filled.engine, without=["provenances", "imports"])
    filled.next_import()

    assert filled.put(make_structure()).unchanged == ["structure-1"]
    assert filled.put(make_offre()).unchanged == ["offre-1"]
    assert dump(filled.engine, without=["provenances", "imports"]) == before


def test_an_offer_without_structure_is_left_out_and_told(catalogue: Catalogue) -> None:
    catalogue.put(make_structure())

    written = catalogue.put(make_offre(), make_offre(id="offre-2", structure_id="nowhere"))

    assert (written.created, written.orphans) == (["offre-1"], ["offre-2"])
    assert [found["id"] for found in rows(catalogue.engine, "offres")] == ["offre-1"]
    assert rows(catalogue.engine, "provenances", objet_id="offre-2") == []


OURS = {
    "eligibilite": Eligibilite(racine=Critere(fait="age", min=18.0)),
    "apporte": (Apport(fait="situations", valeur="permis-b"),),
    "suppose": Critere(fait="age", min=18.0),
    "prioritaires": Critere(fait="age", max=25.0),
    "regles": Regles(
        source="Code du travail",
        lien="https://example.org/loi",
        lue_le=date(2026, 11, 1),
        etat=EtatRegles.CONFIRMEES,
    ),
    "langues": ("fr",),
    "places_disponibles": 3,
    "prochaine_session": date(2027, 1, 4),
    "a_apporter": ("Une pièce d’identité",),
    "derniere_confirmation": date(2026, 11, 1),
    "adresse_confidentielle": True,
    "etat_publication": EtatPublication.A_MODERER,
}


def test_the_extensions_tested_here_are_all_of_them() -> None:
    assert OURS.keys() == EXTENSIONS


@pytest.mark.parametrize("name", sorted(OURS))
def test_an_extension_that_the_feed_does_not_name_is_kept(filled: Catalogue, name: str) -> None:
    filled.put(make_offre(**{name: OURS[name]}), given={name}, auteur="camille")

    filled.put(make_offre(nom="Atelier vélo"))

    offre = row_to_offre(row(filled.engine, "offres"))
    assert (offre.nom, getattr(offre, name)) == ("Atelier vélo", OURS[name])


# The newest confirmation counts, whoever says it: see test_holding_state.py.
@pytest.mark.parametrize("name", sorted(OURS.keys() - {"derniere_confirmation"}))
def test_an_extension_that_the_feed_names_is_replaced(filled: Catalogue, name: str) -> None:
    filled.put(make_offre(**{name: OURS[name]}), given={name}, auteur="camille")

    filled.put(make_offre(), given={name})

    assert row_to_offre(row(filled.engine, "offres")) == make_offre()


def test_another_tree_does_not_keep_the_origin_of_the_one_it_replaces(filled: Catalogue) -> None:
    both = {"eligibilite": OURS["eligibilite"], "regles": OURS["regles"]}
    filled.put(make_offre(**both), given=set(both))

    filled.put(make_offre(eligibilite=OURS["eligibilite"], nom="Même"), given={"eligibilite"})
    same = row_to_offre(row(filled.engine, "offres"))
    other = Eligibilite(racine=Critere(fait="age", min=21.0))
    filled.put(make_offre(eligibilite=other), given={"eligibilite"})
    changed = row_to_offre(row(filled.engine, "offres"))

    assert same.regles == OURS["regles"]
    assert changed.regles is None


def test_provenance_keeps_the_first_import_and_advances_the_last(filled: Catalogue) -> None:
    first = filled.import_id
    second = filled.next_import()
    filled.put(make_offre(nom="Atelier vélo"))
    third = filled.next_import()
    assert filled.meet(make_offre(nom="Atelier vélo")) == {"offre-1"}

    kept = provenance(filled.engine, "offre-1")
    assert (kept["premier_import"], kept["dernier_import"]) == (first, third)
    assert provenance(filled.engine, "structure-1")["dernier_import"] == first
    assert first < second < third


def test_provenance_holds_source_and_digest(filled: Catalogue) -> None:
    before = provenance(filled.engine, "offre-1")
    filled.put(make_offre(source="dora"))

    after = provenance(filled.engine, "offre-1")
    assert (before["source"], after["source"]) == ("eventail", "dora")
    assert before["empreinte"] != after["empreinte"]


def test_a_trial_notes_nothing(filled: Catalogue) -> None:
    before = dump(filled.engine)
    digests = {"offre-1": str(provenance(filled.engine, "offre-1")["empreinte"]), "new": "0"}

    assert filled.store.skip_unchanged("offre", digests, None) == {"offre-1"}
    assert dump(filled.engine) == before


def test_a_large_batch_is_one_transaction_of_many_rows(catalogue: Catalogue) -> None:
    names = [f"offre-{rank:04}" for rank in range(1_201)]
    catalogue.put(make_structure())

    assert catalogue.put(*(make_offre(id=name) for name in names)).created == names
    assert catalogue.meet(*(make_offre(id=name) for name in names)) == set(names)
    assert owed(catalogue.engine) == names
    assert catalogue.store.known_ids("offre", [*names, "nowhere"]) == set(names)


def test_the_public_document_follows_the_change(filled: Catalogue) -> None:
    assert filled.document("offres", "offre-1")["nom"] == "Atelier mobilité"

    filled.put(make_offre(nom="Atelier vélo", code_insee=CARPENTRAS))

    document = filled.document("offres", "offre-1")
    assert (document["nom"], document["code_insee"]) == ("Atelier vélo", CARPENTRAS)


def test_imports_tell_when_they_began_and_ended(catalogue: Catalogue) -> None:
    before = row(catalogue.engine, "imports")
    catalogue.store.finish_import(catalogue.import_id, {"lus": 3})

    after = row(catalogue.engine, "imports")
    assert before["commence_le"] in (NOON, NOON.replace(tzinfo=None))
    assert (before["termine_le"], before["fichiers"]) == (None, ["flux.jsonl"])
    assert after["termine_le"] is not None
    assert after["bilan"] == {"lus": 3}
