"""The nearest known word to one that does not exist, to put in the message that refuses it."""

import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz, process

NEAR_ENOUGH = 60  # of 100: misspelt thématiques score 70 and more, unrelated words 25 and less
INSIDE_ENOUGH = 85  # of 100: a word asked alone, “permis”, scores 90 against a value that has it
MIN_INSIDE = 4  # characters: shorter texts are inside anything
MAX_LISTED = 14  # the longest v1 list, réseaux and thématiques apart, is that of the publics
MAX_QUOTED = 60  # a refused value is recalled, never reproduced


def quoted(value: object) -> str:
    """Returns a refused value between guillemets, cut when it is long."""
    text = value if isinstance(value, str) else _plain(value)
    text = " ".join(text[: 4 * MAX_QUOTED].split())
    return f"« {text if len(text) <= MAX_QUOTED else text[: MAX_QUOTED - 1] + '…'} »"


def _plain(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and abs(value) < 1e15:
        return str(value)
    return "…"


def folded(text: str) -> str:
    """Returns a text without case, accents nor separators, to compare what people type."""
    bare = unicodedata.normalize("NFD", text.casefold()).encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def nearest(value: object, choices: Mapping[str, str] | Iterable[str]) -> str | None:
    """Returns the choice nearest to a value, by its code or its label, None when none is near."""
    if not isinstance(value, str) or not (asked := folded(value[: 4 * MAX_QUOTED])):
        return None
    labels = choices if isinstance(choices, Mapping) else dict.fromkeys(choices, "")
    words = {folded(label): code for code, label in labels.items() if label}
    words.update({folded(code): code for code in labels})
    if found := process.extractOne(asked, list(words), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH):
        return words[found[0]]
    if len(asked) < MIN_INSIDE:  # an acronym that a label gives, such as LSF
        return next((code for word, code in words.items() if asked in word.split()), None)
    found = process.extractOne(asked, list(words), scorer=fuzz.WRatio, score_cutoff=INSIDE_ENOUGH)
    return words[found[0]] if found else None


def unknown_value(value: object, choices: Mapping[str, str] | Iterable[str]) -> str:
    """Words the refusal of a value that is not in a closed list, with the way to mend it."""
    codes = tuple(choices)
    found = nearest(value, choices)
    if found is not None:
        return f"{quoted(value)} n’existe pas. Vouliez-vous dire « {found} » ?"
    if len(codes) <= MAX_LISTED:
        return f"{quoted(value)} n’existe pas. Choisissez parmi : {', '.join(codes)}."
    return f"{quoted(value)} n’existe pas. Choisissez une valeur de la liste de référence."
