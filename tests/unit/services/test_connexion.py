"""Becoming someone by a link, and who makes each request."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from app.domain.adhesions import AdhesionListee, CompteStore
from app.domain.comptes import VISITEUR, Acteur, Adhesion, Compte, Qualite, Role
from app.domain.connexion import (
    VALIDITE_LIEN,
    VALIDITE_LIEN_BOITE,
    CourrielNonParti,
    Empreinte,
    Jeton,
    Lien,
    LienRefuse,
    MotifRefus,
    Session,
    TropDeLiens,
    Usage,
    empreinte_of,
    new_jeton,
)
from app.domain.offre import StructureId
from app.domain.territoire import Zone
from app.services.connexion import ConnexionService

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADRESSE = "camille@exemple.fr"
MAISON, ATELIER = StructureId("maison"), StructureId("atelier")
VAUCLUSE, GRAND_AVIGNON = Zone(0b111), Zone(0b001)
CAMILLE = Compte(id=1, courriel=ADRESSE, nom="Camille", role=Role.PARTENAIRE)


@dataclass
class MemoryConnexions:
    """Keeps links and sessions by digest; a link opens the session of `compte`, or a mailbox's."""

    compte: Compte = CAMILLE
    links: dict[Empreinte, Lien] = field(default_factory=dict)
    asked_at: list[datetime] = field(default_factory=list)
    sessions: dict[Empreinte, Session] = field(default_factory=dict)
    used: set[Empreinte] = field(default_factory=set)
    is_flooded: bool = False

    def add_lien(self, empreinte: Empreinte, lien: Lien, quand: datetime) -> None:
        if self.is_flooded:
            raise TropDeLiens
        self.links[empreinte] = lien
        self.asked_at.append(quand)

    def get_lien(self, empreinte: Empreinte, quand: datetime) -> Lien:
        if empreinte in self.used:
            raise LienRefuse(MotifRefus.DEJA_UTILISE)
        lien = self.links.get(empreinte)
        if lien is None or lien.expire_le <= quand:
            raise LienRefuse(MotifRefus.EXPIRE if lien else MotifRefus.INCONNU)
        return lien

    def find_lien(self, empreinte: Empreinte) -> Lien | None:
        return self.links.get(empreinte)

    def open_with_lien(self, lien: Empreinte, session: Empreinte, quand: datetime) -> Session:
        found = self.get_lien(lien, quand)
        self.used.add(lien)
        is_boite = found.usage is Usage.BOITE
        self.sessions[session] = Session(
            compte=None if is_boite else self.compte,
            structure_id=found.structure_id,
            expire_le=quand + timedelta(hours=1),
        )
        return self.sessions[session]

    def get_session(self, empreinte: Empreinte, quand: datetime) -> Session | None:
        found = self.sessions.get(empreinte)
        return found if found is not None and found.expire_le > quand else None

    def close_session(self, empreinte: Empreinte) -> None:
        self.sessions.pop(empreinte, None)

    def close_sessions_of(self, compte_id: int) -> int:
        raise NotImplementedError


@dataclass
class Memberships:
    """The structures of one account, admitted or waiting."""

    admitted: dict[StructureId, bool] = field(default_factory=dict)

    def adhesions_of(self, compte_id: int) -> Sequence[AdhesionListee]:
        return [
            AdhesionListee(
                adhesion=Adhesion(
                    compte=CAMILLE,
                    structure_id=structure_id,
                    demandee_le=NOON,
                    admise_le=NOON if is_admitted else None,
                ),
                structure_nom=structure_id,
            )
            for structure_id, is_admitted in self.admitted.items()
            if compte_id == CAMILLE.id
        ]


@dataclass
class Mailbox:
    """Keeps what is sent: to whom, and the token of the link."""

    sent: list[tuple[str, Jeton]] = field(default_factory=list)

    def __call__(self, courriel: str, jeton: Jeton) -> None:
        self.sent.append((courriel, jeton))


@dataclass
class Time:
    """An instant that tests move on."""

    instant: datetime = NOON

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def store() -> MemoryConnexions:
    return MemoryConnexions()


@pytest.fixture
def memberships() -> Memberships:
    return Memberships()


