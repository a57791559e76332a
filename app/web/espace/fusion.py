"""Two people change one listing: each keeps what they changed, and one chooses what both did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.edition import Changes

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflit:
    """A field that both changed, each to another value, in the JSON of the schema."""

    champ: str
    leur: Any
    mienne: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """What both say together; `conflits` hold mine until one chooses, `reprises` come from them."""

    record: dict[str, Any]
    conflits: Sequence[Conflit]
    reprises: Sequence[str]


def merged(mine: Record, theirs: Record, changes: Changes) -> Fusion:
    """Returns my record with what others changed meanwhile, given what the listing says now."""
    record, conflits, reprises = dict(mine), [], []
    for champ, (before, _) in changes.items():
        my, their = _said(mine.get(champ)), _said(theirs.get(champ))
        if my == their:
            continue
        if my == _said(before):
            record[champ] = theirs.get(champ)
            reprises.append(champ)
        else:
            conflits.append(Conflit(champ=champ, leur=their, mienne=my))
    return Fusion(record=record, conflits=conflits, reprises=reprises)


def differences(before: Record, after: Record) -> dict[str, tuple[Any, Any]]:
    """Returns what two records say differently, by field."""
    names = dict.fromkeys((*before, *after))
    pairs = {name: (_said(before.get(name)), _said(after.get(name))) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _said(value: Any) -> Any:
    """Returns a value so that all ways of saying nothing are equal."""
    is_silent = value is None or value is False or value in ("", "non") or value in ([], {})
    return None if is_silent else value
