/**
 * Row 11: the ordering engine alone, without a queue, a codec or a store: messages that are already
 * decoded, some early, some twice, are routed, ordered and planned. Powertools has nothing to put
 * beside it.
 */
import { foldHandling } from "#messaging/consumer/handling";
import { CONSUMER_DEFAULTS } from "#messaging/consumer/consumer-settings";
import { classify } from "#messaging/head/classify";
import { neverWritten } from "#messaging/head/head-transitions";
import type { Arrival } from "#messaging/plan/arrival";
import { planStream } from "#messaging/plan/stream-plan";
import { recoveryPolicies } from "#messaging/violation/recovery";
import { systemClock } from "#kernel/clock";
import { seededRng, shuffled } from "#kernel/rng";
import { decode, type Head } from "#messaging";
import { type BenchRow, rowOf } from "../goals.ts";
import { cpuMicroseconds, rounds } from "../measure/rounds.ts";
import { spreadOf } from "../measure/spread.ts";
import { accountFold, type Account } from "../subjects/ours.ts";
import { BATCH_SIZE, record } from "../traffic.ts";

const STREAMS = 50;
const BATCHES_OF_STREAM = 80;
const MESSAGES = STREAMS * BATCHES_OF_STREAM * BATCH_SIZE;

/** Of a batch: one of ten messages out of its place, one of twenty a second time. */
const SEED = 11;

type Batch = { readonly stream: string; readonly arrivals: readonly Arrival[] };

export async function engineRow(count: number): Promise<BenchRow> {
  const traffic = disturbed();
  const perSecond = (act: (all: readonly Batch[]) => void) => async (): Promise<number> => {
    const micros = await cpuMicroseconds(async () => act(traffic));
    return (MESSAGES / micros) * 1_000_000;
  };
  const found = await rounds(
    { planned: perSecond(planAll), classified: perSecond(classifyAll) },
    { count, warmUp: 3 },
  );
  const classified = Math.round(spreadOf(found.classified).median);
  return rowOf(11, null, {
    ours: spreadOf(found.planned).median,
    powertools: null,
    note:
      "planned whole: classified, parked, released, applied to a fold and to the audit chain; " +
      `classification alone ${classified.toLocaleString("en")} a second`,
  });
}

const handling = foldHandling<Account, never>(accountFold, CONSUMER_DEFAULTS.stateBytesMax);
const recovery = recoveryPolicies(undefined, false);
const bounds = {
  writesMax: 90,
  bytesMax: 3_700_000,
  writeBytesMax: 400_000,
  footprint: (write: never) => write,
};

function planAll(all: readonly Batch[]): void {
  const heads = new Map<string, Head>();
  const now = systemClock.now();
  for (const { stream, arrivals } of all) {
    const head = heads.get(stream) ?? neverWritten(stream);
    const memory = handling.recall(head) ?? { kind: "absent" };
    const plan = planStream<Account, never>({
      head,
      memory,
      arrivals,
      bodies: new Map(),
      outcomes: new Map(),
      owner: "engine",
      now,
      handling,
      bounds,
      settings: CONSUMER_DEFAULTS,
      recovery,
      startAt: "first",
    });
    if (plan.kind !== "planned") throw new Error(`A plan waits for ${plan.kind}`);
    heads.set(stream, plan.commits.at(-1)?.head ?? head);
  }
}

/** Each against a head that has applied half of its batch. */
function classifyAll(all: readonly Batch[]): void {
  let seen = 0;
  for (const { stream, arrivals } of all) {
    const head = { ...neverWritten(stream), last: sequenceOf(arrivals[0]) + BATCH_SIZE / 2 };
    for (const { content, record: from, groupExpected } of arrivals) {
      if (content.kind !== "message") continue;
      seen += classify(head, content.message, from.group, groupExpected).kind.length;
    }
  }
  if (seen === 0) throw new Error("Nothing was classified");
}

/** Batches of one stream in turn, each shuffled a little and with a duplicate now and then. */
function disturbed(): readonly Batch[] {
  const rng = seededRng(SEED);
  const all: Batch[] = [];
  for (let batch = 0; batch < BATCHES_OF_STREAM; batch += 1) {
    for (let index = 0; index < STREAMS; index += 1) {
      const stream = `account-${index}`;
      const arrivals = Array.from({ length: BATCH_SIZE }, (_, step) =>
        arrival(stream, batch * BATCH_SIZE + step + 1),
      );
      const displaced =
        rng.int(2) === 0 ? [...arrivals.slice(1), ...arrivals.slice(0, 1)] : arrivals;
      const [again] = shuffled(displaced.slice(0, 5), rng);
      const twice = rng.int(2) === 0 || again === undefined ? displaced : [...displaced, again];
      all.push({ stream, arrivals: twice.slice(0, BATCH_SIZE + 1) });
    }
  }
  return all;
}

function arrival(stream: string, sequence: number): Arrival {
  const { messageId, body } = record({ stream, sequence });
  const decoded = decode(body);
  if (decoded.kind !== "message") throw new Error(`Not a message: ${decoded.kind}`);
  const from = { receiptId: messageId, group: stream, body };
  return { record: from, content: decoded, groupExpected: stream };
}

const sequenceOf = (some: Arrival | undefined): number =>
  some?.content.kind === "message" ? some.content.message.sequence : 0;
