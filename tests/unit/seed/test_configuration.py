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
