"""What the form says that readers will see is what they see, and refusals have their reasons."""

import re
from collections.abc import Sequence
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.eligibility import Juge
from app.domain.explanation import Explainer
from app.domain.offre import Offre
from app.domain.verdict import Valeur, Verdict
from app.domain.wording import Voix
from app.web.espace.apercu import MAX_CAUSES, Essai, essais_of
from tests.builders import make_eligibilite, make_offre
from tests.web.espace.conftest import (
    OFFRE_A,
    STRUCTURE_A,
    Formulaire,
    Site,
    form_of,
)

EDIT = f"/espace/offres/{OFFRE_A}/modifier"
STRUCTURE_EDIT = f"/espace/structures/{STRUCTURE_A}/modifier"
LOOK, PUBLIC, SAVE = "apercu", "public", "enregistrer"
AVIGNON = "84007"
JEUNE = Critere(fait="age", min=16, max=25)
RSA = Critere(fait="allocations", parmi=("rsa",))


def words_of(html: str) -> str:
    """Returns what a reader reads of a part of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def pour_qui(page: TestResponse) -> str:
    """Returns what a public sheet says of who may come."""
    section = page.text.split('aria-labelledby="pour-qui">')[1]
    return words_of(section[: section.index("</section>")])


def said_in(page: TestResponse) -> str:
    """Returns what the form says that a person will see, up to the tries."""
    return words_of(page.text.split('id="apercu-titre"')[1].split("Essai sur")[0])


def criterion(client: FlaskClient, form: Formulaire, racine: str, **bounds: str) -> Formulaire:
    """Adds a condition on the age to an empty tree, as buttons do."""
    form = form_of(form.send(client, f"ajouter:{racine}"), EDIT)
    form = form_of(
        form.fill(f"{racine}.0.fait", "age").send(client, f"choisir:{racine}.0"),
        EDIT,
    )
    for name, value in bounds.items():
        form.fill(f"{racine}.0.{name}", value)
    return form


def filled(client: FlaskClient) -> Formulaire:
    """A form that says all that a sheet can say of who may come."""
    form = form_of(client.get(EDIT), EDIT)
    form = criterion(client, form, "prioritaires", min="50")
    form = criterion(client, form, "suppose", min="33")
    form.fill("zone_eligibilite", "Avignon").fill("publics", "seniors", "femmes")
    form.fill("conditions_acces", "Être motivé").fill("publics_precisions", "Surtout le matin")
    form.fill("eligibilite_a_verifier", "Avoir un projet").fill("apporte", "situations=permis-b")
    return form


@pytest.mark.parametrize("fragment", ["", "apercu"], ids=["page", "part"])
def test_the_form_says_who_may_come_in_the_words_of_the_sheet(site: Site, fragment: str) -> None:
    client = site.person("membre-a")
    form = filled(client)

    said = said_in(form.fill("fragment", fragment).send(client, LOOK))

    assert form.fill("fragment", "").send(client, SAVE).status_code == 303
    sheet = site.visitor().get(f"/offres/{OFFRE_A}")
    public = pour_qui(sheet)
    for words in (
        "Séniors",
        "Surtout le matin",
        "Réservé aux habitants de ce territoire : Avignon.",
        "Il y a une condition Il faut avoir de 16 à 25 ans.",
        "À vérifier avec la structure Être motivé Avoir un projet",
        "Qui passe en priorité Il faut avoir au moins 50 ans.",
        "À prévoir avant de commencer Il faut avoir au moins 33 ans.",
    ):
        assert words in public, words
    assert public in said
    gains = re.search(r"<strong>Ce que l’on obtient.*?</p>", sheet.text)
    assert gains
    assert words_of(gains[0]) in said


def test_what_is_shown_before_publishing_says_the_same(site: Site) -> None:
    client = site.person("membre-a")
    form = filled(client)

    assert pour_qui(form.send(client, PUBLIC)) in said_in(form.send(client, LOOK))


def test_an_offer_that_says_nothing_is_shown_saying_nothing(site: Site) -> None:
    client = site.person("membre-a")
    form = form_of(form_of(client.get(EDIT), EDIT).send(client, "retirer:eligibilite.0"), EDIT)

    said = said_in(form.send(client, LOOK))

    form.send(client, SAVE)
    public = pour_qui(site.visitor().get(f"/offres/{OFFRE_A}"))
    assert public == "Pour qui La structure ne précise pas son public : appelez."
    assert public in said


def test_the_offer_of_a_hidden_structure_is_shown_without_its_address(site: Site) -> None:
    client = site.person("membre-a")
    hide = form_of(client.get(STRUCTURE_EDIT), STRUCTURE_EDIT)
    assert hide.fill("adresse_confidentielle", "oui").send(client, SAVE).status_code == 303
    form = form_of(client.get(EDIT), EDIT).fill("adresse", "12 rue Cachée")

    shown = form.send(client, PUBLIC).text.split("<article")[1]

    assert "12 rue Cachée" not in shown
    assert "l’adresse n’est pas publiée" in shown


def refused(site: Site, offre: Offre) -> Essai:
    """Returns the sample persons that an offer refuses."""
    with site.app.app_context():
        return next(e for e in essais_of(offre) if e.verdict is Verdict.NON_ACCESSIBLE)


def offre_asking(racine: Noeud | None, **fields: object) -> Offre:
    tree = make_eligibilite(racine) if racine else None
    return make_offre(eligibilite=tree, **fields)


def causes_of(essai: Essai) -> Sequence[tuple[str, str]]:
    return [(one.condition.phrase, one.personnes) for one in essai.causes]


def test_refusals_say_which_conditions_close_and_for_how_many(shared_site: Site) -> None:
    espace = shared_site.espace
    offre = offre_asking(Toutes((JEUNE, RSA)), publics=("seniors",), zone_eligibilite=(AVIGNON,))
    catalogue = espace.catalogue
    counts = {"age": 0, "allocations": 0, "publics": 0, "residence": 0}
    said: dict[str, str] = {}
    for exemple in espace.profils:
        explainer = Explainer(
            exemple.profil,
            catalogue.vocabulaire,
            catalogue.geographie,
            Voix.VOUS,
            espace.clock.today(),
        )
        for critere in explainer.explain(offre, {}).criteres:
            if critere.jugement.valeur is Valeur.NON and critere.fait:
                counts[critere.fait] += 1
                said[critere.fait] = critere.phrase

    essai = refused(shared_site, offre)

    most = sorted(counts, key=lambda fait: -counts[fait])[:MAX_CAUSES]
    assert [one.personnes for one in essai.causes] == [f"{counts[f]}\xa0personnes" for f in most]
    for one, fait in zip(essai.causes, most, strict=True):
        # What is known of a person is theirs: a cause is the condition alone.
        assert said[fait].startswith(one.condition.phrase.removesuffix(".")), fait


def test_what_each_refused_person_lacks_is_counted_once(shared_site: Site) -> None:
    twice = refused(shared_site, offre_asking(Toutes((JEUNE, JEUNE)), publics=("tous-publics",)))

    assert causes_of(twice) == [
        ("Il faut avoir de 16 à 25\xa0ans.", f"{len(twice.noms)}\xa0personnes")
    ]


def test_a_choice_is_one_cause_listed_as_on_the_sheet(shared_site: Site) -> None:
    choice = UneParmi((JEUNE, Toutes((RSA, Sauf(JEUNE)))))

    essai = refused(shared_site, offre_asking(choice, publics=("tous-publics",)))

    ((phrase, personnes),) = causes_of(essai)
    assert phrase == "L’une de ces conditions suffit\xa0:"
    assert personnes == f"{len(essai.noms)}\xa0personnes"
    assert essai.causes[0].condition.parts[0].phrase == "Avoir de 16 à 25\xa0ans."


def test_every_refusal_has_a_cause(shared_site: Site) -> None:
    espace = shared_site.espace
    offre = offre_asking(Sauf(UneParmi((JEUNE, RSA))), zone_eligibilite=(AVIGNON,))
    essai = refused(shared_site, offre)
    catalogue = espace.catalogue
    closed = [
        exemple.nom
        for exemple in espace.profils
        if Juge(exemple.profil, catalogue.vocabulaire, catalogue.geographie).offre(offre).valeur
        is Valeur.NON
    ]

    assert list(essai.noms) == closed
    assert {phrase for phrase, _ in causes_of(essai)} == {
        "Il ne faut pas avoir de 16 à 25\xa0ans.",
        "Il ne faut pas toucher le RSA.",
        "Il faut habiter à Avignon.",
    }


def test_an_offer_for_everybody_has_nothing_to_explain(shared_site: Site) -> None:
    essai = refused(shared_site, offre_asking(None, publics=("tous-publics",)))

    assert (essai.noms, essai.causes) == ([], [])


def test_causes_stand_beside_the_count_of_refusals(shared_site: Site) -> None:
    client = shared_site.person("membre-a")
    form = form_of(client.get(EDIT), EDIT).fill("fragment", "apercu")

    page = words_of(form.send(client, LOOK).text)

    assert re.search(
        r"n’y auraient pas droit .* Ce qui bloque le plus souvent : \d+ personnes "
        r"Il faut avoir de 16 à 25 ans\.",
        page,
    )
