# One image for every process; the command says which (see docker-compose.yml).
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
COPY requirements/ requirements/
RUN python -m venv /opt/lodestone \
 && /opt/lodestone/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements/runtime.txt \
 && pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md ./
COPY application/ application/
COPY consumers/ consumers/
COPY domain/ domain/
COPY infra/ infra/
COPY interfaces/ interfaces/
COPY projections/ projections/
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/lodestone/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --create-home lodestone
COPY --from=build /opt/lodestone /opt/lodestone
ENV PATH="/opt/lodestone/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001
WORKDIR /filings
STOPSIGNAL SIGTERM
ENTRYPOINT ["lodestone"]
