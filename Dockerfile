# tracegraph: command line and HTTP interface. docker-compose.yml runs it beside Neo4j; alone, it keeps a file in the
# folder that is mounted:
#
#   docker build --tag tracegraph .
#   docker run --rm --volume "$PWD:/files" tracegraph capture events.json

ARG PYTHON_VERSION=3.13

FROM python:${PYTHON_VERSION}-slim AS build
WORKDIR /source
COPY pyproject.toml setup.py README.md LICENSE ./
COPY tracegraph tracegraph
COPY api api
COPY cypher cypher
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:${PYTHON_VERSION}-slim
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(echo /wheels/*.whl)[neo4j-fast,fast,serve]" \
    && rm -r /wheels \
    && useradd --uid 10001 --create-home tracegraph \
    && install --directory --owner=tracegraph /service
USER tracegraph
WORKDIR /files
ENTRYPOINT ["tracegraph"]
CMD ["--help"]
