"""Several people and programs on the same listings, in any order: nobody writes over another."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from app.domain.edition import FicheRef
from app.domain.offre import Offre
from app.domain.publication import OFFRE as OFFRE_KIND
from tests.web.ecriture.conftest import OFFRE, Logiciel
from tests.web.espace.conftest import OFFRE_A, Formulaire, Site, form_of, site_in

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
PEOPLE = ("membre-a", "coordinateur", "administrateur")
CHAMPS = ("nom", "telephone", "frais_precisions", "conditions_acces")
WORDS = ("vélo", "trottinette", "scooter", "autocar", "péniche")
REFUSED = {400, 409, 412}


@dataclass(frozen=True)
class Lecture:
    """What someone has read, of which they will write from."""

    person: str
    record: dict[str, Any]
    revision: int
    etag: str = ""
    form: Formulaire | None = None


class Redacteurs(RuleBasedStateMachine):
    """The model: what the listing says, and how many writes were accepted."""

    lectures = Bundle("lectures")
    site: Site
    clients: Mapping[str, FlaskClient]
    programs: Mapping[str, Logiciel]

    @initialize()
    def begin(self) -> None:
        self.said = {champ: getattr(self.fiche().value, champ) for champ in CHAMPS}
        self.accepted, self.written = 0, self.count()

    def fiche(self) -> Any:
        return self.site.espace.edition.store.get(FicheRef(objet=OFFRE_KIND, id=OFFRE_A))

    def count(self) -> int:
        engine = self.site.espace.cles.store._engine  # type: ignore[attr-defined]
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT count(*) FROM revisions WHERE objet = 'offre' AND objet_id = :id"),
                {"id": OFFRE_A},
            )
            return int(found.scalar_one())

    @rule(target=lectures, person=st.sampled_from(PEOPLE))
    def reads_by_program(self, person: str) -> Lecture:
        record, etag = self.programs[person].read(OFFRE)
        return Lecture(person=person, record=record, revision=int(etag.strip('"')), etag=etag)

    @rule(target=lectures, person=st.sampled_from(PEOPLE))
    def opens_the_form(self, person: str) -> Lecture:
        form = form_of(self.clients[person].get(EDIT), EDIT)
        return Lecture(person=person, record={}, revision=int(form["base"]), form=form)

    @rule(lecture=lectures, champ=st.sampled_from(CHAMPS), word=st.sampled_from(WORDS))
    def writes(self, lecture: Lecture, champ: str, word: str) -> None:
        said = f"04 90 00 00 0{WORDS.index(word)}" if champ == "telephone" else f"Par {word} ici"
        before = self.fiche().revision
        if lecture.form is None:
            sent = self.programs[lecture.person].put(lecture.record | {champ: said}, lecture.etag)
            done = sent.status_code == 200
        else:
            form = Formulaire(lecture.form.action, list(lecture.form.fields)).fill(champ, said)
            sent = form.send(self.clients[lecture.person], "enregistrer")
            done = sent.status_code == 303
        assert done or sent.status_code in REFUSED, (sent.status_code, sent.text)
        if not done:
            assert lecture.revision != before  # only what was written meanwhile refuses a write
        elif self.fiche().revision != before:
            assert lecture.revision == before, "a write from an older revision was accepted"
            self.said[champ] = said
            self.accepted += 1

    @rule(lecture=lectures)
    def withdraws_or_gives_back(self, lecture: Lecture) -> None:
        if lecture.form is not None:
            return
        before, etat = self.fiche().revision, self.fiche().value.etat_publication
        headers = {"If-Match": lecture.etag}
        sent = self.programs[lecture.person].call("DELETE", OFFRE, headers=headers)
        assert (sent.status_code == 200) == (lecture.revision == before), sent.text
        if sent.status_code == 200 and etat != "retire":
            back = {"etat_publication": "publie"}
            again = self.programs[lecture.person].put(sent.json | back, sent.headers["ETag"])
            assert again.status_code == 200
            self.accepted += 2

    @rule(lecture=lectures)
    def confirms(self, lecture: Lecture) -> None:
        if lecture.form is not None:
            return
        before = self.fiche().revision
        headers = {"If-Match": lecture.etag}
        sent = self.programs[lecture.person].call("POST", f"{OFFRE}/confirmation", headers=headers)
        assert (sent.status_code == 200) == (lecture.revision == before), sent.text
        self.accepted += self.fiche().revision != before

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "said"):
            return
        value = self.fiche().value
        assert isinstance(value, Offre)
        assert {champ: getattr(value, champ) for champ in CHAMPS} == self.said
        assert self.count() == self.written + self.accepted

    @invariant()
    def readers_find_what_was_written_last(self) -> None:
        if hasattr(self, "said"):
            client = self.site.visitor()
            assert client.get(OFFRE).json["nom"] == self.said["nom"]
            query = {"q": self.said["nom"], "par_page": "100"}
            found = client.get("/api/v1/offres", query_string=query).json["resultats"]
            names = {one["id"]: one["nom"] for one in found}
            assert names.get(OFFRE_A) == self.said["nom"]


@pytest.mark.parametrize("steps", [12])
def test_no_write_is_ever_lost(people_dir: Path, steps: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Redacteurs.site = site = site_in(people_dir, Path(folder))
        Redacteurs.clients = {name: site.person(name) for name in PEOPLE}
        Redacteurs.programs = {name: Logiciel(site, name) for name in PEOPLE}

        run_state_machine_as_test(
            Redacteurs,
            settings=settings(
                max_examples=12,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
