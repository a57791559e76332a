"""A site with people: each account of the field, a mailbox of its own, and who may write what."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.config import Settings
from app.domain.comptes import Role
from app.domain.connexion import Lien, Usage, empreinte_of, new_jeton
from app.domain.offre import OffreId, StructureId
from app.factory import create_app
from app.mail.message import Courriel
from app.mail.sender import expediteur_of
from app.services.espace import Espace
from app.web.auth.session import ESPACE_EXTENSION
from tests.conftest import settings_of
from tests.integration.oidc_provider import Provider, providing

RECORDS = """\
{"source": "essai", "id": "essai--a", "nom": "Maison A", "date_maj": "2026-01-05", \
"code_insee": "84007", "commune": "Avignon", "code_postal": "84000", "courriel": "accueil@a.fr"}
{"source": "essai", "id": "essai--b", "nom": "Maison B", "date_maj": "2026-01-05", \
"code_insee": "84031", "commune": "Carpentras", "code_postal": "84200"}
{"source": "essai", "structure_id": "essai--a", "id": "essai--a1", "nom": "Passer le permis", \
"description": "Des heures de conduite à tarif réduit.", "date_maj": "2026-01-05", \
"thematiques": ["mobilite--preparer-un-permis"], "telephone": "0490000000", \
"eligibilite": {"fait": "age", "min": 16, "max": 25}}
{"source": "essai", "structure_id": "essai--b", "id": "essai--b1", "nom": "Réparer son vélo", \
"description": "Un atelier ouvert le samedi.", "date_maj": "2026-01-05"}
"""
STRUCTURE_A, STRUCTURE_B = StructureId("essai--a"), StructureId("essai--b")
OFFRE_A, OFFRE_B = OffreId("essai--a1"), OffreId("essai--b1")
ACCOUNTS: Mapping[str, tuple[Role, str | None]] = {
    "sans-structure": (Role.PARTENAIRE, None),
    "en-attente": (Role.PARTENAIRE, None),
    "membre-a": (Role.PARTENAIRE, None),
    "membre-b": (Role.PARTENAIRE, None),
    "professionnel": (Role.PROFESSIONNEL, None),
    "coordinateur": (Role.COORDINATEUR, "vaucluse"),
    "coordinateur-bassin": (Role.COORDINATEUR, "grand-avignon"),
    "coordinateur-ailleurs": (Role.COORDINATEUR, "meuse"),
    "administrateur": (Role.ADMINISTRATEUR, None),
    "ferme": (Role.PARTENAIRE, None),
}


@dataclass
class Boite:
    """A mailbox that keeps what is sent; `fault` is raised instead when there is one."""

    courriels: list[Courriel] = field(default_factory=list)
    fault: Exception | None = None

    def send(self, courriel: Courriel) -> None:
        if self.fault is not None:
            raise self.fault
        self.courriels.append(courriel)

    def link(self) -> str:
        """Returns the path of the newest link."""
        found = re.search(r"https?://[^/\s]+(/lien/\S+)", self.courriels[-1].texte)
        assert found, self.courriels[-1].texte
        return found[1]


@dataclass
class Site:
    """A site with its people."""

    app: Flask
    espace: Espace
    boite: Boite
    data_dir: Path

    def visitor(self) -> FlaskClient:
        """A browser that has never been here."""
        return self.app.test_client()

    def person(self, name: str) -> FlaskClient:
        """A browser signed in to an account, `boite` by the link of a structure's mailbox."""
        client = self.visitor()
        if name == "visiteur":
            return client
        store, quand = self.espace.connexion.store, self.espace.clock.now()
        lien, session = new_jeton(), new_jeton()
        usage = Usage.BOITE if name == "boite" else Usage.CONNEXION
        sent = Lien(
            usage=usage,
            courriel=f"{name}@essai.fr",
            structure_id=STRUCTURE_A if usage is Usage.BOITE else None,
            expire_le=quand.replace(year=quand.year + 1),
        )
        self._reset(sent.courriel)
        store.add_lien(empreinte_of(lien), sent, quand)
        store.open_with_lien(empreinte_of(lien), empreinte_of(session), quand)
        with client.session_transaction() as kept:
            kept["jeton"] = session
        if name == "ferme":
            self.espace.comptes.close(self.compte_id(name))
        return client

    def send_by(self, settings: Settings) -> None:
        """Sends messages as a site with these settings does, and no longer to `boite`."""
        sender = expediteur_of(settings.mail_url, "contact@essai.fr")
        espace = replace(self.espace, expediteur=sender)
        self.app.extensions[ESPACE_EXTENSION] = lambda: espace

    def _reset(self, courriel: str) -> None:
        """Opens a closed account again, as an administrator would."""
        name = courriel.partition("@")[0]
        if name in ACCOUNTS:
            role, perimetre = ACCOUNTS[name]
            known = self.espace.comptes.find(courriel)
            if known is None or not known.is_actif:
                quand = self.espace.clock.now()
                self.espace.comptes.save(courriel, name, role, perimetre, quand)

    def compte_id(self, name: str) -> int:
        """Returns the number of an account."""
        compte = self.espace.comptes.find(f"{name}@essai.fr")
        assert compte is not None
        return compte.id

    def offre(self, ident: str) -> object:
        """Returns an offer as it is in the record."""
        listed = self.espace.catalogue.repository.get_listed([OffreId(ident)])
        return listed[OffreId(ident)].offre if listed else None


