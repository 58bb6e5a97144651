# The bot in a container. Data (SQLite, the search index) lives in the volume /data.
#   docker build -t policybot . && docker run --env POLICYBOT_TELEGRAM__TOKEN=… --volume policybot:/data policybot
FROM python:3.13-slim

WORKDIR /app
COPY pyproject.toml README.md LICENSE .constraints.txt ./
COPY bot bot
COPY digests digests
RUN pip install --no-cache-dir --constraint .constraints.txt '.[postgres,speed]' \
  && useradd --create-home policybot && mkdir /data && chown policybot /data

USER policybot
WORKDIR /data
VOLUME /data
# A push that is being sent is finished or given back on SIGTERM; see compose.yaml for the time it has.
ENTRYPOINT ["policybot"]
CMD ["run"]
