"""Settings of the web server, read by gunicorn; as a script, it only checks that the port is free.

Nothing here may log a path: it can carry a person's token, and a query string what they look for.
"""

from __future__ import annotations

import atexit
import contextlib
import errno
import logging
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

METRICS_PREFIX = "eventail-metrics-"
# gunicorn quotes the request itself in these messages; the rest of its log never does.
QUOTING_MESSAGES = ("Invalid request", "Error handling request")


class QuotedRequestFilter(logging.Filter):
    """Keeps that a request went wrong, without the request itself nor the exception's own words."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = str(record.msg)
        for start in QUOTING_MESSAGES:
            if message.startswith(start):
                exception = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
                record.msg = f"{start} ({exception.__name__})" if exception else start
                record.args, record.exc_info, record.exc_text = (), None, None
        return True


def _whole_number(name: str, default: int, maximum: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= maximum:
        return int(text)
    sys.exit(f"{name} doit être un nombre entier entre 1 et {maximum} : corrigez cette variable.")


def _available_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _bind_problem(family: socket.AddressFamily, address: Any) -> str | None:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                return (
                    f"Le port {port} est déjà utilisé : arrêtez l’autre programme "
                    f"ou choisissez PORT=… (par exemple PORT={port + 1 if port < 65535 else 8000})."
                )
            if exc.errno == errno.EACCES:
                return f"Le port {port} est réservé au système : choisissez PORT=8000, par exemple."
            return (
                f"Le site ne peut pas écouter sur HOST={host} : "
                "choisissez HOST=127.0.0.1 ou HOST=0.0.0.0."
            )
    return None


def refuse_unusable_address() -> None:
    """Exits with a sentence that says what to do, where gunicorn would retry five times."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET  # as gunicorn reads it
        found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except OSError:
        sys.exit(f"L’adresse HOST={host} est inconnue : choisissez HOST=127.0.0.1 ou HOST=0.0.0.0.")
    problem = _bind_problem(family, found[0][4])
    if problem:
        sys.exit(problem)


host = os.environ.get("HOST", "").strip().strip("[]") or "127.0.0.1"
port = _whole_number("PORT", 8000, 65535)

bind = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
workers = _whole_number("WEB_CONCURRENCY", _available_cores(), 512)
worker_class = "gthread"
threads = 4
limit_request_line = 0  # no limit: a text too long gets our own message, in French
preload_app = True  # the catalogue's columns are read once and shared by every worker
timeout = 60
graceful_timeout = 15
keepalive = 5
control_socket_disable = True  # gunicorn would open one in the home folder
accesslog = None  # app.observability logs each request, without its path
errorlog = "-"
proc_name = "eventail"

logging.getLogger("gunicorn.error").addFilter(QuotedRequestFilter())


def on_starting(server: Any) -> None:
    """Checks the address, unless the sockets are inherited (systemd, upgrade without a stop)."""
    if not {"GUNICORN_FD", "LISTEN_FDS"} & os.environ.keys():
        refuse_unusable_address()
    tell_of_mail_in_clear()


def tell_of_mail_in_clear() -> None:
    """Says at once that no link will leave, where people would find out when they sign in."""
    from app.mail.sender import ServeurIllisible, clear_text_fault

    mail_url = os.environ.get("MAIL_URL", "").strip()
    if not mail_url or os.environ.get("EVENTAIL_ENV", "").strip() != "production":
        return
    with contextlib.suppress(ServeurIllisible):  # the settings say what is wrong
        if fault := clear_text_fault(mail_url):
            print(fault, file=sys.stderr)


def post_fork(server: Any, worker: Any) -> None:
    """Lets the application renew what a forked worker must not share (database connections…)."""
    application = server.app.wsgi()
    for renew in application.extensions.get("after_fork", ()):
        renew()


def child_exit(server: Any, worker: Any) -> None:
    """Forgets the live gauges of a worker that stopped; its counters still count."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def _share_metrics_between_workers() -> None:
    """Gives the workers of this server a folder for their counts, removed when it stops.

    prometheus_client reads the variable when it is imported, thus after this file. A reload reads
    this file again and keeps the folder; a server that replaces another one makes its own.
    """
    folder = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""))
    own_prefix = f"{METRICS_PREFIX}{os.getpid()}-"
    chosen_by_operator = folder.name and not folder.name.startswith(METRICS_PREFIX)
    if chosen_by_operator or folder.name.startswith(own_prefix):
        return
    made = tempfile.mkdtemp(prefix=own_prefix)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = made
    atexit.register(_remove_metrics, made, os.getpid())


def _remove_metrics(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # workers are forks: they would run this too
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    refuse_unusable_address()
else:
    _share_metrics_between_workers()
