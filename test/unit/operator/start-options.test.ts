// The main job's options: defaults, and one clear line for whatever is wrong.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { prepareReplay } from "../../../bin/operator/replay-files.ts";
import { startOptions, UsageError } from "../../../bin/operator/start-options.ts";

const folder = mkdtempSync(join(tmpdir(), "inorder-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("without options the defaults hold", () => {
  expect(startOptions([])).toEqual({
    orders: undefined,
    ordersFile: undefined,
    seed: 1,
    duplicates: 0.2,
    disorder: 0.3,
    poison: 0,
    resolve: undefined,
    report: undefined,
    once: false,
    port: undefined,
    target: undefined,
    help: false,
  });
});

test("every option is read", () => {
  const report = join(folder, "r.json");
  const text =
    `--orders 20 --orders-file o.csv --seed 0 --duplicates 0 --disorder 1 --report ${report} ` +
    "--poison 2 --resolve skip --once --port 4566 --target aws --help";

  expect(startOptions(text.split(" "))).toEqual({
    orders: 20,
    ordersFile: "o.csv",
    seed: 0,
    duplicates: 0,
    disorder: 1,
    poison: 2,
    resolve: "skip",
    report,
    once: true,
    port: 4566,
    target: "aws",
    help: true,
  });
});

test.each([
  ["--orders many", '--orders must be a whole number from 1 to 1000000, got "many".'],
  ["--orders 0", "--orders"],
  ["--orders -5", "--orders"],
  ["--orders 1.5", "--orders"],
  ["--orders", "--orders"],
  ["--seed x", "--seed"],
  ["--seed 4294967296", "--seed"],
  ["--duplicates 2", '--duplicates must be a number from 0 to 1, like 0.2, got "2".'],
  ["--duplicates NaN", "--duplicates"],
  ["--disorder 1e-3", "--disorder"],
  ["--disorder=-0.1", "--disorder"],
  ["--poison -1", "--poison"],
  ["--poison 1 --resolve retry", '--resolve must be skip or replace, got "retry".'],
  ["--resolve skip", "--resolve skip needs halted streams: pass --poison N as well."],
  ["--port 70000", "--port"],
  ["--target azure", "--target must be aws"],
  ["--sed 1", "--sed"],
  ["more", "more"],
  ["--report nowhere/at/all.json", "there is no folder nowhere/at"],
  [`--report ${folder}`, "is a folder"],
])("%s is refused in one line", (text, says) => {
  const parse = () => startOptions(text.split(" "));

  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(says);
  expect(messageOf(parse).split("\n")).toHaveLength(1);
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const given = {
  orders: undefined,
  ordersFile: undefined,
  seed: 1,
  duplicates: 0,
  disorder: 0,
  poison: 0,
};

const fileOf = (orders: number): string => {
  const file = join(folder, `orders-${orders}.csv`);
  const rows = Array.from(
    { length: orders },
    (_, index) => `o${index},created,2017-10-02T10:56:00Z,,,`,
  );
  const head = "order_id,order_status,purchased_at,approved_at,handed_to_carrier_at,delivered_at";
  writeFileSync(file, [head, ...rows].join("\n"));
  return file;
};

test("by default 300 orders of the project's own file are replayed, from its top", async () => {
  const { plan, catalogue } = await prepareReplay(given);

  expect(plan).toHaveLength(300);
  expect(plan[0]?.source.externalReference).toBe("e481f51cbdc54678b7cc49136f2d6af7");
  expect(catalogue.products.size).toBe(6_088);
});

test("a shorter file is replayed whole, unless more were asked for in so many words", async () => {
  const ordersFile = fileOf(3);

  expect((await prepareReplay({ ...given, ordersFile })).plan).toHaveLength(3);
  expect((await prepareReplay({ ...given, ordersFile, orders: 2 })).plan).toHaveLength(2);
  await expect(prepareReplay({ ...given, ordersFile, orders: 4 })).rejects.toThrow(
    `--orders 4: ${ordersFile} has 3 orders, ask for that many or fewer.`,
  );
});

test("a file that cannot be read is a wrong option", async () => {
  await expect(prepareReplay({ ...given, ordersFile: "nowhere.csv" })).rejects.toThrow(UsageError);
});
