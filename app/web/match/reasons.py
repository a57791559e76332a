"""Why an offer is open or not, by what is to be done about it: lift, ask the person, call, nothing.

What is said above several lines is not said again in each; of alternatives only those that still
matter are said: one that is met is enough, and one that is not leaves the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.explanation import CritereExplique, Groupe
from app.domain.verdict import Cause, Jugement, Valeur, Verdict
from app.domain.wording import Voix
from app.web.public.typographie import NBSP, counted

LINES_SHOWN = 3  # criteria in sight on a card; the others unfold
_A_VERIFIER = {
    (Voix.LA_PERSONNE, Cause.FAIT_INCONNU): "À vérifier avec la personne",
    (Voix.VOUS, Cause.FAIT_INCONNU): "À vérifier selon votre situation",
    (Voix.LA_PERSONNE, Cause.OFFRE_NON_PRECISEE): "À vérifier avec la structure",
    (Voix.VOUS, Cause.OFFRE_NON_PRECISEE): "À vérifier avec la structure",
}
_BOTH = {
    Voix.LA_PERSONNE: "À vérifier avec la personne et la structure",
    Voix.VOUS: "À vérifier avec la structure et selon votre situation",
}
_OPEN = {
    Voix.LA_PERSONNE: "Semble ouvert à la personne",
    Voix.VOUS: "Semble ouvert à vous",
}
_ASK = {
    Voix.LA_PERSONNE: "À demander à la personne",
    Voix.VOUS: "Cela dépend de votre situation",
}
_NONE_MET = f"Aucune de ces conditions n’est remplie{NBSP}:"
_ONE_OF = f"Une seule de ces conditions suffit{NBSP}:"
_ALL_OF = f"Toutes ces conditions à la fois{NBSP}:"


@dataclass(frozen=True, slots=True)
class Line:
    """A condition in a sentence; `choix` are the parts that matter of one made of several."""

    phrase: str
    choix: Sequence["Line"] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that ask for the same thing; `mark` is `oui`, `non` or `inconnu`."""

    mark: str
    title: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Every condition by group; on a card some show and the others fold."""

    groups: Sequence[Group]
    shown: Sequence[Group]
    folded: Sequence[Group]
    folded_label: str


def verdict_in_words(jugement: Jugement, voix: Voix) -> str:
    """Returns how open an offer is, and with whom to check what is not known."""
    verdict = jugement.verdict
    if verdict is Verdict.ACCESSIBLE:
        return _OPEN[voix]
    if verdict is Verdict.NON_ACCESSIBLE:
        return "Pas pour l’instant"
    return _A_VERIFIER.get((voix, jugement.causes), _BOTH[voix])


def reasons_of(criteres: Iterable[CritereExplique], voix: Voix) -> Reasons:
    """Returns the conditions of an offer, the most pressing first."""
    by_title: dict[tuple[str, str], list[Line]] = {
        ("non", "Ce qui bloque"): [],
        ("inconnu", _ASK[voix]): [],
        ("inconnu", "À vérifier avec la structure"): [],
        ("oui", "Conditions remplies"): [],
    }
    kinds = list(by_title)
    for critere in criteres:
        by_title[kinds[_rank(critere.jugement)]].append(line_of(critere))
    groups = [Group(mark, title, lines) for (mark, title), lines in by_title.items() if lines]
    shown, folded = _folded(groups)
    return Reasons(groups=groups, shown=shown, folded=folded, folded_label=_folded_label(folded))


def _rank(jugement: Jugement) -> int:
    match jugement.valeur:
        case Valeur.NON:
            return 0
        case Valeur.INCONNU:
            return 1 if Cause.FAIT_INCONNU in jugement.causes else 2
        case _:
            return 3


def line_of(critere: CritereExplique) -> Line:
    """Returns a condition as a line, without the alternatives that no longer matter."""
    valeur = critere.jugement.valeur
    if critere.groupe in (None, Groupe.SAUF):
        return Line(critere.suite)
    same = [part for part in critere.choix if part.jugement.valeur is valeur]
    is_one_of = critere.groupe is Groupe.UNE_PARMI
    if not same:
        return Line(critere.suite)
    if len(same) == 1 or (is_one_of and valeur is Valeur.OUI):
        return line_of(same[0])
    lines = [line_of(part) for part in same]
    if not is_one_of:
        return Line(_ALL_OF, lines)
    return Line(_NONE_MET if valeur is Valeur.NON else _ONE_OF, lines)


def _folded(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Splits what shows from what folds; a fold that would hide one line is not worth a click."""
    if sum(len(group.lines) for group in groups) <= LINES_SHOWN + 1:
        return list(groups), []
    left = LINES_SHOWN
    shown: list[Group] = []
    folded: list[Group] = []
    for group in groups:
        kept = group.lines[:left] if group.mark != "oui" or not shown else ()
        left -= len(kept)
        if kept:
            shown.append(Group(group.mark, group.title, kept))
        if rest := group.lines[len(kept) :]:
            folded.append(Group(group.mark, group.title, rest))
    return shown, folded


def _folded_label(folded: Sequence[Group]) -> str:
    counts = {"non": 0, "inconnu": 0, "oui": 0}
    for group in folded:
        counts[group.mark] += len(group.lines)
    total = sum(counts.values())
    said = [
        words if count == total else f"{count}{NBSP}{words}"
        for count, words in (
            (counts["non"], "non remplie" + "s" * (counts["non"] > 1)),
            (counts["inconnu"], "à vérifier"),
            (counts["oui"], "remplie" + "s" * (counts["oui"] > 1)),
        )
        if count
    ]
    head = "Une autre condition" if total == 1 else counted(total, "autre condition")
    return f"{head}{NBSP}: {', '.join(said)}" if len(said) > 1 else f"{head}, {''.join(said)}"
