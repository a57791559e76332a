"""What partners and coordinators do with listings: who may, and what is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain.comptes import VISITEUR, Acteur, Compte, Qualite, Role
from app.domain.droits import Action, Cible
from app.domain.edition import (
    Acceptation,
    Fiche,
    FicheRef,
    Listing,
    ModifieeEntretemps,
    Revision,
    Tenue,
)
from app.domain.errors import OffreIntrouvable
from app.domain.journal import Sensible
from app.domain.offre import Offre, Structure, StructureId
from app.domain.publication import OFFRE, STRUCTURE
from app.domain.territoire import Zone
from app.domain.vocabulaire import EtatPublication
from app.services.edition import DroitRefuse, EditionService
from tests.builders import (
    AVIGNON,
    CARPENTRAS,
    CREUE,
    GRAND_AVIGNON,
    VENTOUX_SUD,
    make_geographie,
    make_offre,
    make_structure,
)

GEOGRAPHIE = make_geographie()
BASSIN = GEOGRAPHIE.zone(GRAND_AVIGNON)
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
AUJOURDHUI = date(2026, 12, 1)
SIENNE, AUTRE = StructureId("sienne"), StructureId("autre")
STRUCTURES = (
    make_structure(id=SIENNE, code_insee=AVIGNON),
    make_structure(id=AUTRE, code_insee=CARPENTRAS),
)
# The offer is elsewhere than its structure, whose place alone decides.
OFFRES = (
    make_offre(id="offre", structure_id=SIENNE, code_insee=CARPENTRAS),
    make_offre(id="offre-d-autrui", structure_id=AUTRE, code_insee=AVIGNON),
)
L_OFFRE = FicheRef(objet=OFFRE, id="offre")
D_AUTRUI = FicheRef(objet=OFFRE, id="offre-d-autrui")
LA_SIENNE, L_AUTRE = (FicheRef(objet=STRUCTURE, id=ident) for ident in (SIENNE, AUTRE))


@dataclass
class MemoryEditions:
    """Keeps listings, each at the revision 5; `calls` tells what was written, in order."""

    values: dict[FicheRef, Listing] = field(default_factory=dict)
    calls: list[tuple[object, ...]] = field(default_factory=list)
    conflict: ModifieeEntretemps | None = None

    def add(self, value: Listing) -> None:
        objet = OFFRE if isinstance(value, Offre) else STRUCTURE
        self.values[FicheRef(objet=objet, id=value.id)] = value

    def get(self, ref: FicheRef) -> Fiche | None:
        value = self.values.get(ref)
        if value is None:
            return None
        carrier = value.structure_id if isinstance(value, Offre) else value.id
        structure = self.values[FicheRef(objet=STRUCTURE, id=carrier)]
        assert isinstance(structure, Structure)
        return Fiche(ref=ref, value=value, structure=structure, revision=5)

    def offres_of(self, structure_id: StructureId) -> Sequence[Fiche]:
        refs = [
            ref
            for ref, value in self.values.items()
            if isinstance(value, Offre) and value.structure_id == structure_id
        ]
        return [fiche for ref in refs if (fiche := self.get(ref)) is not None]

    def save(
        self,
        value: Listing,
        base: int,
        auteur: str,
        quand: datetime,
        *,
        accepte: Acceptation | None = None,
    ) -> Fiche:
        if self.conflict is not None:
            raise self.conflict
        answered = () if accepte is None else (accepte,)
        self.calls.append(("save", value, base, auteur, quand, *answered))
        self.add(value)
        ref = FicheRef(objet=OFFRE if isinstance(value, Offre) else STRUCTURE, id=value.id)
        saved = self.get(ref)
        assert saved is not None
        return replace(saved, revision=6)

    def revisions(self, ref: FicheRef) -> Sequence[Revision]:
        return [Revision(id=5, quand=NOON, auteur="compte:9", action=ref.objet, changes={})]

    def tenues(self, ref: FicheRef) -> Mapping[str, Tenue]:
        return {"nom": Tenue(auteur=ref.id, depuis=NOON)}

    def release(self, ref: FicheRef, champ: str) -> None:
        self.calls.append(("release", ref, champ))


class FixedClock:
    """The same day at any call."""

    def today(self) -> date:
        return AUJOURDHUI

    def now(self) -> datetime:
        return NOON


@pytest.fixture
def store() -> MemoryEditions:
    made = MemoryEditions()
    for value in (*STRUCTURES, *OFFRES):
        made.add(value)
    return made


@pytest.fixture
def service(store: MemoryEditions) -> EditionService:
    return EditionService(
        store=store,
        geographie=GEOGRAPHIE,
        clock=FixedClock(),
        after_write=lambda: store.calls.append(("index",)),
    )


def acteur(qualite: Qualite, *structures: StructureId, zone: Zone = BASSIN) -> Acteur:
    """Someone with account number 1, but for a mailbox; all have a zone, which few may use."""
    compte = None
    if qualite is not Qualite.BOITE:
        compte = Compte(id=1, courriel="c@exemple.fr", nom="Camille", role=Role(qualite.value))
    return Acteur(qualite=qualite, compte=compte, structures=frozenset(structures), zone=zone)


MEMBRE, BOITE = acteur(Qualite.PARTENAIRE, SIENNE), acteur(Qualite.BOITE, SIENNE)
MEMBRE_DES_DEUX = acteur(Qualite.PARTENAIRE, SIENNE, AUTRE)
COORDINATEUR = acteur(Qualite.COORDINATEUR)
COORDINATEUR_AILLEURS = acteur(Qualite.COORDINATEUR, zone=GEOGRAPHIE.zone(VENTOUX_SUD))
PROFESSIONNEL, ADMINISTRATEUR = acteur(Qualite.PROFESSIONNEL), acteur(Qualite.ADMINISTRATEUR)
ETRANGERS = {
    "visitor": VISITEUR,
    "of-no-structure": acteur(Qualite.PARTENAIRE),
    "of-another-structure": acteur(Qualite.PARTENAIRE, AUTRE),
    "mailbox-of-another": acteur(Qualite.BOITE, AUTRE),
    "coordinator-elsewhere": COORDINATEUR_AILLEURS,
}
Use = Callable[[EditionService, Acteur], object]
RENAMED = replace(OFFRES[0], nom="Atelier vélo")
NEUVE = make_offre(id="neuve", structure_id=SIENNE)
RETIRE = EtatPublication.RETIRE
WRITES: dict[str, Use] = {
    "publish": lambda s, a: s.publish(a, RENAMED, 5),
    "publish-structure": lambda s, a: s.publish(a, replace(STRUCTURES[0], nom="Autre"), 5),
    "publish-new": lambda s, a: s.publish(a, NEUVE, 0),
    "set-state": lambda s, a: s.set_state(a, L_OFFRE, RETIRE, 5),
    "release": lambda s, a: s.release(a, L_OFFRE, "nom"),
    "confirm": lambda s, a: s.confirm(a, L_OFFRE),
    "confirm-structure": lambda s, a: s.confirm(a, LA_SIENNE),
}
READS: dict[str, Use] = {
    "read": lambda s, a: s.read(a, L_OFFRE),
    "read-structure": lambda s, a: s.read(a, LA_SIENNE),
    "offers": lambda s, a: s.offres_of(a, LA_SIENNE),
    "history": lambda s, a: s.history(a, L_OFFRE),
    "tenues": lambda s, a: s.tenues(a, L_OFFRE),
    "changes": lambda s, a: s.changes_since(a, L_OFFRE, 0),
}
CONFIRMS = {"confirm", "confirm-structure"}


def written(store: MemoryEditions) -> list[Any]:
    return [call[1] for call in store.calls if call[0] == "save"]


@pytest.mark.parametrize("use", [*WRITES, *READS])
@pytest.mark.parametrize("who", ETRANGERS)
def test_who_has_no_right_reads_and_writes_nothing(
    service: EditionService, store: MemoryEditions, who: str, use: str
) -> None:
    before = dict(store.values)

    with pytest.raises(DroitRefuse):
        (WRITES | READS)[use](service, ETRANGERS[who])

    assert (store.calls, store.values) == ([], before)


@pytest.mark.parametrize("use", WRITES)
@pytest.mark.parametrize("who", [BOITE, PROFESSIONNEL], ids=["mailbox", "professional"])
def test_who_may_only_read_or_confirm_does_no_more(
    service: EditionService, store: MemoryEditions, who: Acteur, use: str
) -> None:
    if use in CONFIRMS and who is BOITE:
        WRITES[use](service, who)
        assert [call[0] for call in store.calls] == ["save", "index"]
        return
    with pytest.raises(DroitRefuse):
        WRITES[use](service, who)
    assert store.calls == []


@pytest.mark.parametrize("use", [*WRITES, *READS])
@pytest.mark.parametrize(
    "who", [MEMBRE, COORDINATEUR, ADMINISTRATEUR], ids=["member", "coordinator", "administrator"]
)
def test_who_keeps_a_listing_may_do_everything_with_it(
    service: EditionService, store: MemoryEditions, who: Acteur, use: str
) -> None:
    (WRITES | READS)[use](service, who)

    expected = {"release": ["release"]}.get(use, [] if use in READS else ["save", "index"])
    assert [call[0] for call in store.calls] == expected


@pytest.mark.parametrize(
    ("code", "lieu"),
    [
        pytest.param(AVIGNON, GEOGRAPHIE.zone(AVIGNON), id="known"),
        pytest.param(None, Zone(0), id="none"),
        pytest.param("00000", Zone(0), id="no-commune"),
        pytest.param(CREUE, Zone(0), id="of-before"),
    ],
)
def test_rights_are_asked_of_the_place_of_the_structure(
    service: EditionService, store: MemoryEditions, code: str | None, lieu: Zone
) -> None:
    store.add(replace(STRUCTURES[0], code_insee=code))

    for ref in (L_OFFRE, LA_SIENNE):
        assert service.cible(ref) == Cible(structure_id=SIENNE, lieu=lieu)
    if lieu.is_empty:
        with pytest.raises(DroitRefuse):
            service.read(COORDINATEUR, L_OFFRE)
    service.read(MEMBRE, L_OFFRE)


@pytest.mark.parametrize("who", [MEMBRE_DES_DEUX, ADMINISTRATEUR], ids=["of-both", "anyone"])
def test_an_offer_is_never_moved_to_another_structure(
    service: EditionService, store: MemoryEditions, who: Acteur
) -> None:
    with pytest.raises(DroitRefuse):
        service.publish(who, replace(OFFRES[0], structure_id=AUTRE), 5)
    assert store.calls == []


def test_nobody_takes_the_offer_of_another_structure(
    service: EditionService, store: MemoryEditions
) -> None:
    """Who speaks for a structure says that the offer of another is theirs."""
    with pytest.raises(DroitRefuse):
        service.publish(MEMBRE, replace(OFFRES[1], structure_id=SIENNE), 5)
    assert store.calls == []


def test_a_change_is_of_today_whatever_its_author_says(
    service: EditionService, store: MemoryEditions
) -> None:
    saved = service.publish(MEMBRE, replace(RENAMED, date_maj=date(2030, 1, 1)), 4)

    expected = replace(RENAMED, date_maj=AUJOURDHUI)
    assert store.calls == [("save", expected, 4, "compte:1", NOON), ("index",)]
    assert (saved.value, saved.revision) == (expected, 6)


@pytest.mark.parametrize("sent", [OFFRES[0].date_maj, date(2030, 1, 1)], ids=["same", "other"])
@pytest.mark.parametrize("base", [0, 4, 5])
def test_what_changes_nothing_is_not_written_and_keeps_its_date(
    service: EditionService, store: MemoryEditions, sent: date, base: int
) -> None:
    found = service.publish(MEMBRE, replace(OFFRES[0], date_maj=sent), base)

    assert found == store.get(L_OFFRE)
    assert found.value.date_maj == OFFRES[0].date_maj
    assert store.calls == []


def test_a_change_that_is_online_already_is_answered_all_the_same(
    service: EditionService, store: MemoryEditions
) -> None:
    accepte = Acceptation(numero=3, par="compte:1")
    sent = replace(OFFRES[0], date_maj=date(2030, 1, 1))

    service.publish(MEMBRE, sent, 5, auteur="boite:sienne", accepte=accepte)

    assert store.calls[0] == ("save", OFFRES[0], 5, "boite:sienne", NOON, accepte)


def test_a_structure_is_published_as_an_offer_is(
    service: EditionService, store: MemoryEditions
) -> None:
    renamed = replace(STRUCTURES[0], nom="Maison des possibles")

    service.publish(MEMBRE, renamed, 5)
    assert written(store) == [replace(renamed, date_maj=AUJOURDHUI)]

    service.publish(MEMBRE, replace(renamed, date_maj=date(2030, 1, 1)), 5)
    assert len(written(store)) == 1


def test_a_new_offer_is_of_a_structure_that_exists(
    service: EditionService, store: MemoryEditions
) -> None:
    service.publish(MEMBRE, NEUVE, 0)
    assert written(store) == [replace(NEUVE, date_maj=AUJOURDHUI)]
    with pytest.raises(OffreIntrouvable):
        service.publish(ADMINISTRATEUR, replace(NEUVE, structure_id=StructureId("aucune")), 0)
    assert len(written(store)) == 1


@pytest.mark.parametrize("who", [MEMBRE, BOITE], ids=["member", "mailbox"])
@pytest.mark.parametrize("ref", [L_OFFRE, LA_SIENNE], ids=["offre", "structure"])
def test_confirming_sets_the_confirmation_and_nothing_else(
    service: EditionService, store: MemoryEditions, who: Acteur, ref: FicheRef
) -> None:
    before = store.values[ref]

    saved = service.confirm(who, ref)

    expected = replace(before, derniere_confirmation=AUJOURDHUI)
    auteur = "compte:1" if who is MEMBRE else "boite:sienne"
    assert store.calls == [("save", expected, 5, auteur, NOON), ("index",)]
    assert saved.value == expected


@pytest.mark.parametrize("etat", EtatPublication)
def test_a_state_is_set_and_nothing_else(
    service: EditionService, store: MemoryEditions, etat: EtatPublication
) -> None:
    service.set_state(MEMBRE, L_OFFRE, etat, 3)

    expected = replace(OFFRES[0], etat_publication=etat)
    assert store.calls == [("save", expected, 3, "compte:1", NOON), ("index",)]


@pytest.mark.parametrize("use", ["publish", "set-state", "confirm"])
def test_a_conflict_is_handed_on_and_the_index_left(
    service: EditionService, store: MemoryEditions, use: str
) -> None:
    store.conflict = ModifieeEntretemps([])

    with pytest.raises(ModifieeEntretemps) as told:
        WRITES[use](service, MEMBRE)

    assert told.value is store.conflict
    assert store.calls == []


@pytest.mark.parametrize("objet", [OFFRE, STRUCTURE])
def test_what_does_not_exist_is_told(
    service: EditionService, store: MemoryEditions, objet: str
) -> None:
    ref = FicheRef(objet=objet, id="nulle-part")
    uses: list[Callable[[], object]] = [
        lambda: service.cible(ref),
        lambda: service.read(ADMINISTRATEUR, ref),
        lambda: service.offres_of(ADMINISTRATEUR, ref),
        lambda: service.confirm(ADMINISTRATEUR, ref),
        lambda: service.set_state(ADMINISTRATEUR, ref, RETIRE, 0),
        lambda: service.history(ADMINISTRATEUR, ref),
        lambda: service.release(ADMINISTRATEUR, ref, "nom"),
    ]

    for use in uses:
        with pytest.raises(OffreIntrouvable) as told:
            use()
        assert told.value.identifiant == "nulle-part"
    assert store.calls == []


def test_keepers_read_what_the_record_says(service: EditionService, store: MemoryEditions) -> None:
    fiche, revisions = service.history(MEMBRE, L_OFFRE)

    assert fiche == service.read(MEMBRE, L_OFFRE) == store.get(L_OFFRE)
    assert list(revisions) == list(store.revisions(L_OFFRE))
    assert [one.value for one in service.offres_of(MEMBRE, LA_SIENNE)] == [OFFRES[0]]
    assert service.tenues(MEMBRE, L_OFFRE) == store.tenues(L_OFFRE)


def test_a_professional_reads_every_listing_and_no_history(service: EditionService) -> None:
    for ref in (L_OFFRE, D_AUTRUI, LA_SIENNE, L_AUTRE):
        assert service.read(PROFESSIONNEL, ref).ref == ref
        with pytest.raises(DroitRefuse):
            service.history(PROFESSIONNEL, ref)


def test_a_field_is_released_by_its_name(service: EditionService, store: MemoryEditions) -> None:
    service.release(MEMBRE, L_OFFRE, "telephone")

    assert store.calls == [("release", L_OFFRE, "telephone")]


def test_a_right_may_be_asked_for_itself(service: EditionService) -> None:
    cible = service.cible(L_OFFRE)

    service.require(MEMBRE, Action.MODIFIER_FICHE, cible)
    with pytest.raises(DroitRefuse):
        service.require(MEMBRE, Action.MODERER, cible)


def test_a_structure_begins_where_its_author_has_rights(
    service: EditionService, store: MemoryEditions
) -> None:
    here = make_structure(id="neuve", code_insee=AVIGNON)
    there = make_structure(id="ailleurs", code_insee=CREUE)

    for who, value in ((MEMBRE, here), (PROFESSIONNEL, here), (COORDINATEUR, there)):
        with pytest.raises(DroitRefuse):
            service.publish(who, value, 0)
    assert store.calls == []
    assert service.publish(COORDINATEUR, here, 0).ref.id == "neuve"


def test_what_readers_lose_or_find_again_is_noted_once(store: MemoryEditions) -> None:
    noted: list[tuple[str, Sensible, str]] = []
    service = EditionService(
        store=store,
        geographie=GEOGRAPHIE,
        clock=FixedClock(),
        after_write=lambda: None,
        note=lambda *line: noted.append(line),
    )

    service.set_state(MEMBRE, L_OFFRE, RETIRE, 5)
    service.set_state(MEMBRE, L_OFFRE, RETIRE, 6)
    service.publish(MEMBRE, RENAMED, 6)
    service.confirm(MEMBRE, L_OFFRE)

    assert noted == [
        ("compte:1", Sensible.RETRAIT, "offre"),
        ("compte:1", Sensible.REMISE_EN_LIGNE, "offre"),
    ]


def test_a_confirmation_names_the_revision_that_was_read(
    service: EditionService, store: MemoryEditions
) -> None:
    service.confirm(MEMBRE, L_OFFRE, 3)
    service.confirm(MEMBRE, LA_SIENNE)

    assert [call[2] for call in store.calls if call[0] == "save"] == [3, 5]


def test_what_does_not_exist_yet_has_no_past(service: EditionService) -> None:
    ref = FicheRef(objet=OFFRE, id="nulle-part")

    assert service.tenues(MEMBRE, ref) == {}
    assert service.changes_since(MEMBRE, ref, 0) == {}
