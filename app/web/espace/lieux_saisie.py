"""Places typed by their names or codes, one a line, and said back the same way."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.errors import LieuInconnu
from app.domain.geographie import FRANCE, Geographie
from app.domain.noms import name_key
from app.domain.territoire import Commune

_NAMED = re.compile(r"(?P<nom>.*?)\s*\((?P<code>[0-9AB]{2,9})\)")
_KIND = re.compile(r"^(?:CC|CA|CU|Métropole) ")
_INITIALS = re.compile(r"\s*\([^)]*\)")
KINDS = {"departement": "département", "region": "région", "epci": "intercommunalité"}


@dataclass(frozen=True)
class LieuxSaisis:
    """Reads and writes places. `proches` are départements whose communes win over homonyms."""

    geographie: Geographie
    proches: frozenset[str]

    def refs(self, text: str) -> list[str]:
        """Returns the references of a text, line by line; what is no place stays as typed."""
        return [self._ref(line.strip()) for line in text.splitlines() if line.strip()]

    def text(self, refs: Iterable[str]) -> str:
        """Returns places as they are typed, one a line."""
        return "\n".join(map(self.label, refs))

    def label(self, ref: str) -> str:
        """Returns the name of a place with its code, so that homonyms stay apart."""
        if ref == FRANCE:
            return "France entière"
        kind, _, code = ref.rpartition(":")
        if not kind and ref in self.geographie.communes:
            return f"{self.geographie.communes[ref].nom} ({ref})"
        nom = self.geographie.noms.get(ref)
        return f"{nom}, {KINDS[kind]} ({code})" if nom and kind in KINDS else ref

    def _ref(self, typed: str) -> str:
        found = _NAMED.fullmatch(typed)
        if found:
            return self._named(found["nom"], found["code"]) or typed
        return self._known(typed) or self._by_name.get(name_key(typed), typed)

    def _known(self, ref: str) -> str | None:
        try:
            return self.geographie.canonical_ref(ref)
        except LieuInconnu:
            return None

    def _named(self, nom: str, code: str) -> str | None:
        """Returns the place of a name followed by a code, which tells it from its homonyms.

        The code is the place's own, or, as French writes it, a postal code or the number of a
        département. A code of somewhere else never wins over the name.
        """
        for kind, kind_name in KINDS.items():
            if nom.endswith(f", {kind_name}"):
                return self._known(f"{kind}:{code}")
        if not nom:
            return self._known(code)
        homonyms = self._of_name.get(name_key(nom), ())
        own = self._known(code)
        found = (
            [place for place in homonyms if place.code == own]
            or [place for place in homonyms if code in place.codes_postaux]
            or [place for place in homonyms if place.departement == code]
        )
        return found[0].code if found else None

    def homonym(self, nom: str, code_postal: str) -> str | None:
        """Returns the commune of a name that has this postal code."""
        homonyms = self._of_name.get(name_key(nom), ())
        return next((place.code for place in homonyms if code_postal in place.codes_postaux), None)

    @cached_property
    def _of_name(self) -> Mapping[str, Sequence[Commune]]:
        found: dict[str, list[Commune]] = {}
        for commune in self.geographie.communes.values():
            found.setdefault(name_key(commune.nom), []).append(commune)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        """Places by name: communes nearby win, then wider zones, then the largest communes."""
        communes = sorted(self.geographie.communes.values(), key=lambda place: place.population)
        far = [place for place in communes if place.departement not in self.proches]
        near = [place for place in communes if place.departement in self.proches]
        names: dict[str, str] = {name_key(place.nom): place.code for place in far}
        for ref, nom in self.geographie.noms.items():
            if ":" in ref:
                names |= {name_key(written): ref for written in (nom, _short(nom))}
        names |= {name_key(place.nom): place.code for place in near}
        return names | {"france": FRANCE, "france entiere": FRANCE}


def _short(nom: str) -> str:
    """Returns the name of an intercommunalité as it is said: without its kind nor its initials."""
    return _KIND.sub("", _INITIALS.sub("", nom))
