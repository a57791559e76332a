"""The settings of a running Éventail, read once from the environment and never changed afterwards.

Every problem is found before any is reported, so that a person who installs the site corrects
everything at once. Addresses and keys hold passwords: they are kept out of `repr` and of messages.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

from app.addresses import LOOPBACK_HOSTS, is_address, is_email, is_origin
from app.mail.sender import server_fault
from app.secret_key import SECRET_KEY_FILE, SECRET_KEY_MIN_CHARACTERS, key_kept_in
from app.settings_auth import CLIENT_ID, CLIENT_SECRET, ISSUER, ProConnect, proconnect_of
from app.settings_database import database_address
from app.tiles import NO_TILES, PLAN_IGN_ATTRIBUTION, PLAN_IGN_URL, Tiles, tiles_fault

PROJECT_ROOT = Path(__file__).resolve().parent.parent
GEOPLATEFORME_URL = "https://data.geopf.fr/geocodage"
MAX_SHARDS = 32  # beyond, a catalogue of France is cut too small to be searched fast
MAX_PROXIES = 5  # a load balancer, a cache, a server: nobody chains more
EVERY_SITE = "*"


class Environment(StrEnum):
    """Where the site runs: unsafe settings are refused in production."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SearchEngineName(StrEnum):
    """The two engines, which give the same answers."""

    EMBEDDED = "embedded"
    ELASTICSEARCH = "elasticsearch"


