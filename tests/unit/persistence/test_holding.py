"""What a person has corrected outlives the next imports, which say beside it what they would say.

On SQLite and PostgreSQL.
"""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain.arbre import Critere, Eligibilite, Toutes
from app.domain.edition import Fiche, FicheRef, Tenue
from app.domain.offre import EXTENSIONS, Apport
from app.domain.publication import OFFRE, STRUCTURE, Received
from app.domain.regles import Regles
from app.persistence.editions import SqlEditionStore
from tests.builders import make_offre, make_structure
from tests.unit.persistence.dumps import dump, history, owed
from tests.unit.persistence.filling import LATER, Catalogue, digest_of, make_writer

L_OFFRE = FicheRef(objet=OFFRE, id="offre-1")
LA_STRUCTURE = FicheRef(objet=STRUCTURE, id="structure-1")
CAMILLE, DOMINIQUE = "compte:1", "compte:2"
NEXT_DAY = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
ARBRE = Eligibilite(racine=Critere(fait="age", min=18.0), a_verifier=("Projet validé",))
AUTRE_ARBRE = Eligibilite(racine=Critere(fait="age", min=21.0))
REGLES = Regles(source="Code du travail", lien="https://exemple.fr/a", lue_le=date(2026, 11, 1))
AUTRES_REGLES = dataclasses.replace(REGLES, source="Règlement départemental")


@pytest.fixture
def filled(catalogue: Catalogue) -> Catalogue:
    """A structure and its offer, come by an import that is over."""
    catalogue.put(make_structure())
    catalogue.put(make_offre())
    catalogue.next_import()
    return catalogue


@pytest.fixture
def store(engine: Engine) -> SqlEditionStore:
    return SqlEditionStore(engine, make_writer())


def read(store: SqlEditionStore, ref: FicheRef = L_OFFRE) -> Any:
    """Returns an offer, or a structure, as it is now."""
    fiche = store.get(ref)
    assert fiche is not None
    return fiche.value


def change(
    store: SqlEditionStore,
    ref: FicheRef = L_OFFRE,
    auteur: str = CAMILLE,
    quand: datetime = LATER,
    **fields: Any,
) -> Fiche:
    """Saves a listing as someone does who has just read it."""
    fiche = store.get(ref)
    assert fiche is not None
    value = dataclasses.replace(fiche.value, **fields)
    return store.save(value, fiche.revision, auteur, quand)


def test_a_field_that_a_person_changes_is_held(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, nom="Atelier vélo", telephone="3949", date_maj=date(2026, 11, 23))

    # What the source still says is known at once: what stood there came from it.
    said = {"nom": make_offre().nom, "telephone": None}
    assert store.tenues(L_OFFRE) == {
        name: Tenue(auteur=CAMILLE, depuis=LATER, diverge=True, valeur_source=value)
        for name, value in said.items()
    }
    assert store.tenues(L_OFFRE)["nom"].depuis.tzinfo is UTC


def test_a_field_that_a_person_empties_is_held(filled: Catalogue, store: SqlEditionStore) -> None:
    filled.put(make_offre(telephone="3949"))
    change(store, telephone=None)

    filled.put(make_offre(telephone="3949", nom="Atelier vélo"))

    assert set(store.tenues(L_OFFRE)) == {"telephone"}
    assert read(store) == make_offre(nom="Atelier vélo")


def test_who_changes_a_held_field_holds_it_next(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, nom="Atelier vélo", telephone="3949")

    change(store, auteur=DOMINIQUE, quand=NEXT_DAY, nom="Atelier marche")

    tenues = store.tenues(L_OFFRE)
    assert read(store).nom == "Atelier marche"
    assert (tenues["nom"].auteur, tenues["nom"].depuis) == (DOMINIQUE, NEXT_DAY)
    assert (tenues["telephone"].auteur, tenues["telephone"].depuis) == (CAMILLE, LATER)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"date_maj": date(2026, 11, 23)}, id="date_maj"),
        pytest.param({"derniere_confirmation": date(2026, 11, 23)}, id="derniere_confirmation"),
    ],
)
@pytest.mark.parametrize("ref", [L_OFFRE, LA_STRUCTURE], ids=["offre", "structure"])
def test_dates_are_held_by_nobody(
    filled: Catalogue, store: SqlEditionStore, ref: FicheRef, fields: dict[str, Any]
) -> None:
    change(store, ref, **fields)

    assert dict(store.tenues(ref)) == {}


