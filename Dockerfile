# Plimsoll with everything but the tests: docker build -t plimsoll .
FROM node:26-slim AS build
WORKDIR /plimsoll
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npx tsc -p tsconfig.build.json && npm prune --omit=dev --ignore-scripts

FROM node:26-slim
ENV NODE_ENV=production
COPY --from=build /plimsoll/package.json /plimsoll/LICENSE /plimsoll/
COPY --from=build /plimsoll/bin /plimsoll/bin
COPY --from=build /plimsoll/dist /plimsoll/dist
COPY --from=build /plimsoll/schema /plimsoll/schema
# What callers by telephone sound like.
COPY --from=build /plimsoll/voices /plimsoll/voices
COPY --from=build /plimsoll/examples /plimsoll/examples
COPY --from=build /plimsoll/node_modules /plimsoll/node_modules
# Runs are written here: mount a folder that user 1000 may write.
WORKDIR /work
RUN chown node:node /work
USER node
EXPOSE 4000 4010
ENTRYPOINT ["node", "/plimsoll/bin/plimsoll.js"]
CMD ["--help"]
