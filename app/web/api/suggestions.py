"""Completing what a person types: places and needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, current_app, request
from rapidfuzz import fuzz, process

from app.domain.vocabulaire import Terme, Vocabulaire
from app.web.api.operations import ApiBlueprint, Operation
from app.web.api.parameters import SUGGESTION_PARAMETERS
from app.web.api.rendering import dumped, json_response
from app.web.current import current_catalogue
from schemas.search import read_suggestion
from schemas.suggestions import folded

BESOINS = 8  # what fits under a field without scrolling, as for places
WORD_NEAR_ENOUGH = 75  # of 100: “logment” scores 93 against “logement”, “permi” 91 against “permis”
MIN_MEANING = 3  # letters: “de” or “un” choose no need, unless nothing else is typed
EXTENSION = "eventail-besoins"

suggestions = ApiBlueprint("api-suggestions", "Compléter une saisie.")


@suggestions.get(
    "/suggestions",
    Operation(
        summary="Compléter une saisie",
        description="Les communes dont le nom ou le code postal commence ainsi, et les besoins "
        "(thématiques et catégories) dont le libellé contient ces débuts de mots, sans tenir "
        "compte des accents. Une faute de frappe est rattrapée quand rien ne convient.",
        answer="Suggestions",
        answer_description="Les lieux et les besoins, les meilleurs d’abord.",
        parameters=SUGGESTION_PARAMETERS,
    ),
)
def suggest() -> Response:
    """Answers places and needs for the beginning of a text."""
    catalogue = current_catalogue()
    typed = read_suggestion(request.args, catalogue)
    words = folded(typed).split()
    if not words:
        return json_response(dumped({"lieux": [], "besoins": []}))
    lieux = [{"code": p.code, "libelle": p.libelle} for p in catalogue.lieux.suggest(typed)]
    besoins = [
        {"valeur": terme.valeur, "libelle": terme.libelle}
        for terme in _besoins(catalogue.vocabulaire).matching(words)
    ]
    return json_response(dumped({"lieux": lieux, "besoins": besoins}))


@dataclass(frozen=True, slots=True)
class Besoins:
    """The labels of the needs, ready to be searched by the beginning of their words."""

    labels: Sequence[tuple[list[str], Terme]]
    words: tuple[str, ...]

    def matching(self, typed: Sequence[str]) -> list[Terme]:
        """Returns the needs that have every typed word, whole categories first.

        When none has, each word that no label holds is read as the nearest one.
        """
        telling = [word for word in typed if len(word) >= MIN_MEANING] or list(typed)
        found = self._having(telling)
        if not found:
            found = self._having([self._corrected(word) for word in telling])
        return found[:BESOINS]

    def _having(self, prefixes: Sequence[str]) -> list[Terme]:
        return [
            terme
            for label, terme in self.labels
            if all(any(word.startswith(prefix) for word in label) for prefix in prefixes)
        ]

    def _corrected(self, word: str) -> str:
        if any(known.startswith(word) for known in self.words):
            return word
        near = process.extractOne(
            word, self.words, scorer=fuzz.ratio, score_cutoff=WORD_NEAR_ENOUGH
        )
        return near[0] if near else word


def _besoins(vocabulaire: Vocabulaire) -> Besoins:
    """Returns the needs of the running application, read once."""
    known = current_app.extensions.get(EXTENSION)
    if not isinstance(known, Besoins):
        lists = vocabulaire.referentiels
        labels = [
            (folded(terme.libelle).split(), terme)
            for name in ("categories", "thematiques")
            for terme in lists[name].values()
        ]
        known = Besoins(labels, tuple(sorted({word for label, _ in labels for word in label})))
        current_app.extensions[EXTENSION] = known
    return known
