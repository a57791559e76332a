"""Reads the parameters of a search, from the API or from a page, into what the domain asks.

Every rule on a parameter is written here once. The API is strict: an unknown or empty parameter is
a fault, since a filter silently ignored gives wrong answers. Pages are lenient where a form or a
link adds noise of its own: empty fields, campaign parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast

from marshmallow import ValidationError, post_load, validates_schema
from werkzeug.datastructures import MultiDict

from app.domain.demande import Demande
from app.domain.geographie import Geographie
from app.domain.portee import RADIUS_MAX_KM, RADIUS_MIN_KM
from app.domain.search import WINDOW, Tri
from app.domain.territoire import Bassin, Territoire
from app.domain.vocabulaire import Vocabulaire
from schemas.fields import Identifiant, Texte
from schemas.parametres import (
    CodeCommune,
    Departement,
    Known,
    KnownList,
    MomentLocal,
    OuiNon,
    ParametersSchema,
    SmallEntier,
)
from schemas.reading import is_blank
from schemas.scalars import Entier, Nombre
from schemas.suggestions import nearest

MAX_Q = 300  # characters: three lines of text; beyond, it is no longer a search
MAX_LIEU = 200  # characters: the longest French addresses have about 120
MAX_PAR_PAGE = 100  # design section 7
PAR_WIDGET = 5  # compact cards that a small frame of another site shows without much scrolling
MAX_WIDGET = 10  # beyond, the full site serves better: filters, pages
PAR_PAGE = Demande().par_page
PAR_PAGE_SHOWN = 10  # on screen: a third of the field's searches drown their users in results
RADIUS_RANGE = f"écrivez un rayon de {RADIUS_MIN_KM} à {RADIUS_MAX_KM} km"
EMPTY = "Ce paramètre est vide : donnez-lui une valeur ou retirez-le."
REPEATED = "Ce paramètre est répété : gardez une seule valeur."
TOO_DEEP = (
    f"Cette page est trop loin : « page » × « par_page » va jusqu’à {WINDOW:,}. Affinez la "
    "recherche ; pour tout lire, utilisez l’export du catalogue."
).replace(",", "\u202f")


class Reference(Protocol):
    """The words and places that parameters are checked against; a `Catalogue` is one."""

    @property
    def vocabulaire(self) -> Vocabulaire:
        """The lists of values."""
        ...

    @property
    def geographie(self) -> Geographie:
        """The places."""
        ...

    @property
    def bassins(self) -> Mapping[str, Bassin]:
        """The configured basins, by slug."""
        ...

    @property
    def territoires(self) -> Sequence[Territoire]:
        """The territories served."""
        ...


class PagedSchema(ParametersSchema):
    """The part that chooses a page of a list, no deeper than the window."""

    page = Entier(low=1)
    par_page = SmallEntier(low=1, high=MAX_PAR_PAGE)

    @validates_schema(skip_on_field_errors=False)
    def check_window(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuses what lies beyond the window."""
        if data.get("page", 1) * data.get("par_page", PAR_PAGE) > WINDOW:
            raise ValidationError(TOO_DEEP, "page")


class DemandeSchema(PagedSchema):
    """Reads the parameters of a search; unknown ones are faults."""

    q = Texte(high=MAX_Q)
    code_commune = CodeCommune()
    lat = Nombre(low=-90, high=90, range_text="écrivez une latitude de −90 à 90")
    lon = Nombre(low=-180, high=180, range_text="écrivez une longitude de −180 à 180")
    rayon_km = Nombre(low=RADIUS_MIN_KM, high=RADIUS_MAX_KM, range_text=RADIUS_RANGE)
    thematiques = KnownList("besoins")
    publics = KnownList("publics")
    types = KnownList("types-services")
    frais = KnownList("frais")
    modes_accueil = KnownList("modes-accueil")
    structure_id = Identifiant()
    bassin = Known("bassins")
    ouvert_le = MomentLocal()
    inclure_non_precises = OuiNon()
    tri = Known("tri")

    @validates_schema(skip_on_field_errors=True)
    def check_point(self, data: dict[str, Any], **_options: Any) -> None:
        """Refuses half a position."""
        for name, other in (("lat", "lon"), ("lon", "lat")):
            if name in data and other not in data:
                raise ValidationError(
                    f"« lat » et « lon » vont ensemble : ajoutez « {other} », ou "
                    f"retirez « {name} ».",
                    other,
                )

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Demande:
        """Returns the domain value."""
        if "tri" in data:
            data["tri"] = Tri(data["tri"])
        return Demande(**{name: value for name, value in data.items() if value is not None})


class PageDemandeSchema(DemandeSchema):
    """Reads the parameters of a results page, which says places and moments as people do."""

    lieu = Texte(high=MAX_LIEU)
    territoire = Known("territoires")
    moment = Known("moments")
    tel_quel = OuiNon()


