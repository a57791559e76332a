"""Campaigns: who is asked, who has answered, which message is due, and figures through time."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.campagnes import (
    Campagne,
    Contact,
    Etat,
    FicheSuivie,
    ModeContact,
    Participante,
    adresse_empreinte,
    chronologie,
    is_old,
    last_change,
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
    assert one.etat(make_campagne(), jour) is Etat.FAIT
    assert one.derniere_confirmation == jour


BEFORE, FIRST, LAST, AFTER = (
    DEBUT - timedelta(days=1),
    DEBUT,
    FIN,
    FIN + timedelta(days=400),
)
REFUSED = Contact(echec=adresse_empreinte("A@a.fr"))
BY_TELEPHONE = Contact(mode=ModeContact.TELEPHONE)


@pytest.mark.parametrize(
    ("fields", "until_the_end", "afterwards"),
    [
        pytest.param({}, Etat.A_FAIRE, Etat.JAMAIS_REPONDU, id="written-to"),
        pytest.param(
            {"contact": BY_TELEPHONE}, Etat.A_FAIRE, Etat.JAMAIS_REPONDU, id="by-telephone"
        ),
        pytest.param(
            {"contact": BY_TELEPHONE, "courriel": None},
            Etat.A_FAIRE,
            Etat.JAMAIS_REPONDU,
            id="by-telephone-without-address",
        ),
        pytest.param(
            {"contact": Contact(mode=ModeContact.AUCUNE, echec=adresse_empreinte("a@a.fr"))},
            Etat.A_FAIRE,
            Etat.JAMAIS_REPONDU,
            id="in-peace",
        ),
        pytest.param({"courriel": None}, Etat.SANS_COURRIEL, Etat.SANS_COURRIEL, id="no-address"),
        pytest.param(
            {"contact": REFUSED}, Etat.COURRIEL_EN_ECHEC, Etat.COURRIEL_EN_ECHEC, id="refused"
        ),
        pytest.param(
            {"contact": Contact(echec=adresse_empreinte("avant@a.fr"))},
            Etat.A_FAIRE,
            Etat.JAMAIS_REPONDU,
            id="address-changed",
        ),
    ],
)
def test_where_a_structure_that_does_not_answer_stands(
    fields: dict[str, object], until_the_end: Etat, afterwards: Etat
) -> None:
    one, campagne = make_participante(**fields), make_campagne()
    stopped = make_campagne(arretee_le=FIRST)

    assert {one.etat(campagne, jour) for jour in (BEFORE, FIRST, LAST)} == {until_the_end}
    assert one.etat(campagne, AFTER) is afterwards
    assert one.etat(stopped, FIRST) is afterwards


def test_an_answer_counts_until_the_last_day() -> None:
    last, late = (
        make_participante(make_suivie((date.min, OLD), (jour, jour))) for jour in (LAST, AFTER)
    )
    stopped = make_campagne(arretee_le=LAST - timedelta(days=1))

    assert last.etat(make_campagne(), AFTER) is Etat.FAIT
    assert last.etat(stopped, AFTER) is Etat.JAMAIS_REPONDU
    assert late.etat(make_campagne(), AFTER) is Etat.JAMAIS_REPONDU
    assert reponses(make_campagne(), [last, late], AFTER)[-1].nombre == 1


def test_who_answered_for_one_listing_out_of_two_is_told_from_who_never_did() -> None:
    one = make_participante(make_suivie((DEBUT, DEBUT)), make_suivie((date.min, OLD)))

    assert one.etat(make_campagne(), LAST) is Etat.A_FAIRE
    assert one.etat(make_campagne(), AFTER) is Etat.INCOMPLET


def test_a_campaign_that_is_stopped_asks_nothing_more() -> None:
    campagne = make_campagne(arretee_le=DEBUT)

    assert not campagne.is_ouverte(DEBUT)
    assert campagne.rang_du(DEBUT, []) is None
    assert campagne.is_finie(DEBUT)
    assert not make_participante().may_be_written(campagne, DEBUT)


def test_a_campaign_that_is_stopped_before_its_first_day_has_no_week() -> None:
    campagne = make_campagne(arretee_le=BEFORE)

    assert reponses(campagne, [make_participante()], AFTER) == []


@pytest.mark.parametrize("mode", ModeContact)
def test_only_who_wants_e_mail_is_written_to(mode: ModeContact) -> None:
    one = make_participante(contact=Contact(mode=mode))

    assert one.may_be_written(make_campagne(), DEBUT) is (mode is ModeContact.COURRIEL)


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


def test_a_confirmation_changes_nothing_of_what_is_read_aloud() -> None:
    made, kept, changed = (
        make_revision(1, DEBUT, "creation"),
        make_revision(2, DEBUT, "confirmation", derniere_confirmation=(None, "2026-06-01")),
        make_revision(3, DEBUT, "modification", nom=("Été", "Hiver")),
    )

    def vue(*revisions: Revision) -> str:
        suivie = make_suivie((DEBUT, DEBUT))
        return make_participante(replace(suivie, changement=last_change(revisions))).vue

    assert vue(made) == vue(made, kept)
    assert vue(made, kept) != vue(made, kept, changed)
    assert vue() == vue(kept)


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