class ConfigurationError(Exception):
    """Carries every problem of the settings, each a French sentence that says what to do."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(("Configuration incorrecte :", *(f"- {p}" for p in problems))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the environment decides; the factory hands each part to whom it concerns."""

    environment: Environment
    data_dir: Path
    database_url: str = field(repr=False)
    search_engine: SearchEngineName
    elasticsearch_url: str | None = field(repr=False)
    """The addresses of the nodes, parted by commas, with the user's name and password if any."""
    elasticsearch_index: str
    elasticsearch_ca: Path | None
    """The certificate of the authority that the nodes' own are signed by."""
    elasticsearch_shards: int
    rate_limits: bool
    trusted_proxies: int
    """How many proxies of ours stand before the site: each adds the address that it saw."""
    secret_key: str = field(repr=False)
    mail_url: str | None = field(repr=False)
    """`None` prints messages to the console, links included: for development."""
    geocoder_url: str = field(repr=False)
    tiles: Tiles | None
    """The background of maps; `None` draws them on plain paper."""
    faits_supplementaires: Path | None
    territoires: tuple[Path, ...]
    """The territory files, sorted by path."""
    widget_sites: tuple[str, ...]
    """The origins of the sites that may show the search in a frame; none: it is closed.

    `("*",)` is every site. It is taken in production too, since it can only be written on purpose
    and the frame holds public data, reads no cookie and changes nothing; beside other origins it
    is refused, as the list would then say something else than what it does.
    """
    site_url: str | None
    """The origin of the site's own addresses, where they leave the page that they are on: links
    shared, printed or given to search engines. `None`: the host that the request names."""
    proconnect: ProConnect | None
    """`None`: nobody signs in through a provider of identities."""
    contact_email: str | None
    """Where readers write; `None`: pages send them to the structure that runs the site."""

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Reads the variables of design section 10; an empty one counts as absent.

        Makes the data directory and, outside production, the secret key when they are missing.
        Raises `ConfigurationError` with all the problems at once.
        """
        reader = _Reader(environ)
        environment = reader.choice("EVENTAIL_ENV", Environment, Environment.DEVELOPMENT)
        in_production = environment is Environment.PRODUCTION
        data_dir = reader.data_dir()
        search_engine = reader.choice("SEARCH_ENGINE", SearchEngineName, SearchEngineName.EMBEDDED)
        settings = cls(
            environment=environment,
            data_dir=data_dir,
            database_url=reader.database_url(data_dir, in_production),
            search_engine=search_engine,
            elasticsearch_url=reader.elasticsearch_url(search_engine),
            elasticsearch_index=reader.elasticsearch_index(),
            elasticsearch_ca=reader.elasticsearch_ca(),
            elasticsearch_shards=reader.elasticsearch_shards(),
            rate_limits=reader.rate_limits(in_production),
            trusted_proxies=reader.trusted_proxies(),
            secret_key=reader.secret_key(data_dir, in_production),
            mail_url=reader.mail_url(),
            geocoder_url=reader.geocoder_url(in_production),
            tiles=reader.tiles(in_production),
            faits_supplementaires=reader.faits_supplementaires(),
            territoires=reader.territoires(),
            widget_sites=reader.widget_sites(in_production),
            site_url=reader.site_url(in_production),
            proconnect=reader.proconnect(in_production),
            contact_email=reader.contact_email(),
        )
        if reader.problems:
            raise ConfigurationError(tuple(reader.problems))
        return settings


Choice = TypeVar("Choice", bound=StrEnum)


class _Reader:
    """Reads one variable a method; a problem is noted, and a harmless value returned instead."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def _text(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def _note(self, problem: str) -> None:
        self.problems.append(problem)

    def choice(self, name: str, kind: type[Choice], default: Choice) -> Choice:
        text = self._text(name)
        if text is None:
            return default
        if text in set(kind):
            return kind(text)
        self._note(f"{name} accepte seulement {' ou '.join(kind)} : corrigez cette variable.")
        return default

    def data_dir(self) -> Path:
        text = self._text("EVENTAIL_DATA_DIR")
        data_dir = Path(text).expanduser().absolute() if text else PROJECT_ROOT / "var"
        try:
            # Personal data will live there: nobody else on the machine reads it.
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            self._note(
                f"Le dossier {data_dir} ne peut pas être créé : donnez à EVENTAIL_DATA_DIR "
                "un dossier où le programme peut écrire."
            )
            return data_dir
        if not os.access(data_dir, os.W_OK | os.X_OK):
            self._note(
                f"Le dossier {data_dir} n’est pas accessible en écriture : corrigez ses droits "
                "ou changez EVENTAIL_DATA_DIR."
            )
        return data_dir

    def database_url(self, data_dir: Path, in_production: bool) -> str:
        address, problem = database_address(
            self._text("DATABASE_URL"), data_dir, in_production=in_production
        )
        if problem:
            self._note(problem)
        return address

    def elasticsearch_url(self, search_engine: SearchEngineName) -> str | None:
        text = self._text("ELASTICSEARCH_URL")
        if text is None:
            if search_engine is SearchEngineName.ELASTICSEARCH:
                self._note(
                    "ELASTICSEARCH_URL manque : indiquez l’adresse du moteur, "
                    "ou choisissez SEARCH_ENGINE=embedded."
                )
            return None
        addresses = [self._web_address("ELASTICSEARCH_URL", part) for part in text.split(",")]
        return ",".join(addresses)

    def elasticsearch_ca(self) -> Path | None:
        text = self._text("ELASTICSEARCH_CA")
        if text is None:
            return None
        if not Path(text).is_file():
            self._note("ELASTICSEARCH_CA doit être le chemin d’un certificat (fichier .pem).")
        elif "http://" in (self._text("ELASTICSEARCH_URL") or ""):
            self._note(
                "ELASTICSEARCH_CA ne sert qu’avec des adresses https:// : corrigez "
                "ELASTICSEARCH_URL, ou retirez cette variable."
            )
        return Path(text)

    def elasticsearch_shards(self) -> int:
        text = self._text("ELASTICSEARCH_SHARDS") or "1"
        if text not in {str(count) for count in range(1, MAX_SHARDS + 1)}:
            self._note(f"ELASTICSEARCH_SHARDS est un nombre de 1 à {MAX_SHARDS} : corrigez-le.")
            return 1
        return int(text)

    def elasticsearch_index(self) -> str:
        index = self._text("ELASTICSEARCH_INDEX") or "offres"
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,99}", index):
            self._note(
                "ELASTICSEARCH_INDEX doit commencer par une minuscule et ne contenir que des "
                "minuscules sans accent, des chiffres, « - » et « _ »."
            )
        return index

    def rate_limits(self, in_production: bool) -> bool:
        text = self._text("RATE_LIMITS")
        if text is None:
            return in_production
        if text not in {"on", "off"}:
            self._note("RATE_LIMITS accepte seulement on ou off : corrigez cette variable.")
        if text == "off" and in_production:
            self._note(
                "RATE_LIMITS=off est refusé en production : retirez cette variable, "
                "les limites protègent le site."
            )
        return text == "on"

    def trusted_proxies(self) -> int:
        text = self._text("TRUSTED_PROXIES") or "0"
        if text not in {str(count) for count in range(MAX_PROXIES + 1)}:
            self._note(
                "TRUSTED_PROXIES est le nombre de serveurs mandataires placés devant le site : "
                f"écrivez un nombre entre 0 et {MAX_PROXIES}."
            )
            return 0
        return int(text)

    def secret_key(self, data_dir: Path, in_production: bool) -> str:
        text = self._text("SECRET_KEY")
        if in_production and (text is None or len(text) < SECRET_KEY_MIN_CHARACTERS):
            fault = "manque" if text is None else "est trop courte"
            self._note(
                f"SECRET_KEY {fault} : en production, donnez-lui au moins "
                f"{SECRET_KEY_MIN_CHARACTERS} caractères tirés au hasard, par exemple avec "
                "python3 -c 'import secrets; print(secrets.token_hex(32))'."
            )
        if text is not None or in_production or not os.access(data_dir, os.W_OK):
            return text or ""
        try:
            return key_kept_in(data_dir / SECRET_KEY_FILE)
        except (OSError, ValueError):
            self._note(
                f"La clé {data_dir / SECRET_KEY_FILE} ne peut pas être lue ou créée : corrigez "
                "les droits du dossier et la place libre, ou supprimez ce fichier s’il est abîmé."
            )
            return ""

    def mail_url(self) -> str | None:
        text = self._text("MAIL_URL")
        if text is not None and (fault := server_fault(text)):
            self._note(f"MAIL_URL {fault}")
        return text

    def geocoder_url(self, in_production: bool) -> str:
        text = self._text("GEOCODER_URL")
        if text is None:
            return GEOPLATEFORME_URL
        address = self._web_address("GEOCODER_URL", text)
        if any(sign in address for sign in "@?#"):
            self._note("GEOCODER_URL est une adresse simple : retirez « @ », « ? » et « # ».")
        if (
            in_production
            and address.startswith("http://")
            and urlsplit(address).hostname not in LOOPBACK_HOSTS
        ):
            self._note(
                "GEOCODER_URL doit commencer par https:// en production : "
                "les adresses des personnes ne circulent pas en clair."
            )
        return address

    def tiles(self, in_production: bool) -> Tiles | None:
        url, attribution = self._text("TILES_URL"), self._text("TILES_ATTRIBUTION")
        if url == NO_TILES:
            return None
        if url is None or url == PLAN_IGN_URL:
            return Tiles(url=PLAN_IGN_URL, attribution=attribution or PLAN_IGN_ATTRIBUTION)
        tiles = Tiles(url=url, attribution=attribution or "")
        if fault := tiles_fault(url):
            self._note(f"TILES_URL {fault} ; « {NO_TILES} » retire le fond de carte.")
        elif in_production and url.startswith("http://") and tiles.host not in LOOPBACK_HOSTS:
            self._note("TILES_URL doit commencer par https:// en production.")
        elif not attribution:
            self._note(
                "TILES_ATTRIBUTION manque : dites à qui est le fond de carte de TILES_URL, "
                "par exemple « © les contributeurs d’OpenStreetMap »."
            )
        return tiles

    def faits_supplementaires(self) -> Path | None:
        text = self._text("FAITS_SUPPLEMENTAIRES")
        if text is None:
            return None
        path = Path(text).expanduser().absolute()
        if not path.is_file():
            self._note(
                f"FAITS_SUPPLEMENTAIRES : le fichier {path} est introuvable, corrigez son chemin."
            )
        return path

    def territoires(self) -> tuple[Path, ...]:
        text = self._text("TERRITOIRE")
        if text is None:
            return tuple(sorted((PROJECT_ROOT / "seed" / "territoires").glob("*.toml")))
        pattern = Path(text).expanduser()
        if not pattern.is_absolute():
            pattern = PROJECT_ROOT / pattern
        relative = pattern.relative_to(pattern.anchor)
        found = tuple(sorted(p for p in Path(pattern.anchor).glob(str(relative)) if p.is_file()))
        if not found:
            self._note(
                f"TERRITOIRE : aucun fichier ne correspond à {text}, corrigez le chemin "
                "(par exemple seed/territoires/*.toml)."
            )
        return found

    def widget_sites(self, in_production: bool) -> tuple[str, ...]:
        written = [part.strip() for part in (self._text("WIDGET_SITES") or "").split(",")]
        sites = tuple(dict.fromkeys(part.rstrip("/").lower() for part in written if part))
        if EVERY_SITE in sites:
            if len(sites) > 1:
                self._note(
                    "WIDGET_SITES : « * » ouvre le module à tous les sites ; écrivez « * » seul, "
                    "ou seulement la liste des sites."
                )
            return (EVERY_SITE,)
        wrong = [site for site in sites if not is_origin(site, with_loopback=not in_production)]
        if wrong:
            self._note(
                "WIDGET_SITES est une liste d’adresses de sites, sans page ni « * », séparées par "
                f"des virgules (https://www.ma-ville.fr) : corrigez « {wrong[0]} »."
            )
        return sites

    def site_url(self, in_production: bool) -> str | None:
        text = self._text("SITE_URL")
        if text is None:
            return None
        site = text.rstrip("/").lower()
        if not is_origin(site, with_loopback=not in_production):
            self._note(
                "SITE_URL est l’adresse du site, sans page : https://eventail.mon-departement.fr."
            )
        return site

    def proconnect(self, in_production: bool) -> ProConnect | None:
        given = {name: self._text(name) for name in (ISSUER, CLIENT_ID, CLIENT_SECRET)}
        has_site_url = self._text("SITE_URL") is not None
        found, problems = proconnect_of(
            given, in_production=in_production, has_site_url=has_site_url
        )
        self.problems.extend(problems)
        return found

    def contact_email(self) -> str | None:
        text = self._text("CONTACT_EMAIL")
        if text is not None and not is_email(text):
            self._note("CONTACT_EMAIL doit être une adresse de courriel : contact@exemple.fr.")
        return text

    def _web_address(self, name: str, text: str) -> str:
        text = text.strip()
        if not is_address(text, {"http", "https"}):
            self._note(f"{name} doit être une adresse qui commence par https:// ou http://.")
        return text.rstrip("/")