def test_neither_a_creation_nor_a_feed_holds_anything(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    made = store.save(make_offre(id="neuve", telephone="3949"), 0, CAMILLE, LATER)
    filled.put(make_offre(nom="Atelier vélo"))

    assert dict(store.tenues(made.ref)) == {}
    assert dict(store.tenues(L_OFFRE)) == {}


def test_a_feed_leaves_what_is_held_and_updates_the_rest(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, nom="Atelier vélo")
    before = len(history(filled.engine, "offre-1"))

    written = filled.put(make_offre(nom="Atelier bus", telephone="3949"), quand=NEXT_DAY)

    assert written.changed == ["offre-1"]
    assert read(store) == make_offre(nom="Atelier vélo", telephone="3949")
    (revision,) = history(filled.engine, "offre-1")[before:]
    assert revision["champs"] == {"telephone": [None, "3949"]}
    assert filled.document("offres", "offre-1")["nom"] == "Atelier vélo"
    assert store.tenues(L_OFFRE)["nom"] == Tenue(
        auteur=CAMILLE, depuis=LATER, diverge=True, valeur_source="Atelier bus"
    )


def test_a_feed_that_says_another_thing_of_what_is_held_changes_nothing_else(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, nom="Atelier vélo")
    without = ["champs", "provenances", "imports"]
    before, debts = dump(filled.engine, without=without), owed(filled.engine)

    written = filled.put(make_offre(nom="Atelier bus"), quand=NEXT_DAY)

    assert written.unchanged == ["offre-1"]
    assert dump(filled.engine, without=without) == before
    assert owed(filled.engine) == debts
    assert store.tenues(L_OFFRE)["nom"].valeur_source == "Atelier bus"
    assert filled.meet(make_offre(nom="Atelier bus")) == {"offre-1"}


def test_what_the_source_says_is_forgotten_when_it_agrees(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, nom="Atelier vélo")
    filled.put(make_offre(nom="Atelier bus"), quand=NEXT_DAY)

    filled.put(make_offre(nom="Atelier vélo"), quand=NEXT_DAY + timedelta(days=1))

    tenue = Tenue(auteur=CAMILLE, depuis=LATER, diverge=False, valeur_source=None)
    assert store.tenues(L_OFFRE) == {"nom": tenue}


def test_what_the_source_says_follows_it(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, nom="Atelier vélo", telephone="3949")

    for nom in ("Atelier bus", "Atelier tram"):
        filled.put(make_offre(nom=nom), quand=NEXT_DAY)
        tenues = store.tenues(L_OFFRE)
        assert (tenues["nom"].diverge, tenues["nom"].valeur_source) == (True, nom)
        # A source that says nothing says another thing too.
        assert (tenues["telephone"].diverge, tenues["telephone"].valeur_source) == (True, None)


def test_a_second_correction_keeps_what_the_source_says(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    """Its record will be skipped as long as it is the same: nothing else would tell."""
    change(store, nom="Atelier vélo")
    filled.put(make_offre(nom="Atelier bus"))

    change(store, auteur=DOMINIQUE, nom="Atelier marche")

    assert filled.meet(make_offre(nom="Atelier bus")) == {"offre-1"}
    assert store.tenues(L_OFFRE)["nom"].valeur_source == "Atelier bus"


def test_who_comes_round_to_the_source_no_longer_differs(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, nom="Atelier vélo")
    filled.put(make_offre(nom="Atelier bus"))

    change(store, nom="Atelier bus")

    assert not store.tenues(L_OFFRE)["nom"].diverge


KINDS: dict[str, tuple[Any, Any]] = {
    "publics": (("jeunes",), ["jeunes"]),
    "volume_horaire_hebdomadaire": (3.5, 3.5),
    "nombre_semaines": (4, 4),
    "places_disponibles": (0, 0),
    "prochaine_session": (date(2027, 1, 15), "2027-01-15"),
    "eligibilite": (
        ARBRE,
        {"fait": "age", "min": 18, "a_verifier": ["Projet validé"]},
    ),
    "apporte": (
        (Apport(fait="situations", valeur="permis-b"),),
        [{"fait": "situations", "valeur": "permis-b"}],
    ),
    "suppose": (
        Toutes((Critere(fait="age", max=25.5),)),
        {"toutes": [{"fait": "age", "max": 25.5}]},
    ),
    "prioritaires": (
        Critere(fait="allocations", parmi=("rsa",)),
        {"fait": "allocations", "parmi": ["rsa"]},
    ),
    "regles": (
        REGLES,
        {
            "source": "Code du travail",
            "lien": "https://exemple.fr/a",
            "lue_le": "2026-11-01",
            "etat": "a-confirmer",
        },
    ),
    "langues": (("fr", "ar"), ["fr", "ar"]),
    "a_apporter": (("Un « RIB »",), ["Un « RIB »"]),
    "adresse_confidentielle": (True, True),
}


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_held_field_of_any_kind_is_kept_and_compared(
    filled: Catalogue, store: SqlEditionStore, name: str
) -> None:
    value, _ = KINDS[name]
    silence = getattr(make_offre(), name)
    change(store, **{name: value})

    filled.put(make_offre(nom="Atelier vélo"), given=EXTENSIONS)
    apart = store.tenues(L_OFFRE)[name]
    filled.put(make_offre(nom="Atelier bus", **{name: value}), given=EXTENSIONS)
    again = store.tenues(L_OFFRE)[name]

    assert read(store) == make_offre(nom="Atelier bus", **{name: value})
    assert (apart.diverge, apart.valeur_source) == (True, silence)
    assert (again.diverge, again.valeur_source) == (False, None)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_source_that_differs_is_read_in_plain_types(
    filled: Catalogue, store: SqlEditionStore, name: str
) -> None:
    value, plain = KINDS[name]
    silence = getattr(make_offre(), name)
    filled.put(make_offre(**{name: value}), given=EXTENSIONS)
    change(store, **{name: silence})

    filled.put(make_offre(nom="Atelier vélo", **{name: value}), given=EXTENSIONS)

    assert read(store) == make_offre(nom="Atelier vélo")
    assert store.tenues(L_OFFRE)[name].valeur_source == plain


def test_an_unchanged_record_is_still_skipped(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, nom="Atelier vélo")

    assert filled.meet(make_offre()) == {"offre-1"}
    assert filled.withdraw_unseen().withdrawn == 1, "the structure, which was not met"
    assert read(store).nom == "Atelier vélo"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(date(2026, 11, 1), date(2026, 11, 23), id="older"),
        pytest.param(date(2026, 11, 25), date(2026, 11, 25), id="newer"),
    ],
)
def test_the_date_of_a_listing_that_is_held_never_goes_back(
    filled: Catalogue, store: SqlEditionStore, sent: date, expected: date
) -> None:
    change(store, nom="Atelier vélo", date_maj=date(2026, 11, 23))

    filled.put(make_offre(telephone="3949", date_maj=sent))

    assert (read(store).date_maj, read(store).telephone) == (expected, "3949")


