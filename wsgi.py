"""The WSGI entry point, found by `flask` and by `gunicorn wsgi:app`."""

import os
import sys

from sqlalchemy.exc import DBAPIError

from app.cli.errors import explain
from app.config import ConfigurationError
from app.domain.errors import CatalogueError
from app.factory import create_app
from app.web.install import warm_up

try:
    app = create_app()
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        # A server reads the reference data before it forks: workers share it and the first
        # visitor does not wait. A command reads only what it needs.
        warm_up(app)
except (ConfigurationError, CatalogueError, DBAPIError, OSError) as exc:
    sys.exit(explain(exc))
