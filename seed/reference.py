"""Reads the reference files into domain values: places, facts, publics, lists, territories.

Files are the truth; nothing of them is copied into the database. Every file is checked when it is
read, and a fault names the file and the entry.
"""

import csv
import gzip
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.arbre import Noeud
from app.domain.credits import Credit
from app.domain.errors import ArbreInvalide, CatalogueError, LieuInconnu
from app.domain.geographie import Geographie
from app.domain.lecture_arbre import read_eligibilite
from app.domain.poids import Poids
from app.domain.territoire import Bassin, CodeInsee, Commune, Point, Territoire
from app.domain.vocabulaire import Fait, Nature, Public, Terme, Vocabulaire

DATA = Path(__file__).parent / "data"
TERRITOIRES = Path(__file__).parent / "territoires"
ARRONDISSEMENT = "arrondissement-municipal"
VALEUR = "{valeur}"


class ReferenceInvalide(CatalogueError):
    """A reference file that cannot be used; the text says which file and why, in French."""


@cache
def load_geographie() -> Geographie:
    """Reads the communes of today and the old codes (about half a second, once a process)."""
    rows = _rows("geo/communes.csv.gz")
    communes = {row["code_insee"]: _commune(row) for row in rows}
    anciennes: dict[str, str] = {}
    arrondissements = []
    for row in _rows("geo/communes-anciennes.csv"):
        if row["type"] == ARRONDISSEMENT:
            whole = communes[row["code_insee_actuel"]]
            arrondissements.append(_arrondissement(row["code_insee"], row["nom"], whole))
        else:
            anciennes[row["code_insee"]] = row["code_insee_actuel"]
    return Geographie([*communes.values(), *arrondissements], anciennes, _names(rows))


