# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /venv
COPY requirements.lock pyproject.toml README.md ./
# Only what the product needs at run time is copied on; the lock's hashes are checked here.
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY bot bot
COPY handlers handlers
COPY storage storage
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation . && /venv/bin/python -m compileall -q /venv/lib

FROM python:3.11-slim-bookworm
RUN useradd --system --create-home --home-dir /var/lib/eipas --uid 10001 eipas
COPY --from=build /venv /venv
COPY manifest.yml /app/manifest.yml
USER eipas
WORKDIR /var/lib/eipas
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 EIPAS_DATA_DIR=/var/lib/eipas/data EIPAS_LOG_FORMAT=json
VOLUME /var/lib/eipas/data
EXPOSE 8765
# Socket Mode by default: `docker run -e SLACK_BOT_TOKEN -e SLACK_APP_TOKEN …`; without tokens it serves the local Slack.
HEALTHCHECK --interval=15s --timeout=3s --start-period=20s --retries=3 CMD ["eipas", "healthy"]
ENTRYPOINT ["eipas"]
CMD ["run"]
