"""Words every fault of an eligibility tree in French, saying how to mend it.

The domain reports faults as data (`app.domain.errors.Probleme`); here they become sentences for the
person who describes an offer.
"""

from collections.abc import Callable, Mapping

from app.domain.errors import Probleme
from app.domain.vocabulaire import Fait, Nature
from schemas.suggestions import MAX_LISTED, nearest, quoted

MAX_FAULTS = 20  # worded for one tree: enough to mend it, not enough to flood a report

_NOEUD = (
    "Ce n’est pas une condition : écrivez un fait (« fait »), ou un seul de « toutes », "
    "« une_parmi » et « sauf »."
)
_CLES = {
    Nature.NOMBRE: "« min », « max », « min_exclu » ou « max_exclu »",
    Nature.ECHELON: "« min », « max », « min_exclu », « max_exclu » ou « parmi »",
    Nature.CHOIX: "« parmi »",
    Nature.ENSEMBLE: "« parmi »",
    Nature.LIEU: "« parmi »",
}
_Worder = Callable[[Mapping[str, str], Mapping[str, Fait]], str]


def word_probleme(probleme: Probleme, faits: Mapping[str, Fait]) -> str:
    """Returns the sentence of a fault, with the nearest known fact or value."""
    worder = _WORDERS.get(probleme.motif)
    if worder is None:
        return "Cette partie n’est pas lisible : corrigez-la ou retirez-la."
    return worder(probleme.details, faits)


def word_problemes(
    problemes: tuple[Probleme, ...], faits: Mapping[str, Fait]
) -> dict[str, list[str]]:
    """Returns the sentences of the first faults, by path."""
    worded: dict[str, list[str]] = {}
    for probleme in problemes[:MAX_FAULTS]:
        worded.setdefault(probleme.chemin, []).append(word_probleme(probleme, faits))
    return worded


def _fait(details: Mapping[str, str], faits: Mapping[str, Fait]) -> Fait | None:
    return faits.get(details.get("fait", ""))


def _trop_de_feuilles(details: Mapping[str, str], _faits: Mapping[str, Fait]) -> str:
    return (
        f"L’arbre d’éligibilité compte {_grouped(details['nombre'])} conditions ; "
        f"{_grouped(details['limite'])} au plus. Regroupez les valeurs d’un même fait dans une "
        "seule condition « parmi »."
    )


def _trop_profond(details: Mapping[str, str], _faits: Mapping[str, Fait]) -> str:
    return (
        f"L’arbre d’éligibilité a plus de {details['limite']} niveaux. Réunissez les « toutes » "
        "placés dans un « toutes », et les « une_parmi » placés dans un « une_parmi »."
    )


def _fait_inconnu(details: Mapping[str, str], faits: Mapping[str, Fait]) -> str:
    valeur = details["valeur"]
    found = nearest(valeur, {cle: fait.libelle for cle, fait in faits.items()})
    if found is not None:
        return f"Le fait {quoted(valeur)} n’existe pas. Vouliez-vous dire « {found} » ?"
    return f"Le fait {quoted(valeur)} n’existe pas. Choisissez un fait du vocabulaire."


def _valeur_inconnue(details: Mapping[str, str], faits: Mapping[str, Fait]) -> str:
    valeur, fait = details["valeur"], _fait(details, faits)
    if fait is None or not fait.valeurs:
        return f"{quoted(valeur)} n’est pas une valeur possible : écrivez un code."
    start = f"{quoted(valeur)} n’est pas une valeur de « {fait.cle} »."
    found = nearest(valeur, {v: fait.libelles.get(v, "") for v in fait.valeurs})
    if found is not None:
        return f"{start} Vouliez-vous dire « {found} » ?"
    if len(fait.valeurs) <= MAX_LISTED:
        return f"{start} Choisissez parmi : {', '.join(fait.valeurs)}."
    return f"{start} Choisissez une de ses valeurs dans le vocabulaire."


def _cle_refusee(details: Mapping[str, str], faits: Mapping[str, Fait]) -> str:
    fait = _fait(details, faits)
    start = f"{quoted(details['cle'])} ne s’emploie pas avec « {details['fait']} »"
    return f"{start} : écrivez {_CLES[fait.nature]}." if fait else f"{start} : retirez cette clé."


def _condition_absente(details: Mapping[str, str], faits: Mapping[str, Fait]) -> str:
    fait = _fait(details, faits)
    start = f"La condition sur « {details['fait']} » ne dit rien"
    return f"{start} : ajoutez {_CLES[fait.nature]}." if fait else f"{start} : complétez-la."


