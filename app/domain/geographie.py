"""Which places exist in France, which zones they make, and what an old code means today.

The smallest places are the communes, except Paris, Lyon and Marseille, whose smallest places are
their arrondissements. A reference to a zone is a canonical string: `84007` (a commune or an
arrondissement), `epci:200035723`, `departement:84`, `region:93`, `france`, or `etranger:99137`,
which nobody in France lives in.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from app.domain.errors import LieuInconnu
from app.domain.territoire import Cercle, CodeInsee, Commune, Point, Zone, bounding_circle

FRANCE = "france"
_PAYS_FRANCE = "99100"  # INSEE's country code of France, used by feeds for a national zone
_BARE_FORMS = (  # design section 3: what a bare code of a feed is, told by its length
    (re.compile(r"99\d{3}\Z", re.ASCII), "etranger"),
    (re.compile(r"\w{5}\Z", re.ASCII), "commune"),
    (re.compile(r"\w{2,3}\Z", re.ASCII), "departement"),
    (re.compile(r"\d{9}\Z", re.ASCII), "epci"),
)


class Geographie:
    """The places of France and their zones; immutable once made, shared by every request."""

    def __init__(
        self,
        communes: Iterable[Commune],
        anciennes: Mapping[str, str],
        noms: Mapping[str, str] | None = None,
    ) -> None:
        """Takes communes, arrondissements (those with a `parent`), and old codes with today's.

        `noms` names the wider zones, by reference.
        """
        self.noms = dict(noms or {})
        self.communes: dict[str, Commune] = {c.code: c for c in communes}
        self._anciennes = dict(anciennes)
        split = {c.parent for c in self.communes.values() if c.parent}
        self.places: tuple[Commune, ...] = tuple(
            c for c in self.communes.values() if c.code not in split
        )
        self._bit: dict[str, int] = {place.code: rank for rank, place in enumerate(self.places)}
        self._members: dict[str, int] = {}
        for place in self.places:
            for ref in self._wider_refs(place):
                self._members[ref] = self._members.get(ref, 0) | 1 << self._bit[place.code]

    @staticmethod
    def _wider_refs(place: Commune) -> tuple[str, ...]:
        refs = [FRANCE, f"departement:{place.departement}", f"region:{place.region}"]
        if place.epci:
            refs.append(f"epci:{place.epci}")
        if place.parent:
            refs.append(place.parent)
        return tuple(refs)

    @cached_property
    def france(self) -> Zone:
        """Every place: what is known of a person of whom nothing is known."""
        return self.zone(FRANCE)

    def resolve_commune(self, code: str) -> CodeInsee:
        """Returns today's commune, or arrondissement, for a current or former code.

        Raises `LieuInconnu` for anything else.
        """
        today = code if code in self.communes else self._anciennes.get(code)
        if today is None:
            raise LieuInconnu(code)
        return CodeInsee(today)

    def canonical_ref(self, ref: str) -> str:
        """Returns the canonical form of a bare or prefixed reference; old codes become today's.

        Raises `LieuInconnu` when the reference names no known place or zone.
        """
        text = ref.strip()
        if text.lower() == FRANCE or text == _PAYS_FRANCE:
            return FRANCE
        kind, colon, code = text.rpartition(":")
        code = code.upper()  # Corsica: 2a is 2A
        form = next((name for form, name in _BARE_FORMS if form.match(code)), "")
        kind = kind if colon else form
        if kind == form == "etranger":
            return f"etranger:{code}"
        if kind == "commune":
            return self.resolve_commune(code)
        canonical = f"{kind}:{code}"
        if canonical not in self._members:
            raise LieuInconnu(ref)
        return canonical

    def zone(self, ref: str) -> Zone:
        """Returns the set of places of a canonical reference; `etranger:…` is empty."""
        if ref in self._bit:
            return Zone(1 << self._bit[ref])
        if ref.startswith("etranger:"):
            return Zone(0)
        try:
            return Zone(self._members[ref])
        except KeyError:
            raise LieuInconnu(ref) from None

    def union(self, refs: Iterable[str]) -> Zone:
        """Returns the union of canonical references: a criterion's codes are judged together."""
        masque = 0
        for ref in refs:
            masque |= self.zone(ref).masque
        return Zone(masque)

    def refs_containing(self, code: CodeInsee) -> frozenset[str]:
        """Every canonical reference whose zone contains the whole of this smallest place."""
        place = self.communes[code]
        return frozenset((code, *self._wider_refs(place)))

    def places_of(self, zone: Zone) -> list[Commune]:
        """Lists the smallest places of a zone."""
        masque, found = zone.masque, []
        while masque:
            low = masque & -masque
            found.append(self.places[low.bit_length() - 1])
            masque ^= low
        return found

    def whole_commune(self, code: str) -> CodeInsee:
        """Returns the commune of a code: an arrondissement reads as its commune.

        Raises `LieuInconnu` for the code of none.
        """
        commune = self.communes.get(CodeInsee(code))
        if commune is None:
            raise LieuInconnu(code)
        return commune.parent or commune.code

    def codes_inside(self, code: str) -> frozenset[CodeInsee]:
        """Returns a commune's code and those of its arrondissements, if it has some."""
        parts = (place.code for place in self.places_of(self.zone(code)))
        return frozenset((CodeInsee(code), *parts))

    def only_commune(self, zone: Zone) -> CodeInsee | None:
        """Returns the commune that holds the whole zone, or None when several are possible."""
        if zone.is_empty:
            return None
        first = self.places[(zone.masque & -zone.masque).bit_length() - 1]
        code = first.parent or first.code
        return code if self.zone(code).masque | zone.masque == self.zone(code).masque else None

    def centre(self, code: str) -> Point:
        """Returns the centre of a commune; an arrondissement has its commune's.

        Raises `LieuInconnu` for the code of none.
        """
        return self.communes[self.whole_commune(code)].point

    def bounding_circle(self, zone: Zone) -> Cercle:
        """Returns the circle around the centres of a zone's communes (not empty)."""
        # A commune in parts weighs once.
        communes = {self.whole_commune(place.code) for place in self.places_of(zone)}
        return bounding_circle([self.communes[code].point for code in sorted(communes)])
