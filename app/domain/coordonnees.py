"""Takes out of a free text what reaches a person: nobody's own details belong in a report."""

import re

EMAIL_REMOVED = "[adresse retirée]"
NUMBER_REMOVED = "[numéro retiré]"

_DOMAIN = r"[\w-]+(?:\.[\w-]+)"
# Spaces around “@”, or a way of hiding it, need a domain with a dot: “RDV @ 9 h” is no address.
_EMAIL = re.compile(
    rf"[\w.+%'’-]+(?:@{_DOMAIN}*|\s?(?:@|\[at\]|\(at\)|\(arobase\))\s?{_DOMAIN}+)", re.IGNORECASE
)
_GAP = r"[\s.·()_–-]{0,3}"  # what people write between two digits; a slash has its own form
# “05.11.2026 14 h” has ten digits too: what reads as a day of 1900 to 2099 is no number.
_NOT_A_DATE = r"(?!\d\d[-.]\d\d[-.](?:19|20)\d\d(?!\d))"
_NUMBER = re.compile(
    r"(?<!\d)(?:"
    rf"(?:\+|00){_GAP}[1-9](?:{_GAP}\d){{7,13}}"  # from abroad: 8 to 14 digits after the sign
    rf"|{_NOT_A_DATE}0(?:{_GAP}\d){{9}}"  # 04 90 00 00 00
    r"|0\d(?:\s?/\s?\d\d){4}"  # 04/90/00/00/00, which no date looks like
    r"|[1-9](?:[\s.-]\d\d){4}"  # 6 00 00 00 00: spreadsheets drop the zero
    r")(?!\d)"
)


def masked(text: str) -> str:
    """Returns the text without its e-mail addresses and its whole telephone numbers.

    Short numbers (115, 3919) belong to services and stay; so do hours, dates, postal codes and
    SIRET numbers. A number spelled out in words is not seen.

    >>> masked("Appelez le 06 00 00 00 00 avant 18h30")
    'Appelez le [numéro retiré] avant 18h30'
    """
    return _NUMBER.sub(NUMBER_REMOVED, _EMAIL.sub(EMAIL_REMOVED, text))
