"""The open JSON API, version 1."""
