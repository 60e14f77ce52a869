# syntax=docker/dockerfile:1

# docker build -t ungebro:0.1.0 --build-arg VERSION=0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" .
#
# RUNTIME_IMAGE may be any with the C library of BUILD_IMAGE's Debian or a newer one, and libgcc; an image without a
# shell is fine.
ARG BUILD_IMAGE=rust:1.95.0-slim-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /build

# The dependencies first, around empty sources, so that a change in `src` does not compile them anew. Benches and
# examples have no part in the image, and Cargo would look for their files.
COPY Cargo.toml Cargo.lock ./
COPY crates crates
RUN sed -i -E '/^\[\[(bench|example|test)\]\]/,/^$/d' Cargo.toml \
    && mkdir src \
    && echo 'fn main() {}' >src/main.rs \
    && touch src/lib.rs \
    && cargo build --release --locked --bin ungebro

# Cargo goes by the time of a file, and these may be older than the empty ones.
COPY src src
RUN find src -name '*.rs' -exec touch {} + \
    && cargo build --release --locked --bin ungebro \
    && install -D -m 0755 target/release/ungebro /out/usr/local/bin/ungebro \
    && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ca-certificates.crt \
    && install -d -m 0750 -o 65532 -g 65532 /out/var/log/ungebro

# hadolint ignore=DL3006
FROM ${RUNTIME_IMAGE}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="ungebro" \
      org.opencontainers.image.description="REST/JSON gateway in front of the SOAP services of Ungedatabasen and DFDG" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/usr/local/bin/ungebro /usr/local/bin/ungebro
COPY --from=build /out/etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# The only folder that is written to; a volume mounted here takes its owner over.
COPY --from=build --chown=65532:65532 /out/var/log/ungebro /var/log/ungebro
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
# A number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 8080 9090
ENTRYPOINT ["/usr/local/bin/ungebro"]
CMD ["serve", "--config", "/etc/ungebro/ungebro.toml"]
