# syntax=docker/dockerfile:1
# Socket Mode (the default) dials out to Slack and needs no port:
#   docker run -v eipas:/var/lib/eipas/data -e SLACK_BOT_TOKEN -e SLACK_APP_TOKEN eipas
# HTTP mode is called by Slack, at https://your.host/slack/events:
#   docker run -p 3000:3000 -e EIPAS_MODE=http -e SLACK_BOT_TOKEN -e SLACK_SIGNING_SECRET -e EIPAS_DATABASE_URL eipas
# Both stages have one image, and it is named here only; docs/releasing.md says how its digest is renewed.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE} AS build
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
WORKDIR /app
COPY LICENSE manifest.yml pyproject.toml ./
COPY bot bot
COPY handlers handlers
COPY storage storage
# Compiled here: without .pyc files the start takes three times as long, and the user below may not write them.
RUN /venv/bin/python -m compileall -q /venv/lib /app

FROM ${PYTHON_IMAGE}
# bubblewrap: the walls of the sandbox in which rendered services run, where the platform allows user namespaces; else
# Landlock. librsvg2 and a font: Slack shows no SVG, so diagrams are uploaded as PNG, too.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends bubblewrap fonts-dejavu-core librsvg2-bin \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /var/lib/eipas --uid 10001 eipas \
    && install -d -o eipas -g eipas /var/lib/eipas/data
COPY --from=build /venv /venv
COPY --from=build /app /app
USER eipas
WORKDIR /var/lib/eipas
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    EIPAS_DATA_DIR=/var/lib/eipas/data EIPAS_LOG_FORMAT=json EIPAS_HTTP_HOST=0.0.0.0 \
    EIPAS_OPS_PORT=9464 EIPAS_OPS_HOST=0.0.0.0
VOLUME /var/lib/eipas/data
# Health and metrics stand on port 9464, for the platform and its Prometheus alone: it is not published.
EXPOSE 3000
# The sign of life is a file that the running loop touches, so that it holds in both modes.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-m", "bot", "healthy"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
