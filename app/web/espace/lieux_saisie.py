"""Places typed by their names or codes, one a line, and said back the same way."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.domain.errors import LieuInconnu
from app.domain.geographie import FRANCE, Geographie
from app.domain.noms import name_key

_CODE = re.compile(r"\(([0-9AB]{2,9})\)\s*$")
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
        found = _CODE.search(typed)
        if found:
            code = found[1]
            wider = next((kind for kind, name in KINDS.items() if f", {name} (" in typed), None)
            typed = f"{wider}:{code}" if wider else code
        try:
            return self.geographie.canonical_ref(typed)
        except LieuInconnu:
            key = name_key(typed)
            return self._by_name.get(key, typed)

    def homonym(self, nom: str, code_postal: str) -> str | None:
        """Returns the commune of a name that has this postal code."""
        key = name_key(nom)
        return next(
            (
                commune.code
                for commune in self.geographie.communes.values()
                if code_postal in commune.codes_postaux and name_key(commune.nom) == key
            ),
            None,
        )

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
