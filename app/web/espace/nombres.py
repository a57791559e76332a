"""Numbers that forms and addresses carry: ours when we wrote them, anything else when forged."""

from flask import request

MAX_NUMBER = 2**31 - 1  # what the columns of numbers hold
MAX_DIGITS = len(str(MAX_NUMBER))


def number_of(text: str) -> int | None:
    """Returns a whole number of at least 0, the largest one for any beyond; None for no number."""
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
        return None
    return min(int(text), MAX_NUMBER)


def posted(name: str) -> int | None:
    """Returns the number that a form says."""
    return number_of(request.form.get(name, ""))


def asked(name: str) -> int | None:
    """Returns the number that an address says."""
    return number_of(request.args.get(name, ""))


def asked_page(last: int) -> int:
    """Returns the page that an address asks for: the first for none, `last` for any beyond."""
    return min(max(asked("page") or 1, 1), last)
