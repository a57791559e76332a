"""Runs the judged situations on the shipped catalogue and measures the answers.

For each situation, and over all of them:
  nDCG@10          order of what is shown, gains 2^relevance - 1; a key counts once, at its first
                   rank, and its other offers take no rank; an offer that nobody judged takes a
                   rank and gains nothing. `ndcg_juges` is the same without the latter
  recall           of the keys judged accessible and useful, those shown on some page; and the
                   same of all useful keys that are not closed
  wrong verdicts   accessible where the judgement is not, non_accessible where the judgement is not
  too cautious     a_verifier where the judgement is accessible: one call too many, no wrong answer
  too open         a_verifier where the judgement is non_accessible: one proposal too many

Everything is measured on one day, since fresher listings rank higher.
"""

from dataclasses import dataclass
from pathlib import Path

from app.config import Settings
from app.domain.demande import DemandeMatch
from app.domain.matching import MatchCriteria, Solution
from app.domain.verdict import Verdict
from app.factory import create_app
from schemas.base import ReadingContext
from schemas.matching import read_match
from tests.relevance.day import DAY, CompositionOfTheDay
from tests.relevance.ndcg import RANKS, ndcg
from tests.relevance.vignettes import USEFUL, Vignette

PAR_PAGE = 100
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True, kw_only=True)
class Ecart:
    """A verdict of the program that differs from the judgement."""

    vignette: str
    cle: str
    attendu: Verdict
    rendu: Verdict


@dataclass(frozen=True, kw_only=True)
class Mesure:
    """The figures of one situation."""

    vignette: Vignette
    ids: tuple[str, ...]
    total: int
    verdicts: dict[str, Verdict]
    ndcg_juges: float
    ndcg: float
    accessibles_manquees: tuple[str, ...]
    utiles_manquees: tuple[str, ...]
    non_jugees: tuple[str, ...]

    @property
    def ecarts(self) -> tuple[Ecart, ...]:
        """Every verdict that differs from the judgement."""
        return tuple(
            Ecart(vignette=self.vignette.id, cle=j.cle, attendu=j.verdict, rendu=rendu)
            for j in self.vignette.jugements
            if (rendu := self.verdicts[j.cle]) is not j.verdict
        )

    @property
    def faux_accessibles(self) -> tuple[Ecart, ...]:
        """We say open, the caseworker does not."""
        return tuple(e for e in self.ecarts if e.rendu is Verdict.ACCESSIBLE)

    @property
    def faux_non_accessibles(self) -> tuple[Ecart, ...]:
        """We say closed, the caseworker does not."""
        return tuple(e for e in self.ecarts if e.rendu is Verdict.NON_ACCESSIBLE)

    @property
    def trop_ouverts(self) -> tuple[Ecart, ...]:
        """We say to be checked, the caseworker says closed."""
        return tuple(e for e in self.ecarts if e.attendu is Verdict.NON_ACCESSIBLE)

    @property
    def trop_prudents(self) -> tuple[Ecart, ...]:
        """We say to be checked, the caseworker says open."""
        return tuple(
            e
            for e in self.ecarts
            if e.attendu is Verdict.ACCESSIBLE and e.rendu is Verdict.A_VERIFIER
        )


class Evaluation:
    """The shipped catalogue in a folder, and the match as the API runs it."""

    def __init__(self, data_dir: Path) -> None:
        variables = {"EVENTAIL_DATA_DIR": str(data_dir), "GEOCODER_URL": NOWHERE}
        self.composition = CompositionOfTheDay(Settings.from_environ(variables))
        self.offres = {
            str(i.offre.id): i.offre
            for batch in self.composition.catalogue_reader.published()
            for i in batch
        }

    @classmethod
    def seeded(cls, data_dir: Path) -> "Evaluation":
        """Returns the evaluation on a new site; raises `RuntimeError` when it cannot be made."""
        variables = {"EVENTAIL_DATA_DIR": str(data_dir), "GEOCODER_URL": NOWHERE}
        app = create_app(Settings.from_environ(variables))
        result = app.test_cli_runner().invoke(args=["seed", "demo"])
        if result.exit_code:
            raise RuntimeError(result.output)
        return cls(data_dir)

    def demande(self, vignette: Vignette, **changes: object) -> DemandeMatch:
        """Returns the match of a situation, read as the API reads it."""
        context = ReadingContext(
            vocabulaire=self.composition.vocabulaire,
            geographie=self.composition.geographie,
            today=self.composition.clock.today(),
        )
        return read_match({"date": DAY, **vignette.match, **changes}, context)

    def criteria(self, vignette: Vignette, **changes: object) -> MatchCriteria:
        """Returns what the engine and the reference are asked for a situation."""
        return self.composition.matching.criteria(self.demande(vignette, **changes))

    def solutions(self, vignette: Vignette, **changes: object) -> tuple[list[Solution], int]:
        """Returns every solution, page after page, and the total that is announced."""
        found: list[Solution] = []
        page, total = 1, 1
        while (page - 1) * PAR_PAGE < total:
            demande = self.demande(vignette, **changes, page=page, par_page=PAR_PAGE)
            answer = self.composition.matching.match(demande).page
            found += answer.solutions
            total = answer.total
            page += 1
        return found, total

    def judged_ids(self, vignette: Vignette) -> dict[str, list[str]]:
        """Returns the offers of each judged key."""
        by_key: dict[str, list[str]] = {j.cle: [] for j in vignette.jugements}
        for ident in self.offres:
            if jugement := vignette.jugement_of(ident):
                by_key[jugement.cle].append(ident)
        return by_key

    def measure(self, vignette: Vignette) -> Mesure:
        """Returns the figures of one situation."""
        shown, total = self.solutions(vignette)
        ids = tuple(str(s.offre_id) for s in shown)
        keys = [j if (j := vignette.jugement_of(ident)) else None for ident in ids]
        reached = {j.cle for j in keys if j}
        useful = [j for j in vignette.jugements if j.pertinence >= USEFUL and j.cle not in reached]
        return Mesure(
            vignette=vignette,
            ids=ids,
            total=total,
            verdicts=self.verdicts(vignette),
            ndcg_juges=ndcg([j for j in keys if j], vignette.jugements),
            ndcg=ndcg(keys, vignette.jugements),
            accessibles_manquees=tuple(j.cle for j in useful if j.verdict is Verdict.ACCESSIBLE),
            utiles_manquees=tuple(j.cle for j in useful),
            non_jugees=tuple(
                i for i, j in zip(ids[: 3 * RANKS], keys[: 3 * RANKS], strict=True) if j is None
            ),
        )

    def verdicts(self, vignette: Vignette) -> dict[str, Verdict]:
        """Returns the verdict of each judged key: that of its most open offer."""
        by_key = self.judged_ids(vignette)
        asked = [ident for idents in by_key.values() for ident in idents]
        judged, _total = self.solutions(
            vignette, offres=asked, verdicts=[verdict.mot for verdict in Verdict]
        )
        by_id = {str(s.offre_id): s.jugement.verdict for s in judged}
        return {cle: max(by_id[i] for i in idents) for cle, idents in by_key.items() if idents}
