"""Writes the answer of a match as text; sheets are copied as they were rendered."""

from app.domain.explanation import CritereExplique, Explication
from app.domain.matching import MatchPage
from app.domain.ranking import ScoreDetail
from app.domain.verdict import Verdict
from app.services.matching import Propositions, SolutionExpliquee
from app.web.api.rendering import DISTANCE_DECIMALS, dumped

SCORE_DECIMALS = 6
MAX_QUESTIONS = 20  # nobody asks more in one talk; the first ones settle the most


def rendered_match(propositions: Propositions) -> str:
    """Returns the answer of a match."""
    page = propositions.page
    fields = dumped(
        {
            "total": page.total,
            "page": propositions.demande.page,
            "par_page": propositions.demande.par_page,
            "rayon_km": propositions.rayon_km,
            "par_verdict": {verdict.mot: page.par_verdict[verdict] for verdict in Verdict},
            "hors_portee": {
                "total": page.hors_portee.total,
                "plus_proche_km": _km(page.hors_portee.plus_proche_km),
            },
            "par_besoin": [
                {"thematique": b.besoin, "total": b.total, "premiers": list(b.premiers)}
                for b in page.par_besoin
            ],
            "questions": _questions(propositions, page),
            "inconnues": list(page.inconnues),
        }
    )
    solutions = ",".join(map(_solution, propositions.solutions))
    return f'{fields[:-1]},"solutions":[{solutions}]}}'


def _questions(propositions: Propositions, page: MatchPage) -> list[dict[str, object]]:
    wording = propositions.explainer.wording
    return [
        {
            "fait": question.fait,
            "valeur": question.valeur,
            "question": wording.question(question.fait, question.valeur),
            "offres_tranchees": question.offres_tranchees,
        }
        for question in page.questions[:MAX_QUESTIONS]
    ]


def _solution(expliquee: SolutionExpliquee) -> str:
    solution, explication = expliquee.solution, expliquee.explication
    fields = dumped(
        {
            "score": solution.score,
            "score_detail": _detail(solution.detail),
            "verdict": solution.jugement.verdict.mot,
            "causes": list(solution.jugement.causes.mots),
            "portee": {
                "mode": solution.portee.mode,
                "distance_km": _km(solution.portee.distance_km),
            },
            "besoins": list(solution.besoins),
            "criteres": [_critere(critere) for critere in explication.criteres],
            "obstacles": [_critere(critere) for critere in explication.obstacles],
            **_rest(explication),
        }
    )
    return f'{{"offre":{expliquee.listed.document},{fields[1:]}'


def _detail(detail: ScoreDetail) -> dict[str, float]:
    return {
        name: round(getattr(detail, name), SCORE_DECIMALS)
        for name in ScoreDetail.__dataclass_fields__
    }


def _rest(explication: Explication) -> dict[str, object]:
    horizon = explication.horizon
    return {
        "prioritaire": explication.prioritaire.mot if explication.prioritaire is not None else None,
        "horizon": {"date": horizon.iso, "verdict": Verdict(horizon.valeur).mot}
        if horizon
        else None,
        "deblocage": [
            {"fait": d.fait, "valeur": d.valeur, "libelle": d.libelle, "offres": list(d.offres)}
            for d in explication.deblocage
        ],
    }


def _critere(critere: CritereExplique) -> dict[str, object]:
    causes = critere.jugement.causes.mots
    return {
        "fait": critere.fait,
        "attendu": critere.attendu,
        "connu": critere.connu,
        "verdict": critere.jugement.valeur.mot,
        "cause": causes[0] if causes else None,
        "phrase": critere.phrase,
        "choix": [_critere(choix) for choix in critere.choix],
    }


def _km(distance: float | None) -> float | None:
    return None if distance is None else round(distance, DISTANCE_DECIMALS)
