"""`make elasticsearch`: a local cluster, in the foreground until Ctrl-C.

With `--shared FILE --guardian PID` it is the suite that asks: the cluster is described in the file
and goes on without this process, until the guardian ends.
"""

import argparse
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from tests.elasticsearch_node.cluster import (
    NodeFailed,
    PortTaken,
    running_cluster,
    start_cluster,
)
from tests.elasticsearch_node.distribution import VERSION
from tests.elasticsearch_node.ports import is_free
from tests.elasticsearch_node.settings import HEAP_MB, ClusterSettings
from tests.elasticsearch_node.unavailable import NodeUnavailable

MAX_NODES = 9
SMALLEST_HEAP_MB = 128


class BadChoice(Exception):
    """A setting that cannot be used; the message is French and says what to do."""


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs the command and returns its exit code."""
    # A shell that starts it in the background has it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = _options(arguments)
    try:
        if options.shared:
            _start_for_the_suite(options.shared, options.guardian)
        else:
            _run(_chosen(environ, options.quick))
    except (BadChoice, NodeUnavailable) as exc:
        print(exc, file=sys.stderr)
        return 1
    except PortTaken:
        print(
            "Un autre programme a pris un port du nœud pendant son démarrage : "
            "relancez la même commande.",
            file=sys.stderr,
        )
        return 1
    except NodeFailed as exc:
        print(f"{exc}\n\nElasticsearch ne fonctionne pas : voyez ci-dessus.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nElasticsearch est arrêté, ses données sont effacées.")
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make elasticsearch")
    parser.add_argument("--shared", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--guardian", type=int, help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _chosen(environ: Mapping[str, str], quick: bool) -> ClusterSettings:
    nodes = _number(environ, "NODES", 1, range(1, MAX_NODES + 1))
    port = _number(environ, "PORT", 9200, range(1024, 65_536 - nodes))
    heap_mb = _number(environ, "HEAP_MB", HEAP_MB, range(SMALLEST_HEAP_MB, 31_001))
    for each in range(port, port + nodes):
        if not is_free(each):
            raise BadChoice(
                f"Le port {each} est déjà pris : arrêtez le programme qui l’occupe, ou choisissez-"
                "en un autre, par exemple make elasticsearch PORT=9300"
            )
    return ClusterSettings(nodes=nodes, http_port=port, heap_mb=heap_mb, quick_start=quick)


def _number(environ: Mapping[str, str], name: str, default: int, accepted: range) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit()) or int(text) not in accepted:
        raise BadChoice(
            f"{name} est un nombre entre {accepted[0]} et {accepted[-1]} : "
            f"« {text} » ne convient pas."
        )
    return int(text)


def _run(settings: ClusterSettings) -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    _say(f"Démarrage d’Elasticsearch {VERSION} ({_counted(settings.nodes)})…")
    with running_cluster(settings, say=_say) as cluster:
        _say(
            f"Elasticsearch répond : {' '.join(cluster.urls)}\n\n"
            "Pour que le site s’en serve, dans un autre terminal :\n\n"
            f"  export SEARCH_ENGINE=elasticsearch ELASTICSEARCH_URL={','.join(cluster.urls)}\n"
            "  .venv/bin/flask index rebuild\n"
            "  make run\n\n"
            "Ctrl-C pour arrêter ; les données seront effacées."
        )
        cluster.watch()


def _counted(nodes: int) -> str:
    return "1 nœud" if nodes == 1 else f"{nodes} nœuds"


def _say(text: str) -> None:
    print(text, flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _start_for_the_suite(file: Path, guardian: int) -> None:
    cluster = start_cluster(ClusterSettings(guardian=guardian), say=_say)
    partial = file.with_suffix(".partial")
    partial.write_text(cluster.url, encoding="ascii")
    partial.rename(file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
