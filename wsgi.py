"""The WSGI entry point, found by `flask` and by `gunicorn wsgi:app`."""

import sys

from sqlalchemy.exc import OperationalError

from app.cli.errors import explain
from app.config import ConfigurationError
from app.domain.errors import CatalogueError
from app.factory import create_app

try:
    app = create_app()
except (ConfigurationError, CatalogueError, OperationalError, OSError) as exc:
    sys.exit(explain(exc))
