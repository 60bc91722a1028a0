/**
 * Who may import whom: the table of the architecture as data. What a row does not list fails the
 * build. `import-rules.ts` turns each row into three rules: `<name>-imports`, `<name>-packages`,
 * `<name>-builtins`.
 */

/** Paths are regular expressions from the repository's root; `$1` is the first group of `from`. */
export type Row = {
  readonly name: string;
  /** The importing files. */
  readonly from: string;
  /** Files of the project that they may import. */
  readonly local: readonly string[] | "any";
  /** By name, `@scope/*` for a whole scope; or all of package.json's `dependencies`; or all. */
  readonly packages: readonly string[] | "any-dependency" | "any";
  /** Node's own modules, without `node:`. */
  readonly builtins: readonly string[] | "any";
};

const KERNEL = "^lib/kernel/";
const MESSAGING = "^lib/messaging/";
/**
 * What the library asks of its surroundings, and the data in those questions; not its machinery.
 */
const MESSAGING_PORTS = `^lib/messaging/(?:${[
  "index",
  "consumer/consumer-report",
  "envelope/envelope",
  "producer/event-store",
  "flow/index",
  "head/head",
  "head/head-codec",
  "head/head-store",
  "consumer/queue-record",
  "idempotency/index",
  "producer/sender",
  "violation/violation",
].join("|")})\\.ts$`;
const CONTRACTS = "^lib/contracts/";
const SERVICE_PORTS = "^lib/services/[^/]+/[a-z-]*ports\\.ts$";
const ADAPTER_INPUT = [KERNEL, CONTRACTS, MESSAGING_PORTS, SERVICE_PORTS];

const LAMBDA_TYPES = "@types/aws-lambda";
const CDK = ["aws-cdk-lib", "constructs", "cdk-nag"];

