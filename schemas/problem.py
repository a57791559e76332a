"""What went wrong, as RFC 9457 writes it: one shape for every error of the API."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MEDIA_TYPE = "application/problem+json"
MAX_ERREURS = 30  # enough to mend a request, not enough to echo a hostile one
MAX_CHAMP = 80  # characters: a parameter's name is recalled, never reproduced


@dataclass(frozen=True, slots=True, kw_only=True)
class Erreur:
    """One fault: the field or parameter, and what to do."""

    champ: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An error for a reader: what happened, and what to do."""

    type: str
    title: str
    status: int
    detail: str
    erreurs: tuple[Erreur, ...] = ()


def problem_json(problem: Problem) -> str:
    """Returns the document of an error; `erreurs` is always there, often empty."""
    return json.dumps(
        {
            "type": problem.type,
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
            "erreurs": [{"champ": e.champ, "message": e.message} for e in problem.erreurs],
        },
        ensure_ascii=False,
    )


def erreurs_of(messages: object) -> tuple[Erreur, ...]:
    """Flattens marshmallow's nested messages; the name of a nested field is a dotted path.

    >>> erreurs_of({"mobilite": {"rayon_km": ["Trop loin."]}})
    (Erreur(champ='mobilite.rayon_km', message='Trop loin.'),)
    """
    return tuple(_flat(messages, ""))[:MAX_ERREURS]


def _flat(messages: object, champ: str) -> Iterator[Erreur]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            own = "" if name == "_schema" else _shortened(str(name))
            yield from _flat(inner, ".".join(filter(None, (champ, own))))
    elif isinstance(messages, list | tuple):
        for inner in messages:
            yield from _flat(inner, champ)
    else:
        yield Erreur(champ=champ, message=str(messages))


def _shortened(name: str) -> str:
    return name if len(name) <= MAX_CHAMP else name[: MAX_CHAMP - 1] + "…"
