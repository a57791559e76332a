"""Offers of other structures that answer the same need, near the one of a sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.domain.demande import Demande
from app.domain.errors import EngineUnavailable
from app.domain.portee import ModePortee, Portee
from app.domain.territoire import CodeInsee
from app.domain.vocabulaire import ModeAccueil
from app.services.catalogue import Catalogue
from app.services.search import Trouve
from app.web.public.cards import place_of
from app.web.public.documents import Document, read_document, text_of, values_of
from app.web.public.fiche import offre_link
from app.web.public.links import search_url
from app.web.public.typographie import apostrophes, de, distance_fr
from app.web.public.understanding import Link

MAX_SHOWN = 4  # two lines of two: a glance, the results page has the rest
# One search: enough to choose from once the structure's own are out, and still one short read.
ASKED = 10 * MAX_SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Semblable:
    """A line: an offer, who carries it, and where."""

    nom: str
    url: str
    structure: str
    lieu: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Semblables:
    """The lines, and the search that has them all."""

    offres: Sequence[Semblable]
    tous: Link


def semblables_of(document: Document, catalogue: Catalogue) -> Semblables | None:
    """Returns the similar offers; None when there are none, or while the engine is away."""
    demande = demande_of(document, catalogue)
    if demande is None:
        return None
    try:
        found = catalogue.search.search(demande).trouves
    except EngineUnavailable:
        return None
    offres = list(islice(_elsewhere(found, document), MAX_SHOWN))
    if not offres:
        return None
    where = "à distance"
    if demande.code_commune is not None:
        where = f"près {de(catalogue.lieux.label(CodeInsee(demande.code_commune)))}"
    return Semblables(
        offres=offres,
        tous=Link(label=f"Toutes les offres semblables {where}", url=search_url(demande)),
    )


def demande_of(document: Document, catalogue: Catalogue) -> Demande | None:
    """Returns the search of the same needs around the offer's commune, else at a distance."""
    themes = values_of(document, "thematiques")
    code = text_of(document, "code_insee")
    if not themes:
        return None
    if code is None or code not in catalogue.geographie.communes:
        modes = (ModeAccueil.A_DISTANCE.value,)
        return Demande(thematiques=themes, modes_accueil=modes, par_page=ASKED)
    return Demande(thematiques=themes, code_commune=code, par_page=ASKED)


def _elsewhere(found: Sequence[Trouve], document: Document) -> Iterator[Semblable]:
    """Yields one offer for each other structure, then what is left of them; the most alike first.

    What answers the same needs and no other is most alike; equals keep the order of the search.
    """
    documents = [(read_document(trouve.document), trouve.hit.portee) for trouve in found]
    structure_id, needs = document["structure_id"], set(values_of(document, "thematiques"))
    others = [(d, portee) for d, portee in documents if d["structure_id"] != structure_id]
    others.sort(key=lambda pair: _likeness(needs, set(values_of(pair[0], "thematiques"))))
    met: set[str] = set()
    later = []
    for document, portee in others:
        if document["structure_id"] in met:
            later.append((document, portee))
            continue
        met.add(document["structure_id"])
        yield _line(document, portee)
    yield from (_line(document, portee) for document, portee in later)


def _likeness(needs: set[str], others: set[str]) -> float:
    """Returns 0 for the same needs, towards 1 as fewer are common (Jaccard's distance)."""
    return 1 - len(needs & others) / len(needs | others)


def _line(document: Document, portee: Portee) -> Semblable:
    link = offre_link(document)
    lieu, far = place_of(document), _distance(portee)
    return Semblable(
        nom=link.label,
        url=link.url,
        structure=apostrophes(text_of(document.get("structure") or {}, "nom") or ""),
        lieu=f"{lieu}, {far}" if far else lieu,
    )


def _distance(portee: Portee) -> str | None:
    if portee.mode is ModePortee.A_DISTANCE:
        return None  # the place already says so
    if portee.in_own_commune:
        return "même commune"
    return f"à {distance_fr(portee.distance_km)}" if portee.distance_km is not None else None
