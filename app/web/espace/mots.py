"""Stub."""

from flask.typing import ResponseReturnValue


def montrer(territoire: str) -> ResponseReturnValue:
    """Stub."""
    return "x"


def regler(territoire: str) -> ResponseReturnValue:
    """Stub."""
    return "x"
