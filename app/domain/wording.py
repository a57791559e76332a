"""Criteria and knowledge in French, in two voices: “vous” to the person, “la personne” about them.

The words of each fact are declared with it in the vocabulary; a fact without words falls back on
its label.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.arbre import Critere, Noeud, Sauf, Toutes, UneParmi
from app.domain.francais import NBSP, THIN, joined, number_fr, quoted
from app.domain.geographie import FRANCE, Geographie
from app.domain.profil import (
    Choix,
    Connaissance,
    Echelons,
    Ensemble,
    Lieu,
    Nombre,
    SansObjet,
)
from app.domain.vocabulaire import Fait, Nature, Vocabulaire

MAX_LISTED = 6  # values named in a sentence: beyond, nobody listens to the end


class Voix(StrEnum):
    """Who is spoken to: the person, or a professional about the person."""

    VOUS = "vous"
    LA_PERSONNE = "la-personne"


@dataclass(frozen=True, slots=True)
class Wording:
    """Words facts, values and places."""

    vocabulaire: Vocabulaire
    geographie: Geographie
    voix: Voix

    def attendu(self, noeud: Noeud) -> str:
        """Returns what a node asks, to complete “Il faut …”."""
        match noeud:
            case Critere():
                return self._attendu_critere(noeud)
            case Sauf(child):
                return negated(self.attendu(child))
            case Toutes(noeuds):
                return joined([self._inner(child) for child in noeuds], "et") or "rien de plus"
            case UneParmi(noeuds):
                return self._one_of([self._inner(child) for child in noeuds])

    @staticmethod
    def _one_of(parts: list[str]) -> str:
        """Joins alternatives; those that are lists themselves would run into one another."""
        if any(" ou " in part or "," in part for part in parts) and len(parts) > 1:
            return f"remplir l’une de ces conditions{NBSP}: {f'{THIN}; '.join(parts)}"
        return joined(parts, "ou")

    def _inner(self, noeud: Noeud) -> str:
        text = self.attendu(noeud)
        is_group = isinstance(noeud, Toutes | UneParmi) and len(noeud.noeuds) > 1
        return f"({text})" if is_group else text

    def _attendu_critere(self, critere: Critere) -> str:
        fait = self.vocabulaire.faits[critere.fait]
        match fait.nature:
            case Nature.NOMBRE:
                return _filled(fait.attendu, bounds_fr(critere, fait), fait)
            case Nature.ECHELON:
                return self._attendu_echelon(critere, fait)
            case Nature.LIEU:
                return _filled(fait.attendu, self.places(critere.parmi or ()), fait)
            case _:
                known = [fait.attendus[v] for v in critere.parmi or () if v in fait.attendus]
                if known and len(known) == len(critere.parmi or ()):
                    return _shortened(known)
                labels = [label_of(fait, valeur) for valeur in critere.parmi or ()]
                return _filled(fait.attendu, _shortened(labels), fait)

    def _attendu_echelon(self, critere: Critere, fait: Fait) -> str:
        if isinstance(critere.min, str) and critere.max is None and critere.parmi is None:
            if critere.min in fait.attendus:
                return fait.attendus[critere.min]
            return _filled(fait.attendu, f"au moins {_level(fait, critere.min)}", fait)
        parts = [
            f"{words} {_level(fait, bound)}"
            for words, bound in (
                ("au moins", critere.min), ("plus que", critere.min_exclu),
                ("au plus", critere.max), ("moins que", critere.max_exclu),
            )
            if isinstance(bound, str)
        ]  # fmt: skip
        parts += [_level(fait, valeur) for valeur in critere.parmi or ()]
        return _filled(fait.attendu, joined(parts, "et"), fait)

    def connu(self, critere: Critere, connu: Connaissance | None) -> str | None:
        """Returns what is known that bears on a criterion, None when nothing is."""
        fait = self.vocabulaire.faits[critere.fait]
        is_vous = self.voix is Voix.VOUS
        template = fait.connu if is_vous else fait.connu_tiers
        match connu:
            case Nombre():
                text = number_known(connu, fait)
                return _filled(template, text, fait) if text else None
            case SansObjet():
                return f"{fait.libelle}{NBSP}: sans objet"
            case Choix(possibles):
                yes = fait.connus if is_vous else fait.connus_tiers
                if len(possibles) == 1 and (valeur := next(iter(possibles))) in yes:
                    return yes[valeur]
                labels = [label_of(fait, v) for v in fait.valeurs if v in possibles]
                return _filled(template, _shortened(labels), fait)
            case Ensemble():
                return self._known_answers(critere, connu, fait)
            case Echelons(bas, haut):
                ends = [_level(fait, fait.valeurs[rank]) for rank in sorted({bas, haut})]
                return _filled(template, " ou plus, jusqu’à ".join(ends), fait)
            case Lieu(zone):
                commune = self.geographie.only_commune(zone)
                return _filled(template, self.place(commune), fait) if commune else None
            case None:
                return None

    def _known_answers(self, critere: Critere, connu: Ensemble, fait: Fait) -> str | None:
        is_vous = self.voix is Voix.VOUS
        yes = fait.connus if is_vous else fait.connus_tiers
        no = fait.connus_non if is_vous else fait.connus_non_tiers
        asked = critere.parmi or ()
        if true := [valeur for valeur in asked if valeur in connu.vrais]:
            clauses = [yes.get(v) or f"{label_of(fait, v)}{NBSP}: oui" for v in true]
            return joined(clauses[:MAX_LISTED], "et")
        false = [valeur for valeur in asked if valeur in connu.faux]
        clauses = [no.get(v) or f"{label_of(fait, v)}{NBSP}: non" for v in false]
        return joined(clauses[:MAX_LISTED], "et") or None

    def question(self, fait: str, valeur: str | None) -> str:
        """Returns the question about a fact, or about one value of an `ensemble`."""
        declared = self.vocabulaire.faits[fait]
        if self.voix is Voix.LA_PERSONNE:
            found = declared.questions_tiers.get(valeur or "") or (
                declared.question_tiers if valeur is None else None
            )
            if found:
                return found
        if valeur is None:
            return declared.question
        asked = declared.questions.get(valeur)
        return asked or f"{declared.question} {label_of(declared, valeur)}{NBSP}?"

    def places(self, refs: Iterable[str]) -> str:
        """Returns some places with their prepositions."""
        return _shortened([self.place(ref) for ref in refs])

    def place(self, ref: str) -> str:
        """Returns a place with its preposition.

        Names of départements have articles that no list gives: “dans le département” goes with all.
        """
        if ref == FRANCE:
            return "en France"
        kind, _, code = ref.rpartition(":")
        nom = self.geographie.noms.get(ref, code)
        match kind:
            case "departement":
                return f"dans le département {nom} ({code})"
            case "region":
                return f"en région {nom}"
            case "epci":
                return f"dans l’intercommunalité {nom}"
            case "etranger":
                return "dans un autre pays"
        nom = self.geographie.communes[code].nom.replace("'", "’")
        for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
            if nom.startswith(article):
                return f"{contracted}{nom.removeprefix(article)}"
        return f"à {nom}"


def negated(attendu: str) -> str:
    """Returns the contrary of what completes “Il faut …”; no sentence is denied twice.

    >>> negated("avoir le permis B")
    'ne pas avoir le permis B'
    """
    if attendu.startswith("ne pas "):
        return f"ne pas être dans ce cas{NBSP}: {attendu}"
    return f"ne pas {attendu}"


def must(attendu: str) -> str:
    """Returns the sentence that asks for something, without its full stop.

    >>> must("ne pas avoir le permis B")
    'Il ne faut pas avoir le permis B'
    """
    if attendu.startswith("ne pas "):
        return f"Il ne faut pas {attendu.removeprefix('ne pas ')}"
    return f"Il faut {attendu}"


def bounds_fr(critere: Critere, fait: Fait) -> str:
    """Returns the bounds of a number: “de 16 à 25 ans”, “moins de 26 ans”."""
    low, high = critere.min, critere.max
    if isinstance(low, float | int) and isinstance(high, float | int):
        if low == high:
            return with_unit(low, fait)
        return f"de {number_fr(low)} à {with_unit(high, fait)}"
    parts = [
        f"{words}{NBSP}{with_unit(bound, fait)}"
        for words, bound in (
            ("au moins", low), ("plus de", critere.min_exclu),
            ("au plus", high), ("moins de", critere.max_exclu),
        )
        if isinstance(bound, float | int)
    ]  # fmt: skip
    return joined(parts, "et")


def number_known(nombre: Nombre, fait: Fait) -> str | None:
    """Returns a known number or interval: “24 ans”, “entre 24 et 26 ans”; None when anything."""
    if nombre.min == nombre.max:
        return with_unit(nombre.min, fait)
    if math.isinf(nombre.min) and math.isinf(nombre.max):
        return None
    if math.isinf(nombre.max):
        return f"au moins {with_unit(nombre.min, fait)}"
    if math.isinf(nombre.min):
        return f"au plus {with_unit(nombre.max, fait)}"
    return f"entre {number_fr(nombre.min)} et {with_unit(nombre.max, fait)}"


def with_unit(value: float, fait: Fait) -> str:
    """Returns a number and its unit; in French whatever is under two is singular."""
    unite = fait.unite_un if abs(value) < 2 and fait.unite_un else fait.unite
    return f"{number_fr(value)}{NBSP}{unite}" if unite else number_fr(value)


def label_of(fait: Fait, valeur: str) -> str:
    """Returns the label of a value, or the value itself."""
    return fait.libelles.get(valeur, valeur)


def _level(fait: Fait, valeur: str) -> str:
    return f"le niveau {quoted(label_of(fait, valeur))}"


def _filled(template: str | None, text: str, fait: Fait) -> str:
    if template:
        # “Depuis 6 à 12 mois”, and not “depuis de 6 à 12 mois”.
        said = text.removeprefix("de ") if "depuis {valeur}" in template else text
        return template.replace("{valeur}", said)
    return f"{fait.libelle}{NBSP}: {text}"


def _shortened(parts: list[str]) -> str:
    if len(parts) <= MAX_LISTED:
        return joined(parts, "ou")
    return f"{', '.join(parts[:MAX_LISTED])} ou une autre réponse prévue"
