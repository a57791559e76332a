"""Asks a node how its cluster is, with the standard library alone and no proxy."""

import base64
import http.client
import json
import ssl
from dataclasses import dataclass
from pathlib import Path

ANSWER_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a node answers, and how to be let in."""

    host: str
    port: int
    authority: Path | None = None
    credentials: tuple[str, str] | None = None

    @property
    def url(self) -> str:
        """The address, without any password."""
        return f"{'https' if self.authority else 'http'}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a node says of its cluster: how many nodes it sees (0 without an answer), its colour."""

    nodes: int = 0
    status: str = ""


def health(address: Address) -> Health:
    """Returns what a node says now; without an answer, no node."""
    connection = _connection(address)
    try:
        connection.request("GET", "/_cluster/health", headers=_headers(address))
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return Health()
    finally:
        connection.close()
    # An error, such as “no master yet”, is an object too, whose status is a number.
    return Health(nodes=int(answer.get("number_of_nodes", 0)), status=str(answer["status"]))


def _connection(address: Address) -> http.client.HTTPConnection:
    if address.authority is None:
        return http.client.HTTPConnection(address.host, address.port, timeout=ANSWER_SECONDS)
    trusted = ssl.create_default_context(cafile=str(address.authority))
    return http.client.HTTPSConnection(
        address.host, address.port, timeout=ANSWER_SECONDS, context=trusted
    )


def _headers(address: Address) -> dict[str, str]:
    if address.credentials is None:
        return {}
    text = ":".join(address.credentials).encode()
    return {"Authorization": f"Basic {base64.b64encode(text).decode()}"}
