"""How an offer is held by the cluster: fields, settings, and the version of both.

Text comes already read by the shared analysis: its fields only cut at spaces. Expressions are held
by their ids, and trees by the keys of their conditions too, so that a new fact or a new kind of
condition changes nothing here.
"""

import hashlib
import json
from functools import cache
from typing import Any

from app.domain.texte import Champ
from indexer.analysis import fingerprint

Json = dict[str, Any]

FORMAT = 2  # raised when what a field holds changes in a way that its mapping does not tell
TREE, PUBLICS, ZONE = "arbre", "publics_expr", "zone"
EXPRESSIONS = (TREE, PUBLICS, ZONE)
COMBINED = "expressions"  # the three together, to count the offers that share them
CONDITIONS = "conditions"  # the keys of those of the tree, to say which are false
TOKENS = {champ: f"jetons_{champ}" for champ in Champ}
KEYWORDS = (
    "thematiques", "categories", "publics", "frais", "types", "modes_accueil", "structure_id",
    "commune", "horaires", "apporte",
)  # fmt: skip
MAX_TOKEN = 100  # characters: in no language do they exceed the 255 units of the analyzer
WINDOW = 10_000  # design section 5: the deepest page that may be asked
_KEYWORD = {"type": "keyword"}
_BOOLEAN = {"type": "boolean"}
# A position says nothing that a set of tokens does not: phrases are tokens of one field.
_TOKENS = {"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": False}


def mappings() -> Json:
    """Returns the fields; what is not one of them is refused."""
    return {
        "dynamic": "strict",
        # Tokens are searched, never read back, and SQL can always make them again.
        "_source": {"excludes": [*TOKENS.values(), COMBINED, CONDITIONS]},
        "properties": {
            "offre_id": _KEYWORD,
            "vivant": _BOOLEAN,
            **dict.fromkeys(KEYWORDS, _KEYWORD),
            **{name: {"type": "integer"} for name in EXPRESSIONS},
            COMBINED: _KEYWORD,
            CONDITIONS: {"type": "long"},
            "imprecis": _BOOLEAN,
            "sur_place": _BOOLEAN,
            "a_distance": _BOOLEAN,
            "lieu": {"type": "geo_point"},
            "jour": {"type": "integer"},
            "qualite": {"type": "double"},
            **dict.fromkeys(TOKENS.values(), _TOKENS),
        },
    }


def settings(*, shards: int) -> Json:
    """Returns the settings of a new generation; it is refreshed when its writer says so."""
    return {
        "number_of_shards": shards,
        # A copy as soon as there is a second node to hold it.
        "auto_expand_replicas": "0-1",
        "refresh_interval": "-1",
        "max_result_window": WINDOW,
        "max_inner_result_window": WINDOW,
    }


def written_token(token: str) -> str:
    """Returns a token as it is indexed and searched: the analyzer would cut a very long one."""
    if len(token) <= MAX_TOKEN:
        return token
    return hashlib.blake2b(token.encode(), digest_size=16).hexdigest()


@cache
def mapping_version() -> str:
    """Returns what a generation must have been made with to be searched by this code."""
    described = json.dumps([FORMAT, mappings(), settings(shards=0), fingerprint()])
    return hashlib.blake2b(described.encode(), digest_size=4).hexdigest()


def searched_alias(alias: str) -> str:
    """Returns the alias that this code searches, beside the one of the settings.

    Code of another mapping never reads it, so that both may run during an upgrade.
    """
    return f"{alias}-{mapping_version()}"
