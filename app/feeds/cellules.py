"""Cells of a CSV that a spreadsheet opens without running them, and that are read back the same.

A spreadsheet runs a cell that begins like a formula (ASVS 5.0, 1.2.10). Such a cell gets an
apostrophe before it, which spreadsheets take for “this is text”, and which the import takes away.

The library `defusedcsv` is not enough here: it does not know a tab, a null or a line break at the
start; what it writes is not read back; and it would put an apostrophe before every “+33 4 90…”,
which the official schema then refuses.
"""

import re

# ASVS 5.0, 1.2.10, with “|” and “%” of `defusedcsv`, and the line breaks of OWASP's own page.
_BEGINS = re.compile(r"'*[=+\-@|%\t\r\n\0]")
# Digits and what separates them call no function and name no cell: telephones, positions, numbers.
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,/()-]*")
_MARK = "'"


def defused(text: str) -> str:
    """Returns a text that no spreadsheet runs.

    >>> defused('=HYPERLINK("https://a.fr")')
    '\\'=HYPERLINK("https://a.fr")'
    >>> defused("+33 4 90 00 00 00")
    '+33 4 90 00 00 00'
    """
    is_harmless = _BEGINS.match(text) is None or _NUMBER.fullmatch(text) is not None
    return text if is_harmless else f"{_MARK}{text}"


def as_meant(cell: str) -> str:
    """Returns the text of a cell that `defused` wrote; any other is left as it is.

    >>> as_meant("'=1+1")
    '=1+1'
    >>> as_meant("'Tis the season")
    "'Tis the season"
    """
    is_marked = cell.startswith(_MARK) and _BEGINS.match(cell) is not None
    return cell.removeprefix(_MARK) if is_marked else cell
