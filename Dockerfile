# Le site, la commande `flask` et ses outils, sans droits d’administration. Cette image n’a pas été construite là où le code est
# écrit, faute de moteur de conteneurs : `tests/unit/test_compose.py` lance la commande `flask` sur les seuls fichiers copiés ici.
FROM python:3.11-slim-bookworm AS paquets
RUN python -m venv /opt/eventail
COPY requirements.txt /tmp/
RUN /opt/eventail/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement /tmp/requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/eventail/bin:$PATH PYTHONUTF8=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 EVENTAIL_DATA_DIR=/donnees
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin eventail \
    && install --directory --owner=eventail --group=eventail --mode=700 /donnees
COPY --from=paquets /opt/eventail /opt/eventail
WORKDIR /srv/eventail
COPY app app
COPY indexer indexer
COPY schemas schemas
COPY seed seed
COPY wsgi.py gunicorn.conf.py ./
RUN python -m compileall -q app indexer schemas seed
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
