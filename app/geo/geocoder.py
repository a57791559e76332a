"""Street addresses, located by the Géoplateforme (Base Adresse Nationale) through geopy.

An address may be a person's home: it goes to the configured service and nowhere else, and never
into a log or the text of an error, which only hold a reason (`TimeoutError`, `http_503`…). Whatever
goes wrong is a `GeocoderUnavailable`; falling back to the commune is for the caller.
"""

import json
import logging
import re
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cached_property, partial
from http.client import OK, HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import structlog
from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderQueryError, GeocoderServiceError, GeopyError
from geopy.geocoders import BANFrance
from geopy.location import Location

from app.domain.errors import GeocoderUnavailable
from app.domain.ports import AdresseTrouvee

DEFAULT_URL = "https://data.geopf.fr/geocodage"  # geopy's own default has been switched off
TIME_LIMIT_S = 2.0  # a page is waiting: past this, the commune's centre is better
MIN_CHARS, MAX_CHARS = 3, 200  # the service refuses other lengths
MIN_SCORE = 0.4  # below, the service is guessing
PRECISE_TYPES = ("housenumber", "street", "locality", "municipality")
ANSWERS = 5  # a usable answer may follow an unusable one
MAX_ANSWER_BYTES = 256 * 1024  # five real answers weigh 3 KB
CALLS_AT_ONCE = 4  # the service allows 50 requests a second
CACHE_ENTRIES = 1_000
FOUND_TTL_S, NOT_FOUND_TTL_S = 24 * 3600, 3600
MAX_FAILURES, PAUSE_S = 3, 30  # failures in a row, then the service is left in peace
SILENCE = logging.Filter("nothing")  # geopy logs each URL, and a level could be set back
Clock = Callable[[], float]
log = structlog.get_logger()


class GeoplateformeGeocoder:
    """Locates street addresses; threads may share it. `clock` is monotonic, in seconds."""

    def __init__(self, url: str = DEFAULT_URL, *, clock: Clock = time.monotonic) -> None:
        if not (base := re.fullmatch(r"(https?)://([^\s?#@]+)", url)):
            raise ValueError("GEOCODER_URL must look like https://host/path")
        logging.getLogger("geopy").addFilter(SILENCE)
        self._ban = BANFrance(
            domain=base[2],
            scheme=base[1],
            timeout=TIME_LIMIT_S,
            proxies={},
            user_agent="eventail",
            adapter_factory=_DirectAdapter,
        )
        self.endpoint: str = self._ban.geocode_api
        self._threads = ThreadPoolExecutor(CALLS_AT_ONCE, thread_name_prefix="geocoder")
        self._cache, self._breaker = _Cache(clock), _Breaker(clock)

    def locate(self, adresse: str) -> AdresseTrouvee | None:
        """Returns the best usable answer, or None; fails within two seconds, at once in a pause."""
        query = _query(adresse)
        if len(query) < MIN_CHARS:
            return None
        if cached := self._cache.get(query.casefold()):
            return cached[0]
        with self._breaker:
            found = self._ask(query)
        self._cache.put(query.casefold(), found)
        return found

    def _ask(self, query: str) -> AdresseTrouvee | None:
        # In a thread: a socket's timeout bounds neither name resolution nor the call as a whole.
        call = self._threads.submit(self._ban.geocode, query, limit=ANSWERS, exactly_one=False)
        try:
            return next(filter(None, map(_usable, call.result(TIME_LIMIT_S) or ())), None)
        except GeocoderQueryError:
            log.info("geocoder_refused_query")  # The service is well: this text is no address.
            return None
        except GeopyError as error:
            reason = str(error)  # Worded by `_DirectAdapter`.
        except TimeoutError:
            call.cancel()
            reason = "TimeoutError"
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            reason = "malformed"  # Neither geopy nor the adapter checks every part of an answer.
        # Outside the handlers: a chained error would show the address in the traceback.
        log.warning("geocoder_failed", reason=reason)
        raise GeocoderUnavailable(reason)


def _query(adresse: str) -> str:
    """Returns the text as the service accepts it: printable, and a letter or digit first."""
    printable = "".join(char if char.isprintable() else " " for char in adresse)
    return re.sub(r"^[\W_]+", "", " ".join(printable.split()))[:MAX_CHARS].rstrip()


def _usable(location: Location) -> AdresseTrouvee | None:
    match location.raw["properties"]:
        case {"type": str(kind), "citycode": str(code), "label": str(label), "score": score} if (
            kind in PRECISE_TYPES and len(code) == 5 and score >= MIN_SCORE
        ):
            return AdresseTrouvee(
                libelle=label,
                latitude=location.latitude,
                longitude=location.longitude,
                code_insee=code,
                score=float(score),
            )
    return None


class _DirectAdapter(BaseSyncAdapter):  # type: ignore[misc]
    """geopy's way to HTTP without proxies, retries, redirects, endless answers or quoted answers.

    Of its own adapters, one retries and logs each URL, the other follows redirects to any host.
    """

    @cached_property
    def _connect_tls(self) -> partial[HTTPSConnection]:
        return partial(HTTPSConnection, context=ssl.create_default_context())  # takes 35 ms

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> object:
        answer = json.loads(self.get_text(url, timeout=timeout, headers=headers))
        if not isinstance(answer["features"], list):
            raise TypeError
        return answer

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        ends_at, body, target = time.monotonic() + timeout, b"", urlsplit(url)
        connect = self._connect_tls if target.scheme == "https" else HTTPConnection
        try:
            with closing(connect(target.netloc, timeout=timeout)) as connection:
                connection.request("GET", f"{target.path}?{target.query}", headers=headers)
                with connection.getresponse() as answer:
                    while chunk := answer.read1():
                        body += chunk
                        if len(body) > MAX_ANSWER_BYTES or time.monotonic() > ends_at:
                            raise GeocoderServiceError("endless")
        except (OSError, HTTPException) as error:
            raise GeocoderServiceError(type(error).__name__) from None
        if answer.status != OK:
            reason = f"http_{answer.status}"
            raise AdapterHTTPError(reason, status_code=answer.status, headers={}, text=None)
        return body.decode()


class _Cache:
    """The latest answers; the one unused for longest leaves first. Failures never enter."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._entries: OrderedDict[str, tuple[AdresseTrouvee | None, float]] = OrderedDict()

    def get(self, key: str) -> tuple[AdresseTrouvee | None, float] | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry[1] <= self._clock():
                return None
            self._entries.move_to_end(key)
            return entry

    def put(self, key: str, found: AdresseTrouvee | None) -> None:
        ttl_s = FOUND_TTL_S if found else NOT_FOUND_TTL_S
        with self._lock:
            self._entries[key] = found, self._clock() + ttl_s
            self._entries.move_to_end(key)
            if len(self._entries) > CACHE_ENTRIES:
                self._entries.popitem(last=False)


class _Breaker:
    """Lets calls through until three fail in a row, then one trial every thirty seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._failures, self._paused_until = 0, float("-inf")

    def __enter__(self) -> None:
        with self._lock:
            if self._clock() < self._paused_until:
                raise GeocoderUnavailable("paused")
            self._pause_if_failing()  # A trial: the others wait for its outcome.

    def __exit__(self, _kind: object, error: BaseException | None, _traceback: object) -> None:
        with self._lock:
            self._failures = self._failures + 1 if error else 0
            self._pause_if_failing()

    def _pause_if_failing(self) -> None:
        failing = self._failures >= MAX_FAILURES
        self._paused_until = self._clock() + PAUSE_S if failing else float("-inf")
