"""Reads the questionnaires, and checks each question and need against the vocabulary."""

import tomllib
from typing import Any

from app.domain.questionnaire import Demandee, Ecran, Questionnaire
from app.domain.vocabulaire import Nature, Vocabulaire
from seed.reference import DATA, ReferenceInvalide

_KEYS = {"cle", "titre", "aide", "questions", "besoins", "deplacement"}


def load_questionnaire(nom: str, vocabulaire: Vocabulaire) -> Questionnaire:
    """Reads `seed/data/<nom>.toml`. Raises `ReferenceInvalide` on a fault, which it names."""
    name = f"{nom}.toml"
    text = (DATA / name).read_text(encoding="utf-8")
    return read_questionnaire(text, name, vocabulaire)


def read_questionnaire(text: str, name: str, vocabulaire: Vocabulaire) -> Questionnaire:
    """Reads the text of a questionnaire."""
    try:
        entries = tomllib.loads(text)["ecran"]
        ecrans = [_ecran(entry, name, vocabulaire) for entry in entries]
    except tomllib.TOMLDecodeError as exc:
        raise ReferenceInvalide(f"{name} : ce n’est pas du TOML.") from exc
    except KeyError as exc:
        raise ReferenceInvalide(f"{name} : il manque la clé {exc}.") from exc
    keys = [ecran.cle for ecran in ecrans]
    asked = [question.cle for ecran in ecrans for question in ecran.questions]
    needs = [besoin for ecran in ecrans for besoin in ecran.besoins]
    for values in (keys, asked, needs):
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise ReferenceInvalide(f"{name} : « {twice[0]} » est là deux fois.")
    return Questionnaire(ecrans=ecrans)


def _ecran(entry: dict[str, Any], name: str, vocabulaire: Vocabulaire) -> Ecran:
    if extra := sorted(entry.keys() - _KEYS):
        raise ReferenceInvalide(f"{name} : la clé « {extra[0]} » n’est pas prévue.")
    besoins = tuple(entry.get("besoins", ()))
    lists = vocabulaire.referentiels
    for besoin in besoins:
        if besoin not in lists["thematiques"] and besoin not in lists["categories"]:
            raise ReferenceInvalide(f"{name} : le besoin « {besoin} » n’existe pas.")
    return Ecran(
        cle=entry["cle"],
        titre=entry["titre"],
        aide=entry.get("aide"),
        questions=[_demandee(cle, name, vocabulaire) for cle in entry.get("questions", ())],
        besoins=besoins,
        deplacement=bool(entry.get("deplacement")),
    )


def _demandee(cle: str, name: str, vocabulaire: Vocabulaire) -> Demandee:
    nom, _, valeur = cle.partition(".")
    fait = vocabulaire.faits.get(nom)
    is_value = fait is not None and fait.nature is Nature.ENSEMBLE
    if fait is None or is_value != bool(valeur) or (valeur and valeur not in fait.valeurs):
        raise ReferenceInvalide(f"{name} : la question « {cle} » n’est pas dans le vocabulaire.")
    return Demandee(nom, valeur or None)