@pytest.fixture
def site(people_dir: Path, tmp_path: Path) -> Site:
    """The shipped catalogue, two structures of ours, and every account."""
    return site_in(people_dir, tmp_path)


@pytest.fixture(scope="module")
def shared_site(people_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The same for tests that leave listings as they are."""
    return site_in(people_dir, tmp_path_factory.mktemp("espace"))


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    """A provider of identities, started once."""
    with providing() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """The same, as good as new."""
    running_provider.reset()
    return running_provider


def site_in(people_dir: Path, folder: Path, **settings: str) -> Site:
    """Opens a site of one's own with its people, in a folder."""
    data_dir = folder / "site"
    shutil.copytree(people_dir, data_dir)
    return _opened(data_dir, **settings)


def _opened(data_dir: Path, **settings: str) -> Site:
    app = create_app(settings_of(data_dir, **settings))
    boite = Boite()
    espace = replace(app.extensions[ESPACE_EXTENSION](), expediteur=boite)
    app.extensions[ESPACE_EXTENSION] = lambda: espace
    return Site(app=app, espace=espace, boite=boite, data_dir=data_dir)


def fill_with_people(data_dir: Path) -> None:
    """Adds two structures of ours and every account to the files of a site."""
    made = _opened(data_dir)
    records = data_dir / "essai.jsonl"
    records.write_text(RECORDS, encoding="utf-8")
    imported = made.app.test_cli_runner().invoke(args=["catalogue", "import", str(records)])
    assert imported.exit_code == 0, imported.output
    espace = made.espace
    quand = espace.clock.now()
    for name, (role, perimetre) in ACCOUNTS.items():
        espace.comptes.save(f"{name}@essai.fr", name, role, perimetre, quand)
    for name, structure_id in (("membre-a", STRUCTURE_A), ("membre-b", STRUCTURE_B)):
        espace.comptes.ask(made.compte_id(name), structure_id, quand)
        espace.comptes.admit(made.compte_id(name), structure_id, "essai", quand)
    for name in ("en-attente", "ferme"):
        espace.comptes.ask(made.compte_id(name), STRUCTURE_A, quand)


@dataclass
class Formulaire:
    """The fields of a form, as a browser without JavaScript would send them."""

    action: str
    fields: list[tuple[str, str]]

    def __getitem__(self, name: str) -> str:
        return next(value for key, value in self.fields if key == name)

    def all(self, name: str) -> list[str]:
        """Returns every value of a field."""
        return [value for key, value in self.fields if key == name]

    def fill(self, name: str, *values: str) -> "Formulaire":
        """Types other values in a field."""
        self.fields = [pair for pair in self.fields if pair[0] != name]
        self.fields += [(name, value) for value in values]
        return self

    def send(self, client: FlaskClient, faire: str = "") -> TestResponse:
        """Presses a button."""
        data = MultiDict([*self.fields, *([("faire", faire)] if faire else [])])
        return client.post(self.action, data=data)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Formulaire] = []
        self.text: tuple[str, list[str]] | None = None
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []

    def _add(self, name: str, value: str) -> None:
        if self.forms and name:
            self.forms[-1].fields.append((name, value))

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("name", "")
        if tag == "form":
            self.forms.append(Formulaire(action=found.get("action", ""), fields=[]))
        elif tag == "input":
            is_choice = found.get("type") in ("checkbox", "radio")
            if not is_choice or "checked" in found:
                self._add(name, found.get("value", ""))
        elif tag == "textarea":
            self.text = (name, [])
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select is not None:
            self.options.append((found.get("value", ""), "selected" in found))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None:
            # A browser leaves out the line break that follows the tag.
            self._add(self.text[0], "".join(self.text[1]).removeprefix("\n"))
            self.text = None
        elif tag == "select" and self.select is not None:
            chosen = [value for value, is_chosen in self.options if is_chosen]
            self._add(self.select, (chosen or [self.options[0][0]])[0])
            self.select = None


def form_of(response: TestResponse, action: str) -> Formulaire:
    """Returns the first form of a page whose address ends so."""
    reader = _Forms()
    reader.feed(response.text)
    return next(form for form in reader.forms if form.action.endswith(action))


def all_forms(response: TestResponse) -> Iterator[Formulaire]:
    """Yields every form of a page."""
    reader = _Forms()
    reader.feed(response.text)
    yield from reader.forms
