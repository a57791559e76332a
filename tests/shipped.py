"""What is shipped: the records of the files and those of the schemes, read once."""

from functools import cache
from typing import cast

from app.domain.feeds import Feed
from app.feeds.reader import FeedFile
from seed import demo
from seed.dispositifs import DispositifsFeed, load_dispositifs
from seed.reference import load_geographie, load_vocabulaire

Record = dict[str, object]


@cache
def shipped_feeds() -> tuple[Feed, ...]:
    """The feeds that `flask seed demo` imports."""
    geographie = load_geographie()
    dispositifs = load_dispositifs(load_vocabulaire(None, geographie), geographie)
    return (*map(FeedFile, demo.FEEDS), DispositifsFeed(dispositifs))


@cache
def shipped_records() -> tuple[Record, ...]:
    """Every record of these feeds."""
    return tuple(
        cast(Record, raw.data) for feed in shipped_feeds() for raw in feed.records(lambda _: None)
    )


def shipped_structures() -> list[Record]:
    """The records of structures."""
    return [record for record in shipped_records() if "structure_id" not in record]


def shipped_services() -> list[Record]:
    """The records of offers."""
    return [record for record in shipped_records() if "structure_id" in record]
