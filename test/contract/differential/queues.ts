/**
 * The model of an SQS FIFO queue beside one of the local cloud, each with its dead-letter queue.
 * Visibility ends only when it is ended by hand, so that nothing depends on how long a step takes.
 */
import {
  DeleteMessageCommand,
  type Message,
  SendMessageBatchCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import type { Rng } from "#kernel/rng";
import { type Content, type FifoQueue, fifoQueue, type Received } from "#simulation/fifo-queue";
import type { DifferenceName } from "../known-differences.ts";
import {
  arnOf,
  createQueues,
  depth,
  onCloud,
  type Place,
  RECEIVES_MAX,
  take,
  VISIBILITY_S,
} from "./cloud-queue.ts";
import { type Answers, drawn, oneOf, type Pair, type Step } from "./side-by-side.ts";

const GROUPS = ["a", "b", "c"];

export const QUEUE_STEPS = {
  send: 6,
  receive: 6,
  acknowledge: 3,
  "give-back": 4,
  delete: 1,
  show: 1,
  hide: 0.4,
  "read-dead": 0.5,
  redrive: 0.1,
};

/** One message in the hands of a consumer, by both its handles. */
type Held = { readonly body: string; readonly group: string; model: string; cloud: string };

export async function queuePair(): Promise<Pair> {
  return new Queues(await createQueues());
}

class Queues implements Pair {
  readonly #place: Place;
  readonly #main: FifoQueue;
  readonly #dead: FifoQueue;
  /** Groups in the order in which the local cloud took them, for the model to follow. */
  #wish: string[] = [];
  /** Of both queues, the cloud's message id of each body. */
  readonly #ids = new Map<string, string>();
  #held: Held[] = [];
  readonly #past: Held[] = [];
  #now = 0;
  #serial = 0;

  constructor(place: Place) {
    this.#place = place;
    this.#dead = fifoQueue({ visibilityMs: VISIBILITY_S * 1_000, name: "d" });
    this.#main = fifoQueue({
      visibilityMs: VISIBILITY_S * 1_000,
      deadLetterQueue: this.#dead,
      maxReceiveCount: RECEIVES_MAX,
      pick: (available) => {
        const wished = this.#wish.shift();
        return wished !== undefined && available.includes(wished) ? wished : (available[0] ?? "");
      },
    });
  }

  async step(rng: Rng): Promise<Step> {
    // Time passes for the model as it does for the other, and is never felt.
    this.#now += 1;
    const kind = drawn(QUEUE_STEPS, rng);
    switch (kind) {
      case "send":
        return this.#send(rng);
      case "receive":
        return this.#receive(1 + rng.int(10));
      case "acknowledge":
        return this.#eachOfOneGroup("acknowledge", rng);
      case "give-back":
        return this.#eachOfOneGroup("give-back", rng);
      case "delete":
      case "show":
      case "hide":
        return this.#handle(kind, oneOf([...this.#held, ...this.#past], rng));
      case "read-dead":
        return this.#readDead();
      case "redrive":
        return this.#redrive();
      default:
        return kind satisfies never;
    }
  }

  async #send(rng: Rng): Promise<Step> {
    const messages = Array.from({ length: 1 + rng.int(3) }, () => {
      const isRepeated = this.#serial > 0 && rng.int(5) === 0;
      const id = isRepeated ? 1 + rng.int(this.#serial) : (this.#serial += 1);
      return { group: oneOf(GROUPS, rng) ?? "a", deduplicationId: `id-${id}` };
    });
    const entries = messages.map((message, index) => ({
      ...message,
      body: `${message.group}-${message.deduplicationId}-${this.#now}-${index}`,
    }));
    const { Successful = [] } = await this.#place.client.send(
      new SendMessageBatchCommand({
        QueueUrl: this.#place.main,
        Entries: entries.map(({ body, group, deduplicationId }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageGroupId: group,
          MessageDeduplicationId: deduplicationId,
        })),
      }),
    );
    const cloud = Successful.map(({ MessageId = "", Id }) => {
      const isDuplicate = [...this.#ids.values()].includes(MessageId);
      if (!isDuplicate) this.#ids.set(entries[Number(Id)]?.body ?? "", MessageId);
      return isDuplicate;
    });
    const model = entries.map((entry) => this.#main.send(entry, this.#now).isDuplicate);
    return this.#done(`send ${entries.map(({ body }) => body).join(" ")}`, { model, cloud });
  }

  async #receive(max: number): Promise<Step> {
    const before = this.#main.contents(this.#now);
    const messages = await take(this.#place, this.#place.main, max);
    this.#wish = messages.map(groupOf);
    const records = this.#main.receive(max, this.#now);
    for (const record of records) this.#hold(record, messages);

    const model = records.map(({ body, receiveCount }) => `${body} x${receiveCount}`);
    const cloud = messages.map(({ Body = "", Attributes }) => {
      return `${Body} x${Attributes?.ApproximateReceiveCount}`;
    });
    const more = records.filter((_, index) => !cloud.includes(model[index] ?? ""));
    const isBeforeHidden =
      cloud.every((each) => model.includes(each)) &&
      more.every((record) => standsBeforeHidden(record, before));
    return this.#done(`receive ${max}`, {
      model,
      cloud,
      shown: isMixed(messages.map(groupOf)) ? ["group-order"] : [],
      ...(isBeforeHidden ? { known: "before-hidden" } : {}),
    });
  }

  #hold({ body, group, receiptHandle }: Received, messages: readonly Message[]): void {
    const cloud = messages.find(({ Body }) => Body === body)?.ReceiptHandle ?? "none";
    this.#held.push({ body, group, model: receiptHandle, cloud });
  }

  /** As a consumer does: all that it has of a group, in order. */
  async #eachOfOneGroup(what: "acknowledge" | "give-back", rng: Rng): Promise<Step> {
    const group = oneOf(this.#held, rng)?.group;
    const held = this.#held.filter((each) => each.group === group);
    const kind = what === "acknowledge" ? "delete" : "show";
    const model: string[] = [];
    const cloud: string[] = [];
    for (const each of held) {
      cloud.push(await onCloud(this.#place, kind, each.cloud));
      model.push(this.#onModel(kind, each.model));
    }
    this.#drop(held);
    return this.#done(`${what} ${held.map(({ body }) => body).join(" ")}`, { model, cloud });
  }

  async #handle(kind: "delete" | "show" | "hide", held: Held | undefined): Promise<Step> {
    if (held === undefined) return this.#done(kind, { model: [], cloud: [] });
    const isPast = this.#past.includes(held);
    const cloud = await onCloud(this.#place, kind, held.cloud);
    const model = this.#onModel(kind, held.model);
    if (kind !== "hide" && !isPast) this.#drop([held]);
    return this.#done(`${kind} ${held.body}${isPast ? " (past)" : ""}`, {
      model,
      cloud,
      ...(model === "refused" && isPast ? { known: "handle-outlives-visibility" } : {}),
    });
  }

  #drop(held: readonly Held[]): void {
    this.#held = this.#held.filter((each) => !held.includes(each));
    this.#past.push(...held);
  }

  #onModel(kind: "delete" | "show" | "hide", handle: string): string {
    const visibilityMs = kind === "show" ? 0 : VISIBILITY_S * 1_000;
    const answer =
      kind === "delete"
        ? this.#main.delete(handle, this.#now)
        : this.#main.changeVisibility(handle, visibilityMs, this.#now);
    return answer === "done" ? "done" : "refused";
  }

  async #readDead(): Promise<Step> {
    const messages = await take(this.#place, this.#place.dead, 10);
    const ids = messages.map(({ MessageId, Attributes }) => {
      return Attributes?.MessageDeduplicationId === MessageId;
    });
    const letters = this.#dead.receive(10, this.#now);
    for (const { receiptHandle } of letters) this.#dead.delete(receiptHandle, this.#now);
    for (const { ReceiptHandle } of messages) {
      const QueueUrl = this.#place.dead;
      await this.#place.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    const model = byGroup(letters);
    const cloud = byGroup(
      messages.map((each) => ({ body: each.Body ?? "", group: groupOf(each) })),
    );
    const isOwn = letters.every(({ deduplicationId }) => deduplicationId.startsWith("m-"));
    const shown = isOwn && ids.includes(false) ? (["dead-deduplication-id"] as const) : [];
    return this.#done("read-dead", { model, cloud, shown });
  }

  async #redrive(): Promise<Step> {
    const moved = this.#dead.redriveTo(this.#main, this.#now);
    const SourceArn = await arnOf(this.#place.client, this.#place.dead);
    const task = this.#place.client.send(new StartMessageMoveTaskCommand({ SourceArn }));
    const cloud = await task.then(
      () => `moved ${moved}`,
      (error: unknown) => (error instanceof Error ? error.name : "no error"),
    );
    const known: DifferenceName | undefined =
      cloud === "InvalidAction" ? "no-move-task" : undefined;
    const model = `moved ${moved}`;
    const answers = known === undefined ? { model, cloud } : { model, cloud, known };
    return { what: "redrive", answers };
  }

  /** After every step both queues hold as much, in the same state. */
  async #done(what: string, { model, cloud, known, shown = [] }: Answers): Promise<Step> {
    const { main, dead } = this.#place;
    const depths = {
      model: [this.#main.depth(this.#now), this.#dead.depth(this.#now)],
      cloud: await Promise.all([depth(this.#place, main), depth(this.#place, dead)]),
    };
    // The cloud has more dead letters, and otherwise both are the same.
    const [left, right] = [depths.model, depths.cloud].map((depth) => depth[1]?.visible ?? 0);
    const isSwept = (right ?? 0) > (left ?? 0) && JSON.stringify(model) === JSON.stringify(cloud);
    const name = isSwept ? "dead-before-hidden" : known;
    return {
      what,
      answers: {
        model: [model, depths.model],
        cloud: [cloud, depths.cloud],
        shown,
        ...(name === undefined ? {} : { known: name }),
      },
    };
  }
}

const groupOf = ({ Attributes }: Message): string => Attributes?.MessageGroupId ?? "none";

/** Something of the message's group is in flight, and all of that stands behind the message. */
function standsBeforeHidden({ group, body }: Received, contents: readonly Content[]): boolean {
  const ofGroup = contents.filter((each) => each.group === group);
  const hidden = ofGroup.findIndex(({ isInFlight }) => isInFlight);
  return ofGroup.findIndex((each) => each.body === body) < hidden;
}

/** A group comes back after another one. */
const isMixed = (groups: readonly string[]): boolean =>
  groups.some((group, index) => groups.indexOf(group) < index && groups[index - 1] !== group);

const byGroup = (messages: readonly { readonly body: string; readonly group: string }[]) =>
  GROUPS.map((group) =>
    messages.filter((message) => message.group === group).map(({ body }) => body),
  );
