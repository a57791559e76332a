"""The French of every message that marshmallow words itself: no English reaches a reader."""

from typing import Final

from marshmallow import validate

REQUIRED: Final = "Ce champ est obligatoire : renseignez-le."

_RANGE_OPERATORS = {
    "greater than or equal to {min}": "au moins {min}",
    "greater than {min}": "plus de {min}",
    "less than or equal to {max}": "au plus {max}",
    "less than {max}": "moins de {max}",
}
_LOW, _HIGH = list(_RANGE_OPERATORS.items())[:2], list(_RANGE_OPERATORS.items())[2:]

FRENCH: Final[dict[str, str]] = {
    # Schema and every field.
    "Unknown field.": "Ce champ n’existe pas : retirez-le ou corrigez son nom.",
    "Invalid input type.": "Un objet est attendu : écrivez des paires « champ : valeur ».",
    "Missing data for required field.": REQUIRED,
    "Field may not be null.": REQUIRED,
    "Invalid value.": "Cette valeur est refusée : corrigez-la.",
    "Invalid input.": "Cette valeur est refusée : corrigez-la.",
    # Kinds of fields.
    "Invalid type.": "Un objet est attendu : écrivez des paires « champ : valeur ».",
    "Not a valid mapping type.": "Un objet est attendu : écrivez des paires « champ : valeur ».",
    "Not a valid list.": "Une liste est attendue : écrivez les valeurs entre crochets.",
    "Not a valid tuple.": "Une liste est attendue : écrivez les valeurs entre crochets.",
    "Not a valid string.": "Un texte est attendu : écrivez-le entre guillemets.",
    "Not a valid utf-8 string.": "Ce texte est illisible : enregistrez-le en UTF-8.",
    "Not a valid UUID.": "Un identifiant UUID est attendu : vérifiez-le.",
    "Not a valid number.": "Un nombre est attendu : écrivez-le en chiffres.",
    "Number too large.": "Ce nombre est trop grand : vérifiez-le.",
    "Not a valid integer.": "Un nombre entier est attendu : écrivez-le en chiffres.",
    "Special numeric values (nan or infinity) are not permitted.": (
        "Un nombre est attendu : écrivez-le en chiffres."
    ),
    "Not a valid boolean.": "Répondez par « oui » ou par « non ».",
    "Not a valid {obj_type}.": (
        "Une date ou une heure est attendue : écrivez-la comme 2026-03-31T14:30."
    ),
    "Not a valid {awareness} {obj_type}.": (
        "Vérifiez le fuseau horaire de cette date : écrivez-la comme 2026-03-31T14:30."
    ),
    '"{input}" cannot be formatted as a {obj_type}.': "Cette date ne peut pas être écrite.",
    "Not a valid date.": "Une date est attendue : écrivez-la comme 2026-03-31.",
    '"{input}" cannot be formatted as a date.': "Cette date ne peut pas être écrite.",
    "Not a valid period of time.": "Une durée est attendue : écrivez-la en chiffres.",
    "{input!r} cannot be formatted as a timedelta.": "Cette durée ne peut pas être écrite.",
    "Not a valid URL.": "Un lien est attendu : il commence par https:// ou http://.",
    "Not a valid email address.": "Un courriel est attendu, comme contact@exemple.fr.",
    "Not a valid IP address.": "Une adresse IP est attendue : vérifiez-la.",
    "Not a valid IPv4 address.": "Une adresse IPv4 est attendue : vérifiez-la.",
    "Not a valid IPv6 address.": "Une adresse IPv6 est attendue : vérifiez-la.",
    "Not a valid IP interface.": "Une interface IP est attendue : vérifiez-la.",
    "Not a valid IPv4 interface.": "Une interface IPv4 est attendue : vérifiez-la.",
    "Not a valid IPv6 interface.": "Une interface IPv6 est attendue : vérifiez-la.",
    # Validators.
    "Must be one of: {choices}.": "Choisissez parmi : {choices}.",
    "One or more of the choices you made was not in: {choices}.": "Choisissez parmi : {choices}.",
    "One or more of the choices you made was in: {values}.": "Retirez : {values}.",
    "Must be equal to {other}.": "La seule valeur possible est {other}.",
    "String does not match expected pattern.": "La forme de ce texte est refusée : corrigez-la.",
    "Shorter than minimum length {min}.": "C’est trop court : {min} au moins.",
    "Longer than maximum length {max}.": "C’est trop long : {max} au plus.",
    "Length must be between {min} and {max}.": "La longueur doit aller de {min} à {max}.",
    "Length must be {equal}.": "La longueur doit être de {equal}.",
    **{f"Must be {en}.": f"La valeur doit être : {fr}." for en, fr in _LOW + _HIGH},
    **{
        f"Must be {low} and {high}.": f"La valeur doit être : {fr_low} et {fr_high}."
        for low, fr_low in _LOW
        for high, fr_high in _HIGH
    },
}

_VALIDATOR_TEXTS = (
    "error", "default_message", "message_min", "message_max", "message_all", "message_equal"
)  # fmt: skip


def translate_validator(validator: object) -> None:
    """Replaces the English texts of a marshmallow validator; those written by hand stay."""
    if isinstance(validator, validate.And):
        for part in validator.validators:
            translate_validator(part)
    for name in _VALIDATOR_TEXTS:
        text = getattr(validator, name, None)
        if isinstance(text, str) and text in FRENCH:
            setattr(validator, name, FRENCH[text])
