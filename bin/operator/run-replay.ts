/**
 * One replay against a deployed system: loads what it needs, wires the replay to HTTP and AWS, and
 * builds its report.
 */
import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { metricSums } from "#adapters/aws/cloudwatch";
import { FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
import { secretTexts } from "#adapters/aws/secrets";
import { stateTransitions } from "#adapters/aws/stepfunctions/execution-history";
import { SCOPES } from "#contracts/http/scopes";
import type { RegisteredClient } from "#contracts/operator";
import type { ReplayReport } from "#contracts/report";
import { systemClock } from "#kernel/clock";
import { seededRng } from "#kernel/rng";
import type { Decision } from "#messaging";
import { accessToken } from "#replay/access-token";
import { httpClient } from "#replay/client";
import { unitsBySku } from "#replay/plan";
import { replacementData } from "#replay/poison";
import { replay, type ReplayProps, type ReplaySettings } from "#replay/replay";
import { buildReport } from "#replay/report";
import { shopApi } from "#replay/shop-api";
import { TOUR_LEVELS, TOUR_PRODUCTS } from "#replay/tour/products";
import { connection } from "./connection.ts";
import { consumerNamed } from "./consumers.ts";
import { sendDecision } from "./decide.ts";
import type { Outputs } from "./deploy.ts";
import { booksOf } from "./books.ts";
import { operator } from "./load.ts";
import type { MainTarget } from "./main-target.ts";
import type { Phases } from "./progress.ts";
import type { Prepared } from "./replay-files.ts";
import { runTour } from "./run-tour.ts";
import type { StartOptions } from "./start-options.ts";

export type ReplayRun = {
  readonly report: ReplayReport;
  /** May call the API as the replay did. */
  readonly client: RegisteredClient;
  /** A fresh access token of that client. */
  readonly token: string;
};

export type ReplayRequest = {
  readonly target: MainTarget;
  readonly outputs: Outputs;
  /** Base address of the API. */
  readonly api: string;
  readonly options: StartOptions;
  readonly prepared: Prepared;
  readonly phases: Phases;
};

/** Of every product that is replayed, so that whoever tries the shop afterwards can buy it. */
const UNITS_AT_LEAST = 100;

/**
 * On a local cloud every call under way is a process beside the server: more of them than the
 * machine can run only make each other slow.
 */
const localAtOnce = Math.min(8, 2 * Math.max(2, availableParallelism()));

/** A saga spends a third of its time waiting, for queues and until somebody looks at it again. */
const localSagasAtOnce = Math.min(12, 3 * Math.max(2, availableParallelism()));

type Settings = ReplaySettings & {
  /** Requests on their way at the same time. */
  readonly concurrency: number;
};

const LOCAL: Settings = {
  concurrency: localAtOnce,
  ordersAtOnce: 32,
  sagasAtOnce: localSagasAtOnce,
  sagasAtFirst: 1,
  sendingsAtOnce: Math.max(3, localAtOnce / 2),
  wait: { firstMs: 100, factor: 1.5, capMs: 1_000, limitMs: 120_000 },
  quiet: { everyMs: 300, readings: 2, readingsUnaccounted: 10, limitMs: 20_000 },
};

/** CloudWatch shows a metric minutes after it was written. */
const AWS: Settings = {
  concurrency: 8,
  ordersAtOnce: 32,
  sagasAtOnce: 16,
  sagasAtFirst: 1,
  sendingsAtOnce: 6,
  wait: { ...LOCAL.wait, limitMs: 300_000 },
  quiet: { everyMs: 15_000, readings: 3, readingsUnaccounted: 12, limitMs: 600_000 },
};

export async function runReplay(request: ReplayRequest): Promise<ReplayRun> {
  const { target, api: baseUrl, options, prepared, phases, outputs } = request;
  const { catalogue, plan } = prepared;
  const shop = operator(target, outputs);
  const loaded = phases.begin("load catalogue and stock");
  const load = { catalogue, products: TOUR_PRODUCTS, levels: levelsOf(prepared) };
  await shop.load(load, (done, of) => loaded(done / of));

  // A client of its own for every run: its keys and its list of orders begin empty.
  const salt = randomUUID();
  const client = await shop.register({ clientId: `replay-${salt}`, scopes: [...SCOPES] });
  const clock = systemClock;
  const rng = seededRng(options.seed).fork("backoff");
  const stopwatch = () => performance.now();
  const { concurrency, ...settings } = target.target === "aws" ? AWS : LOCAL;
  const http = httpClient({ baseUrl, clock, stopwatch, rng, settings: { concurrency } });
  const token = accessToken({ client: http, clock, ...client, scopes: SCOPES });
  const answers = await replay({
    api: shopApi({ client: http, clock, token, webhookSecret: await webhookSecret(request) }),
    clock,
    ...awsPorts(request),
    ...resolving(request),
    plan,
    salt,
    settings,
    phase: (name) => {
      const tell = phases.begin(name);
      return (done, of) => tell(done / of, `${done} of ${of}`);
    },
  });
  // After everything that is judged of the replay has been read.
  const wait = { ...settings.wait, firstMs: 50, capMs: 500 };
  const answered = await runTour({ ...request, salt, seed: options.seed, wait });
  phases.begin("books");
  const books = await booksOf(request, [
    ...answers.runs.map(({ orderId }) => orderId),
    ...answered.orders.map(({ orderId }) => orderId),
  ]);
  phases.end();
  const { seed, duplicates, disorder, poison, resolve } = options;
  const asked = { seed, duplicates, disorder, poison, ...(resolve !== undefined && { resolve }) };
  const report = buildReport({
    plan,
    answers,
    tour: answered,
    books,
    options: { orders: plan.length, ...asked, endpoint: baseUrl },
    phases: [...phases.ended],
    latencies: http.latencies,
  });
  return { report, client, token: await token() };
}

/** Every order can be served, the declined ones too, which hold their units for a moment. */
const levelsOf = ({ plan }: Prepared): ReadonlyMap<string, number> =>
  new Map([
    ...[...unitsBySku(plan)].map(([sku, units]) => [sku, Math.max(UNITS_AT_LEAST, units)] as const),
    ...TOUR_LEVELS,
  ]);

function webhookSecret({ target, outputs }: ReplayRequest): Promise<string> {
  const client = new SecretsManagerClient({ ...connection(target), maxAttempts: 5 });
  return secretTexts(client, systemClock)(outputs.FulfilmentSecretArn);
}

/** As an operator would with `npm run resolve`. */
function resolving({ target, outputs, options }: ReplayRequest): Pick<ReplayProps, "resolve"> {
  const { resolve: kind } = options;
  if (kind === undefined) return {};
  const { sender } = consumerNamed(FULFILMENT_CONSUMER, target, outputs);
  const said = { author: "npm start", reason: `--resolve ${kind}` };
  return {
    resolve: async (stream, poison) => {
      const { sequence } = poison;
      const base = { id: randomUUID(), stream, sequence, ...said };
      const decision: Decision =
        kind === "skip"
          ? { ...base, kind }
          : { ...base, kind, data: replacementData(poison, systemClock.now()) };
      await sendDecision(sender, decision);
    },
  };
}

function awsPorts({
  target,
  outputs,
}: ReplayRequest): Pick<ReplayProps, "metrics" | "sagaTransitions"> {
  const settings = { ...connection(target), maxAttempts: 5 };
  const cloudWatch = {
    client: new CloudWatchClient(settings),
    namespace: outputs.MetricNamespace,
    now: () => systemClock.now(),
  };
  const saga = { client: new SFNClient(settings), sagaArn: outputs.SagaArn };
  return {
    metrics: (queries, from) => metricSums(cloudWatch, queries, from),
    sagaTransitions: (orderId) => stateTransitions(saga, orderId),
  };
}
