"""A site whose clock stands still."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from flask import Flask

from app.clock import PARIS
from app.services.catalogue import Catalogue
from app.web.current import EXTENSION


@dataclass(frozen=True)
class StoppedClock:
    """Always tells the same instant."""

    instant: datetime

    def today(self) -> date:
        """Returns its date in Paris."""
        return self.instant.astimezone(PARIS).date()

    def now(self) -> datetime:
        """Returns the instant."""
        return self.instant


def at_instant(app: Flask, instant: datetime) -> Callable[[], Catalogue]:
    """Returns the catalogue of a site, at an instant."""
    make = cast("Callable[[], Catalogue]", app.extensions[EXTENSION])
    stopped = replace(make(), clock=StoppedClock(instant))
    return lambda: stopped
