"""The sample persons: read as a match reads, coherent, varied, named by nobody."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.domain.arbre import Toutes
from app.domain.eligibility import Juge
from app.domain.geographie import Geographie
from app.domain.lecture_arbre import read_eligibilite
from app.domain.profil import Choix, Ensemble, Lieu, Nombre, SansObjet
from app.domain.questionnaire import Demandee
from app.domain.verdict import Valeur
from app.domain.vocabulaire import Vocabulaire
from seed.dispositifs import load_dispositifs
from seed.profils import FILE, ProfilExemple, load_profils
from seed.questionnaire import load_questionnaire
from seed.reference import (
    TERRITOIRES,
    ReferenceInvalide,
    load_geographie,
    load_territoires,
    load_vocabulaire,
)

TODAY = date(2026, 11, 26)
COUNT = 40
FEW_KNOWN, MOST_KNOWN = range(3, 6), range(10, 19)
TITLE = re.compile(r"\b(?:M\.|Mr|MM|Mme|Mlle|Monsieur|Madame|Mademoiselle)(?!\w)")
CAPITALISED = {"France", "Français", "Union", "Aspa"}  # besides acronyms and the place
AGE_BANDS = [
    (15, 17),
    (18, 21),
    (22, 25),
    (26, 30),
    (31, 39),
    (40, 49),
    (50, 57),
    (58, 62),
    (63, 70),
]
UNEMPLOYED = {"demandeur-emploi", "inactif", "stagiaire-formation"}
Person = ProfilExemple


@pytest.fixture(scope="module")
def geographie() -> Geographie:
    return load_geographie()


@pytest.fixture(scope="module")
def vocabulaire(geographie: Geographie) -> Vocabulaire:
    return load_vocabulaire(None, geographie)


@pytest.fixture(scope="module")
def profils(vocabulaire: Vocabulaire, geographie: Geographie) -> tuple[Person, ...]:
    return load_profils(vocabulaire, geographie, TODAY)


def number(person: Person, fait: str) -> float | None:
    """The number when it is known exactly; also None when it is without object."""
    known = person.profil.get(fait)
    return known.min if isinstance(known, Nombre) and known.min == known.max else None


def choice(person: Person, fait: str) -> str | None:
    known = person.profil.get(fait)
    if not isinstance(known, Choix) or len(known.possibles) > 1:
        return None
    (value,) = known.possibles
    return value


def holds(person: Person, fait: str, valeur: str) -> bool | None:
    known = person.profil.get(fait)
    if not isinstance(known, Ensemble):
        return None
    return True if valeur in known.vrais else False if valeur in known.faux else None


def those(profils: tuple[Person, ...], fait: str, valeur: str, answer: bool = True) -> list[Person]:
    return [person for person in profils if holds(person, fait, valeur) is answer]


def test_all_are_read_and_distinct(profils: tuple[Person, ...]) -> None:
    assert len(profils) == COUNT
    assert len({person.code for person in profils}) == COUNT
    assert len({person.nom for person in profils}) == COUNT
    assert len({repr(sorted(person.profil.faits)) for person in profils}) > COUNT // 2
    assert all(person.besoins for person in profils)


def test_most_are_well_known_and_eight_are_not(profils: tuple[Person, ...]) -> None:
    known = [len(person.profil.faits) for person in profils]

    assert sum(count in FEW_KNOWN for count in known) == 8
    assert sum(count in MOST_KNOWN for count in known) == COUNT - 8


def test_nobody_grows_old(
    profils: tuple[Person, ...], vocabulaire: Vocabulaire, geographie: Geographie
) -> None:
    later = load_profils(vocabulaire, geographie, date(2046, 1, 1))

    assert not [person.code for person in profils if person.profil.dates]
    assert later == profils


def test_no_name_of_a_person_appears(profils: tuple[Person, ...]) -> None:
    for person in profils:
        described, _, _place = person.nom.rpartition(", ")
        capitalised = {word for word in re.findall(r"\w+", described)[1:] if word[0].isupper()}
        assert not TITLE.search(person.nom), person.nom
        assert not {w for w in capitalised if not w.isupper()} - CAPITALISED, person.nom


def test_the_name_says_the_place(profils: tuple[Person, ...], geographie: Geographie) -> None:
    for person in profils:
        known = person.profil.get("residence")
        assert isinstance(known, Lieu)
        places = geographie.places_of(known.zone)
        said = person.nom.rpartition(", ")[2]
        assert said == (places[0].nom.replace("'", "’") if len(places) == 1 else "Vaucluse")


def questions() -> list[Demandee]:
    asked = {
        question.cle: question
        for name in ("questionnaire", "questionnaire-public")
        for ecran in load_questionnaire(name, load_vocabulaire(None, load_geographie())).ecrans
        for question in ecran.questions
    }
    return list(asked.values())


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.cle)
def test_what_is_asked_is_known(profils: tuple[Person, ...], question: Demandee) -> None:
    answers: list[object]
    if question.valeur is None:
        answers = [person.profil.get(question.fait) for person in profils]
    else:
        answers = [holds(person, question.fait, question.valeur) for person in profils]
    known = [answer for answer in answers if answer is not None]

    assert len(known) >= 3
    assert len(set(known)) >= 2


def test_every_fact_is_known_of_somebody(
    profils: tuple[Person, ...], vocabulaire: Vocabulaire
) -> None:
    known = {fait for person in profils for fait in person.profil.faits}

    assert not vocabulaire.faits.keys() - known


def test_every_basin_and_elsewhere_are_lived_in(
    profils: tuple[Person, ...], geographie: Geographie
) -> None:
    territoires = load_territoires(sorted(TERRITOIRES.glob("*.toml")), geographie)
    zones = [
        known.zone
        for person in profils
        if isinstance(known := person.profil.get("residence"), Lieu)
    ]
    bassins = [bassin for territoire in territoires for bassin in territoire.bassins]
    here = [geographie.union(territoire.zone) for territoire in territoires]

    for bassin in bassins:
        assert sum(bassin.zone.covers(zone) is Valeur.OUI for zone in zones) >= 3, bassin.nom
    for whole in here:
        assert sum(whole.covers(zone) is Valeur.OUI for zone in zones) >= 12
    assert sum(all(w.covers(zone) is Valeur.NON for w in here) for zone in zones) == 2


def test_villages_are_lived_in(profils: tuple[Person, ...], geographie: Geographie) -> None:
    rural = {"84": 0, "55": 0}
    for person in profils:
        known = person.profil.get("residence")
        places = geographie.places_of(known.zone) if isinstance(known, Lieu) else ()
        if len(places) == 1 and 0 < places[0].population < 4_000:
            rural[places[0].departement] += 1

    assert rural["84"] >= 2
    assert rural["55"] >= 4


@pytest.mark.parametrize(("low", "high"), AGE_BANDS)
def test_every_age_is_there(profils: tuple[Person, ...], low: int, high: int) -> None:
    ages = [number(person, "age") for person in profils]

    assert sum(age is not None and low <= age <= high for age in ages) >= 2


@pytest.mark.parametrize("allocation", ["rsa", "ass", "are"])
def test_allowances_are_there(profils: tuple[Person, ...], allocation: str) -> None:
    assert len(those(profils, "allocations", allocation)) >= 2
    assert len(those(profils, "allocations", allocation, answer=False)) >= 10


def test_some_have_no_allowance(profils: tuple[Person, ...]) -> None:
    known = [person.profil.get("allocations") for person in profils]

    assert sum(isinstance(k, Ensemble) and not k.vrais and len(k.faux) > 20 for k in known) >= 5


@pytest.mark.parametrize(
    ("fait", "valeurs"),
    [
        ("allocations", ["aah", "ada", "ame", "aspa", "bourse-superieur", "aeeh"]),
        ("inscriptions", ["france-travail", "mission-locale", "cap-emploi"]),
        ("situations", ["rqth", "parent-isole", "aidant", "ase", "victime-violences", "enceinte"]),
        ("situations", ["sans-domicile", "difficultes-logement", "impayes", "permis-b"]),
        ("situations", ["titre-de-sejour", "demandeur-asile", "primo-arrivant"]),
        ("dispositifs", ["cej", "siae", "csp"]),
    ],
)
def test_situations_are_there(profils: tuple[Person, ...], fait: str, valeurs: list[str]) -> None:
    for valeur in valeurs:
        assert those(profils, fait, valeur), valeur
        assert those(profils, fait, valeur, answer=False), valeur


@pytest.mark.parametrize(
    ("fait", "least"),
    [("activite", 9), ("niveau_etudes", 8), ("statut_logement", 12), ("situation_penale", 3)],
)
def test_choices_are_varied(profils: tuple[Person, ...], fait: str, least: int) -> None:
    assert len({choice(person, fait) for person in profils} - {None}) >= least


INCOHERENT: dict[str, Callable[[Person], bool]] = {
    "no-child-has-no-age": lambda p: (
        (number(p, "nb_enfants") == 0)
        is not isinstance(p.profil.get("age_plus_jeune_enfant"), SansObjet)
    ),
    "parent-too-young": lambda p: (
        (number(p, "age") or 99) - (number(p, "age_plus_jeune_enfant") or 0) < 16
        and number(p, "age_plus_jeune_enfant") is not None
    ),
    "lone-parent-without-child": lambda p: (
        holds(p, "situations", "parent-isole") is True
        and (
            number(p, "nb_enfants") in {None, 0}
            or choice(p, "situation_familiale") in {"marie", "pacse", "union-libre"}
        )
    ),
    "family-allowance-of-one-child": lambda p: (
        holds(p, "allocations", "allocations-familiales") is True
        and (number(p, "nb_enfants") or 0) < 2
    ),
    "rsa-too-young-or-unregistered": lambda p: (
        holds(p, "allocations", "rsa") is True
        and (
            ((number(p, "age") or 0) < 25 and not number(p, "nb_enfants"))
            or holds(p, "inscriptions", "france-travail") is not True
        )
    ),
    "two-minimum-incomes": lambda p: (
        sum(holds(p, "allocations", a) is True for a in ("rsa", "ass", "are", "ada", "aspa")) > 1
    ),
    "pregnant-man": lambda p: (
        holds(p, "situations", "enceinte") is True and choice(p, "sexe") != "femme"
    ),
    "french-with-a-permit": lambda p: (
        choice(p, "nationalite") == "francaise"
        and any(
            holds(p, "situations", s) is True
            for s in ("titre-de-sejour", "demandeur-asile", "primo-arrivant")
        )
    ),
    "at-work-and-unemployed": lambda p: (
        number(p, "duree_chomage_mois") is not None and choice(p, "activite") not in UNEMPLOYED
    ),
    "registered-longer-than-unemployed": lambda p: (
        (number(p, "duree_inscription_france_travail_mois") or 0)
        > (number(p, "duree_chomage_mois") or 0)
    ),
    "two-health-covers": lambda p: (
        choice(p, "couverture_sante") is not None
        and (choice(p, "couverture_sante") == "css") is not holds(p, "situations", "css")
    ),
    "two-homes": lambda p: (
        holds(p, "situations", "sans-domicile") is not None
        and (choice(p, "statut_logement") == "sans-domicile")
        is not holds(p, "situations", "sans-domicile")
    ),
    "driver-too-young": lambda p: (
        holds(p, "situations", "permis-b") is True and (number(p, "age") or 99) < 17
    ),
    "retired-too-young": lambda p: (
        choice(p, "activite") == "retraite" and (number(p, "age") or 99) < 62
    ),
    "diploma-too-young": lambda p: (
        choice(p, "niveau_etudes") in {"bac", "bac-2", "bac-3-4", "bac-5"}
        and (number(p, "age") or 99) < 17
    ),
}


@pytest.mark.parametrize("case", INCOHERENT)
def test_facts_agree(profils: tuple[Person, ...], case: str) -> None:
    assert not [person.code for person in profils if INCOHERENT[case](person)]


def test_they_tell_rules_apart(
    profils: tuple[Person, ...], vocabulaire: Vocabulaire, geographie: Geographie
) -> None:
    juges = [Juge(person.profil, vocabulaire, geographie) for person in profils]
    alike, without_criterion = [], []
    dispositifs = load_dispositifs(vocabulaire, geographie)

    for dispositif in dispositifs:
        form = dispositif.fields["eligibilite"]
        racine = read_eligibilite(form, vocabulaire.faits, geographie).racine
        valeurs = {juge.noeud(racine).valeur for juge in juges}
        if racine == Toutes(()):
            without_criterion.append(dispositif.id)  # open to everybody: nothing to tell apart
        if Valeur.NON not in valeurs or len(valeurs) == 1:
            alike.append(dispositif.id)

    assert len(alike) <= 0.2 * len(dispositifs), alike
    assert sorted(set(alike) - set(without_criterion)) == []


def read(
    tmp_path: Path, text: str, vocabulaire: Vocabulaire, geographie: Geographie
) -> tuple[Person, ...]:
    path = tmp_path / "profils.toml"
    path.write_text(text, encoding="utf-8")
    return load_profils(vocabulaire, geographie, TODAY, path)


ONE = """
[[profil]]
code = "une-personne"
nom = "Une personne, Apt"
besoins = [{ thematique = "mobilite", priorite = 3 }]
faits = '{"age": 30, "residence": "84003"}'
"""


def test_one_is_read(tmp_path: Path, vocabulaire: Vocabulaire, geographie: Geographie) -> None:
    (person,) = read(tmp_path, ONE, vocabulaire, geographie)

    assert (person.code, person.nom) == ("une-personne", "Une personne, Apt")
    assert person.profil.get("age") == Nombre(min=30, max=30)
    assert person.besoins == {"mobilite": 3}


BAD = {
    "unknown-fact": (ONE.replace('"age"', '"agee"'), "« une-personne » : faits.agee : "),
    "unknown-value": (ONE.replace("84003", "84999"), "« une-personne » : faits.residence : "),
    "impossible-number": (ONE.replace("30", "300"), "« une-personne » : faits.age : "),
    "fact-twice": (ONE.replace('"residence": "84003"', '"age": 31'), "« age » est là deux fois"),
    "not-json": (ONE.replace("30,", "30"), "« une-personne » : « faits » n’est pas du JSON"),
    "facts-as-a-table": (ONE.replace("'{\"age\": 30, ", '{ age = 30 } # '), "est un texte"),
    "unknown-need": (ONE.replace("mobilite", "avion"), "besoins.0.thematique : "),
    "unknown-priority": (ONE.replace("= 3", "= 4"), "besoins.0.priorite : "),
    "no-name": (ONE.replace("nom =", "# nom ="), "il manque « nom »"),
    "blank-name": (ONE.replace("Une personne, Apt", " "), "« nom »"),
    "unknown-key": (ONE + 'age = 3\n', "« age » n’est pas prévue"),
    "code-with-a-capital": (ONE.replace("une-p", "Une-p"), "« code »"),
    "code-not-a-text": (ONE.replace('"une-personne"', "3"), "« code »"),
    "code-twice": (ONE + ONE.replace("Apt", "Sault"), "« une-personne » est là deux fois"),
    "name-twice": (ONE + ONE.replace("une-p", "autre-p"), "« Une personne, Apt » est là deux"),
    "one-table": (ONE.replace("[[profil]]", "[profil]"), "[[profil]]"),
    "not-tables": ("profil = [3]", "[[profil]]"),
    "another-title": (ONE + "[autre]\n", "[[profil]]"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_fault_says_who(
    tmp_path: Path, vocabulaire: Vocabulaire, geographie: Geographie, case: str
) -> None:
    text, words = BAD[case]

    with pytest.raises(ReferenceInvalide) as refusal:
        read(tmp_path, text, vocabulaire, geographie)

    assert str(refusal.value).startswith("profils.toml")
    assert words in str(refusal.value)


def test_the_file_is_written_for_people() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()

    assert max(map(len, lines)) <= 130