@pytest.fixture
def now() -> Time:
    return Time()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def service(store: MemoryConnexions, memberships: Memberships, now: Time) -> ConnexionService:
    return ConnexionService(
        store=store,
        comptes=cast("CompteStore", memberships),
        perimetres={"vaucluse": VAUCLUSE, "grand-avignon": GRAND_AVIGNON},
        now=now,
    )


def sent_link(service: ConnexionService) -> Jeton:
    mailbox = Mailbox()
    service.ask(ADRESSE, mailbox)
    return mailbox.sent[0][1]


def test_a_link_is_sent_and_kept_by_its_digest(
    service: ConnexionService, store: MemoryConnexions, mailbox: Mailbox
) -> None:
    service.ask("  Camille@Exemple.FR ", mailbox)

    ((courriel, jeton),) = mailbox.sent
    assert courriel == ADRESSE
    assert store.links == {
        empreinte_of(jeton): Lien(
            usage=Usage.CONNEXION, courriel=ADRESSE, expire_le=NOON + VALIDITE_LIEN
        )
    }
    assert store.asked_at == [NOON]
    assert jeton not in repr(store)


def test_a_mailbox_is_invited_to_its_structure(
    service: ConnexionService, store: MemoryConnexions, mailbox: Mailbox
) -> None:
    service.invite("Accueil@exemple.fr", MAISON, mailbox)

    ((courriel, jeton),) = mailbox.sent
    assert courriel == "accueil@exemple.fr"
    assert store.links[empreinte_of(jeton)] == Lien(
        usage=Usage.BOITE,
        courriel="accueil@exemple.fr",
        structure_id=MAISON,
        expire_le=NOON + VALIDITE_LIEN_BOITE,
    )


def test_a_mailbox_is_known_by_its_link_and_an_account_is_not(
    service: ConnexionService, store: MemoryConnexions, mailbox: Mailbox
) -> None:
    service.invite(ADRESSE, MAISON, mailbox)
    service.ask(ADRESSE, mailbox)
    invited, asked = (store.links[empreinte] for empreinte in store.links)

    found = [service.boite(empreinte) for empreinte in (*store.links, empreinte_of("rien"))]

    assert found == [invited, None, None]
    assert asked.usage is Usage.CONNEXION


def test_every_link_has_a_token_of_its_own(service: ConnexionService, mailbox: Mailbox) -> None:
    for _ in range(5):
        service.ask(ADRESSE, mailbox)

    jetons = {jeton for _, jeton in mailbox.sent}
    assert len(jetons) == 5
    assert min(map(len, jetons)) >= 22, "128 bits in base 64"


def test_an_address_that_had_too_many_links_gets_no_other(
    service: ConnexionService, store: MemoryConnexions, mailbox: Mailbox
) -> None:
    store.is_flooded = True

    with pytest.raises(TropDeLiens):
        service.ask(ADRESSE, mailbox)
    with pytest.raises(TropDeLiens):
        service.invite(ADRESSE, MAISON, mailbox)

    assert mailbox.sent == []


def test_a_message_that_cannot_leave_is_told(service: ConnexionService) -> None:
    def fail(_courriel: str, _jeton: Jeton) -> None:
        raise CourrielNonParti

    with pytest.raises(CourrielNonParti):
        service.ask(ADRESSE, fail)


def test_looking_at_a_link_opens_nothing(
    service: ConnexionService, store: MemoryConnexions
) -> None:
    jeton = sent_link(service)

    looked = [service.look(jeton) for _ in range(3)]

    assert [lien.courriel for lien in looked] == [ADRESSE] * 3
    assert (store.used, store.sessions) == (set(), {})


def test_entering_opens_a_session_by_another_token(
    service: ConnexionService, store: MemoryConnexions
) -> None:
    jeton = sent_link(service)

    opened, session = service.enter(jeton)

    assert session.compte == CAMILLE
    assert store.sessions == {empreinte_of(opened): session}
    assert opened != jeton
    assert service.acteur(jeton) is None
    found = service.acteur(opened)
    assert found is not None
    assert found.compte == CAMILLE
    with pytest.raises(LienRefuse) as refused:
        service.enter(jeton)
    assert refused.value.motif is MotifRefus.DEJA_UTILISE


def test_a_link_that_is_over_opens_nothing(
    service: ConnexionService, store: MemoryConnexions, now: Time
) -> None:
    jeton = sent_link(service)
    now.instant = NOON + VALIDITE_LIEN

    for use in (service.look, service.enter):
        with pytest.raises(LienRefuse) as refused:
            use(jeton)
        assert refused.value.motif is MotifRefus.EXPIRE
    assert store.sessions == {}


