/**
 * Loads catalogue and stock and registers clients through the operator's functions, which are
 * invoked directly: IAM decides who may, and the services' own use cases do the work.
 */
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  IMPORT_MAX,
  type ImportProducts,
  importAnswer,
  type ReceiveStock,
  type RegisterClient,
  type RegisteredClient,
  registeredClient,
} from "#contracts/operator";
import { type Catalogue, type CatalogueProduct, CURRENCY } from "#replay/olist";
import { mapConcurrently } from "#replay/concurrency";
import { connection } from "./connection.ts";
import type { Outputs } from "./deploy.ts";
import type { Target } from "./target.ts";

export type Operator = {
  /** Products and stock; repeating it changes nothing. `tell` hears batches done of all. */
  load(load: Load, tell: (done: number, of: number) => void): Promise<void>;
  register(client: RegisterClient): Promise<RegisteredClient>;
};

export type Load = {
  readonly catalogue: Catalogue;
  /** Beside the catalogue. */
  readonly products: ImportProducts["products"];
  /** What is at least available of each SKU afterwards. */
  readonly levels: ReadonlyMap<string, number>;
};

type Functions = Pick<
  Outputs,
  "ImportProductsFunction" | "ReceiveStockFunction" | "RegisterClientFunction"
>;

/** Each batch is a call of a function of its own process on a local cloud. */
const BATCHES_AT_ONCE = 4;
const ATTEMPTS_MAX = 5;
/** Of a batch whose function failed. */
const CALLS_MAX = 3;

/** Every method throws Error with the function's own words when it fails. */
export function operator(target: Target, functions: Functions): Operator {
  const lambda = new LambdaClient({ ...connection(target), maxAttempts: ATTEMPTS_MAX });
  return {
    async load({ catalogue, products: further, levels }, tell) {
      const calls = [
        ...batches([...productsOf(catalogue), ...further]).map((products) => ({
          name: functions.ImportProductsFunction,
          input: { products },
        })),
        ...batches([...levels]).map((some) => ({
          name: functions.ReceiveStockFunction,
          input: { levels: some.map(([sku, available]) => ({ sku, available })) },
        })),
      ] satisfies readonly { name: string; input: ImportProducts | ReceiveStock }[];
      let done = 0;
      await mapConcurrently(calls, BATCHES_AT_ONCE, async ({ name, input }) => {
        importAnswer.parse(await repeated(() => invoke(lambda, name, input)));
        done += 1;
        tell(done, calls.length);
      });
    },
    register: async (client) =>
      registeredClient.parse(await invoke(lambda, functions.RegisterClientFunction, client)),
  };
}

/** For what changes nothing when it is done again: a busy machine loses an answer now and then. */
async function repeated<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; attempt < CALLS_MAX; attempt += 1) {
    try {
      return await call();
    } catch {
      // The last one says why.
    }
  }
  return await call();
}

const productsOf = ({ products }: Catalogue): ImportProducts["products"] =>
  [...products.values()].map((product) => ({
    ...product,
    ...titleOf(product),
    currency: CURRENCY,
  }));

/** The file has no names: its category in words, and the beginning of its SKU to tell it apart. */
function titleOf({ sku, category }: CatalogueProduct): { readonly title?: string } {
  if (category === undefined) return {};
  const words = category.replaceAll("_", " ");
  return { title: `${words.charAt(0).toUpperCase()}${words.slice(1)} ${sku.slice(0, 6)}` };
}

function batches<Item>(items: readonly Item[]): Item[][] {
  const count = Math.ceil(items.length / IMPORT_MAX);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * IMPORT_MAX, (index + 1) * IMPORT_MAX),
  );
}

/** Throws Error with the function's own words when it fails. */
export async function invoke(lambda: LambdaClient, name: string, input: unknown): Promise<unknown> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(input)) }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  if (answer.FunctionError !== undefined) throw new Error(`The function ${name} failed: ${text}`);
  return JSON.parse(text);
}
