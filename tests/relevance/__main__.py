"""`python -m tests.relevance`: judged situations then searches, in tables, and optionally JSON."""

import argparse
import json
import tempfile
from pathlib import Path

from tests.relevance import report, search_report
from tests.relevance.evaluation import Evaluation
from tests.relevance.recherches import load_recherches
from tests.relevance.search_evaluation import SearchEvaluation
from tests.relevance.vignettes import load_vignettes


def main() -> None:
    """Measures every situation and every search on the shipped catalogue."""
    parser = argparse.ArgumentParser(prog="python -m tests.relevance", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FICHIER", help="écrit aussi les mesures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        evaluation = Evaluation.seeded(Path(folder))
        mesures = [evaluation.measure(vignette) for vignette in load_vignettes()]
        searches = SearchEvaluation(evaluation)
        recherches = [searches.measure(recherche) for recherche in load_recherches()]
    print(report.as_text(mesures))
    print("", search_report.as_text(recherches), sep="\n")
    if options.json:
        both = {**report.figures(mesures), "recherches": search_report.figures(recherches)}
        options.json.write_text(json.dumps(both, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
