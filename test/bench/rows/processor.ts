/**
 * Rows 5 and 6: what a message costs of the processor, which Lambda bills: the library alone, and
 * with the AWS SDK over sockets.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type BenchRow, type Messages, rowOf } from "../goals.ts";
import { cpuMicroseconds, ratios, rounds } from "../measure/rounds.ts";
import { spreadOf } from "../measure/spread.ts";
import { memoryClient } from "../store/client.ts";
import { withDynamoServer } from "../store/server-process.ts";
import { benchTable } from "../store/table.ts";
import { startOurs } from "../subjects/ours.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { batches } from "../traffic.ts";
import { applyAll, powertoolsAlone } from "./counters.ts";

const STREAMS = 100;
const LIBRARY_MESSAGES = 4_000;
const SOCKET_MESSAGES = 200;

/** Until the compiler has seen everything often enough. */
const WARM_UP_ROUNDS = 4;

export async function libraryRow(m: Messages, count: number): Promise<BenchRow> {
  const cost = (start: StartSubject) => async (): Promise<number> => {
    const subject = start(memoryClient(benchTable()));
    const events = batches({ m, streams: STREAMS, messages: LIBRARY_MESSAGES });
    return (await cpuMicroseconds(() => applyAll(subject, events))) / LIBRARY_MESSAGES;
  };
  const found = await rounds(
    {
      ours: cost(startOurs),
      powertools: cost(startPowertools),
      alone: cost(powertoolsAlone),
    },
    { count, warmUp: WARM_UP_ROUNDS },
  );
  return rowOf(5, m, { ...medians(found), note: "the store answers at once" });
}

export async function socketRow(m: Messages, count: number): Promise<BenchRow> {
  return withDynamoServer(async (connect) => {
    let run = 0;
    /** Streams and messages of its own each time: the server keeps what it was sent. */
    const cost = (start: StartSubject, isCold = false) => {
      const client: DynamoDBClient = connect();
      return async (): Promise<number> => {
        run += 1;
        const shape = { m, streams: 10, name: `run-${run}` };
        const subject = start(client);
        const events = batches({ ...shape, messages: 2 * SOCKET_MESSAGES });
        await applyAll(subject, events.slice(0, events.length / 2));
        const measured = events.slice(events.length / 2);
        const micros = await cpuMicroseconds(async () => {
          for (const event of measured) await applyAll(isCold ? start(client) : subject, [event]);
        });
        return micros / SOCKET_MESSAGES;
      };
    };
    const found = await rounds(
      {
        ours: cost(startOurs),
        uncached: cost(startOurs, true),
        powertools: cost(startPowertools),
        alone: cost(powertoolsAlone),
      },
      { count },
    );
    return rowOf(6, m, {
      ...medians(found),
      uncached: spreadOf(found.uncached).median,
      note: "a server on this machine's loopback, whose own CPU is not counted",
    });
  });
}

function medians(found: Readonly<Record<"ours" | "powertools" | "alone", readonly number[]>>) {
  return {
    ours: spreadOf(found.ours).median,
    powertools: spreadOf(found.powertools).median,
    alone: spreadOf(found.alone).median,
    rounds: ratios(found.ours, found.powertools),
  };
}
