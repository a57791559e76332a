"""The site as gunicorn serves it, patient: what is tested is what a search says, not its speed."""

import indexer.elasticsearch.cluster

indexer.elasticsearch.cluster.SEARCH_SECONDS = 60.0

from wsgi import app  # noqa: E402 (after the delay)

__all__ = ["app"]
