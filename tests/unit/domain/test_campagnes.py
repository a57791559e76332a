"""Campaigns: who is asked, who has answered, which message is due, and figures through time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.campagnes import (
    Campagne,
    CampagneInvalide,
    Contact,
    Etat,
    FicheSuivie,
    ModeContact,
    Participante,
    adresse_empreinte,
    chronologie,
    is_old,
    part_confirmee,
    reponses,
)
from app.domain.edition import FicheRef, Revision
from app.domain.offre import StructureId

DEBUT, FIN = date(2026, 6, 1), date(2026, 7, 26)
OLD, FRESH = date(2025, 6, 1), date(2026, 5, 20)


def make_campagne(**fields: object) -> Campagne:
    values = {"nom": "Été", "perimetre": "vaucluse", "debut": DEBUT, "fin": FIN, **fields}
    return Campagne(**values)  # type: ignore[arg-type]


def make_suivie(*dates: tuple[date, date]) -> FicheSuivie:
    return FicheSuivie(ref=FicheRef(objet="offre", id="o"), nom="Offre", dates=dates)


def make_participante(*fiches: FicheSuivie, **fields: object) -> Participante:
    values = {
        "id": StructureId("s"), "nom": "Maison", "code_insee": "84007", "courriel": "a@a.fr",
        "telephone": None, "reseaux": frozenset(["ccas"]), "thematiques": frozenset(["mobilite"]),
        "fiches": fiches or (make_suivie((date.min, OLD)),), **fields,
    }  # fmt: skip
    return Participante(**values)  # type: ignore[arg-type]


def make_revision(rank: int, jour: date, action: str, **changes: tuple[object, object]) -> Revision:
    quand = datetime(jour.year, jour.month, jour.day, 12, tzinfo=UTC)
    return Revision(id=rank, quand=quand, auteur="x", action=action, changes=changes)


@pytest.mark.parametrize(
    ("champ", "fields"),
    [
        pytest.param("nom", {"nom": ""}, id="no-name"),
        pytest.param("nom", {"nom": "a\nb"}, id="two-lines"),
        pytest.param("fin", {"fin": DEBUT - timedelta(days=1)}, id="ends-before"),
        pytest.param("relances", {"relances": (20, 10)}, id="backwards"),
        pytest.param("relances", {"relances": (0,)}, id="twice-the-same-day"),
        pytest.param("relances", {"relances": (1, 2, 3, 4, 5, 6)}, id="too-many"),
        pytest.param("message", {"message": "a" * 1001}, id="long"),
        pytest.param("mois", {"mois": 0}, id="no-month"),
    ],
)
def test_a_campaign_that_breaks_a_rule_is_refused(champ: str, fields: dict[str, object]) -> None:
    with pytest.raises(CampagneInvalide) as refused:
        make_campagne(**fields)

    assert refused.value.champs == (champ,)


@pytest.mark.parametrize(
    ("jour", "partis", "rang"),
    [
        pytest.param(DEBUT - timedelta(days=1), [], None, id="before"),
        pytest.param(DEBUT, [], 0, id="first"),
        pytest.param(DEBUT + timedelta(days=9), [DEBUT], None, id="too-soon"),
        pytest.param(DEBUT + timedelta(days=10), [DEBUT], 1, id="reminder"),
        pytest.param(
            DEBUT + timedelta(days=12), [DEBUT + timedelta(days=8)], None, id="first-left-late"
        ),
        pytest.param(FIN, [DEBUT, DEBUT, DEBUT], None, id="all-sent"),
        pytest.param(FIN + timedelta(days=1), [], None, id="after"),
    ],
)
def test_which_message_is_due(jour: date, partis: list[date], rang: int | None) -> None:
    assert make_campagne().rang_du(jour, partis) == rang


@pytest.mark.parametrize(
    ("fields", "is_in"),
    [
        pytest.param({}, True, id="old"),
        pytest.param({"reseaux": ("ccas",)}, True, id="its-network"),
        pytest.param({"reseaux": ("autre",)}, False, id="another-network"),
        pytest.param({"thematiques": ("autre",)}, False, id="another-theme"),
        pytest.param({"mois": 24}, False, id="fresh-enough"),
    ],
)
def test_who_is_asked(fields: dict[str, object], is_in: bool) -> None:
    assert make_participante().is_in(make_campagne(**fields)) is is_in


def test_a_fresh_structure_is_asked_only_when_all_are() -> None:
    one = make_participante(make_suivie((date.min, FRESH)))

    assert not one.is_in(make_campagne())
    assert one.is_in(make_campagne(mois=None))


def test_an_old_listing_imported_on_the_first_day_is_asked_about() -> None:
    assert make_participante(make_suivie((DEBUT, OLD))).is_in(make_campagne())


def test_who_answered_stays_in_the_campaign() -> None:
    jour = DEBUT + timedelta(days=3)
    one = make_participante(make_suivie((date.min, OLD), (jour, jour)))

    assert one.is_in(make_campagne())
    assert one.fait_le(make_campagne()) == jour
    assert one.etat(make_campagne(), 1) is Etat.FAIT
    assert one.derniere_confirmation == jour


def test_one_listing_out_of_two_is_not_an_answer() -> None:
    done, old = make_suivie((DEBUT, DEBUT)), make_suivie((date.min, OLD))

    assert make_participante(done, old).etat(make_campagne(), 1) is Etat.A_FAIRE


@pytest.mark.parametrize(
    ("fields", "partis", "etat"),
    [
        pytest.param({}, 2, Etat.A_FAIRE, id="one-to-come"),
        pytest.param({}, 3, Etat.JAMAIS_REPONDU, id="all-sent"),
        pytest.param({"courriel": None}, 0, Etat.SANS_COURRIEL, id="no-address"),
        pytest.param(
            {"contact": Contact(echec=adresse_empreinte("A@a.fr"))},
            1,
            Etat.COURRIEL_EN_ECHEC,
            id="refused",
        ),
        pytest.param(
            {"contact": Contact(echec=adresse_empreinte("avant@a.fr"))},
            1,
            Etat.A_FAIRE,
            id="address-changed",
        ),
    ],
)
def test_where_a_structure_stands(fields: dict[str, object], partis: int, etat: Etat) -> None:
    assert make_participante(**fields).etat(make_campagne(), partis) is etat


@pytest.mark.parametrize("mode", ModeContact)
def test_only_who_wants_e_mail_is_written_to(mode: ModeContact) -> None:
    one = make_participante(contact=Contact(mode=mode))

    assert one.may_be_written(make_campagne(), 0) is (mode is ModeContact.COURRIEL)


def test_its_own_address_of_reminders_comes_first() -> None:
    assert make_participante(contact=Contact(courriel="b@a.fr")).adresse == "b@a.fr"


def test_the_dates_of_a_listing_are_found_again_in_its_history() -> None:
    made, first, second = date(2026, 1, 5), date(2026, 3, 1), date(2026, 6, 2)
    revisions = [
        make_revision(1, made, "creation"),
        make_revision(2, first, "modification", derniere_confirmation=(None, "2026-03-01")),
        make_revision(
            3, second, "modification", derniere_confirmation=("2026-03-01", "2026-06-02")
        ),
    ]

    dates = chronologie(made, second, revisions)

    assert dates == ((made, made), (first, first), (second, second))
    fiche = make_suivie(*dates)
    assert fiche.au(date(2026, 5, 1)) == first
    assert fiche.au(date(2026, 1, 1)) is None


def test_a_listing_without_creation_was_there_from_the_beginning() -> None:
    revision = make_revision(1, DEBUT, "modification", date_maj=("2025-06-01", "2026-06-01"))

    assert chronologie(DEBUT, None, [revision]) == ((date.min, OLD), (DEBUT, DEBUT))


@pytest.mark.parametrize(
    ("jour", "old"), [(date(2026, 6, 30), False), (date(2026, 7, 1), True)], ids=str
)
def test_months_are_whole(jour: date, old: bool) -> None:
    assert is_old(date(2026, 1, 1), jour, 6) is old


def test_figures_by_week_come_from_the_dates() -> None:
    jour = DEBUT + timedelta(days=8)
    done = make_participante(make_suivie((date.min, OLD), (jour, jour)))
    asked = [done, make_participante(), make_participante(make_suivie((FIN, FIN)))]

    share = part_confirmee(asked, DEBUT, DEBUT + timedelta(days=13))
    answers = reponses(make_campagne(), asked[:2], DEBUT + timedelta(days=13))

    assert [(week.nombre, week.total) for week in share] == [(0, 2), (1, 2)]
    assert [(week.jour, week.nombre) for week in answers] == [
        (DEBUT, 0),
        (DEBUT + timedelta(days=7), 1),
    ]
