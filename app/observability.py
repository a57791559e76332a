"""What the operators of the site see: structured logs, a request id, health, readiness and metrics.

Nothing here may record who asked or what: no path (some carry a person's token), no query string,
no body, no address, no text of an exception (it quotes the rejected value). Events are codes with
numbers, as in `log.info("index_rebuilt", documents=1200, seconds=3.1)`.
"""

import logging
import os
import re
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, TextIO

import structlog
from flask import Blueprint, Flask, Response, g, jsonify, request
from flask.logging import default_handler
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as render_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from structlog.typing import EventDict, Processor

HANDLER_NAME = "eventail"
REQUEST_ID_HEADER = "X-Request-ID"
# Long enough for a UUID or a trace id of a proxy, too short and too plain to smuggle anything.
TRUSTED_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
UNMATCHED = "unmatched"
HTTP_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
# Around the goals of the search pages: a median of 7 ms and a 95th percentile of 15 ms.
LATENCY_BUCKETS_S = (0.0025, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
# Their routine messages quote addresses and queries.
TALKATIVE_LOGGERS = (
    "alembic",
    "elastic_transport",
    "elasticsearch",
    "geopy",
    "urllib3",
    "werkzeug",
)
# fmt: off
PERSONAL_WORDS = frozenset({
    "address", "adresse", "allocations", "args", "authorization", "besoins", "body",
    "code_commune", "cookie", "cookies", "courriel", "data", "dossier", "email", "faits", "form",
    "headers", "ip", "json", "lat", "lon", "mail", "message", "mot_de_passe", "nom", "param",
    "params", "password", "path", "payload", "prenom", "profil", "q", "query", "referer",
    "referrer", "remote_addr", "residence", "secret", "session", "telephone", "texte", "token",
    "url", "uri", "user", "user_agent", "utilisateur", "valeur", "value", "values",
})
# fmt: on
MAX_TEXT_CHARACTERS = 200
# A web address, a path (with or without a query), or a query string alone.
LOCATION = re.compile(r"https?://\S+|(?<![\w.])/\S+|\?\S+")

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

ReadGauge = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessCheck:
    """One thing without which the site cannot answer."""

    name: str
    find_fault: Callable[[], str | None]
    """Returns `None`, or a short French reason that names no person and no address."""


def install_observability(
    app: Flask,
    checks: Iterable[ReadinessCheck],
    told: Mapping[str, ReadGauge] = MappingProxyType({}),
    *,
    production: bool = False,
) -> None:
    """Adds the logs, the request id, `/healthz`, `/readyz` and `/metrics` to the application.

    `told` are numbers that `/readyz` shows beside the checks, and that never make it fail.

    Call it before any other extension: what is installed first opens each request first and closes
    it last, and so measures all of it.
    """
    configure_logging(production=production)
    app.logger.removeHandler(default_handler)
    app.log_exception = _log_exception  # type: ignore[method-assign]
    metrics = Metrics()
    app.extensions["metrics"] = metrics
    app.before_request(_open_request)
    app.after_request(_closing_with(metrics))
    app.teardown_request(_forget_request)
    app.register_blueprint(_probes(tuple(checks), told, metrics))


def add_gauge(app: Flask, name: str, documentation: str, read: ReadGauge) -> None:
    """Publishes a number read at each scrape, such as how much the index is owed."""
    metrics: Metrics = app.extensions["metrics"]
    metrics.add_gauge(name, documentation, read)


def record_search(app: Flask, engine: str, operation: str, seconds: float) -> None:
    """Notes how long an engine took to answer."""
    metrics: Metrics = app.extensions["metrics"]
    metrics.record_search(engine, operation, seconds)


def configure_logging(*, production: bool) -> None:
    """Sends every logger's events to standard error: JSON lines in production, readable otherwise.

    It works on the root logger: `app.logger` is the parent of `app.*` only, not of `indexer.*`.
    Calling it again changes the format without doubling the lines.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        summarise_exception,
        drop_personal_content,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if production
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = StandardErrorHandler()
    handler.set_name(HANDLER_NAME)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    for previous in [h for h in root.handlers if h.get_name() == HANDLER_NAME]:
        root.removeHandler(previous)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in TALKATIVE_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


class StandardErrorHandler(logging.StreamHandler[TextIO]):
    """Writes to whatever standard error is at that moment: tests and gunicorn replace it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def summarise_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replaces an exception by its type and the lines that it crossed, without its message.

    The message of an exception quotes what was rejected: a field, an SQL parameter, an address.
    """
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    exception = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if isinstance(exception, BaseException):
        event["exception_type"] = type(exception).__name__
        event["crossed"] = _crossed_lines(exception.__traceback__)
    event.pop("stack_info", None)
    return event


def drop_personal_content(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Keeps codes and numbers; drops what could tell who asked, or what.

    A key with a word such as `path`, `query` or `nom` goes; so does a value that is not a number, a
    short text or a list of them; addresses inside a text become “…”.
    """
    return {
        key: value if key.startswith("_") else _plain(value)
        for key, value in event.items()
        if key.startswith("_") or (_is_plain(value) and not _names_a_person(key))
    }


def _names_a_person(key: str) -> bool:
    return key in PERSONAL_WORDS or not PERSONAL_WORDS.isdisjoint(key.lower().split("_"))


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(isinstance(item, str | int | float) for item in value)
    return value is None or isinstance(value, str | int | float)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return LOCATION.sub("…", value)[:MAX_TEXT_CHARACTERS]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _crossed_lines(crossed: TracebackType | None) -> list[str]:
    # Folder and file are enough to find a line, and no absolute path of the machine is told.
    return [
        f"{'.'.join(Path(frame.filename).with_suffix('').parts[-2:])}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(crossed)
    ]


def _log_exception(
    exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
) -> None:
    """Stands for Flask's own, which logs the path and the exception's message."""
    log.error("request_failed", endpoint=_endpoint(), exc_info=exc_info)


def _open_request() -> None:
    given = request.headers.get(REQUEST_ID_HEADER, "")
    g.request_id = given if TRUSTED_REQUEST_ID.fullmatch(given) else secrets.token_hex(16)
    g.request_started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _closing_with(metrics: "Metrics") -> Callable[[Response], Response]:
    def close_request(response: Response) -> Response:
        seconds = time.perf_counter() - g.request_started
        metrics.record_request(_endpoint(), response.status_code, seconds)
        log.info(
            "request_finished",
            # A made-up method may hold anything.
            method=request.method if request.method in HTTP_METHODS else "OTHER",
            endpoint=_endpoint(),
            status=response.status_code,
            milliseconds=round(seconds * 1000, 1),
        )
        response.headers[REQUEST_ID_HEADER] = g.request_id
        return response

    return close_request


def _forget_request(_error: BaseException | None) -> None:
    structlog.contextvars.clear_contextvars()


def _endpoint() -> str:
    return request.endpoint or UNMATCHED


def _probes(
    checks: tuple[ReadinessCheck, ...], told: Mapping[str, ReadGauge], metrics: "Metrics"
) -> Blueprint:
    probes = Blueprint("observability", __name__)

    @probes.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return jsonify(statut="ok")

    @probes.get("/readyz")
    def readyz() -> ResponseReturnValue:
        faults = {check.name: _fault_of(check) for check in checks}
        is_ready = not any(faults.values())
        body = jsonify(
            statut="prêt" if is_ready else "indisponible",
            controles={name: fault or "ok" for name, fault in faults.items()},
            mesures={name: _number_of(read) for name, read in told.items()},
        )
        return body, 200 if is_ready else 503

    @probes.get("/metrics")
    def metrics_page() -> ResponseReturnValue:
        return Response(metrics.render(), content_type=CONTENT_TYPE_LATEST)

    @probes.after_request
    def never_cached(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response

    return probes


def _fault_of(check: ReadinessCheck) -> str | None:
    try:
        return check.find_fault()
    except Exception:  # the edge of the process: a broken check is a fault, not a crash
        log.exception("readiness_check_failed", check=check.name)
        return "le contrôle n’a pas pu se faire"


def _number_of(read: ReadGauge) -> float | None:
    try:
        return read()
    except Exception:  # the edge of the process: the check that it belongs to tells why
        return None


class Metrics:
    """Counts the requests of one application; with several workers, a scrape adds them all up."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._gauges: list[tuple[str, str, ReadGauge]] = []
        labels = ["endpoint", "status"]
        self._requests = Counter(
            "eventail_http_requests", "Requests answered", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "eventail_http_request_seconds",
            "Time to answer a request",
            labels,
            registry=self._registry,
            buckets=LATENCY_BUCKETS_S,
        )

        self._searches = Histogram(
            "eventail_engine_seconds",
            "Time of the search engine to answer",
            ["engine", "operation"],
            registry=self._registry,
            buckets=LATENCY_BUCKETS_S,
        )

    def record_search(self, engine: str, operation: str, seconds: float) -> None:
        """Counts one answer of an engine."""
        self._searches.labels(engine, operation).observe(seconds)

    def record_request(self, endpoint: str, status: int, seconds: float) -> None:
        """Counts one answer. The endpoint is a name from the routes, never a path."""
        self._requests.labels(endpoint, str(status)).inc()
        self._seconds.labels(endpoint, str(status)).observe(seconds)

    def add_gauge(self, name: str, documentation: str, read: ReadGauge) -> None:
        """Adds a number that the worker that answers the scrape reads at that moment."""
        self._gauges.append((name, documentation, read))

    def render(self) -> bytes:
        """Returns the text that Prometheus reads."""
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            workers = CollectorRegistry()
            MultiProcessCollector(workers)  # type: ignore[no-untyped-call]
        else:
            workers = self._registry
        now = CollectorRegistry()
        now.register(_GaugesNow(tuple(self._gauges)))
        return render_metrics(workers) + render_metrics(now)


class _GaugesNow(Collector):
    def __init__(self, gauges: tuple[tuple[str, str, ReadGauge], ...]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, documentation, read in self._gauges:
            try:
                yield GaugeMetricFamily(name, documentation, value=read())
            except Exception:  # one unreadable number must not hide the others
                log.exception("gauge_unreadable", gauge=name)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        return iter(())
