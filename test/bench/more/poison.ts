/**
 * One message that can never be applied among ten streams, delivered as SQS FIFO does until the
 * queue is empty: what comes back goes to the front of its group, and after so many receives to the
 * dead letters.
 */
import type { SQSRecord } from "aws-lambda";
import { memoryClient } from "../store/client.ts";
import { benchTable } from "../store/table.ts";
import { startOurs } from "../subjects/ours.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { BATCH_SIZE, record } from "../traffic.ts";

export type PoisonCourse = {
  readonly subject: string;
  readonly messages: number;
  /** Deliveries beyond the first of each message. */
  readonly redelivered: number;
  /** Of messages of the nine other streams. */
  readonly othersRedelivered: number;
  readonly deadLettered: number;
  /** Messages of the nine other streams that ended in the dead letters. */
  readonly othersDeadLettered: number;
  /** Later messages of the poisoned stream that were applied although the poison was not. */
  readonly appliedBehindPoison: number;
};

const STREAMS = 10;
const MESSAGES_OF_STREAM = 5;
/** As the queues here are deployed: twice the attempts, and five. */
const RECEIVES_MAX = 15;
const DELIVERIES_MAX = 1_000;

export const poisonCourses = (): Promise<readonly PoisonCourse[]> =>
  Promise.all([
    course("inorder", startOurs),
    course("Powertools, default", (client) => startPowertools(client, { skipGroupOnError: false })),
    course("Powertools, skipGroupOnError", startPowertools),
  ]);

const streamOf = ({ attributes }: SQSRecord): string => attributes.MessageGroupId ?? "";

const POISONED = "account-0";

async function course(subject: string, start: StartSubject): Promise<PoisonCourse> {
  const consumer = start(memoryClient(benchTable()));
  const groups = Array.from({ length: STREAMS }, (_, stream) =>
    Array.from({ length: MESSAGES_OF_STREAM }, (__, index) => {
      const isPoison = stream === 0 && index === 0;
      const place = { stream: `account-${stream}`, sequence: index + 1 };
      return record(place, isPoison ? { poison: "permanent" } : {});
    }),
  );
  const received = new Map<string, number>();
  const dead: SQSRecord[] = [];
  const gone = new Set<string>();
  for (let round = 0; groups.some((group) => group.length > 0); round += 1) {
    if (round === DELIVERIES_MAX) throw new Error(`${subject} never empties its queue`);
    // One of each group that has some, as a queue does whose groups all wait.
    const Records = groups.flatMap((group) => group.slice(0, 1)).slice(0, BATCH_SIZE);
    for (const { messageId } of Records) {
      received.set(messageId, (received.get(messageId) ?? 0) + 1);
    }
    const returned = new Set(await consumer.handle({ Records }));
    for (const one of Records) {
      const isReturned = returned.has(one.messageId);
      if (isReturned && (received.get(one.messageId) ?? 0) < RECEIVES_MAX) continue;
      groups.find((group) => group[0] === one)?.shift();
      if (isReturned) dead.push(one);
      else gone.add(one.messageId);
    }
  }
  return told(subject, { received, dead, gone });
}

function told(
  subject: string,
  found: {
    readonly received: ReadonlyMap<string, number>;
    readonly dead: readonly SQSRecord[];
    readonly gone: ReadonlySet<string>;
  },
): PoisonCourse {
  const again = (of: (id: string) => boolean): number =>
    [...found.received].reduce((sum, [id, times]) => sum + (of(id) ? times - 1 : 0), 0);
  const isOther = (id: string): boolean => !id.includes(`${POISONED}-`);
  const isPoisonDead = found.dead.some((one) => streamOf(one) === POISONED);
  return {
    subject,
    messages: STREAMS * MESSAGES_OF_STREAM,
    redelivered: again(() => true),
    othersRedelivered: again(isOther),
    deadLettered: found.dead.length,
    othersDeadLettered: found.dead.filter((one) => streamOf(one) !== POISONED).length,
    // Acknowledged by a consumer that has given the poison up; ours parks them behind their halt.
    appliedBehindPoison: isPoisonDead ? [...found.gone].filter((id) => !isOther(id)).length : 0,
  };
}
