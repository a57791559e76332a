"""The engine for a cluster: the same answers as the embedded one, from Elasticsearch."""
