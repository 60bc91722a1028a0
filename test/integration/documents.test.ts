// Every command that a document tells its reader to type is run here, or it is said where it is
// run, or why it cannot be.
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { documentedCommands } from "../support/documented-commands.ts";
import { openShop } from "../support/shop.ts";
import { asRecord } from "../support/shop/api.ts";

const root = join(import.meta.dirname, "..", "..");
const shop = openShop(inject("shop"));
const commands = documentedCommands(root);

/** What another test runs: the file, and the words that show it. */
const RUN_ELSEWHERE: Readonly<Record<string, readonly [file: string, words: string]>> = {
  "npm start": ["test/integration/main-job.test.ts", "bin/start.ts"],
  "npm test": [".ci/run", "npm test"],
  "npm run cloud": ["test/local-cloud/cloud-command.test.ts", "bin/cloud.ts"],
  "npm run resolve -- list": ["test/integration/operators.test.ts", "bin/resolve.ts"],
  "npm run redrive -- --limit 100": ["test/integration/operators.test.ts", "bin/redrive.ts"],
  "npm run saga -- list": ["test/integration/order-life.test.ts", "bin/saga.ts"],
  "npm run ledger": ["test/integration/payment-callbacks.test.ts", "bin/ledger.ts"],
  "npm run resend -- --since 2026-01-31T12:00:00Z": [
    "test/integration/operators.test.ts",
    "bin/resend.ts",
  ],
  "npm run rebuild -- --projection search": [
    "test/integration/search.test.ts",
    'rebuilt("search")',
  ],
  "npm run rebuild -- --projection order-list": [
    "test/integration/projections.test.ts",
    'rebuilt("order-list")',
  ],
  "npm run rebuild -- --projection recommendations": [
    "test/integration/projections.test.ts",
    'rebuilt("recommendations")',
  ],
  "npm run simulate -- --schedules 2000": ["test/simulation/swarm.test.ts", "bin/simulate.ts"],
  "npm run bench -- --write docs": ["test/unit/bench/commands.test.ts", "bin/bench.ts"],
  "npm run documents": ["test/unit/contracts/documents-command.test.ts", "bin/documents.ts"],
  "npm run documents -- --write docs": [
    "test/unit/contracts/documents-command.test.ts",
    '"--write", folder',
  ],
  "npm run cost": ["test/unit/bench/commands.test.ts", "bin/cost.ts"],
  "npx cdk bootstrap": ["bin/operator/deploy.ts", '"bootstrap"'],
  "npm run build": ["test/support/package-project.ts", "bin/build.ts"],
  "npm pack ./.build/package": ["test/support/package-project.ts", '"pack", out'],
};

/** Needs an account of AWS; its templates are asserted in test/infra. */
const NEEDS_AN_ACCOUNT: readonly string[] = ["npm run deploy"];

const isRequest = (command: string): boolean => command.startsWith("curl ");
const isReplay = (command: string): boolean => command.startsWith("npm start -- --once ");
const isInvocation = (command: string): boolean => command.startsWith("aws lambda invoke ");

let variables: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  const clientId = `reader-${randomUUID().slice(0, 8)}`;
  const scopes = ["orders:write", "orders:read", "carts:write", "orders:operate"] as const;
  const client = asRecord(
    await shop.invoke(shop.outputs.RegisterClientFunction, { clientId, scopes }),
  );
  const [token, sku] = await Promise.all([shop.token(...scopes), shop.product(1000, 10)]);
  // What is ordered before its saga has ended cannot be paid back: a reader takes his time.
  const order = await shop.settledOrder(token, sku);
  const cart = await shop.call("POST", "/v1/carts", {
    token,
    headers: { "idempotency-key": randomUUID() },
    body: {},
  });
  variables = {
    API: shop.api,
    TOKEN: token,
    SKU: sku,
    CART: String(cart.body["cartId"]),
    ORDER: order.orderId,
    CLIENT_ID: clientId,
    CLIENT_SECRET: String(client["clientSecret"]),
  };
});

afterAll(() => rmSync(join(root, "report.json"), { force: true }));

test("there is no documented command that nobody runs", () => {
  const unknown = commands.filter(
    ({ command }) =>
      !(isRequest(command) || isReplay(command) || isInvocation(command)) &&
      !(command in RUN_ELSEWHERE) &&
      !NEEDS_AN_ACCOUNT.includes(command),
  );

  expect(unknown).toEqual([]);
  expect(commands.length).toBeGreaterThan(8);
});

test.each(Object.entries(RUN_ELSEWHERE))("%s is run by another test", (_command, [file, words]) => {
  expect(readFileSync(join(root, file), "utf8")).toContain(words);
});

test.each(commands.filter(({ command }) => isRequest(command)))(
  "$file: $command",
  async ({ command }) => {
    const { code, output } = await shell(command, variables);

    expect(code).toBe(0);
    const answer = asRecord(JSON.parse(output));
    expect(Object.keys(answer)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^(orderId|orders|access_token|sku|products|cartId|refundId|openapi|entries)$/,
        ),
      ]),
    );
  },
);

test.each(commands.filter(({ command }) => isReplay(command)))(
  "$file: $command",
  async ({ command }) => {
    const { code, output } = await shell(command, shop.environment);

    expect(code === 0 ? "right" : output).toBe("right");
  },
);

test("the documented payload registers a client", async () => {
  const [invocation] = commands.filter(({ command }) => isInvocation(command));
  const [, payload = ""] = /--payload '([^']+)'/.exec(invocation?.command ?? "") ?? [];

  const answer = await shop.invoke(shop.outputs.RegisterClientFunction, JSON.parse(payload));

  expect(asRecord(answer)).toMatchObject({ clientId: "my-shop" });
});

function shell(
  command: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly output: string }> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile("bash", ["-c", command], { cwd: root, env }, (error, stdout, stderr) => {
      const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 1;
      resolve({ code, output: code === 0 ? stdout : `${stdout}\n${stderr}` });
    });
  });
}
