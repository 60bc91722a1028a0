/**
 * 9: the batch answer lists exactly the messages that are not durable, and what happens in one
 * stream costs the messages of another nothing.
 */
import { violationKey } from "../truth.ts";
import { keptPlaceOf } from "./conservation.ts";
import type { AnsweredBatch, Invariant, Verdict } from "./invariant.ts";

export const answers: Invariant = { number: 9, onAnswer: isExact };

function isExact(batch: AnsweredBatch): Verdict {
  const { records, isTroubled, isExcused, truthOf } = batch;
  for (const { publication, isReturned, isRewoundSince } of records) {
    // What had a place when the batch began may have been answered, and has lost it since.
    if (isRewoundSince) continue;
    const { stream, id, sequence, kind } = publication;
    const truth = truthOf(stream);
    const place = keptPlaceOf(publication, truth);
    const name = `${kind} ${id} (stream ${stream}, sequence ${sequence})`;
    // What was buried may have been redriven since, and is in the queue then.
    const isDurable = place !== undefined || publication.wasBuried;
    if (!isReturned && !isDurable) return `${name} is not durable and was not returned`;
    if (!isReturned || isTroubled(publication)) continue;
    // Nothing is lost with a tick, and nothing has to be kept of it.
    if (publication.type.endsWith(".tick")) continue;
    // Nothing is lost with what was left out, but that it came has to be filed once.
    const isToBeFiled =
      place === "skipped" && !truth.violations.has(violationKey("out-of-order", sequence, id));
    // Another copy of it may be buried; this one is not.
    const isDone = place !== undefined && place !== "buried" && !isToBeFiled;
    if (isDone) return `${name} is ${place} and was returned`;
    // What could not be done for a reason of its own stream is no fault of the answer.
    if (isExcused(publication)) continue;
    return `${name} was returned though nothing was wrong with its stream`;
  }
  return addsUp(batch);
}

/** The report's own promise: every record is counted once. */
function addsUp({ records, report }: AnsweredBatch): Verdict {
  const { applied, released, duplicates, early, parkedBehindHalt } = report;
  const { refused, undecodable, returned, late, decided } = report;
  const sum =
    applied - released + duplicates + early + parkedBehindHalt + refused + undecodable + returned;
  const counted = sum + late + decided;
  if (counted === records.length) return undefined;
  return `a batch of ${records.length} records was counted as ${counted}`;
}
