# Holdout as one image: a web server, a worker, or both, and for a single container the embedded PostgreSQL.
# README, "Containers", says how to run it.

FROM node:20.20.2-bookworm-slim AS manifests
WORKDIR /holdout
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
COPY trainer/package.json trainer/
COPY patches patches

# The pages. The trainer's own packages (TensorFlow) are no part of a server: --workspaces=false.
FROM manifests AS build
RUN npm ci --workspaces=false --no-audit --no-fund
COPY . .
RUN npm run build

# What the server runs with. npm keeps the optional peers of production packages, and package.json names what npm start builds
# with where there is no image: neither is of use to pages that are built.
FROM manifests AS packages
RUN npm ci --omit=dev --workspaces=false --no-audit --no-fund
WORKDIR /holdout/node_modules
RUN rm -rf @esbuild-kit @playwright @rolldown @tailwindcss @types @typescript @vitest chai drizzle-kit lightningcss* \
  playwright playwright-core rolldown tailwindcss typescript vite vitest

FROM node:20.20.2-bookworm-slim AS server
# tini hands signals on, and reaps what a PostgreSQL that was killed leaves behind
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /data
WORKDIR /holdout
COPY --from=packages /holdout/node_modules node_modules
COPY . .
COPY --from=build /holdout/.next .next
# A folder in the volume, whose own owner and mode are whatever made the volume's; no .env is read
ENV NODE_ENV=production \
  NEXT_TELEMETRY_DISABLED=1 \
  NPM_CONFIG_UPDATE_NOTIFIER=false \
  HOST=0.0.0.0 \
  PORT=3000 \
  HOLDOUT_DATA_DIR=/data/holdout \
  HOLDOUT_ENV_FILE=
USER 1000:1000
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=6s --start-period=120s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "bin/start.mjs"]
