# Klock's server as an image: docs/docker.md. Any builder will do: docker build, podman build, buildah bud. For linux/amd64.
#
#   docker build -t klock .                       compiles the programs in the build image
#   docker build -t klock --target prebuilt .     takes those that ./build.sh left in dist/bin

# The dashboard's page is made with a newer npm than the build image has.
ARG PAGE_IMAGE=docker.io/library/node:24
ARG BUILD_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
# The programs need a glibc that is not older than the build image's, and libssl for --tls-cert alone. No shell is needed.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/runtime-deps:10.0

# An empty folder, made without a shell.
FROM scratch AS empty
WORKDIR /data

FROM ${RUNTIME_IMAGE} AS runtime
LABEL org.opencontainers.image.title="Klock" \
      org.opencontainers.image.description="Leases that keep coding agents from overwriting each other's work" \
      org.opencontainers.image.licenses="MIT"
# A volume that is mounted here has to hold the folder: SQLite's log is a file beside the store's.
COPY --from=empty --chown=65532:65532 /data /data
# KLOCK_SERVER is for klock in the container: the health check, and docker exec.
ENV KLOCK_STORAGE=sqlite:/data/klock.db \
    KLOCK_SERVER=http://127.0.0.1:3100
WORKDIR /data
USER 65532:65532
EXPOSE 3100
VOLUME /data
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=3 CMD ["klock", "health"]
# klock becomes the server and stays process 1, so that signals reach it.
ENTRYPOINT ["klock"]
CMD ["serve", "--host", "0.0.0.0"]

FROM runtime AS prebuilt
COPY --chmod=755 dist/bin/klock dist/bin/klock-server /usr/local/bin/
COPY --chmod=644 LICENSE dist/THIRD-PARTY-NOTICES.txt /usr/share/doc/klock/

FROM ${PAGE_IMAGE} AS page
WORKDIR /dashboard
COPY dashboard .
RUN npm ci --ignore-scripts && npx vite build --outDir /page

FROM ${BUILD_IMAGE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev zlib1g-dev npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /klock
COPY . .
COPY --from=page /page artifacts/dashboard
RUN dotnet publish src/Klock.Cli -c Release -v quiet && dotnet publish src/Klock.Server -c Release -v quiet

FROM runtime
COPY --from=build --chmod=755 /klock/dist/bin/klock /klock/dist/bin/klock-server /usr/local/bin/
COPY --from=build --chmod=644 /klock/LICENSE /klock/dist/THIRD-PARTY-NOTICES.txt /usr/share/doc/klock/
