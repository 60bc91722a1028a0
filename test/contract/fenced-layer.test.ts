// The fenced layer where runs are hard to tell apart: one payload object in two runs, texts as
// payloads, runs within runs, Middy; and where DynamoDB's answers are lost.
import {
  IdempotencyConfig,
  IdempotencyPersistenceLayerError,
  makeIdempotent,
} from "@aws-lambda-powertools/idempotency";
import { makeHandlerIdempotent } from "@aws-lambda-powertools/idempotency/middleware";
import { DeleteItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import middy from "@middy/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FencedPersistenceLayer } from "#adapters/powertools/fenced-persistence-layer";
import { lambdaContext } from "../support/gateway-event.ts";
import { createIdempotencyTable, type IdempotencyTable } from "../support/idempotency-table.ts";

const LEASE_MS = 10_000;
const context = { ...lambdaContext(), getRemainingTimeInMillis: () => LEASE_MS };

let table: IdempotencyTable;
let layer: FencedPersistenceLayer;

beforeEach(async () => {
  table = await createIdempotencyTable();
  layer = new FencedPersistenceLayer(table);
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

const leaseEnds = () => vi.setSystemTime(Date.now() + LEASE_MS + 1);

async function records(): Promise<Record<string, unknown>[]> {
  const { awsSdkV3Client, tableName } = table;
  const { Items = [] } = await awsSdkV3Client.send(new ScanCommand({ TableName: tableName }));
  return Items.map((item) => unmarshall(item));
}

type Work = () => Promise<string>;

/** The work is no part of the payload. */
const idempotent = (keyPrefix: string) =>
  makeIdempotent(async (_input: unknown, _context: unknown, work: Work) => work(), {
    persistenceStore: layer,
    keyPrefix,
  });

function gated(result: string) {
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const work: Work = () => {
    started.resolve();
    return end.promise;
  };
  return { work, started: started.promise, finish: () => end.resolve(result), fail: end.reject };
}

/** Resolves with what the call was refused for. */
const refused = (call: Promise<unknown>): Promise<string> =>
  call.then(() => Promise.reject(new Error("not refused")), String);

describe.each([
  { name: "one object", input: { id: 1 } },
  { name: "one text", input: "order-1" },
])("two runs over $name in one process", ({ input }) => {
  test("the late one does not pass for the one that took over", async () => {
    const run = idempotent("twice");
    const [late, newer] = [gated("late"), gated("newer")];
    const lateCall = run(input, context, late.work);
    await late.started;
    leaseEnds();
    const newerCall = run(input, context, newer.work);
    await newer.started;

    late.finish();
    await expect(lateCall).rejects.toThrow(IdempotencyPersistenceLayerError);
    newer.finish();

    expect(await newerCall).toBe("newer");
    expect(await records()).toMatchObject([{ status: "COMPLETED", data: "newer", attempt: 2 }]);
  });

  test("started in the same moment, one works and completes, one is refused", async () => {
    const run = idempotent("moment");
    const end = Promise.withResolvers<string>();
    const calls = [run(input, context, () => end.promise), run(input, context, () => end.promise)];

    await expect(Promise.any(calls.map(refused))).resolves.toContain("in progress");
    end.resolve("done");

    const both = await Promise.allSettled(calls);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await records()).toMatchObject([{ status: "COMPLETED", attempt: 1 }]);
  });

  test("a run within a run completes its own record, and the outer one its own", async () => {
    const [outer, inner] = [idempotent("outer"), idempotent("inner")];
    const whole = () =>
      outer(
        input,
        context,
        async () => `outer of ${await inner(input, context, async () => "in")}`,
      );

    expect(await whole()).toBe("outer of in");
    expect(await whole()).toBe("outer of in");

    const kept = (await records()).map(
      ({ id, data }) => `${String(id).slice(0, 5)}: ${String(data)}`,
    );
    expect(kept.toSorted()).toEqual(["inner: in", "outer: outer of in"]);
  });

  test("an outer run that failed is released though an inner one was replayed", async () => {
    const [outer, inner] = [idempotent("outer"), idempotent("inner")];
    await inner(input, context, async () => "in");

    const failing = outer(input, context, async () => {
      await inner(input, context, async () => "again");
      throw new Error("outer failed");
    });

    await expect(failing).rejects.toThrow("outer failed");
    expect((await records()).map(({ data }) => data)).toEqual(["in"]);
  });
});

const middleware = () => makeHandlerIdempotent({ persistenceStore: layer, keyPrefix: "middy" });

const behindMiddy = (work: Work, after = () => {}) =>
  middy(async (_event: unknown) => work())
    .use({ before: async () => undefined, after })
    .use(middleware());

/** Each phase is an async function of its own, which ends before the next begins. */
const inPhases = (work: Work, afterwards = () => {}) => {
  const { before, after, onError } = middleware();
  const apart = async <Answer>(phase: () => Answer): Promise<Awaited<Answer>> => {
    await Promise.resolve();
    return await phase();
  };
  return async (event: unknown, _context: typeof context): Promise<unknown> => {
    const request: Parameters<NonNullable<typeof before>>[0] = {
      event,
      context,
      internal: {},
      response: undefined,
      error: null,
    };
    try {
      const early: unknown = await apart(() => before?.(request));
      if (early !== undefined) return early;
      request.response = await work();
      await apart(() => after?.(request));
      afterwards();
      return request.response;
    } catch (error) {
      await apart(() => onError?.(request));
      throw error;
    }
  };
};

describe.each([
  { name: "behind Middy, after other middlewares", handler: behindMiddy },
  { name: "in phases, as Middy before version 7 has them", handler: inPhases },
])("$name", ({ handler }) => {
  test("a run completes what it acquired, and its repetition is answered from it", async () => {
    expect(await handler(async () => "first")({ id: 1 }, context)).toBe("first");
    expect(await handler(async () => "second")({ id: 1 }, context)).toBe("first");
  });

  test("a run that fails releases what it acquired", async () => {
    const failed = handler(async () => Promise.reject(new Error("no")))({ id: 1 }, context);

    await expect(failed).rejects.toThrow("no");
    expect(await records()).toEqual([]);
  });

  test("a refused duplicate with the very same event deletes nothing", async () => {
    const event = { id: 1 };
    const original = gated("original");
    const originalCall = handler(original.work)(event, context);
    await original.started;

    await expect(handler(async () => "duplicate")(event, context)).rejects.toThrow("in progress");
    expect(await records()).toMatchObject([{ status: "INPROGRESS" }]);

    original.finish();
    expect(await originalCall).toBe("original");
    expect(await records()).toMatchObject([{ status: "COMPLETED", data: "original" }]);
  });

  test("what fails after the result was stored does not unlock the record", async () => {
    const failing = handler(
      async () => "done",
      () => {
        throw new Error("afterwards");
      },
    );

    await expect(failing({ id: 1 }, context)).rejects.toThrow("afterwards");

    expect(await handler(async () => "again")({ id: 1 }, context)).toBe("done");
  });
});

test("a claim whose answer was lost is recognised as this run's own", async () => {
  const { awsSdkV3Client } = table;
  const sent: string[] = [];
  awsSdkV3Client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (request) => {
        sent.push(commandName);
        const answer = await next(request);
        if (sent.length > 1) return answer;
        throw Object.assign(new Error("the answer was lost"), { $retryable: {} });
      },
    { step: "finalizeRequest", priority: "low" },
  );

  expect(await idempotent("lost")({ id: 1 }, context, async () => "done")).toBe("done");
  expect(sent).toEqual(["claim", "claim again", "complete"].map(() => "UpdateItemCommand"));
  expect(await records()).toMatchObject([{ status: "COMPLETED", data: "done", attempt: 1 }]);
});

test("a lease that ends while its refusal is under way is taken over at once", async () => {
  const { awsSdkV3Client } = table;
  const late = gated("late");
  const lateCall = idempotent("lease")({ id: 1 }, context, late.work);
  await late.started;
  awsSdkV3Client.middlewareStack.add(
    (next) => async (request) => {
      try {
        return await next(request);
      } finally {
        leaseEnds();
      }
    },
    { step: "initialize" },
  );

  expect(await idempotent("lease")({ id: 1 }, context, async () => "newer")).toBe("newer");
  late.finish();
  await expect(lateCall).rejects.toThrow(IdempotencyPersistenceLayerError);
});

test("a result whose record is gone is refused, not stored for nobody", async () => {
  const { awsSdkV3Client, tableName } = table;
  const call = idempotent("gone")({ id: 1 }, context, async () => {
    const [record] = await records();
    const id = String(record?.["id"]);
    await awsSdkV3Client.send(
      new DeleteItemCommand({ TableName: tableName, Key: { id: { S: id } } }),
    );
    return "done";
  });

  await expect(call).rejects.toMatchObject({
    cause: { name: "Failure", code: "conflict", action: "retry" },
  });
  expect(await records()).toEqual([]);
});

test("a result that came to be cached is the one of the key that was acquired", async () => {
  const config = new IdempotencyConfig({ eventKeyJmesPath: "id", useLocalCache: true });
  const run = makeIdempotent(
    async (input: { id: string }, _context: unknown) => {
      const given = input.id;
      input.id = "other";
      return given;
    },
    { persistenceStore: layer, keyPrefix: "cached", config },
  );

  expect(await run({ id: "one" }, context)).toBe("one");
  expect(await run({ id: "other" }, context)).toBe("other");
  expect(await run({ id: "one" }, context)).toBe("one");
});