def _borne_en_double(details: Mapping[str, str], _faits: Mapping[str, Fait]) -> str:
    cle = details["cle"]
    return f"« {cle} » et « {cle}_exclu » disent deux fois la même borne : gardez l’une des deux."


def _nombre_attendu(details: Mapping[str, str], _faits: Mapping[str, Fait]) -> str:
    return f"{quoted(details['valeur'])} n’est pas un nombre : écrivez-le en chiffres."


def _lieu_inconnu(details: Mapping[str, str], _faits: Mapping[str, Fait]) -> str:
    return (
        f"{quoted(details['valeur'])} n’est pas un lieu connu. Écrivez un code INSEE de commune, "
        "« departement:84 », « region:93 », « epci: » suivi de 9 chiffres, ou « france »."
    )


def _hors_bornes(details: Mapping[str, str], _faits: Mapping[str, Fait]) -> str:
    low, high = details["min"], details["max"]
    expected = f"entre {low} et {high}" if low and high else f"d’au moins {low}" if low else ""
    return f"{quoted(details['valeur'])} n’est pas plausible : écrivez un nombre {expected}."


def _plus_long_que_la_vie(details: Mapping[str, str], faits: Mapping[str, Fait]) -> str:
    fait = _fait(details, faits)
    libelle = fait.libelle if fait else details["fait"]
    return (
        f"« {libelle} » dure plus longtemps que l’âge ne le permet : corrigez l’âge ou cette durée."
    )


def _always(sentence: str) -> _Worder:
    return lambda _details, _faits: sentence


def _grouped(number: str) -> str:
    return f"{int(number):,}".replace(",", " ")


_WORDERS: Mapping[str, _Worder] = {
    "choix_attendu": _always(
        "Une valeur est attendue, ou {« parmi » : [valeurs encore possibles]} quand on hésite."
    ),
    "date_attendue": _always(
        "Une date est attendue : écrivez une année, un mois ou un jour, comme 2002-05."
    ),
    "date_future": _always("Cette date est dans le futur : écrivez une date passée."),
    "date_refusee": _always(
        "Ce fait ne se donne pas par une date : écrivez sa valeur, ou une seule date."
    ),
    "ensemble_attendu": _always(
        "Un objet est attendu : écrivez chaque valeur avec true, false ou null."
    ),
    "entier_attendu": _always("Un nombre entier est attendu : retirez la virgule."),
    "hors_bornes": _hors_bornes,
    "intervalle_attendu": _always("Un intervalle n’a que « min » et « max » : retirez le reste."),
    "lieux_incompatibles": _always(
        "Ces lieux n’ont aucune commune ensemble : personne n’habite les deux. Gardez le bon."
    ),
    "objet_attendu": _always("Un objet est attendu : écrivez des paires « fait : valeur »."),
    "plus_long_que_la_vie": _plus_long_que_la_vie,
    "vrai_ou_faux": _always("La réponse est true, false, ou null quand on ne sait pas."),
    "a_verifier_hors_racine": _always(
        "« a_verifier » ne s’écrit qu’à la racine de « eligibilite » : déplacez-le."
    ),
    "a_verifier_illisible": _always(
        "Une phrase de « a_verifier » contient un caractère illisible : enregistrez-la en UTF-8."
    ),
    "a_verifier_invalide": _always(
        "« a_verifier » est une liste de phrases : écrivez-les entre crochets, sans phrase vide."
    ),
    "apport_invalide": _always(
        "Un apport est un objet : écrivez seulement « fait » et « valeur », deux codes."
    ),
    "borne_en_double": _borne_en_double,
    "cle_refusee": _cle_refusee,
    "condition_absente": _condition_absente,
    "fait_inconnu": _fait_inconnu,
    "lieu_inconnu": _lieu_inconnu,
    "liste_attendue": _always("Une liste de conditions est attendue : écrivez-la entre crochets."),
    "noeud_invalide": _always(_NOEUD),
    "nombre_attendu": _nombre_attendu,
    "parmi_vide": _always("« parmi » est une liste d’au moins une valeur : complétez-la."),
    "trop_de_feuilles": _trop_de_feuilles,
    "bornes_inversees": _always(
        "Le minimum dépasse le maximum : personne ne remplirait cette condition. Inversez-les."
    ),
    "trop_profond": _trop_profond,
    "une_parmi_vide": _always(
        "« une_parmi » vide ne serait jamais vrai : ajoutez une condition ou retirez-le."
    ),
    "valeur_inconnue": _valeur_inconnue,
}