class WidgetSchema(ParametersSchema):
    """Reads what another site shows of the search, and what its visitor typed there."""

    q = Texte(high=MAX_Q)
    lieu = Texte(high=MAX_LIEU)
    territoire = Known("territoires")
    thematiques = KnownList("besoins")
    limite = SmallEntier(low=1, high=MAX_WIDGET)

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> Demande:
        """Returns the domain value; silence is left to its defaults."""
        data["par_page"] = data.pop("limite", None) or PAR_WIDGET
        return Demande(**{name: value for name, value in data.items() if value is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandeStructures:
    """A page of the structures of a place; None asks nothing."""

    code_commune: str | None = None
    departement: str | None = None
    page: int = 1
    par_page: int = PAR_PAGE


class StructuresSchema(PagedSchema):
    """Reads the parameters of the list of structures."""

    code_commune = CodeCommune()
    departement = Departement()

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> DemandeStructures:
        """Returns the value."""
        return DemandeStructures(**data)


class SuggestionSchema(ParametersSchema):
    """Reads the beginning of a place or of a need."""

    q = Texte(high=MAX_LIEU)

    @post_load
    def make(self, data: dict[str, Any], **_options: Any) -> str:
        """Returns the text, empty when nothing is typed yet."""
        return data.get("q") or ""


def read_demande(args: MultiDict[str, str], catalogue: Reference) -> Demande:
    """Returns the search that an API request asks. Raises `ValidationError`, by parameter."""
    return cast("Demande", _read_strictly(DemandeSchema, args, catalogue))


def read_structures(args: MultiDict[str, str], catalogue: Reference) -> DemandeStructures:
    """Returns which structures are asked. Raises `ValidationError`, by parameter."""
    return cast("DemandeStructures", _read_strictly(StructuresSchema, args, catalogue))


def read_suggestion(args: MultiDict[str, str], catalogue: Reference) -> str:
    """Returns the text to complete. Raises `ValidationError`, by parameter."""
    return cast("str", _read_strictly(SuggestionSchema, args, catalogue))


def read_page_demande(args: MultiDict[str, str], catalogue: Reference) -> Demande:
    """Returns the search that a page asks; empty and foreign parameters count for nothing.

    A page shows few offers at a time, whatever the address says.

    Raises `ValidationError`, by parameter.
    """
    schema = _schema_of(PageDemandeSchema, catalogue)
    said = {
        name: [value for value in values if not is_blank(value)]
        for name, values in args.lists()
        if name in schema.fields and name != "par_page"
    }
    given = {name: values for name, values in said.items() if values}
    return cast("Demande", _load(schema, {**given, "par_page": [str(PAR_PAGE_SHOWN)]}))


def read_widget(args: MultiDict[str, str], catalogue: Reference) -> Demande:
    """Returns the search of a frame. Raises `ValidationError`, by parameter.

    A parameter that looks like one of ours is a misspelt limit, and a fault: ignored, the frame
    would show what its site did not want. Others (campaigns, caches) count for nothing.
    """
    schema = _schema_of(WidgetSchema, catalogue)
    near = MultiDict(
        (name, value)
        for name, value in args.items(multi=True)
        if not is_blank(value) and nearest(name, list(schema.fields)) is not None
    )
    return cast("Demande", _load(schema, dict(near.lists())))


def _read_strictly(
    kind: type[ParametersSchema], args: MultiDict[str, str], catalogue: Reference
) -> object:
    return _load(_schema_of(kind, catalogue), dict(args.lists()))


def _schema_of(kind: type[ParametersSchema], catalogue: Reference) -> ParametersSchema:
    """Returns the schema of today: territories add, name and remove basins."""
    bassins = ((one.slug, one.nom) for one in catalogue.bassins.values())
    territoires = ((one.slug, one.nom) for one in catalogue.territoires)
    return _schema(kind, _SameObject(catalogue), (*bassins, *territoires))


def _load(schema: ParametersSchema, given: Mapping[str, list[str]]) -> object:
    """Reads the values of each parameter, and reports every fault at once."""
    data: dict[str, object] = {}
    faults: dict[str, list[str]] = {}
    for name, values in given.items():
        if len(values) > 1 and name in schema.fields and name not in schema.lists:
            faults[name] = [REPEATED]
        elif name != "q" and name in schema.fields and any(map(is_blank, values)):
            faults[name] = [EMPTY]
        else:
            data[name] = values if name in schema.lists else values[0]
    try:
        loaded: object = schema.load(data)
    except ValidationError as error:
        raise ValidationError({**cast("dict[str, object]", error.messages), **faults}) from None
    if faults:
        raise ValidationError(faults)
    return loaded


@dataclass(frozen=True, slots=True, eq=False)
class _SameObject:
    """A key that is equal to another for the very same object only."""

    value: Reference

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameObject) and other.value is self.value


@lru_cache(maxsize=16)  # a process has one catalogue, a test suite a few
def _schema(
    kind: type[ParametersSchema], catalogue: _SameObject, _names: tuple[tuple[str, str], ...]
) -> ParametersSchema:
    reference = catalogue.value
    return kind(
        reference.vocabulaire, reference.geographie, reference.bassins, reference.territoires
    )
