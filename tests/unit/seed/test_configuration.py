"""A territory adds facts and basins by configuration; what is wrong is said in French."""

from pathlib import Path

import pytest

from app.domain.arbre import Critere
from app.domain.geographie import Geographie
from app.domain.lecture_arbre import read_eligibilite
from app.domain.vocabulaire import Nature
from seed import reference
from seed.reference import ReferenceInvalide

EXAMPLE = """
[[fait]]
cle = "mention_baccalaureat"
libelle = "Mention au baccalauréat"
question = "Quelle mention avez-vous obtenue au baccalauréat ?"
nature = "choix"                      # nombre | choix | ensemble | echelon | lieu
valeurs = ["aucune", "assez-bien", "bien", "tres-bien"]
sensible = false                      # or a category: "sante"…
"""
EXAMPLE_SAID = (
    EXAMPLE
    + """
question_tiers = "Quelle mention la personne a-t-elle eue ?"
attendu = "avoir au bac la mention {valeur}"
connu = "votre mention : {valeur}"
connu_tiers = "la mention de la personne : {valeur}"
[fait.attendus]
bien = "avoir une mention bien"
[fait.connus]
bien = "vous avez une mention bien"
[fait.connus_tiers]
bien = "la personne a une mention bien"
"""
)
EXAMPLE_SET = """
[[fait]]
cle = "clubs"
libelle = "Clubs"
question = "Dans quels clubs êtes-vous ?"
nature = "ensemble"
valeurs = ["chorale", "judo"]
[fait.attendus]
chorale = "chanter à la chorale"
[fait.connus]
chorale = "vous chantez"
[fait.connus_tiers]
chorale = "la personne chante"
[fait.connus_non]
chorale = "vous ne chantez pas"
[fait.connus_non_tiers]
chorale = "la personne ne chante pas"
[fait.questions_tiers]
chorale = "La personne chante-t-elle ?"
"""
EXAMPLE_DURATION = """
[[fait]]
cle = "attente"
libelle = "Attente"
question = "Depuis combien d’années ?"
nature = "nombre"
unite = "ans"
unite_un = "an"
debut_age = 14
"""
TERRITOIRE = """
nom = "Ici"
slug = "ici"
zone = ["departement:55"]
centre = { lat = 48.7, lon = 5.1 }
[[bassin]]
slug = "verdun"
nom = "Verdun"
communes = ["55545", "55136"]
"""


@pytest.fixture(scope="module")
def geographie() -> Geographie:
    return reference.load_geographie()


def test_a_fact_is_added(tmp_path: Path, geographie: Geographie) -> None:
    path = tmp_path / "faits.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    shipped = reference.load_vocabulaire(None, geographie)

    vocabulaire = reference.load_vocabulaire(path, geographie)

    fait = vocabulaire.faits["mention_baccalaureat"]
    assert (fait.nature, fait.valeurs[3], fait.sensible) == (Nature.CHOIX, "tres-bien", None)
    assert (fait.entier, fait.evolue, fait.acquerable) == (False, False, False)
    assert vocabulaire.faits.keys() == shipped.faits.keys() | {"mention_baccalaureat"}
    form = {"fait": "mention_baccalaureat", "parmi": ["bien", "tres-bien"]}
    tree = read_eligibilite(form, vocabulaire.faits, geographie)
    assert tree.racine == Critere(fait="mention_baccalaureat", parmi=("bien", "tres-bien"))


