# Karvon as an image: the front end, the program, and nothing but the program.
#   docker build -t karvon .
FROM node:20-bookworm-slim AS front
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run --silent build

FROM rust:1.95-slim-bookworm AS program
RUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=front /src/web/dist web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked -p app && cp target/release/karvon /karvon

FROM debian:bookworm-slim
# poppler-utils reads the PDFs that people bring.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates poppler-utils && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin karvon \
    && install -d -o karvon -g karvon /data
COPY --from=program /karvon /usr/local/bin/karvon
USER karvon
WORKDIR /data
VOLUME /data
ENV KARVON_DATA=/data KARVON_LISTEN=0.0.0.0:8080 KARVON_LOG_FORMAT=json KARVON_LOG_FILES=false
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["karvon"]
CMD ["serve"]
