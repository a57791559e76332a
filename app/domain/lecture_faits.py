"""Reads what is known of a person from JSON, and lists every fault, not the first one only.

Faults carry a path such as `faits.allocations.rsa` and a motive; `schemas.messages` words them.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from app.domain.durees import Unite, read_date
from app.domain.errors import ArbreInvalide, LieuInconnu, Probleme
from app.domain.geographie import Geographie
from app.domain.profil import (
    Choix,
    Connaissance,
    Depuis,
    Echelons,
    Ensemble,
    Lieu,
    Nombre,
    Profil,
    SansObjet,
)
from app.domain.territoire import Point, Zone
from app.domain.vocabulaire import AGE, Fait, Nature, Vocabulaire

SANS_OBJET = "sans_objet"
MAX_QUOTED = 200  # characters of a wrong value that a message repeats
DATE_KEYS = frozenset(("ne_le", "depuis"))
MONTHS_A_YEAR = 12


def read_profil(
    data: object,
    vocabulaire: Vocabulaire,
    geographie: Geographie,
    today: date,
    *,
    point: Point | None = None,
    chemin: str = "faits",
) -> Profil:
    """Returns the person that a JSON object describes; null and absent keys are unknown.

    Raises `ArbreInvalide` with every fault found.
    """
    reader = _Reader(vocabulaire, geographie, today)
    if not isinstance(data, Mapping):
        reader.report(chemin, "objet_attendu")
        raise ArbreInvalide(reader.problemes)
    for cle, value in data.items():
        reader.read(cle, value, f"{chemin}.{cle}")
    profil = Profil(faits=reader.faits, point=point, dates=reader.dates)
    reader.problemes += contradictions(profil, vocabulaire, chemin)
    if reader.problemes:
        raise ArbreInvalide(reader.problemes)
    return profil


def contradictions(profil: Profil, vocabulaire: Vocabulaire, chemin: str) -> Iterator[Probleme]:
    """Yields the durations that began before the person could have lived them."""
    age = profil.get(AGE)
    if not isinstance(age, Nombre):
        return
    for cle, connu in profil.faits.items():
        fait = vocabulaire.faits[cle]
        if fait.debut_age is None or not isinstance(connu, Nombre):
            continue
        in_a_year = 1 if fait.unite == Unite.ANS else MONTHS_A_YEAR
        # In the year that follows a birthday, nearly one more year has passed.
        if connu.min > in_a_year * (age.max + 1 - fait.debut_age):
            details = {"fait": cle, "duree": f"{connu.min:g}", "age": f"{age.max:g}"}
            yield Probleme(chemin=f"{chemin}.{cle}", motif="plus_long_que_la_vie", details=details)


class _Reader:
    """One reading: the facts and the faults found so far."""

    def __init__(self, vocabulaire: Vocabulaire, geographie: Geographie, today: date) -> None:
        self.vocabulaire = vocabulaire
        self.geographie = geographie
        self.today = today
        self.faits: dict[str, Connaissance] = {}
        self.dates: dict[str, Depuis] = {}
        self.problemes: list[Probleme] = []

    def report(self, chemin: str, motif: str, **details: object) -> None:
        texts = {key: str(value)[:MAX_QUOTED] for key, value in details.items()}
        self.problemes.append(Probleme(chemin=chemin, motif=motif, details=texts))

    def read(self, cle: object, value: object, chemin: str) -> None:
        fait = self.vocabulaire.faits.get(cle) if isinstance(cle, str) else None
        if fait is None:
            self.report(chemin, "fait_inconnu", valeur=cle)
            return
        connu = None if value is None else self.read_value(fait, value, chemin)
        if connu is not None:
            self.faits[fait.cle] = connu

    def read_value(self, fait: Fait, value: object, chemin: str) -> Connaissance | None:
        match fait.nature:
            case Nature.NOMBRE:
                return self.read_nombre(fait, value, chemin)
            case Nature.CHOIX:
                return self.read_choix(fait, value, chemin)
            case Nature.ENSEMBLE:
                return self.read_ensemble(fait, value, chemin)
            case Nature.ECHELON:
                return self.read_echelon(fait, value, chemin)
            case Nature.LIEU:
                return self.read_lieu(value, chemin)

    def read_nombre(self, fait: Fait, value: object, chemin: str) -> Connaissance | None:
        if value == SANS_OBJET:
            return SansObjet()
        if isinstance(value, Mapping) and value.keys() & DATE_KEYS:
            return self.read_since(fait, value, chemin)
        if not isinstance(value, Mapping):
            exact = self.number(fait, value, chemin)
            return None if exact is None else Nombre(min=exact, max=exact)
        bounds = self.bounds(fait, value, chemin)
        if bounds is None:
            return None
        read = {key: self.number(fait, bound, f"{chemin}.{key}") for key, bound in bounds.items()}
        found = {key: bound for key, bound in read.items() if bound is not None}
        if len(found) < len(read):
            return None
        nombre = Nombre(**found)
        if nombre.min > nombre.max:
            self.report(chemin, "bornes_inversees")
            return None
        return nombre

    def bounds(
        self, fait: Fait, value: Mapping[object, object], chemin: str
    ) -> dict[str, object] | None:
        said = {str(key): bound for key, bound in value.items() if bound is not None}
        if extra := sorted(said.keys() - {"min", "max"}):
            self.report(f"{chemin}.{extra[0]}", "intervalle_attendu", fait=fait.cle)
            return None
        return said or None

    def number(self, fait: Fait, value: object, chemin: str) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
            self.report(chemin, "nombre_attendu", valeur=_shown(value))
            return None
        if fait.entier and value != int(value):
            self.report(chemin, "entier_attendu", valeur=value)
            return None
        low, high = fait.minimum, fait.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            self.report(chemin, "hors_bornes", valeur=value, min=_number(low), max=_number(high))
            return None
        return float(value)

    def read_since(self, fait: Fait, value: Mapping[object, object], chemin: str) -> Nombre | None:
        (key, *others) = sorted(map(str, value))
        text = value.get(key)
        unite = Unite(fait.unite) if fait.unite in set(Unite) else None
        if others or not fait.evolue or unite is None:
            self.report(chemin, "date_refusee", fait=fait.cle)
            return None
        debut = read_date(text) if isinstance(text, str) else None
        if debut is None:
            self.report(f"{chemin}.{key}", "date_attendue", valeur=_shown(text))
            return None
        if debut.premier > self.today:
            self.report(f"{chemin}.{key}", "date_future")
            return None
        depuis = Depuis(debut, unite)
        nombre = depuis.at(self.today)
        if self.number(fait, nombre.min, f"{chemin}.{key}") is None:
            return None
        self.dates[fait.cle] = depuis
        return nombre

    def read_choix(self, fait: Fait, value: object, chemin: str) -> Choix | None:
        if isinstance(value, Mapping):
            values = value.get("parmi")
            if value.keys() != {"parmi"} or not isinstance(values, list) or not values:
                self.report(chemin, "choix_attendu", fait=fait.cle)
                return None
            read = [self.value(fait, v, f"{chemin}.parmi[{n}]") for n, v in enumerate(values)]
            known = frozenset(v for v in read if v is not None)
            return Choix(known) if len(read) == sum(v is not None for v in read) else None
        known_value = self.value(fait, value, chemin)
        return None if known_value is None else Choix(frozenset((known_value,)))

    def value(self, fait: Fait, value: object, chemin: str) -> str | None:
        if isinstance(value, str) and value in fait.valeurs:
            return value
        self.report(chemin, "valeur_inconnue", valeur=_shown(value), fait=fait.cle)
        return None

    def read_ensemble(self, fait: Fait, value: object, chemin: str) -> Ensemble | None:
        if not isinstance(value, Mapping):
            self.report(chemin, "ensemble_attendu", fait=fait.cle)
            return None
        known: dict[bool, set[str]] = {True: set(), False: set()}
        for valeur, answer in value.items():
            if self.value(fait, valeur, f"{chemin}.{valeur}") is None or answer is None:
                continue
            if isinstance(answer, bool):
                known[answer].add(str(valeur))
            else:
                self.report(f"{chemin}.{valeur}", "vrai_ou_faux", valeur=_shown(answer))
        return Ensemble(frozenset(known[True]), frozenset(known[False]))

    def read_echelon(self, fait: Fait, value: object, chemin: str) -> Echelons | None:
        if not isinstance(value, Mapping):
            level = self.value(fait, value, chemin)
            return None if level is None else Echelons(fait.rank(level), fait.rank(level))
        said = self.bounds(fait, value, chemin)
        if said is None:
            return None
        read = {key: self.value(fait, v, f"{chemin}.{key}") for key, v in said.items()}
        ranks = {key: fait.rank(level) for key, level in read.items() if level is not None}
        if len(ranks) < len(read):
            return None
        low, high = ranks.get("min", 0), ranks.get("max", len(fait.valeurs) - 1)
        if low > high:
            self.report(chemin, "bornes_inversees")
            return None
        return Echelons(low, high)

    def read_lieu(self, value: object, chemin: str) -> Lieu | None:
        refs = value if isinstance(value, list) else [value]
        zones = [self.place(ref, chemin) for ref in refs]
        if not zones or any(zone is None for zone in zones):
            if not zones:
                self.report(chemin, "lieu_inconnu", valeur="")
            return None
        common = self.geographie.france
        for zone in zones:
            common = common & zone if zone is not None else common
        if common.is_empty:
            self.report(chemin, "lieux_incompatibles")
            return None
        return Lieu(common)

    def place(self, ref: object, chemin: str) -> Zone | None:
        try:
            zone = self.geographie.zone(self.geographie.canonical_ref(str(ref)))
        except LieuInconnu:
            zone = Zone(0)
        if not isinstance(ref, str) or zone.is_empty:  # a foreign country has no place of ours
            self.report(chemin, "lieu_inconnu", valeur=_shown(ref))
            return None
        return zone


def _shown(value: object) -> str:
    """Returns what a message may quote of a value; a list or an object is not quoted."""
    return str(value) if isinstance(value, str | int | float) else ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
