"""Stands for a node of a cluster: what it says is the test's to choose."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WHOLE = {"took": 1, "timed_out": False, "_shards": {"failed": 0}, "hits": {"hits": []}}
GENERATION = "offres-essai-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as the node received it."""

    path: str
    body: bytes


Answer = Callable[[Asked], tuple[int, object]]


class FakeNode:
    """Listens on this machine; `answer` is what it says to everything."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _: (200, {"responses": [WHOLE]})
        self.received: list[Asked] = []
        node = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                asked = Asked(path=self.path.partition("?")[0], body=body)
                node.received.append(asked)
                status, said = node.answer(asked)
                content = json.dumps(said).encode()
                self.send_response(status)
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_PUT = do_POST  # noqa: N815 (the names are those of the standard library)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client that waits no more has closed its connection."""

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def asked(self) -> int:
        """How many requests it received."""
        return len(self.received)

    def stop(self) -> None:
        """Leaves its port: whoever asks is refused."""
        self.server.shutdown()
        self.server.server_close()


class Slow:
    """Answers nothing until it is released."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def __call__(self, _: Asked) -> tuple[int, object]:
        self.released.wait(60)
        return 200, {"responses": [WHOLE]}


def bulk(*statuses: int) -> tuple[int, object]:
    """Returns the answer to a bulk: a status for each document."""
    items = [{"index": {"_id": str(n), "status": status}} for n, status in enumerate(statuses)]
    return 200, {"errors": any(s >= 300 for s in statuses), "items": items}


@dataclass
class Writing:
    """Has a generation and takes writes in, under their version; refuses those asked to."""

    refuse: Callable[[int], bool] = lambda _: False
    """Tells, by its rank, whether a document of a bulk is refused."""
    versions: list[int] = field(default_factory=list)
    """The versions received, in order."""
    held: dict[str, tuple[int, Any]] = field(default_factory=dict)
    """By id, the version held and its document."""

    def __call__(self, asked: Asked) -> tuple[int, object]:
        if asked.path.startswith("/_alias/"):
            return 200, {GENERATION: {"aliases": {}}}
        if asked.path != "/_bulk":
            return 200, {}
        lines = [json.loads(line) for line in asked.body.splitlines()]
        pairs = zip(lines[::2], lines[1::2], strict=True)
        return bulk(*(self._write(n, *pair) for n, pair in enumerate(pairs)))

    def _write(self, rank: int, action: Any, source: Any) -> int:
        ident, version = action["index"]["_id"], action["index"]["version"]
        self.versions.append(version)
        if self.refuse(rank):
            return 429
        if version <= self.held.get(ident, (0, None))[0]:
            return 409
        self.held[ident] = version, source
        return 201
