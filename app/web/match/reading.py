"""From answers as typed to a person's profile: places, numbers and dates of birth, with faults."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.errors import ArbreInvalide, Probleme
from app.domain.francais import MOIS
from app.domain.lecture_faits import read_profil
from app.domain.lieux import LieuSuggere
from app.domain.noms import fold
from app.domain.portee import RADIUS_MAX_KM, RADIUS_MIN_KM
from app.domain.profil import Profil
from app.domain.vocabulaire import AGE, RESIDENCE, Fait, Nature, Vocabulaire
from app.services.catalogue import Catalogue
from app.web.match.answers import FAIT, Answers, Fault, Received
from app.web.match.places import read_place
from schemas.messages import word_probleme
from schemas.suggestions import quoted

_UNITS = re.compile(r"\s*(ans?|mois|€|euros?|km|enfants?|heures?|h|%)\.?$")
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_ISO = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_FRENCH = re.compile(r"(?:(\d{1,2})(?:er)?[/. -])?(\d{1,2}|[a-zéû]+)[/. -](\d{4})")
_YES_NO: Mapping[str, bool] = {"oui": True, "non": False}
_CHOOSE = "Choisissez une des réponses proposées."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the answers say: a profile when nothing is wrong, else the faults.

    `places` are the communes of the name typed, to choose from; `place_taken` tells that one was
    taken for the person.
    """

    answers: Answers
    profil: Profil
    rayon_km: float | None
    faults: Sequence[Fault]
    places: Sequence[LieuSuggere] = ()
    place_taken: bool = False

    @property
    def stops(self) -> bool:
        """True when an answer must be mended before anything can be proposed."""
        return any(fault.champ not in ("rayon_km", "") for fault in self.faults)


def read_answers(received: Received, catalogue: Catalogue) -> Reading:
    """Returns the person that the answers describe, and every fault with its field."""
    answers, faults = received.answers, list(received.faults)
    facts: dict[str, object] = {}
    place = read_place(answers, catalogue)
    if place.fault:
        faults.append(_named(f"{FAIT}{RESIDENCE}", place.fault, catalogue.vocabulaire))
    if place.code:
        facts[RESIDENCE] = place.code
    answers = replace(
        answers,
        code_commune=place.code,
        faits={**answers.faits, RESIDENCE: place.text} if place.text else answers.faits,
    )
    _add_facts(facts, answers, catalogue.vocabulaire)
    profil = Profil()
    try:
        profil = read_profil(
            facts, catalogue.vocabulaire, catalogue.geographie, catalogue.clock.today()
        )
    except ArbreInvalide as refusal:
        faults += [_worded(probleme, catalogue.vocabulaire) for probleme in refusal.problemes]
    rayon_km = _radius(answers.rayon_km)
    if answers.rayon_km and rayon_km is None:
        message = (
            f"{quoted(answers.rayon_km[:20])} n’est pas un rayon\u00a0: écrivez un nombre de "
            f"kilomètres, de {RADIUS_MIN_KM} à {RADIUS_MAX_KM}."
        )
        faults.append(Fault(champ="rayon_km", nom="Rayon", message=message))
    named = [_named(f.champ, f.message, catalogue.vocabulaire) if not f.nom else f for f in faults]
    return Reading(
        answers=answers,
        profil=profil,
        rayon_km=rayon_km,
        faults=named,
        places=place.choices,
        place_taken=place.taken,
    )


def _add_facts(facts: dict[str, object], answers: Answers, vocabulaire: Vocabulaire) -> None:
    for cle, text in answers.faits.items():
        nom, _, valeur = cle.partition(".")
        fait = vocabulaire.faits[nom]
        if fait.nature is Nature.ENSEMBLE:
            known = facts.setdefault(nom, {})
            if isinstance(known, dict):
                known[valeur] = _YES_NO.get(text, text)
        elif fait.nature is Nature.NOMBRE:
            facts[nom] = number_or_date(text, fait)
        elif nom != RESIDENCE:
            facts[nom] = text


def number_or_date(text: str, fait: Fait) -> object:
    """Reads a number with or without its unit, or a date where time goes by; else gives the text.

    “24”, “24 ans”, “2002”, “05/2002”, “12 mai 2002” are all an age.
    """
    plain = text.strip().lower().replace("\u00a0", " ").replace("\u202f", " ")
    if fait.evolue and (date := _date(plain)) is not None:
        return {"ne_le" if fait.cle == AGE else "depuis": date}
    number = _UNITS.sub("", plain).replace(" ", "").replace(",", ".")
    if _NUMBER.fullmatch(number):
        return float(number) if "." in number else int(number)
    return text


def _date(text: str) -> str | None:
    if _YEAR.fullmatch(text) or _ISO.fullmatch(text):
        return text
    written = _FRENCH.fullmatch(text)
    if written is None:
        return None
    day, month, year = written.groups()
    if not month.isdigit():
        months = [n for n, nom in enumerate(MOIS, 1) if fold(nom) == fold(month)]
        if not months:
            return None
        month = str(months[0])
    parts = [year, month.zfill(2), *([day.zfill(2)] if day else [])]
    return "-".join(parts)


def _worded(probleme: Probleme, vocabulaire: Vocabulaire) -> Fault:
    nom, _, rest = probleme.chemin.removeprefix("faits.").partition(".")
    is_value = vocabulaire.faits[nom].nature is Nature.ENSEMBLE and rest
    champ = f"{FAIT}{nom}.{rest}" if is_value else f"{FAIT}{nom}"
    if probleme.motif in ("valeur_inconnue", "vrai_ou_faux", "choix_attendu"):
        return _named(champ, _CHOOSE, vocabulaire)
    message = word_probleme(probleme, vocabulaire.faits)
    if probleme.motif == "nombre_attendu" and vocabulaire.faits[nom].evolue:
        message = message.removesuffix(".") + ", ou donnez une date."
    return _named(champ, message, vocabulaire)


def _named(champ: str, message: str, vocabulaire: Vocabulaire) -> Fault:
    nom, _, valeur = champ.removeprefix(FAIT).partition(".")
    fait = vocabulaire.faits.get(nom) if champ.startswith(FAIT) else None
    label = "" if fait is None else fait.libelles.get(valeur, fait.libelle)
    return Fault(champ=champ, nom=label or "Réponse", message=message)


def _radius(text: str) -> float | None:
    number = _UNITS.sub("", text.strip().lower()).replace(",", ".")
    if not _NUMBER.fullmatch(number):
        return None
    radius = float(number)
    return radius if RADIUS_MIN_KM <= radius <= RADIUS_MAX_KM else None