def _names(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    kinds = (("departement", "departement"), ("region", "region"), ("epci_code", "epci"))
    return {
        f"{kind}:{row[column]}": row[f"{kind}_nom"]
        for row in rows
        for column, kind in kinds
        if row[column]
    }


def load_vocabulaire(supplement: Path | None, geographie: Geographie) -> Vocabulaire:
    """Reads the facts, a territory's own facts, the publics and the data·inclusion lists.

    What is shipped is read once: all the sites of a process share it.
    """
    return _shipped(geographie) if supplement is None else _read(supplement, geographie)


@cache
def _shipped(geographie: Geographie) -> Vocabulaire:
    return _read(None, geographie)


def _read(supplement: Path | None, geographie: Geographie) -> Vocabulaire:
    faits = _read_faits(DATA / "faits.toml")
    if supplement is not None:
        extra = _read_faits(supplement)
        if twice := sorted(faits.keys() & extra.keys()):
            raise ReferenceInvalide(
                f"{supplement.name} : le fait « {twice[0]} » existe déjà : changez de clé."
            )
        faits |= extra
    publics = {
        entry["valeur"]: _public(entry, faits, geographie)
        for entry in read_toml(DATA / "publics.toml")["public"]
    }
    return Vocabulaire(faits=faits, publics=publics, referentiels=load_referentiels())


def load_referentiels() -> Mapping[str, Mapping[str, Terme]]:
    """Reads the data·inclusion v1 lists, by name of list and value."""
    lists = {}
    for path in sorted((DATA / "referentiels").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        lists[path.stem] = {v["valeur"]: Terme(**v) for v in content["valeurs"]}
    return lists


def load_territoires(paths: Iterable[Path], geographie: Geographie) -> tuple[Territoire, ...]:
    """Reads the configured territories, in the order of their names."""
    read = [_territoire(path, geographie) for path in paths]
    return tuple(sorted(read, key=lambda territoire: territoire.nom))


@cache
def load_mots() -> tuple[Mapping[str, int], int]:
    """Reads how many documents hold each shipped word, and how many documents there were."""
    total, counts = 0, dict[str, int]()
    for line in (DATA / "mots.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("# documents:"):
            total = int(line.rpartition(":")[2])
        elif line and not line.startswith("#"):
            mot, _, count = line.partition("\t")
            counts[mot] = int(count)
    return counts, total


def load_mots_de_passe() -> frozenset[str]:
    """Reads the most common passwords, in small letters."""
    lines = (DATA / "mots-de-passe-courants.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@cache
def load_attributions() -> tuple[Credit, ...]:
    """Reads what must be said of the open data that the site shows."""
    rows = [*_rows("catalogue/sources.csv"), *_rows("attributions-reference.csv")]
    names = ("source", "nom", "attribution", "licence", "date")
    return tuple(Credit(**{name: row[name] for name in names}) for row in rows)


def _rows(name: str) -> list[dict[str, str]]:
    path = DATA / name
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_toml(path: Path) -> dict[str, Any]:
    """Returns the content of a file. Raises `ReferenceInvalide` when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise ReferenceInvalide(f"{path} : fichier illisible ({exc.strerror}).") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ReferenceInvalide(f"{path} : ce n’est pas du TOML valide ({exc}).") from exc


def _commune(row: dict[str, str]) -> Commune:
    return Commune(
        code=CodeInsee(row["code_insee"]),
        nom=row["nom"],
        codes_postaux=tuple(filter(None, row["codes_postaux"].split("|"))),
        point=Point(float(row["lat"]), float(row["lon"])),
        population=int(row["population"] or 0),
        epci=row["epci_code"] or None,
        departement=row["departement"],
        region=row["region"],
    )


def _arrondissement(code: str, nom: str, whole: Commune) -> Commune:
    return Commune(
        code=CodeInsee(code),
        nom=nom,
        codes_postaux=(),
        point=whole.point,  # design section 3: an arrondissement has its commune's centre
        population=0,
        epci=whole.epci,
        departement=whole.departement,
        region=whole.region,
        parent=whole.code,
    )


def _read_faits(path: Path) -> dict[str, Fait]:
    faits: dict[str, Fait] = {}
    entries = read_toml(path).get("fait", [])
    if not isinstance(entries, list):
        raise ReferenceInvalide(f"{path.name} : écrivez chaque fait sous un titre « [[fait]] ».")
    for entry in entries:
        fait = _fait(entry, path)
        if fait.cle in faits:
            raise ReferenceInvalide(f"{path.name} : le fait « {fait.cle} » est déclaré deux fois.")
        faits[fait.cle] = fait
    return faits


def _fait(entry: object, path: Path) -> Fait:
    if not isinstance(entry, dict):
        raise ReferenceInvalide(f"{path.name} : écrivez chaque fait sous un titre « [[fait]] ».")
    named = f"{path.name}, fait « {entry.get('cle', '?')} »"
    if missing := [k for k in ("cle", "libelle", "question", "nature") if not entry.get(k)]:
        raise ReferenceInvalide(f"{named} : il manque « {missing[0]} ».")
    if unknown := sorted(entry.keys() - Fait.__dataclass_fields__.keys()):
        raise ReferenceInvalide(f"{named} : la clé « {unknown[0]} » n’existe pas ; retirez-la.")
    for key, value in entry.items():
        if not _FACT_TYPES[key](value):
            raise ReferenceInvalide(f"{named} : « {key} » est mal écrit. Voir le modèle du README.")
    if entry["nature"] not in list(Nature):
        natures = ", ".join(Nature)
        raise ReferenceInvalide(f"{named} : « nature » doit être l’une de {natures}.")
    nature = Nature(entry["nature"])
    if bool(entry.get("valeurs")) is (nature in {Nature.NOMBRE, Nature.LIEU}):
        raise ReferenceInvalide(f"{named} : « valeurs » va avec choix, ensemble et echelon.")
    if fault := _fault_of_words(entry, nature):
        raise ReferenceInvalide(f"{named} : {fault}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
    values["sensible"] = values.get("sensible") or None
    return Fait(**(values | {"nature": nature}))


def _fault_of_words(entry: Mapping[str, Any], nature: Nature) -> str | None:
    """Says what is wrong with the texts and durations of a fact, or nothing."""
    for key in (key for key in _NATURES_OF if key in entry):
        if nature not in _NATURES_OF[key]:
            return f"« {key} » ne va pas avec la nature « {nature} »."
    for key in (key for key in _TABLES if key in entry):
        if strangers := sorted(entry[key].keys() - set(entry.get("valeurs", ()))):
            return f"« {key} » nomme « {strangers[0]} », qui n’est pas dans « valeurs »."
    for key in (key for key in _WORDS if key in entry):
        texts = entry[key].values() if key in _TABLES else (entry[key],)
        if key in _WITH_VALUE:
            if any(text.count(VALEUR) != 1 for text in texts):
                return f"« {key} » doit contenir {VALEUR}, une seule fois."
            texts = tuple(text.replace(VALEUR, "") for text in texts)
        if any("{" in text or "}" in text for text in texts):
            return f"« {key} » a des accolades de trop."
    if "unite_un" in entry and not entry.get("unite"):
        return "« unite_un » va avec « unite »."
    if "debut_age" in entry and entry.get("unite") not in {"mois", "ans"}:
        return "« debut_age » va avec une durée en « mois » ou en « ans »."
    return None


def is_text(value: object) -> bool:
    """Tells a text."""
    return isinstance(value, str)


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value == value.strip()


def _is_sayings(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_said, value.values()))


def _is_age(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 120


def _is_bool(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_texts(value: object) -> bool:
    """Tells a list of distinct texts, none of them empty."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        return False
    return len(set(value)) == len(value)


def _is_labels(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


_WITH_VALUE = ("attendu", "connu", "connu_tiers")
_CLAUSES = ("attendus", "connus", "connus_tiers")
_SET_CLAUSES = ("connus_non", "connus_non_tiers", "questions_tiers")
_WORDS = (*_WITH_VALUE, "question_tiers", *_CLAUSES, *_SET_CLAUSES, "unite_un")
_TABLES = ("libelles", "questions", "sensibles", *_CLAUSES, *_SET_CLAUSES)
_NATURES_OF: Mapping[str, frozenset[Nature]] = {
    **dict.fromkeys(_WITH_VALUE, frozenset(Nature) - {Nature.ENSEMBLE}),
    **dict.fromkeys(_CLAUSES, frozenset({Nature.CHOIX, Nature.ENSEMBLE})),
    **dict.fromkeys(_SET_CLAUSES, frozenset({Nature.ENSEMBLE})),
    **dict.fromkeys(("unite_un", "debut_age"), frozenset({Nature.NOMBRE})),
}
_FACT_TYPES: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(("cle", "libelle", "question", "nature", "unite", "domaine"), is_text),
    **dict.fromkeys(("libelles", "questions", "sensibles"), _is_labels),
    **dict.fromkeys((*_WITH_VALUE, "question_tiers", "unite_un"), _is_said),
    **dict.fromkeys((*_CLAUSES, *_SET_CLAUSES), _is_sayings),
    **dict.fromkeys(("entier", "evolue"), _is_bool),
    **dict.fromkeys(("minimum", "maximum"), _is_number),
    "debut_age": _is_age,
    "valeurs": is_texts,
    "sensible": lambda value: value is False or is_text(value),
    "acquerable": lambda value: _is_bool(value) or is_texts(value),
}


def _public(entry: dict[str, Any], faits: Mapping[str, Fait], geographie: Geographie) -> Public:
    return Public(
        valeur=entry["valeur"],
        certain=_tree(entry["certain"], faits, geographie, entry["valeur"]),
        possible=_tree(entry["possible"], faits, geographie, entry["valeur"]),
        raison=entry["raison"],
    )


def _tree(form: object, faits: Mapping[str, Fait], geographie: Geographie, valeur: str) -> Noeud:
    try:
        return read_eligibilite(form, faits, geographie, chemin=valeur).racine
    except ArbreInvalide as exc:
        raise ReferenceInvalide(f"publics.toml : {exc}") from exc


def _territoire(path: Path, geographie: Geographie) -> Territoire:
    content = read_toml(path)
    try:
        weights = content.get("poids", {})
        if not all(map(_is_number, (*weights.values(), *content["centre"].values()))):
            raise ReferenceInvalide(f"{path.name} : le centre et les poids sont des nombres.")
        return Territoire(
            slug=content["slug"],
            nom=content["nom"],
            zone=tuple(geographie.canonical_ref(ref) for ref in content["zone"]),
            centre=Point(content["centre"]["lat"], content["centre"]["lon"]),
            bassins=tuple(_bassin(entry, geographie) for entry in content["bassin"]),
            note=content.get("approximation"),
            poids=Poids(**weights),
        )
    except KeyError as exc:
        raise ReferenceInvalide(f"{path.name} : il manque la clé {exc}.") from exc
    except LieuInconnu as exc:
        raise ReferenceInvalide(f"{path.name} : le lieu « {exc.code} » est inconnu.") from exc
    except (TypeError, AttributeError) as exc:
        raise ReferenceInvalide(f"{path.name} : une valeur est mal écrite.") from exc


def _bassin(entry: dict[str, Any], geographie: Geographie) -> Bassin:
    refs = entry["communes"] if "communes" in entry else entry["zone"]
    zone = geographie.union(geographie.canonical_ref(ref) for ref in refs)
    return Bassin(slug=entry["slug"], nom=entry["nom"], zone=zone)
