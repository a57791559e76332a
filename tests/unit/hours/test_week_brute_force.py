"""What is written is read by `opening` as it was meant, minute by minute."""

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings

from app.hours.opening import state_at
from app.hours.plages import LATEST_NIGHT, MIDNIGHT
from app.hours.week import Horaires
from app.hours.week_osm import write_week
from tests.weeks import admissible_states, horaires_around

ONE_MINUTE = timedelta(minutes=1)
DAYS_AROUND = 8


def moments(horaires: Horaires, centre: date) -> list[datetime]:
    """Lists the minutes where something may change, and those before, for two weeks and more."""
    all_plages = [*horaires.semaine, *(found.plages for found in horaires.exceptions)]
    edges = {edge for plages in all_plages for plage in plages for edge in (plage.debut, plage.fin)}
    minutes = {*edges, 0, 90, LATEST_NIGHT, 12 * 60, MIDNIGHT}
    midnights = [
        datetime.combine(centre + timedelta(days=day), time())
        for day in range(-DAYS_AROUND, DAYS_AROUND)
    ]
    starts = [midnight + minute * ONE_MINUTE for midnight in midnights for minute in minutes]
    return [at - delay for at in starts for delay in (ONE_MINUTE, timedelta())]


@settings(deadline=None)
@given(horaires_around())
def test_every_minute_is_told_as_it_was_meant(drawn: tuple[Horaires, date]) -> None:
    horaires, centre = drawn
    written = write_week(horaires)
    if written is None:
        assert horaires.is_blank
        return

    for at in moments(horaires, centre):
        assert state_at(written, at) in admissible_states(horaires, at), (written, at)