def test_a_fact_may_bring_its_words(tmp_path: Path, geographie: Geographie) -> None:
    path = tmp_path / "faits.toml"
    path.write_text(EXAMPLE_SAID + EXAMPLE_SET + EXAMPLE_DURATION, encoding="utf-8")

    faits = reference.load_vocabulaire(path, geographie).faits

    mention, clubs, duree = (faits[c] for c in ("mention_baccalaureat", "clubs", "attente"))
    assert mention.attendu == "avoir au bac la mention {valeur}"
    assert mention.attendus == {"bien": "avoir une mention bien"}
    assert mention.connus == {"bien": "vous avez une mention bien"}
    assert mention.connus_tiers == {"bien": "la personne a une mention bien"}
    assert mention.connu == "votre mention : {valeur}"
    assert mention.connu_tiers == "la mention de la personne : {valeur}"
    assert mention.question_tiers == "Quelle mention la personne a-t-elle eue ?"
    assert clubs.attendus == {"chorale": "chanter à la chorale"}
    assert clubs.connus == {"chorale": "vous chantez"}
    assert clubs.connus_tiers == {"chorale": "la personne chante"}
    assert clubs.connus_non == {"chorale": "vous ne chantez pas"}
    assert clubs.connus_non_tiers == {"chorale": "la personne ne chante pas"}
    assert clubs.questions_tiers == {"chorale": "La personne chante-t-elle ?"}
    assert (duree.unite, duree.unite_un, duree.debut_age) == ("ans", "an", 14)


def test_a_fact_may_have_no_words_of_its_own(tmp_path: Path, geographie: Geographie) -> None:
    path = tmp_path / "faits.toml"
    path.write_text(EXAMPLE, encoding="utf-8")

    fait = reference.load_vocabulaire(path, geographie).faits["mention_baccalaureat"]

    assert (fait.attendu, fait.connu, fait.connu_tiers, fait.question_tiers) == (None,) * 4
    assert (fait.attendus, fait.connus, fait.connus_non, fait.questions_tiers) == ({},) * 4
    assert (fait.unite_un, fait.debut_age) == (None, None)


@pytest.mark.parametrize(
    "text",
    [
        'cle = "a"\nlibelle = "A"\nquestion = "A ?"\nnature = "nombre"\nentier = true',
        'cle = "a"\nlibelle = "A"\nquestion = "A ?"\nnature = "lieu"\nsensible = "sante"',
        'cle = "a"\nlibelle = "A"\nquestion = "A ?"\nnature = "echelon"\nvaleurs = ["x", "y"]',
        'cle = "a"\nlibelle = "A"\nquestion = "A ?"\nnature = "ensemble"\nvaleurs = ["x"]',
    ],
    ids=["nombre", "lieu", "echelon", "ensemble"],
)
def test_every_nature_may_be_added(tmp_path: Path, geographie: Geographie, text: str) -> None:
    path = tmp_path / "faits.toml"
    path.write_text(f"[[fait]]\n{text}\n", encoding="utf-8")

    assert "a" in reference.load_vocabulaire(path, geographie).faits


def test_a_file_without_fact_adds_nothing(tmp_path: Path, geographie: Geographie) -> None:
    path = tmp_path / "faits.toml"
    path.write_text("# rien encore\n", encoding="utf-8")

    assert len(reference.load_vocabulaire(path, geographie).faits) >= 35


def without(key: str) -> str:
    return "\n".join(line for line in EXAMPLE.splitlines() if not line.startswith(key))


