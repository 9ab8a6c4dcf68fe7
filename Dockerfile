# Đất Nghề as an image: the same scripts as on a machine, without a database of its own.
FROM python:3.13.5-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 datnghe \
    && mkdir -p /srv/datnghe /var/lib/datnghe/media \
    && chown datnghe: /srv/datnghe /var/lib/datnghe /var/lib/datnghe/media

USER datnghe
WORKDIR /srv/datnghe

# The addresses only tell the scripts that the database is elsewhere; nothing connects while building.
ARG DATABASE_URL=postgis://build@nowhere/build
ARG MIGRATE_DATABASE_URL=postgis://build@nowhere/build
ARG SECRET_KEY=only-while-building

# packages first: this layer changes only when a lock file does
COPY --chown=datnghe requirements.txt package.json package-lock.json .npmrc ./
COPY --chown=datnghe script ./script
RUN script/setup && rm .local/env

COPY --chown=datnghe . .
RUN script/release --no-migrate && rm -f .local/env

EXPOSE 8000
CMD ["script/serve", "web", "8000"]
