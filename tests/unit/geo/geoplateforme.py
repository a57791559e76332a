"""A local server that answers as the address service of the Géoplateforme does.

Validation, error bodies and the shape of answers follow the published source of the service
(https://github.com/Geoplateforme/gpf-geocodeur); the gateway in front of it is imitated by
`TOO_MANY_REQUESTS` and `UNAVAILABLE`. Coordinates are approximate; a score is the share of words
in common.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self, TypedDict
from urllib.parse import parse_qs, urlsplit

JSON = "application/json; charset=utf-8"
HTML = "text/html"


class Feature(TypedDict):
    """One place of an answer, in GeoJSON."""

    type: str
    geometry: dict[str, object]
    properties: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the server says; `{url}` in the body becomes the URL asked, as careless servers do."""

    status: int = 200
    body: str = ""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    held: bool = False  # nothing is said until the server closes
    drips: Literal["", "headers", "body"] = ""  # this part is endless, a few bytes at a time


def feature(label: str, longitude: float, latitude: float, /, **others: object) -> Feature:
    """Builds one place; `others` replaces properties, None removes one."""
    name, postcode, city = re.split(r" ?(\d{5}) ", label)
    properties: dict[str, object] = {
        "label": label,
        "score": 0.95,
        "id": "84007_1234_00012",
        "name": name or city,
        "postcode": postcode,
        "citycode": "84007",
        "x": 845000.12,
        "y": 6317000.34,
        "city": city,
        "context": "84, Vaucluse, Provence-Alpes-Côte d'Azur",
        "type": "housenumber",
        "importance": 0.64075,
        "street": name or None,
        "_type": "address",
    } | others
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": {key: value for key, value in properties.items() if value is not None},
    }


def collection(*features: Feature, query: str = "") -> Answer:
    """Builds the answer that carries these features, which quotes the query as the service does."""
    document = {"type": "FeatureCollection", "features": features, "query": query}
    return Answer(body=json.dumps(document, ensure_ascii=False))


def refusal(detail: str) -> Answer:
    """Builds the answer to a query that breaks the rules."""
    document = {"code": 400, "message": "Failed parsing query", "detail": [detail]}
    return Answer(status=400, body=json.dumps(document))


PLACES = (
    feature("12 Rue de la République 84000 Avignon", 4.805528, 43.946153),
    feature("Rue de la République 84000 Avignon", 4.80585, 43.9468, type="street"),
    feature("84000 Avignon", 4.81711, 43.93545, type="municipality", label="Avignon"),
    feature("Serres 84200 Carpentras", 5.0689, 44.0776, type="locality", citycode="84031"),
    feature("8 Boulevard de la Rochelle 55000 Bar-le-Duc", 5.16273, 48.77362, citycode="55029"),
)

TOO_MANY_REQUESTS = Answer(
    status=429,
    body="<html><body><h1>429 Too Many Requests</h1>{url}</body></html>",
    content_type=HTML,
    headers=(("Retry-After", "5"),),
)
INTERNAL_ERROR = Answer(
    status=500,
    body=json.dumps({"code": 500, "message": "An unexpected error has occurred"}),
)
BAD_GATEWAY = Answer(status=502, body="<h1>502 Bad Gateway</h1>", content_type=HTML)
UNAVAILABLE = Answer(
    status=503,
    body="<html><body><h1>503 Service Unavailable</h1>{url}</body></html>",
    content_type=HTML,
)
MAINTENANCE_PAGE = Answer(body="<html><body>Maintenance de {url}</body></html>", content_type=HTML)
HELD = Answer(held=True)
DRIPPING_HEADERS = Answer(drips="headers")
DRIPPING_BODY = Answer(drips="body")


class FakeGeoplateforme:
    """Serves `url` on a free port of 127.0.0.1 while the `with` block lasts.

    `queue` holds the answers to come, `answer` the one to all later requests; with neither, the
    server looks the query up in `PLACES`.
    """

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.queue: list[Answer] = []
        self.targets: list[str] = []
        self.user_agents: list[str] = []
        self.closing = threading.Event()
        self.left = threading.Event()  # a client hung up before the end of an answer
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/geocodage"

    @property
    def queries(self) -> list[str]:
        return [parse_qs(urlsplit(target).query)["q"][0] for target in self.targets]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer_to(self, target: str) -> Answer:
        """Returns the next answer prepared, else the one that the real service would give."""
        if self.queue:
            return self.queue.pop(0)
        return self.answer or _lookup(target)


def _lookup(target: str) -> Answer:
    parts = urlsplit(target)
    if parts.path != "/geocodage/search":
        return Answer(status=404, body=f"Cannot GET {parts.path}", content_type=HTML)
    asked = {key: values[-1].strip() for key, values in parse_qs(parts.query).items()}
    query, limit = asked.get("q", ""), asked.get("limit", "10")
    if not query:
        return refusal("q: required param")
    if not _is_valid(query):
        return refusal(
            "q: must contain between 3 and 200 chars and start with a number or a letter"
        )
    if not limit.isdecimal() or not 1 <= int(limit) <= 20:
        return refusal("limit: must be an integer between 1 and 20")
    return collection(*list(_found(query))[: int(limit)], query=query)


def _is_valid(query: str) -> bool:
    """Applies the service's rule; JavaScript counts UTF-16 units."""
    length = len(query.encode("utf-16-le")) // 2
    first = query[0]
    return 3 <= length <= 200 and (first in "0123456789" or first.lower() != first.upper())


def _found(query: str) -> Iterator[Feature]:
    """Yields the known places that share a word with the query, best first."""
    asked = _words(query)
    scored = []
    for place in PLACES:
        properties = place["properties"]
        known = _words(str(properties["label"]))
        score = round(len(asked & known) / len(asked | known), 5)
        if score > 0:
            scored.append((score, Feature({**place, "properties": properties | {"score": score}})))
    scored.sort(key=lambda pair: -pair[0])
    yield from (place for _, place in scored)


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return frozenset(re.findall(r"\w+", plain))


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # joined at closing, so that no socket outlives the test
    fake: FakeGeoplateforme


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        fake = self.server.fake
        fake.targets.append(self.path)
        fake.user_agents.append(self.headers.get("User-Agent", ""))
        answer = fake.answer_to(self.path)
        try:
            self._write(answer, fake.closing)
        except ConnectionError:
            self.close_connection = True
            fake.left.set()

    def _write(self, answer: Answer, closing: threading.Event) -> None:
        if answer.held:
            closing.wait(10)
            return
        body = answer.body.replace("{url}", self.path).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.drips == "headers":
            self.flush_headers()
            self._drip(b"X-Drip: 1\r\n", closing)
        elif answer.drips == "body":
            self.end_headers()
            self._drip(b" ", closing)
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _drip(self, drop: bytes, closing: threading.Event) -> None:
        while not closing.wait(0.02):
            self.wfile.write(drop)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing: the log of a test would show addresses."""