export const importTable: readonly Row[] = [
  row("kernel", "^lib/kernel/(?!(?:hash|ids)\\.ts$)", { local: [KERNEL] }),
  row("kernel-digests", "^lib/kernel/(?:hash|ids)\\.ts$", {
    local: [KERNEL],
    builtins: ["crypto"],
  }),
  row("messaging", MESSAGING, { local: [MESSAGING, KERNEL] }),
  row("simulation", "^lib/simulation/", {
    local: ["^lib/simulation/", KERNEL, MESSAGING, "^lib/adapters/memory/"],
    packages: ["jsonata", "fast-check"],
  }),
  row("contracts", CONTRACTS, { local: [CONTRACTS, KERNEL], packages: ["zod"] }),
  row("domain", "^lib/services/([^/]+)/domain/", {
    local: ["^lib/services/$1/domain/", KERNEL],
    // Money: pure, and exact where numbers are not.
    packages: ["dinero.js"],
  }),
  row("services", "^lib/services/([^/]+)/(?!domain/)", {
    local: ["^lib/services/$1/", CONTRACTS, MESSAGING, KERNEL],
  }),
  row("adapters-aws", "^lib/adapters/aws/", {
    local: ["^lib/adapters/aws/", ...ADAPTER_INPUT],
    packages: ["@aws-sdk/*", "jose", LAMBDA_TYPES],
    builtins: "any",
  }),
  row("adapters-http", "^lib/adapters/http/", {
    local: ["^lib/adapters/http/", ...ADAPTER_INPUT],
    packages: ["jose", "ipaddr.js"],
    builtins: "any",
  }),
  row("adapters-powertools", "^lib/adapters/powertools/", {
    local: ["^lib/adapters/powertools/", ...ADAPTER_INPUT],
    packages: ["@aws-lambda-powertools/*", "@aws-sdk/client-dynamodb", "@aws-sdk/util-dynamodb"],
    builtins: "any",
  }),
  row("adapters-redis", "^lib/adapters/redis/", {
    local: ["^lib/adapters/redis/", ...ADAPTER_INPUT],
    packages: ["@redis/client"],
    builtins: "any",
  }),
  row("adapters-minisearch", "^lib/adapters/minisearch/", {
    local: ["^lib/adapters/minisearch/", ...ADAPTER_INPUT],
    packages: ["minisearch"],
    builtins: ["util", "zlib"],
  }),
  row("adapters-opensearch", "^lib/adapters/opensearch/", {
    local: ["^lib/adapters/opensearch/", ...ADAPTER_INPUT],
    packages: ["@opensearch-project/opensearch", "zod"],
  }),
  row("adapters-memory", "^lib/adapters/memory/", {
    local: ["^lib/adapters/memory/", ...ADAPTER_INPUT],
  }),
  row("replay", "^lib/replay/", {
    local: ["^lib/replay/", KERNEL, CONTRACTS, "^lib/adapters/http/"],
    builtins: "any",
  }),
  row("runtime", "^lib/runtime/", {
    local: ["^lib/runtime/", KERNEL, CONTRACTS, MESSAGING],
    packages: ["@middy/*", "@aws-lambda-powertools/*", "zod", LAMBDA_TYPES],
    builtins: "any",
  }),
  row("lambda", "^lib/lambda/", {
    local: [
      "^lib/lambda/",
      "^lib/adapters/(?:aws|redis)/",
      "^lib/runtime/(?:config|log|validation)\\.ts$",
      CONTRACTS,
      MESSAGING,
      KERNEL,
    ],
    packages: ["@aws-sdk/*"],
  }),
  row("functions", "^functions/([^/]+)/", {
    local: [
      "^functions/$1/",
      "^lib/lambda/",
      "^lib/services/",
      "^lib/adapters/(aws|http|minisearch|opensearch|powertools|redis)/",
      // Served as they are committed.
      "^docs/(?:asyncapi|openapi)\\.json$",
      "^lib/runtime/",
      CONTRACTS,
      MESSAGING,
      KERNEL,
    ],
    packages: [LAMBDA_TYPES],
    builtins: "any",
  }),
  row("infra", "^lib/infra/", {
    local: ["^lib/infra/", CONTRACTS, KERNEL],
    packages: [...CDK, "esbuild"],
    builtins: "any",
  }),
  // It runs before any package is installed.
  row("set-up", "^bin/.+\\.mjs$", { local: ["^bin/.+\\.mjs$"], builtins: "any" }),
  row("cdk-app", "^bin/app\\.ts$", {
    local: ["^bin/", "^lib/infra/", CONTRACTS, KERNEL],
    packages: CDK,
    builtins: "any",
  }),
  // These two start tests and checks, and share the way of starting a tool with the tests of the
  // guards.
  row("test-runners", "^bin/(?:check|test)\\.ts$", {
    local: ["^bin/", "^lib/kernel/", "^test/support/"],
    packages: [],
    builtins: "any",
  }),
  // The simulator's scenarios, their planted faults and the benchmark are test code; these start
  // them.
  row("simulate", "^bin/(?:(?:simulate|bench|cost)\\.ts$|simulation/)", {
    local: ["^bin/", "^lib/", "^test/(?:bench|simulation|support)/"],
    packages: "any-dependency",
    builtins: "any",
  }),
  // Makes the published package.
  row("package", "^bin/(?:build\\.ts$|package/)", {
    local: ["^bin/", "^lib/infra/", KERNEL],
    packages: ["esbuild", "typescript"],
    builtins: "any",
  }),
  row(
    "bin",
    "^bin/(?!(?:app|bench|build|check|cost|simulate|test)\\.ts$|(?:package|simulation)/).+\\.ts$",
    {
      local: ["^bin/", "^local-cloud/", "^lib/(?!services/|adapters/memory/|simulation/)"],
      packages: "any-dependency",
      builtins: "any",
    },
  ),
  row("configuration", "^(?:\\.config/|[^/]+\\.config\\.ts$)", {
    local: ["^\\.config/", "^test/support/"],
    packages: ["vitest", "dependency-cruiser"],
    builtins: "any",
  }),
  row("local-cloud", "^local-cloud/", { local: ["^local-cloud/", KERNEL], builtins: "any" }),
  row("tests", "^test/", { local: "any", packages: "any", builtins: "any" }),
];

/** A row that allows no packages and no built-in modules unless told. */
function row(name: string, from: string, allowed: Partial<Row> & Pick<Row, "local">): Row {
  return { name, from, packages: [], builtins: [], ...allowed };
}
