"""Every fault of a tree has its sentence, which says how to mend it."""

import re
from pathlib import Path

import pytest

import app.domain.lecture_arbre
from app.domain.errors import ArbreInvalide, Probleme
from app.domain.geographie import Geographie
from app.domain.lecture_arbre import read_eligibilite
from app.domain.vocabulaire import Vocabulaire
from schemas.messages import MAX_FAULTS, word_probleme, word_problemes

AGE = {"fait": "age", "min": 16}


def nested(depth: int) -> dict[str, object]:
    tree: dict[str, object] = {"toutes": []}
    for _ in range(depth):
        tree = {"toutes": [tree]}
    return tree


FAULTS = [
    ("trop_de_feuilles", {"toutes": [AGE] * 5000},
     "compte 5 000 conditions ; 500 au plus. Regroupez les valeurs d’un même fait dans une seule"),
    ("trop_profond", nested(20), "L’arbre d’éligibilité a plus de 20 niveaux. Réunissez"),
    ("a_verifier_invalide", {"toutes": [], "a_verifier": [""]}, "« a_verifier » est une liste de"),
    ("a_verifier_illisible", {"toutes": [], "a_verifier": ["\ud800"]}, "un caractère illisible"),
    ("a_verifier_hors_racine", {"toutes": [{**AGE, "a_verifier": ["x"]}]}, "qu’à la racine"),
    ("noeud_invalide", {"et": []}, "Ce n’est pas une condition : écrivez un fait"),
    ("liste_attendue", {"toutes": {}}, "Une liste de conditions est attendue"),
    ("une_parmi_vide", {"une_parmi": []}, "« une_parmi » vide ne serait jamais vrai"),
    ("bornes_inversees", {"fait": "age", "min": 30, "max": 10},
     "Le minimum dépasse le maximum"),
    ("fait_inconnu", {"fait": "agee", "min": 3},
     "Le fait « agee » n’existe pas. Vouliez-vous dire « age » ?"),
    ("cle_refusee", {"fait": "age", "parmi": ["16"]},
     "« parmi » ne s’emploie pas avec « age » : écrivez « min », « max »"),
    ("condition_absente", {"fait": "age"},
     "La condition sur « age » ne dit rien : ajoutez « min », « max »"),
    ("borne_en_double", {"fait": "age", "min": 1, "min_exclu": 2},
     "« min » et « min_exclu » disent deux fois la même borne : gardez l’une des deux."),
    ("nombre_attendu", {"fait": "age", "min": "seize"}, "« seize » n’est pas un nombre"),
    ("valeur_inconnue", {"fait": "allocations", "parmi": ["rsaa"]},
     "« rsaa » n’est pas une valeur de « allocations ». Vouliez-vous dire « rsa » ?"),
    ("parmi_vide", {"fait": "allocations", "parmi": []}, "une liste d’au moins une valeur"),
    ("lieu_inconnu", {"fait": "residence", "parmi": ["84999"]},
     "« 84999 » n’est pas un lieu connu. Écrivez un code INSEE de commune, « departement:84 »"),
]  # fmt: skip


@pytest.mark.parametrize(("motif", "tree", "start"), FAULTS, ids=[motif for motif, *_ in FAULTS])
def test_fault_is_worded(
    vocabulaire: Vocabulaire, geographie: Geographie, motif: str, tree: object, start: str
) -> None:
    with pytest.raises(ArbreInvalide) as refused:
        read_eligibilite(tree, vocabulaire.faits, geographie)

    (probleme,) = refused.value.problemes

    assert probleme.motif == motif
    assert start in word_probleme(probleme, vocabulaire.faits).replace("\u00a0", " ")


def test_every_motive_of_the_reader_is_tried_above() -> None:
    source = Path(app.domain.lecture_arbre.__file__).read_text(encoding="utf-8")
    motives = set(re.findall(r'report\([^"\n]*(?:f?"[^"]*", )?"([a-z_]+)"', source))

    assert motives == {motif for motif, *_ in FAULTS}


@pytest.mark.parametrize(
    ("motif", "details", "sentence"),
    [
        ("nouveau", {}, "n’est pas lisible"),
        ("fait_inconnu", {"valeur": "zzzz"},
         "« zzzz » n’existe pas. Choisissez un fait du vocabulaire."),
        ("valeur_inconnue", {"valeur": "3", "fait": "residence"},
         "« 3 » n’est pas une valeur possible"),
        ("valeur_inconnue", {"valeur": "zzz", "fait": "sexe"},
         "« zzz » n’est pas une valeur de « sexe ». Choisissez parmi : femme, homme, autre."),
        ("valeur_inconnue", {"valeur": "@", "fait": "situations"},
         "Choisissez une de ses valeurs dans le vocabulaire."),
        ("cle_refusee", {"cle": "min", "fait": "parti"},
         "« min » ne s’emploie pas avec « parti » : retirez cette clé."),
        ("condition_absente", {"fait": "parti"},
         "ne dit rien : complétez-la."),
        ("apport_invalide", {}, "Un apport est un objet"),
    ],
    ids=range(8),
)  # fmt: skip
def test_other_faults_are_worded(
    vocabulaire: Vocabulaire, motif: str, details: dict[str, str], sentence: str
) -> None:
    probleme = Probleme(chemin="x", motif=motif, details=details)

    assert sentence in word_probleme(probleme, vocabulaire.faits).replace("\u00a0", " ")


def test_faults_are_grouped_by_path_and_bounded(vocabulaire: Vocabulaire) -> None:
    same = (Probleme(chemin="e.min", motif="noeud_invalide"),) * 2
    many = tuple(Probleme(chemin=str(rank), motif="noeud_invalide") for rank in range(1000))

    assert [len(m) for m in word_problemes(same, vocabulaire.faits).values()] == [2]
    assert len(word_problemes(many, vocabulaire.faits)) == MAX_FAULTS