def test_the_date_of_a_listing_that_nobody_holds_is_its_source_s(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    filled.put(make_offre(date_maj=date(2026, 11, 1)))

    assert read(store).date_maj == date(2026, 11, 1)


def test_only_the_listing_that_is_held_is_left(filled: Catalogue, store: SqlEditionStore) -> None:
    filled.put(make_offre(id="offre-2"))
    change(store, nom="Atelier vélo")

    filled.put(*(make_offre(id=ident, nom="Atelier bus") for ident in ("offre-1", "offre-2")))

    other = FicheRef(objet=OFFRE, id="offre-2")
    assert (read(store).nom, read(store, other).nom) == ("Atelier vélo", "Atelier bus")
    assert dict(store.tenues(other)) == {}


def test_what_a_source_says_is_noted_of_its_listing_only(
    catalogue: Catalogue, store: SqlEditionStore
) -> None:
    catalogue.put(make_structure(id="meme"))
    ids = ("meme", "offre-1", "offre-2")
    catalogue.put(*(make_offre(id=ident, structure_id="meme") for ident in ids))
    offres = [FicheRef(objet=OFFRE, id=ident) for ident in ids]
    structure = FicheRef(objet=STRUCTURE, id="meme")
    for ref in (*offres, structure):
        change(store, ref, nom="Corrigé")

    sent = zip(ids, ("Atelier bus", "Atelier tram", "Corrigé"), strict=True)
    catalogue.put(*(make_offre(id=ident, structure_id="meme", nom=nom) for ident, nom in sent))

    said = [store.tenues(ref)["nom"].valeur_source for ref in (*offres, structure)]
    assert said == ["Atelier bus", "Atelier tram", None, make_structure().nom]


def test_a_structure_is_held_as_an_offer_is(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, LA_STRUCTURE, nom="Maison des possibles", reseaux_porteurs=("ccas-cias",))

    filled.put(make_structure(nom="Maison", telephone="3949"))

    assert read(store, LA_STRUCTURE) == make_structure(
        nom="Maison des possibles", reseaux_porteurs=("ccas-cias",), telephone="3949"
    )
    tenues = store.tenues(LA_STRUCTURE)
    assert (tenues["nom"].valeur_source, tenues["reseaux_porteurs"].diverge) == ("Maison", True)
    assert filled.document("structures", "structure-1")["nom"] == "Maison des possibles"


def test_what_is_held_comes_back_with_a_listing_that_its_source_had_left(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, nom="Atelier vélo")
    filled.withdraw_unseen()
    filled.next_import()

    filled.put(make_structure())
    filled.put(make_offre())

    assert read(store) == make_offre(nom="Atelier vélo")
    assert store.tenues(L_OFFRE)["nom"].valeur_source == "Atelier mobilité"


def test_a_rehearsal_notes_nothing(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, nom="Atelier vélo")
    before = dump(filled.engine)
    bus = make_offre(nom="Atelier bus")
    received = Received(value=bus, digest=digest_of(bus), given=frozenset())

    written = filled.store.store_offres([received], filled.origin(), rehearse=True)

    assert written.unchanged == ["offre-1"]
    assert dump(filled.engine) == before


def test_a_released_field_is_said_by_the_next_record_that_changes(
    filled: Catalogue, store: SqlEditionStore
) -> None:
    change(store, nom="Atelier vélo", telephone="3949")
    store.release(L_OFFRE, "nom")

    assert set(store.tenues(L_OFFRE)) == {"telephone"}
    assert read(store).nom == "Atelier vélo"
    assert filled.meet(make_offre()) == {"offre-1"}
    filled.put(make_offre(nom="Atelier bus"))
    assert read(store) == make_offre(nom="Atelier bus", telephone="3949")


def test_releasing_leaves_the_other_listings(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, nom="Atelier vélo")
    change(store, LA_STRUCTURE, nom="Maison des possibles")
    before = dump(filled.engine)

    store.release(L_OFFRE, "telephone")
    store.release(FicheRef(objet=OFFRE, id="nulle-part"), "nom")
    assert dump(filled.engine) == before

    store.release(L_OFFRE, "nom")
    assert dict(store.tenues(L_OFFRE)) == {}
    assert set(store.tenues(LA_STRUCTURE)) == {"nom"}


def test_a_released_field_may_be_held_again(filled: Catalogue, store: SqlEditionStore) -> None:
    change(store, nom="Atelier vélo")
    store.release(L_OFFRE, "nom")
    filled.put(make_offre(nom="Atelier bus"))

    change(store, auteur=DOMINIQUE, nom="Atelier marche")
    filled.put(make_offre(nom="Atelier tram"))

    assert read(store).nom == "Atelier marche"
    assert store.tenues(L_OFFRE)["nom"].auteur == DOMINIQUE
