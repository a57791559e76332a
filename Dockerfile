# The image of the web server and of the worker: the same code, another command (see compose.yaml).
FROM python:3.11-slim-bookworm

ENV PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /eventail

COPY requirements.txt .
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.txt

COPY app ./app
COPY indexer ./indexer
COPY schemas ./schemas
COPY seed ./seed
COPY wsgi.py gunicorn.conf.py ./

# Nothing of the code can be changed by the process that runs it; /data holds what it writes.
RUN useradd --system --uid 10001 --home-dir /nonexistent eventail \
    && install -d --owner eventail --mode 0750 /data
USER eventail
ENV EVENTAIL_DATA_DIR=/data EVENTAIL_ENV=production HOST=0.0.0.0 PORT=8000
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
