"""What would raise the quality of a listing: each criterion of data·inclusion in plain words.

The criteria are those of `app.domain.ranking.qualite_part`; a test checks that following every
advice gives full quality.
"""

from collections.abc import Sequence

from app.domain.offre import Offre
from app.domain.ranking import DESCRIPTION_GOOD, DESCRIPTION_LONG


def advice_of(offre: Offre) -> Sequence[str]:
    """Returns what to add to an offer, nothing when it is complete."""
    modes = offre.modes_mobilisation or ()
    goes_there = "en-presentiel" in (offre.modes_accueil or ()) or "se-presenter" in modes
    contact = offre.courriel or offre.lien_mobilisation or offre.telephone
    size = len(offre.description)
    advice = (
        (goes_there and not offre.adresse, "Écrivez l’adresse où se rendre."),
        (not modes, "Dites de quelle manière demander l’offre."),
        (not offre.mobilisable_par, "Dites qui peut la demander."),
        (not offre.publics, "Cochez les publics."),
        (not offre.thematiques, "Cochez au moins un besoin auquel l’offre répond."),
        (not contact, "Donnez un téléphone, un courriel ou une page de demande."),
        (
            "envoyer-un-courriel" in modes and not offre.courriel,
            "Donnez le courriel auquel écrire.",
        ),
        ("telephoner" in modes and not offre.telephone, "Donnez le téléphone à appeler."),
        (offre.frais is None, "Dites si l’offre est gratuite ou payante."),
        (
            offre.frais == "payant" and not offre.frais_precisions,
            "Précisez le montant des frais.",
        ),
        (size < DESCRIPTION_GOOD, f"Allongez la description : {DESCRIPTION_GOOD} caractères."),
        (
            size >= DESCRIPTION_LONG,
            f"Raccourcissez la description : moins de {DESCRIPTION_LONG} caractères.",
        ),
    )
    return [text for applies, text in advice if applies]
