"""Signing in by a password without telling who has an account, and changing one's own."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.comptes import VISITEUR, Acteur, Compte, Qualite, Role
from app.domain.connexion import Empreinte, Moyen, Session, empreinte_of, new_jeton
from app.domain.droits import DroitRefuse
from app.domain.mots_de_passe import (
    FRAICHEUR,
    MAX_CARACTERES,
    MAX_ESSAIS,
    Cle,
    CompteSecret,
    MotDePasseFaux,
    MotDePasseRefuse,
    PreuveManquante,
    Secret,
    TropDEssais,
    cle_of,
)
from app.domain.offre import StructureId
from app.domain.sessions import NomSession, SessionOuverte, nom_of
from app.services.mots_de_passe import MotDePasseService

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ADRESSE, SENTENCE, OTHER = "camille@exemple.fr", "trois vélos rouges", "quatre ânes gris"
CAMILLE = Compte(id=1, courriel=ADRESSE, nom="Camille", role=Role.PARTENAIRE)
ACTEUR = Acteur(qualite=Qualite.PARTENAIRE, compte=CAMILLE)
BOITE = Acteur(qualite=Qualite.BOITE, structures=frozenset((StructureId("maison"),)))
MINE = empreinte_of(new_jeton())
LEURRE = Secret("leurre")
NOM = nom_of(MINE)


@dataclass
class PlainHachoir:
    """Digests that can be read, and how often one was checked."""

    version: int = 1
    checked: list[tuple[Secret, str]] = field(default_factory=list)
    leurre: Secret = LEURRE

    def hash(self, mot_de_passe: str) -> Secret:
        return Secret(f"{self.version}:{mot_de_passe}")

    def verify(self, secret: Secret, mot_de_passe: str) -> bool:
        self.checked.append((secret, mot_de_passe))
        return secret.partition(":")[2] == mot_de_passe and secret != self.leurre

    def is_stale(self, secret: Secret) -> bool:
        return not secret.startswith(f"{self.version}:")


@dataclass
class MemorySecrets:
    """Keeps what it is given."""

    secrets: dict[str, Secret] = field(default_factory=dict)
    essais: list[Cle] = field(default_factory=list)
    opened: list[Empreinte] = field(default_factory=list)
    kept: Empreinte | None = None

    def add_essai(self, cle: Cle, quand: datetime) -> None:
        if self.essais.count(cle) >= MAX_ESSAIS:
            raise TropDEssais
        self.essais.append(cle)

    def secret_of(self, courriel: str) -> CompteSecret | None:
        secret = self.secrets.get(courriel)
        return CompteSecret(compte_id=1, secret=secret) if secret else None

    def open_with_secret(
        self, found: CompteSecret, cle: Cle, session: Empreinte, quand: datetime
    ) -> Session:
        self.forget_essais(cle)
        self.opened.append(session)
        return Session(compte=CAMILLE, structure_id=None, expire_le=quand)

    def replace_secret(self, found: CompteSecret, secret: Secret) -> None:
        self.secrets[ADRESSE] = secret

    def set_secret(self, compte_id: int, secret: Secret | None, garder: Empreinte) -> None:
        self.kept = garder
        self.secrets.pop(ADRESSE, None)
        if secret is not None:
            self.secrets[ADRESSE] = secret

    def forget_essais(self, cle: Cle) -> None:
        self.essais = [one for one in self.essais if one != cle]


@dataclass
class OneSession:
    """The session of who asks: how and when it was opened."""

    moyen: Moyen = Moyen.MOT_DE_PASSE
    ouverte_le: datetime = NOON
    nom: NomSession = NOM

    def sessions_of(self, compte_id: int, quand: datetime) -> list[SessionOuverte]:
        return [
            SessionOuverte(
                nom=self.nom, moyen=self.moyen, ouverte_le=self.ouverte_le, expire_le=quand
            )
        ]

    def close_named(self, compte_id: int, nom: NomSession) -> int:
        return 0

    def close_others(self, compte_id: int, garder: Empreinte) -> int:
        return 0


@dataclass
class Bench:
    """A service on memory, and all that it works with."""

    store: MemorySecrets = field(default_factory=MemorySecrets)
    sessions: OneSession = field(default_factory=OneSession)
    hachoir: PlainHachoir = field(default_factory=PlainHachoir)
    now: datetime = NOON

    @property
    def service(self) -> MotDePasseService:
        return MotDePasseService(
            store=self.store,
            sessions=self.sessions,
            hachoir=self.hachoir,
            courants=frozenset(("soleil",)),
            now=lambda: self.now,
        )


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def secured(bench: Bench) -> Bench:
    """An account with a password, in a session that it opened."""
    bench.store.secrets[ADRESSE] = bench.hachoir.hash(SENTENCE)
    return bench


def test_the_right_password_opens_a_session(secured: Bench) -> None:
    jeton = secured.service.enter(" Camille@Exemple.FR ", SENTENCE)

    assert secured.store.opened == [empreinte_of(jeton)]
    assert secured.store.essais == []


@pytest.mark.parametrize(
    ("courriel", "typed"),
    [
        pytest.param(ADRESSE, OTHER, id="wrong-password"),
        pytest.param("inconnue@exemple.fr", SENTENCE, id="unknown-address"),
        pytest.param("inconnue@exemple.fr", "", id="unknown-and-empty"),
        pytest.param(ADRESSE, f"{SENTENCE} ", id="one-space-more"),
        pytest.param(ADRESSE, SENTENCE.upper(), id="capitals"),
    ],
)
def test_what_does_not_open_costs_one_check_and_says_the_same(
    secured: Bench, courriel: str, typed: str
) -> None:
    with pytest.raises(MotDePasseFaux) as refused:
        secured.service.enter(courriel, typed)

    assert refused.value.args == ()
    assert len(secured.hachoir.checked) == 1
    assert secured.store.essais == [cle_of(courriel)]
    assert secured.store.opened == []


def test_the_decoy_never_opens_an_account(bench: Bench) -> None:
    with pytest.raises(MotDePasseFaux):
        bench.service.enter(ADRESSE, "")

    assert bench.hachoir.checked == [(bench.hachoir.leurre, "")]


def test_tries_are_bounded_whether_the_account_is_known_or_not(secured: Bench) -> None:
    for courriel in (ADRESSE, "inconnue@exemple.fr"):
        for _ in range(MAX_ESSAIS):
            with pytest.raises(MotDePasseFaux):
                secured.service.enter(courriel, OTHER)
        with pytest.raises(TropDEssais):
            secured.service.enter(courriel, SENTENCE)

    assert len(secured.hachoir.checked) == 2 * MAX_ESSAIS
    assert secured.store.opened == []


def test_a_password_of_another_keyboard_opens(secured: Bench) -> None:
    assert secured.service.enter(ADRESSE, "trois ve\u0301los rouges")


def test_an_endless_password_is_not_hashed_whole(secured: Bench) -> None:
    with pytest.raises(MotDePasseFaux):
        secured.service.enter(ADRESSE, "x" * 1_000_000)

    assert len(secured.hachoir.checked[0][1]) == MAX_CARACTERES + 1


def test_a_digest_is_renewed_when_its_parameters_change(secured: Bench) -> None:
    secured.hachoir.version = 2

    secured.service.enter(ADRESSE, SENTENCE)

    assert secured.store.secrets[ADRESSE] == f"2:{SENTENCE}"


def test_a_wrong_password_renews_nothing(secured: Bench) -> None:
    secured.hachoir.version = 2
    with pytest.raises(MotDePasseFaux):
        secured.service.enter(ADRESSE, OTHER)

    assert secured.store.secrets[ADRESSE] == f"1:{SENTENCE}"


def test_a_fresh_link_lets_one_choose_and_remove(bench: Bench) -> None:
    bench.sessions.moyen = Moyen.LIEN

    bench.service.choose(ACTEUR, MINE, "", SENTENCE)
    assert bench.service.has_password(ACTEUR)
    bench.service.choose(ACTEUR, MINE, "", OTHER)
    assert bench.store.secrets[ADRESSE] == f"1:{OTHER}"
    assert bench.store.kept == MINE
    bench.service.remove(ACTEUR, MINE, "")

    assert not bench.service.has_password(ACTEUR)


@pytest.mark.parametrize(
    "sessions",
    [
        pytest.param(OneSession(Moyen.LIEN, NOON - FRAICHEUR), id="a-link-of-long-ago"),
        pytest.param(OneSession(Moyen.MOT_DE_PASSE), id="a-password"),
        pytest.param(OneSession(Moyen.PROCONNECT), id="a-provider"),
        pytest.param(OneSession(Moyen.LIEN, nom=NomSession("autre")), id="another-session"),
    ],
)
def test_nothing_changes_without_a_proof(secured: Bench, sessions: OneSession) -> None:
    secured.sessions = sessions

    with pytest.raises(PreuveManquante):
        secured.service.choose(ACTEUR, MINE, "", OTHER)
    with pytest.raises(PreuveManquante):
        secured.service.remove(ACTEUR, MINE, "")
    with pytest.raises(MotDePasseFaux):
        secured.service.choose(ACTEUR, MINE, OTHER, OTHER)

    assert secured.store.secrets[ADRESSE] == f"1:{SENTENCE}"


def test_a_link_is_fresh_for_a_quarter_of_an_hour(bench: Bench) -> None:
    bench.sessions.moyen = Moyen.LIEN
    bench.now = NOON + FRAICHEUR - timedelta(microseconds=1)
    assert bench.service.is_fresh(ACTEUR, MINE)

    bench.now = NOON + FRAICHEUR
    assert not bench.service.is_fresh(ACTEUR, MINE)


def test_an_account_without_a_password_cannot_prove_itself_by_one(bench: Bench) -> None:
    with pytest.raises(PreuveManquante):
        bench.service.choose(ACTEUR, MINE, SENTENCE, OTHER)

    assert bench.hachoir.checked == []


def test_the_password_in_use_lets_one_choose_and_remove(secured: Bench) -> None:
    secured.service.choose(ACTEUR, MINE, SENTENCE, OTHER)
    assert secured.store.essais == []
    secured.service.remove(ACTEUR, MINE, OTHER)

    assert secured.store.secrets == {}


def test_the_password_in_use_is_not_tried_without_end(secured: Bench) -> None:
    for _ in range(MAX_ESSAIS):
        with pytest.raises(MotDePasseFaux):
            secured.service.remove(ACTEUR, MINE, OTHER)

    with pytest.raises(TropDEssais):
        secured.service.choose(ACTEUR, MINE, SENTENCE, OTHER)
    with pytest.raises(TropDEssais):
        secured.service.enter(ADRESSE, SENTENCE)


def test_a_password_that_cannot_be_chosen_spends_no_try(secured: Bench) -> None:
    with pytest.raises(MotDePasseRefuse):
        secured.service.choose(ACTEUR, MINE, OTHER, "court")

    assert secured.store.essais == []
    assert secured.hachoir.checked == []


@pytest.mark.parametrize(
    "acteur",
    [VISITEUR, BOITE, replace(ACTEUR, compte=replace(CAMILLE, is_actif=False))],
    ids=["visitor", "mailbox", "closed"],
)
def test_nobody_touches_an_account_but_its_owner(secured: Bench, acteur: Acteur) -> None:
    service = secured.service
    for call in (
        lambda: service.has_password(acteur),
        lambda: service.is_fresh(acteur, MINE),
        lambda: service.choose(acteur, MINE, SENTENCE, OTHER),
        lambda: service.remove(acteur, MINE, SENTENCE),
    ):
        with pytest.raises(DroitRefuse):
            call()
    assert secured.store.secrets[ADRESSE] == f"1:{SENTENCE}"
