"""Telephone numbers as people write them: which one can be dialled, and how."""

import re

_GAP = r"[\s.()/·_–-]{0,3}"  # what people write between two digits
_FRENCH_DIGITS = 9  # after the 0, or after +33
_ZERO = rf"(?:\(?0\)?{_GAP})?"  # “+33 (0)4…”, where nobody dials it
# Words may come before the number, and an extension or a second number after it: “04 … ou 115”.
_NUMBER = re.compile(
    r"[^0-9+]*(?:"
    rf"(?P<france>(?:\+|00){_GAP}33{_GAP}{_ZERO}[1-9](?:{_GAP}[0-9]){{8}})"
    # From another country or overseas: 8 to 15 digits after the sign (ITU-T E.164 for the latter).
    rf"|(?P<abroad>(?:\+|00){_GAP}(?!33)[1-9](?:{_GAP}[0-9]){{7,14}})"
    rf"|(?P<national>0{_GAP}[1-9](?:{_GAP}[0-9]){{8}})"
    # Short numbers (Arcep): 15, 115, 1014, 3949, 116 117, 118 008.
    r"|(?P<short>11[68]\s?[0-9]{3}|[13][0-9][\s.]?[0-9]{2}|1[0-9]{2}|1[578])"
    r")(?![\s.-]?[0-9])"
)


def dialled(text: str) -> str | None:
    """Returns the number of a text as it is dialled, None when nobody could dial it.

    >>> dialled("04 90 00 00 00 (poste 12)"), dialled("+33 (0)4 90 00 00 00"), dialled("39 49")
    ('0490000000', '+33490000000', '3949')
    >>> dialled("+33 4 90") is None
    True
    """
    found = _NUMBER.match(text)
    if found is None:
        return None
    written = found[found.lastgroup or 0]
    digits = "".join(char for char in written.replace("(0)", "") if char.isdigit())
    match found.lastgroup:
        case "france":
            return f"+33{digits[-_FRENCH_DIGITS:]}"
        case "abroad":
            return f"+{digits.removeprefix('00')}"
        case _:
            return "".join(char for char in written if char.isdigit())
