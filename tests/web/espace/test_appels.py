"""The sheet of a call: what is read aloud of each listing, and what came of the call."""

from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from app.domain.campagnes import Resultat
from app.domain.comptes import Acteur
from app.domain.droits import Action
from app.domain.edition import Fiche, FicheRef, Listing
from tests.web.espace.conftest import OFFRE_A, STRUCTURE_A, Site, form_of
from tests.web.espace.test_campagnes import CALL, opened

REFS = (FicheRef(objet="offre", id=OFFRE_A), FicheRef(objet="structure", id=STRUCTURE_A))


def changed(site: Site, ref: FicheRef, **fields: object) -> Listing:
    """Changes a listing as somebody else does."""
    store = site.espace.edition.store
    fiche = store.get(ref)
    assert fiche is not None
    other: Listing = replace(fiche.value, **fields)  # type: ignore[arg-type]
    return store.save(other, fiche.revision, "compte:9", site.espace.clock.now()).value


def test_what_is_read_aloud_is_said_as_the_public_reads_it(site: Site) -> None:
    offre, structure = REFS
    changed(
        site, structure, adresse="12 rue des Lices", telephone="+33490111213",
        horaires_accueil="Mo-Fr 09:00-12:00",
    )  # fmt: skip
    changed(
        site, offre, horaires_accueil="Tu 14:00-17:00", frais="payant",
        frais_precisions="30 euros l’heure.", places_disponibles=4,
        prochaine_session=date(2099, 3, 4), courriel="permis@a.fr",
        conditions_acces="Avoir passé le code.",
    )  # fmt: skip
    opened(site)

    page = unescape(site.person("coordinateur").get(CALL).text).replace("\u00a0", " ")

    for said in (
        "12 rue des Lices", "84000 Avignon", "04 90 11 12 13", "accueil@a.fr",
        "Du lundi au vendredi : de 9 h à 12 h", "Mardi : de 14 h à 17 h", "30 euros l’heure.",
        "Payant", "4 places disponibles", "Prochaine session le 4 mars 2099", "permis@a.fr",
        "Avoir passé le code.", "16", "25 ans", "04 90 00 00 00",
    ):  # fmt: skip
        assert said in page, said
    assert "Mo-Fr" not in page
    assert "Modification le" in page
    assert "Téléphone" in page
    for kind, ident in (("structures", STRUCTURE_A), ("offres", OFFRE_A)):
        assert f'href="/espace/{kind}/{ident}/modifier"' in page


def test_what_a_listing_does_not_say_is_told(site: Site) -> None:
    opened(site)

    page = site.person("coordinateur").get(CALL).text

    assert "La source ne donne pas d’adresse." in page
    assert page.count("<em>rien</em>") >= 4
    assert "Création le" in page


def test_a_hidden_address_is_not_read_aloud(site: Site) -> None:
    changed(site, REFS[1], adresse="12 rue des Lices", adresse_confidentielle=True)
    opened(site)

    page = site.person("coordinateur").get(CALL).text

    assert "12 rue des Lices" not in page
    assert "l’adresse n’est pas publiée" in page


def test_pressing_twice_is_no_conflict_and_one_call(site: Site) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL).fill("resultat", "confirme")

    answers = [form.send(client).headers["Location"] for _ in range(2)]

    assert answers == [f"{CALL}?note=oui"] * 2
    kept = site.espace.campagnes.store.appels(1)
    assert [appel.resultat for appel in kept] == [Resultat.CONFIRME]


def test_what_changed_after_a_confirmation_is_still_a_conflict(site: Site) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL).fill("resultat", "confirme")
    form.send(client)
    changed(site, REFS[0], nom="Conduire")

    assert form.send(client).headers["Location"] == f"{CALL}?note=modifiee"


@pytest.mark.parametrize("vue", ["", "x", "1-2-3", "\0"])
def test_a_call_about_listings_that_nobody_read_is_not_noted(site: Site, vue: str) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL).fill("resultat", "confirme").fill("vue", vue)

    assert form.send(client).headers["Location"] == f"{CALL}?note=modifiee"
    assert list(site.espace.campagnes.store.appels(1)) == []


def test_a_call_to_make_again_is_kept_once(site: Site) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL).fill("resultat", "a_rappeler")

    for _ in range(2):
        assert form.send(client).status_code == 303

    assert len(site.espace.campagnes.store.appels(1)) == 1


def test_a_call_confirms_every_listing(site: Site) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL)

    answer = form.fill("resultat", "confirme").send(client)

    assert answer.status_code == 303
    today = site.espace.clock.today()
    for ref in REFS:
        fiche = site.espace.edition.store.get(ref)
        assert fiche is not None
        assert fiche.value.derniere_confirmation == today
    page = client.get(answer.headers["Location"])
    assert "Fait" in page.text
    assert "est noté" in page.text


@pytest.mark.parametrize("is_between", [False, True], ids=["during-the-call", "at-the-same-time"])
def test_a_call_confirms_all_or_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, is_between: bool
) -> None:
    opened(site)
    client = site.person("coordinateur")
    form = form_of(client.get(CALL), CALL)
    edition = site.espace.edition
    allowed = type(edition)._allowed

    def change() -> None:
        """Changes an offer as somebody else does meanwhile."""
        changed(site, REFS[0], nom="Conduire")

    def changed_behind(self: object, acteur: Acteur, action: Action, ref: FicheRef) -> Fiche:
        fiche: Fiche = allowed(edition, acteur, action, ref)
        if ref.id == OFFRE_A and action is Action.CONFIRMER_FICHE:
            change()
        return fiche

    if is_between:
        monkeypatch.setattr(type(edition), "_allowed", changed_behind)
    else:
        change()
    answer = form.fill("resultat", "confirme").send(client)

    page = client.get(answer.headers["Location"])
    assert "rien n’est noté" in page.text
    assert "Dernier appel" not in page.text
    for ref in REFS:
        fiche = edition.store.get(ref)
        assert fiche is not None
        assert fiche.value.derniere_confirmation is None


def test_a_call_without_answer_confirms_nothing(site: Site) -> None:
    opened(site)
    client = site.person("coordinateur")

    form_of(client.get(CALL), CALL).fill("resultat", "injoignable").send(client)

    fiche = site.espace.edition.store.get(FicheRef(objet="offre", id=OFFRE_A))
    assert fiche is not None
    assert fiche.value.derniere_confirmation is None
    assert "injoignable" in client.get(CALL).text
    assert form_of(client.get(CALL), CALL).fill("resultat", "x").send(client).status_code == 400
