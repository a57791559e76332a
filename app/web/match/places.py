"""The commune that a person lives in, as typed: found, to choose among homonyms, or unknown."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.lieux import LieuSuggere
from app.domain.noms import fold
from app.domain.territoire import CodeInsee
from app.domain.vocabulaire import RESIDENCE
from app.services.catalogue import Catalogue
from app.web.match.answers import Answers
from app.web.public.typographie import apostrophes
from schemas.suggestions import quoted

MAX_PLACES = 8  # homonyms shown: as many as the suggestions of a search


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A commune as typed.

    `choices` are the communes to choose from, the one retained among them; `taken` tells that it
    was retained for the person, who must be able to say no.
    """

    text: str = ""
    code: str = ""
    fault: str = ""
    choices: Sequence[LieuSuggere] = ()
    taken: bool = False


def read_place(answers: Answers, catalogue: Catalogue) -> Place:
    """Returns the commune of the answers.

    Of homonyms, the only one of a territory served is taken: asking everybody in Verdun whether
    they mean another Verdun, 700 km away, would be asking for nothing.
    """
    text = answers.faits.get(RESIDENCE, "")
    if not text:
        return Place()
    lieux = catalogue.lieux
    name = text.partition("(")[0].strip()
    homonyms = lieux.homonyms(text) or lieux.homonyms(name)
    found = _meant(homonyms, answers, text, name)
    taken = False
    if len(found) > 1:
        served = [place for place in found if _is_served(place, catalogue)]
        taken = len(served) == 1
        found = served if taken else found
    if len(found) == 1:
        (place,) = found
        choices = _shown(place, homonyms) if len(homonyms) > 1 else ()
        return Place(text=place.libelle, code=place.code, choices=choices, taken=taken)
    if found:
        message = f"Plusieurs communes répondent à {quoted(text[:60])}\u00a0: choisissez la bonne."
        return Place(text=text, fault=message, choices=found[:MAX_PLACES])
    if (code := lieux.commune_of_address(text)) is not None:
        return Place(text=lieux.label(CodeInsee(code)), code=code)
    message = f"Nous ne trouvons pas la commune {quoted(text[:60])}. Essayez son code postal."
    return Place(text=text, fault=message, choices=lieux.nearest(text))


def _meant(
    homonyms: list[LieuSuggere], answers: Answers, text: str, name: str
) -> list[LieuSuggere]:
    """Returns what may be meant: a choice just made, else the label written, else what was kept."""
    chosen = [place for place in homonyms if place.code == answers.code_commune]
    labelled = [place for place in homonyms if fold(place.libelle) == fold(text)]
    if chosen and (answers.commune_changee or name == text or chosen[0] in labelled):
        return chosen
    return (labelled if name != text else []) or chosen or homonyms


def _shown(kept: LieuSuggere, homonyms: list[LieuSuggere]) -> list[LieuSuggere]:
    others = [place for place in homonyms if place != kept]
    return [kept, *others[: MAX_PLACES - 1]]


def _is_served(place: LieuSuggere, catalogue: Catalogue) -> bool:
    zone = catalogue.geographie.zone(place.code)
    return any(
        not (catalogue.geographie.union(territoire.zone) & zone).is_empty
        for territoire in catalogue.territoires
    )


def with_departement(code: str, libelle: str, catalogue: Catalogue) -> str:
    """Returns a commune with its département, since few know homonyms by their postal code."""
    geographie = catalogue.geographie
    nom = geographie.noms.get(f"departement:{geographie.communes[CodeInsee(code)].departement}")
    return f"{libelle}, {apostrophes(nom)}" if nom else libelle
