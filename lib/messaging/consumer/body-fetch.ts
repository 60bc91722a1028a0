/**
 * Gets the bodies that a plan misses: parked beside the head, or stored elsewhere by their sender.
 */
import { Failure } from "#kernel/failure";
import { type ClaimCheckStore, redeemed } from "../envelope/claim-check.ts";
import type { Message } from "../envelope/envelope.ts";
import { failureOf } from "./handling.ts";
import type { HeadAccess, NoAnswer } from "./head-access.ts";

export type FetchedBodies =
  | { readonly kind: "fetched"; readonly bodies: ReadonlyMap<number, Message | Failure> }
  | NoAnswer;

/** A body that cannot be had is its message's failure. Never throws. */
export async function fetchBodies(
  stream: string,
  wanted: readonly (Message | number)[],
  {
    access,
    claimChecks,
  }: {
    readonly access: Pick<HeadAccess<never>, "isLate" | "readParked">;
    readonly claimChecks: ClaimCheckStore | undefined;
  },
): Promise<FetchedBodies> {
  const bodies = new Map<number, Message | Failure>();
  const beside = wanted.filter((body) => typeof body === "number");
  if (beside.length > 0) {
    const found = await access.readParked(stream, beside);
    if (found.kind === "no-answer") return found;
    for (const sequence of beside) bodies.set(sequence, lostBody(stream, sequence));
    for (const message of found.messages) bodies.set(message.sequence, message);
  }
  for (const message of wanted.filter((body) => typeof body !== "number")) {
    if (access.isLate()) return { kind: "no-answer", why: "deadline-near" };
    bodies.set(message.sequence, await redeem(message, claimChecks));
  }
  return { kind: "fetched", bodies };
}

async function redeem(
  message: Message,
  store: ClaimCheckStore | undefined,
): Promise<Message | Failure> {
  const { claimCheck } = message;
  if (claimCheck === undefined) return message;
  if (store === undefined) {
    const named = `Message ${JSON.stringify(message.id)} is a claim check`;
    return new Failure("misconfigured", "halt", `${named}; give the consumer \`claimChecks\`.`);
  }
  try {
    return await redeemed(message, claimCheck, store);
  } catch (error) {
    return failureOf(error);
  }
}

/** Written in one transaction with the head that points to it: somebody else took it away. */
const lostBody = (stream: string, sequence: number): Failure =>
  new Failure(
    "not-found",
    "halt",
    `The parked body of sequence ${sequence} of stream ${JSON.stringify(stream)} is gone; ` +
      "resend it from its producer, or skip it.",
  );