BAD = {
    "not-toml": ("[[fait", "TOML valide"),
    "latin-1": (EXAMPLE.encode("cp1252"), "TOML valide"),
    "no-key": (without("cle"), "« cle »"),
    "no-label": (without("libelle"), "« libelle »"),
    "no-question": (without("question"), "« question »"),
    "no-nature": (without("nature"), "« nature »"),
    "no-values": (without("valeurs"), "« valeurs »"),
    "empty-label": (EXAMPLE.replace('"Mention au baccalauréat"', '""'), "« libelle »"),
    "unknown-nature": (EXAMPLE.replace('"choix"', '"liste"'), "« nature »"),
    "values-of-a-number": (EXAMPLE.replace('"choix"', '"nombre"'), "« valeurs »"),
    "unknown-key": (EXAMPLE + 'couleur = "bleu"\n', "« couleur »"),
    "twice": (EXAMPLE * 2, "deux fois"),
    "already-shipped": (EXAMPLE.replace("mention_baccalaureat", "age"), "« age » existe déjà"),
    "value-not-a-text": (EXAMPLE.replace('"bien", ', "3, "), "« valeurs »"),
    "value-twice": (EXAMPLE.replace('"bien"', '"assez-bien"'), "« valeurs »"),
    "values-as-a-text": (
        EXAMPLE.replace('["aucune", "assez-bien", "bien", "tres-bien"]', '"aucune"'),
        "« valeurs »",
    ),
    "label-not-a-text": (EXAMPLE.replace('"Mention au baccalauréat"', "3"), "« libelle »"),
    "key-not-a-text": (EXAMPLE.replace('"mention_baccalaureat"', "3"), "« cle »"),
    "whole-not-a-boolean": (EXAMPLE + 'entier = "oui"\n', "« entier »"),
    "sensitive-not-a-category": (EXAMPLE.replace("= false", "= true"), "« sensible »"),
    "fact-not-a-table": ('fait = "age"\n', "fait"),
    "facts-as-one-table": ('[fait]\ncle = "a"\n', "fait"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_fact_is_explained(tmp_path: Path, geographie: Geographie, case: str) -> None:
    content, words = BAD[case]
    path = tmp_path / "faits.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(ReferenceInvalide) as refusal:
        reference.load_vocabulaire(path, geographie)

    assert "faits.toml" in str(refusal.value)
    assert words in str(refusal.value)


BAD_WORDS = {
    "expected-without-value": (EXAMPLE + 'attendu = "une mention"\n', "« attendu »"),
    "value-misspelt": (EXAMPLE + 'connu = "mention {valeurs}"\n', "« connu »"),
    "value-twice-in-a-text": (EXAMPLE + 'connu_tiers = "{valeur} {valeur}"\n', "« connu_tiers »"),
    "one-brace-too-many": (EXAMPLE + 'attendu = "avoir {valeur}}"\n', "« attendu »"),
    "value-in-a-clause": (EXAMPLE + '[fait.attendus]\nbien = "avoir {valeur}"\n', "accolades"),
    "value-in-a-question": (EXAMPLE + 'question_tiers = "{valeur} ?"\n', "« question_tiers »"),
    "empty-words": (EXAMPLE + 'attendu = ""\n', "« attendu »"),
    "words-with-a-space-to-spare": (EXAMPLE + 'attendu = "avoir {valeur} "\n', "« attendu »"),
    "words-not-a-text": (EXAMPLE + "attendu = 3\n", "« attendu »"),
    "clauses-not-a-table": (EXAMPLE + 'attendus = "une mention"\n', "« attendus »"),
    "empty-clause": (EXAMPLE + '[fait.attendus]\nbien = ""\n', "« attendus »"),
    "clause-of-no-value": (EXAMPLE + '[fait.attendus]\nbienn = "bien"\n', "« bienn »"),
    "label-of-no-value": (EXAMPLE + '[fait.libelles]\nbienn = "Bien"\n', "« bienn »"),
    "set-clause-of-no-value": (EXAMPLE_SET + 'boxe = "La personne boxe-t-elle ?"\n', "« boxe »"),
    "set-clause-of-a-choice": (EXAMPLE + '[fait.connus_non]\nbien = "bien"\n', "« connus_non »"),
    "one-sentence-for-a-set": (
        EXAMPLE_SET.replace('nature = "ensemble"', 'nature = "ensemble"\nconnu = "{valeur}"'),
        "« connu »",
    ),
    "clauses-of-a-number": (EXAMPLE_DURATION + '[fait.attendus]\nx = "x"\n', "« attendus »"),
    "clauses-of-a-level": (
        EXAMPLE.replace('"choix"', '"echelon"') + '[fait.attendus]\nbien = "avoir bien"\n',
        "« attendus »",
    ),
    "unit-of-a-choice": (EXAMPLE + 'unite_un = "an"\n', "« unite_un »"),
    "singular-without-plural": (EXAMPLE_DURATION.replace('unite = "ans"', ""), "« unite_un »"),
    "beginning-of-a-choice": (EXAMPLE + "debut_age = 14\n", "« debut_age »"),
    "beginning-not-whole": (EXAMPLE_DURATION.replace("14", "14.5"), "« debut_age »"),
    "beginning-not-a-number": (EXAMPLE_DURATION.replace("14", "true"), "« debut_age »"),
    "beginning-before-birth": (EXAMPLE_DURATION.replace("14", "-1"), "« debut_age »"),
    "beginning-of-no-duration": (
        EXAMPLE_DURATION.replace('"ans"', '"km"').replace('"an"', '"km"'),
        "« debut_age »",
    ),
}


@pytest.mark.parametrize("case", BAD_WORDS)
def test_bad_words_are_explained(tmp_path: Path, geographie: Geographie, case: str) -> None:
    content, words = BAD_WORDS[case]
    path = tmp_path / "faits.toml"
    path.write_text(content, encoding="utf-8")
    named = content.split('cle = "')[1].split('"')[0]

    with pytest.raises(ReferenceInvalide, match=f"^faits.toml, fait « {named} » :") as refusal:
        reference.load_vocabulaire(path, geographie)

    assert words in str(refusal.value)


def test_a_missing_file_is_explained(tmp_path: Path, geographie: Geographie) -> None:
    with pytest.raises(ReferenceInvalide, match="illisible"):
        reference.load_vocabulaire(tmp_path / "nowhere.toml", geographie)


def test_a_basin_takes_former_codes_as_those_of_today(
    tmp_path: Path, geographie: Geographie
) -> None:
    path = tmp_path / "ici.toml"
    path.write_text(TERRITOIRE, encoding="utf-8")

    (territoire,) = reference.load_territoires([path], geographie)

    (bassin,) = territoire.bassins
    assert {place.code for place in geographie.places_of(bassin.zone)} == {"55545", "55551"}


BAD_TERRITOIRES = {
    "not-toml": ("nom =", "TOML valide"),
    "no-slug": (TERRITOIRE.replace('slug = "ici"\n', ""), "slug"),
    "no-basin": (TERRITOIRE.split("[[bassin]]")[0], "bassin"),
    "no-centre": (TERRITOIRE.replace("centre = { lat = 48.7, lon = 5.1 }\n", ""), "centre"),
    "basin-without-place": (TERRITOIRE.replace('communes = ["55545", "55136"]\n', ""), "zone"),
    "unknown-commune": (TERRITOIRE.replace("55136", "88888"), "« 88888 »"),
    "unknown-zone": (TERRITOIRE.replace("departement:55", "departement:99"), "departement:99"),
    "unknown-weight": (TERRITOIRE + "[poids]\nbonheur = 3\n", "ici.toml"),
    "weight-not-a-number": (TERRITOIRE + '[poids]\nbesoin = "beaucoup"\n', "ici.toml"),
    "centre-not-a-number": (TERRITOIRE.replace("48.7", '"48.7"'), "ici.toml"),
    "commune-not-a-text": (TERRITOIRE.replace('"55136"', "55136"), "ici.toml"),
    "basins-as-one-table": (TERRITOIRE.replace("[[bassin]]", "[bassin]"), "ici.toml"),
}


@pytest.mark.parametrize("case", BAD_TERRITOIRES)
def test_a_bad_territory_is_explained(tmp_path: Path, geographie: Geographie, case: str) -> None:
    content, words = BAD_TERRITOIRES[case]
    path = tmp_path / "ici.toml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(ReferenceInvalide) as refusal:
        reference.load_territoires([path], geographie)

    assert "ici.toml" in str(refusal.value)
    assert words in str(refusal.value)
