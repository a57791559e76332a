"""The real clock: the only place that reads the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")  # design section 5: a listing's age is counted in Paris


class ParisClock:
    """Tells the time in the time zone of the territories."""

    def today(self) -> date:
        """Returns the date in Paris."""
        return datetime.now(PARIS).date()

    def now(self) -> datetime:
        """Returns the instant, in UTC, as the record keeps it."""
        return datetime.now(UTC)
