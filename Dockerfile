# `npm run container` builds this, runs it as deploy/README.md says, and checks what is promised of it.
#
# The bases can be others, or pinned: --build-arg NODE_IMAGE=node:24-bookworm-slim@sha256:...
# Both are of the same Debian; Node's program is all that the second takes from the first, so that no npm comes along.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Type declarations and source maps are half of it, and nothing reads them.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.map' \) -delete

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY tsconfig.json ./
COPY src src
RUN npm run build && rm dist/.tsbuildinfo dist/.page.tsbuildinfo dist/.built && cp src/start.sh dist/
COPY profiles profiles
# Whatever the umask of the checkout, the service's user can read all of it and change none of it.
RUN mkdir image logs && cp -R package.json dist profiles image/ && chmod -R u=rwX,go=rX image

FROM ${RUNTIME_IMAGE}
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/local/bin/
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/image ./
COPY --from=build --chown=1000:1000 /app/logs logs
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 VMLAB_LOG_STDOUT=true
USER 1000:1000
VOLUME /app/logs
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/livez').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Under Node's permission model; the shell chooses the flags by Node's version, and becomes the service.
CMD ["sh", "dist/start.sh", "--sealed"]
# Last, since a new revision changes no layer.
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
ARG RUNTIME_IMAGE
LABEL org.opencontainers.image.title="vmlab-planner" \
      org.opencontainers.image.description="Plans QEMU virtual machines over HTTP and never starts one" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"