@pytest.mark.parametrize("jeton", ["", "x", "\x00", "\ud800", "é" * 3000], ids=ascii)
def test_a_token_that_nobody_made_is_nobody(service: ConnexionService, jeton: str) -> None:
    sent_link(service)

    assert service.acteur(jeton) is None
    service.leave(jeton)
    with pytest.raises(LienRefuse):
        service.look(jeton)
    with pytest.raises(LienRefuse):
        service.enter(jeton)


def test_a_session_ends_with_its_time_or_by_leaving(service: ConnexionService, now: Time) -> None:
    (first, _), (second, _) = service.enter(sent_link(service)), service.enter(sent_link(service))

    service.leave(first)

    assert service.acteur(first) is None
    assert service.acteur(second) is not None
    now.instant = NOON + timedelta(hours=1)
    assert service.acteur(second) is None


def test_an_account_speaks_for_the_structures_that_admitted_it(
    service: ConnexionService, memberships: Memberships
) -> None:
    memberships.admitted = {MAISON: True, ATELIER: False}
    jeton, _ = service.enter(sent_link(service))

    assert service.acteur(jeton) == Acteur(
        qualite=Qualite.PARTENAIRE, compte=CAMILLE, structures=frozenset((MAISON,)), zone=Zone(0)
    )


def test_rights_are_those_of_today(service: ConnexionService, memberships: Memberships) -> None:
    jeton, _ = service.enter(sent_link(service))
    structures = []

    for admitted in ({}, {MAISON: True}, {MAISON: True, ATELIER: True}, {ATELIER: True}):
        memberships.admitted = admitted
        acteur = service.acteur(jeton)
        assert acteur is not None
        structures.append(set(acteur.structures))

    assert structures == [set(), {MAISON}, {MAISON, ATELIER}, {ATELIER}]


@pytest.mark.parametrize(
    ("role", "qualite"),
    [
        (Role.PARTENAIRE, Qualite.PARTENAIRE),
        (Role.PROFESSIONNEL, Qualite.PROFESSIONNEL),
        (Role.COORDINATEUR, Qualite.COORDINATEUR),
        (Role.ADMINISTRATEUR, Qualite.ADMINISTRATEUR),
    ],
)
def test_a_role_is_a_quality(service: ConnexionService, role: Role, qualite: Qualite) -> None:
    assert service.acteur_of(replace(CAMILLE, role=role)).qualite is qualite


@pytest.mark.parametrize(
    ("perimetre", "zone"),
    [
        pytest.param("vaucluse", VAUCLUSE, id="a-territory"),
        pytest.param("grand-avignon", GRAND_AVIGNON, id="a-basin"),
        pytest.param("oublie", Zone(0), id="no-longer-there"),
        pytest.param(None, Zone(0), id="none"),
        pytest.param("", Zone(0), id="empty"),
    ],
)
def test_a_perimeter_is_a_zone_or_nowhere(
    service: ConnexionService, perimetre: str | None, zone: Zone
) -> None:
    compte = replace(CAMILLE, role=Role.COORDINATEUR, perimetre=perimetre)

    assert service.acteur_of(compte).zone == zone


def test_a_mailbox_speaks_for_its_structure_and_has_no_account(
    service: ConnexionService, mailbox: Mailbox
) -> None:
    service.invite(ADRESSE, MAISON, mailbox)
    jeton, _ = service.enter(mailbox.sent[0][1])

    assert service.acteur(jeton) == Acteur(
        qualite=Qualite.BOITE, structures=frozenset((MAISON,)), zone=Zone(0)
    )


def test_a_session_of_nobody_is_nobody(service: ConnexionService, store: MemoryConnexions) -> None:
    jeton = new_jeton()
    later = NOON + timedelta(hours=1)
    store.sessions[empreinte_of(jeton)] = Session(compte=None, structure_id=None, expire_le=later)

    assert service.acteur(jeton) is None


def test_history_names_nobody_by_address(service: ConnexionService) -> None:
    boite = Acteur(qualite=Qualite.BOITE, structures=frozenset((MAISON,)))

    assert service.acteur_of(CAMILLE).auteur == "compte:1"
    assert boite.auteur == "boite:maison"
    assert VISITEUR.auteur == "visiteur"
