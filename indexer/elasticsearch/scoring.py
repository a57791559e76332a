"""The score as a sum of clauses, one for each part (design section 5), without a script."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.domain.ranking import FRESH_DAYS, STALE_DAYS, besoin_part
from app.domain.texte import FIELD_WEIGHT, Champ, Groupe, Phrase, RequeteTexte
from app.domain.vocabulaire import categorie_of
from indexer.elasticsearch.mapping import TOKENS, Json, written_token
from indexer.elasticsearch.queries import all_of, any_of, best_of, term, terms, worth


def fraicheur(weight: float, today: date) -> Json:
    """Returns the clause of the freshness part; a future date counts as today."""
    linear = {
        "origin": today.toordinal(),
        "offset": FRESH_DAYS,
        "scale": (STALE_DAYS - FRESH_DAYS) / 2,
        "decay": 0.5,
    }
    future = {"range": {"jour": {"gt": today.toordinal()}}}
    return best_of(
        [{"filter": future, "weight": weight}, {"linear": {"jour": linear}, "weight": weight}]
    )


def qualite(weight: float) -> Json:
    """Returns the clause of the quality part."""
    factor = {"field": "qualite", "factor": weight, "missing": 0}
    return {
        "function_score": {
            "functions": [{"field_value_factor": factor}],
            "boost_mode": "replace",
        }
    }


def besoins(weight: float, asked: Mapping[str, int]) -> Json:
    """Returns the clause of the needs: the best one counts; it also finds what answers one."""
    clauses = []
    for besoin, priorite in asked.items():
        same_domain = f"{categorie_of(besoin)}--"
        for filter_, thematique in (
            (answering(besoin), besoin),
            (term("categories", categorie_of(besoin)), same_domain),
        ):
            part = besoin_part((thematique,), {besoin: priorite})
            clauses.append(worth(filter_, weight * part))
    return {"dis_max": {"queries": clauses, "tie_breaker": 0}}


def in_the_domain_of(asked: Iterable[str]) -> Json:
    """Returns what answers one of the needs, or another of the same category."""
    return terms("categories", sorted({categorie_of(besoin) for besoin in asked}))


def answering(besoin: str) -> Json:
    """Returns what answers a need exactly: a thématique, or any of a category."""
    return any_of(term("thematiques", besoin), term("categories", besoin))


def texte(weight: float, requete: RequeteTexte) -> Json:
    """Returns the clause of the text part; it also finds what answers enough groups."""
    exiges, unit = requete.exiges, weight / requete.poids
    clauses = [(g, _group(g, rank, unit * g.poids)) for rank, g in enumerate(requete.groupes)]
    choosing = {
        "bool": {
            "should": [clause for groupe, clause in clauses if groupe in exiges],
            "minimum_should_match": requete.required,
        }
    }
    others = [clause for groupe, clause in clauses if groupe not in exiges]
    return {"bool": {"must": [choosing], "should": others}} if others else choosing


def texte_part(requete: RequeteTexte, matched: Iterable[str]) -> float:
    """Returns the text part of a hit, in [0, 1], from the names of the clauses that it matched."""
    best = dict.fromkeys(range(len(requete.groupes)), 0.0)
    for name in matched:
        rank, _, champ = name.partition(" ")
        best[int(rank)] = max(best[int(rank)], FIELD_WEIGHT[Champ(champ)])
    return sum(g.poids * best[rank] for rank, g in enumerate(requete.groupes)) / requete.poids


def _group(groupe: Groupe, rank: int, weight: float) -> Json:
    """Returns the clause of one group: the best field that has all the tokens of a phrase."""
    phrases = sorted(groupe.phrases)
    clauses = []
    for champ, field_weight in FIELD_WEIGHT.items():
        ways = [_in_field(phrase, champ) for phrase in phrases]
        if champ is Champ.THEMATIQUE and groupe.thematiques:
            ways.append(terms("thematiques", sorted(groupe.thematiques)))
        clause = worth(any_of(*ways), weight * field_weight)
        clause["constant_score"]["_name"] = f"{rank} {champ}"
        clauses.append(clause)
    return {"dis_max": {"queries": clauses, "tie_breaker": 0}}


def _in_field(phrase: Phrase, champ: Champ) -> Json:
    return all_of(*(term(TOKENS[champ], written_token(token)) for token in phrase))


def holding(token: str) -> Json:
    """Returns what holds a token in some field."""
    return any_of(*(term(name, written_token(token)) for name in TOKENS.values()))
