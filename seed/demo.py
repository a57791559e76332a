"""The shipped catalogue: real structures and services of the Vaucluse and the Meuse.

The schemes that come with it are made by `seed.dispositifs`.
"""

from seed.reference import DATA

FEEDS = (
    DATA / "catalogue" / "structures.jsonl.gz",
    DATA / "catalogue" / "services.jsonl.gz",
)
