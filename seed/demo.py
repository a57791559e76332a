"""The shipped catalogue: real structures and services of the Vaucluse and the Meuse."""

from seed.reference import DATA

FEEDS = (
    DATA / "catalogue" / "structures.jsonl.gz",
    DATA / "catalogue" / "services.jsonl.gz",
)
