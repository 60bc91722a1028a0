/**
 * One vitest project for each kind of test, so that `vitest run --project unit` runs that kind and
 * nothing else.
 */
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { type Kind, kindsOf } from "./test/support/kinds.ts";
import { findRedisServer, REDIS_TESTS } from "./test/support/redis-server.ts";

type ProjectOptions = NonNullable<TestProjectInlineConfiguration["test"]>;

const SECOND = 1_000;
const LOCAL_CLOUD = "./test/support/global-local-cloud.ts";

/**
 * Where a kind differs: pure tests share processes cheaply; the others start tools, clouds and
 * deployments.
 */
const options: Readonly<Record<Kind, ProjectOptions>> = {
  unit: { pool: "threads", testTimeout: 10 * SECOND },
  simulation: { pool: "threads", testTimeout: 120 * SECOND },
  tidy: {
    pool: "forks",
    exclude: ["test/tidy/samples/**"],
    testTimeout: 120 * SECOND,
    hookTimeout: 120 * SECOND,
  },
  infra: { pool: "forks", testTimeout: 120 * SECOND, hookTimeout: 120 * SECOND },
  "local-cloud": {
    pool: "forks",
    fileParallelism: false,
    testTimeout: 120 * SECOND,
    hookTimeout: 120 * SECOND,
  },
  contract: {
    pool: "forks",
    // `npm test` says so.
    exclude: findRedisServer() === undefined ? [REDIS_TESTS] : [],
    globalSetup: LOCAL_CLOUD,
    testTimeout: 60 * SECOND,
    hookTimeout: 120 * SECOND,
  },
  package: {
    pool: "forks",
    globalSetup: LOCAL_CLOUD,
    testTimeout: 120 * SECOND,
    hookTimeout: 180 * SECOND,
  },
  integration: {
    pool: "forks",
    globalSetup: "./test/support/global-shop.ts",
    // All files share one deployment and two processors.
    fileParallelism: false,
    testTimeout: 120 * SECOND,
    hookTimeout: 300 * SECOND,
  },
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    passWithNoTests: false,
    allowOnly: false,
    projects: kindsOf(import.meta.dirname).map((kind) => ({
      test: { name: kind, include: [`test/${kind}/**/*.test.ts`], ...options[kind] },
    })),
  },
});
