"""Reads the sample persons, on whom whoever describes an offer sees at once what its rules do.

They are invented. Each is read as the body of a match is, by the same schema, so that a sample
never says what a person could not.
"""

import json
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from marshmallow import ValidationError

from app.domain.demande import DemandeMatch
from app.domain.exemples import ProfilExemple
from app.domain.geographie import Geographie
from app.domain.vocabulaire import Vocabulaire
from schemas.base import ReadingContext
from schemas.matching import read_match
from schemas.problem import erreurs_of
from seed.reference import DATA, ReferenceInvalide, is_text, read_toml

FILE = DATA / "profils.toml"

_KEYS = ("code", "nom", "besoins", "faits")
_KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@lru_cache(maxsize=4)
def load_profils(
    vocabulaire: Vocabulaire, geographie: Geographie, today: date, path: Path = FILE
) -> tuple[ProfilExemple, ...]:
    """Reads every person, in the order of the file. Raises `ReferenceInvalide` at the first fault.

    The shipped ones are the same whatever the day: they give ages and durations, never dates. The
    sites of one process share them.
    """
    content = read_toml(path)
    if set(content) != {"profil"} or not isinstance(content["profil"], list):
        raise ReferenceInvalide(f"{path.name} : écrivez seulement des titres « [[profil]] ».")
    context = ReadingContext(vocabulaire=vocabulaire, geographie=geographie, today=today)
    profils = tuple(_profil(entry, path.name, context) for entry in content["profil"])
    for said in ([profil.code for profil in profils], [profil.nom for profil in profils]):
        if twice := sorted({text for text in said if said.count(text) > 1}):
            raise ReferenceInvalide(f"{path.name} : « {twice[0]} » est là deux fois.")
    return profils


def _profil(entry: object, file: str, context: ReadingContext) -> ProfilExemple:
    if not isinstance(entry, Mapping):
        raise ReferenceInvalide(f"{file} : écrivez seulement des titres « [[profil]] ».")
    named = f"{file}, profil « {entry.get('code', '?')} »"
    if missing := [key for key in _KEYS if key not in entry]:
        raise ReferenceInvalide(f"{named} : il manque « {missing[0]} ».")
    if extra := sorted(entry.keys() - set(_KEYS)):
        raise ReferenceInvalide(f"{named} : la clé « {extra[0]} » n’est pas prévue.")
    code, nom = entry["code"], entry["nom"]
    if not is_text(code) or not _KEBAB.fullmatch(code):
        raise ReferenceInvalide(f"{named} : « code » s’écrit en minuscules, avec des tirets.")
    if not is_text(nom) or not nom.strip():
        raise ReferenceInvalide(f"{named} : « nom » décrit la personne en quelques mots.")
    demande = _demande(entry, named, context)
    return ProfilExemple(code=code, nom=nom, profil=demande.profil, besoins=demande.besoins)


def _demande(entry: Mapping[str, object], named: str, context: ReadingContext) -> DemandeMatch:
    body = {"faits": _faits(entry["faits"], named), "besoins": entry["besoins"]}
    try:
        return read_match(body, context)
    except ValidationError as exc:
        fault = erreurs_of(exc.messages)[0]
        raise ReferenceInvalide(f"{named} : {fault.champ} : {fault.message}") from exc


def _faits(text: object, named: str) -> object:
    if not isinstance(text, str):
        raise ReferenceInvalide(f"{named} : « faits » est un texte, en JSON.")
    try:
        return json.loads(text, object_pairs_hook=_once)
    except ValueError as exc:
        raise ReferenceInvalide(f"{named} : « faits » n’est pas du JSON ({exc}).") from exc


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuses a fact said twice: JSON would keep the last one in silence."""
    said = dict(pairs)
    if len(said) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"« {next(key for key in keys if keys.count(key) > 1)} » est là deux fois")
    return said
