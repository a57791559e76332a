"""`python -m tests.relevance`: the judged situations, in a table, and optionally in JSON."""

import argparse
import tempfile
from pathlib import Path

from tests.relevance.evaluation import Evaluation
from tests.relevance.report import as_json, as_text
from tests.relevance.vignettes import load_vignettes


def main() -> None:
    """Measures every situation on the shipped catalogue."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FICHIER", help="écrit aussi les mesures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        evaluation = Evaluation.seeded(Path(folder))
        mesures = [evaluation.measure(vignette) for vignette in load_vignettes()]
    print(as_text(mesures))
    if options.json:
        options.json.write_text(as_json(mesures), encoding="utf-8")


if __name__ == "__main__":
    main()
