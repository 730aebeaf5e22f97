# Run it read-only: docker run --read-only --cap-drop ALL --security-opt no-new-privileges -p 3000:3000 IMAGE
# Pin the base by digest with --build-arg NODE_IMAGE=node:24-slim@sha256:...
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src src
RUN npm run build && rm dist/.tsbuildinfo && cp src/start_sealed.sh dist/ && npm prune --omit=dev --ignore-scripts
COPY profiles profiles
COPY openapi openapi
# Whatever the umask of the checkout, the service's user can read all of it and change none of it.
RUN chmod -R u=rwX,go=rX /app && mkdir logs

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="vmlab-planner" \
      org.opencontainers.image.description="Plans QEMU virtual machines over HTTP and never starts one" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/profiles profiles
COPY --from=build /app/openapi openapi
COPY --from=build --chown=1000:1000 /app/logs logs
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 VMLAB_LOG_STDOUT=true
USER 1000:1000
VOLUME /app/logs
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/livez').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Under Node's permission model; the shell chooses the flags by Node's version, and becomes the service.
CMD ["sh", "dist/start_sealed.sh"]
