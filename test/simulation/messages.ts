/**
 * How what a sender says travels, and what is known of it before it was sent.
 */
import { isoInstant, type EpochMs } from "#kernel/units";
import { type Control, controlEnvelope, encode } from "#messaging";
import type { Publication } from "./publication.ts";

export const TYPE = "simulated.happened";
export const SOURCE = "urn:simulation";

export type ClaimCheck = { readonly ref: string; readonly sha256: string; readonly bytes: number };

export function orderedPublication(
  about: Pick<Publication, "kind" | "stream" | "group" | "sequence" | "id" | "data" | "time">,
  check?: ClaimCheck,
): Publication {
  const { stream, sequence, id, data, time } = about;
  const attributes = {
    specversion: "1.0",
    id,
    source: SOURCE,
    type: TYPE,
    // A stored event has no time, and travels with the type of its data.
    ...(time === undefined
      ? { datacontenttype: "application/json" }
      : { time: isoInstant(time as EpochMs) }),
    partitionkey: stream,
    sequence,
  } as const;
  // As a sender's `encode` writes it, whose check would cost more than all else that is drawn; with
  // neither a time nor a claim check it is the relay's text of a stored event.
  const body = JSON.stringify(
    check === undefined
      ? { ...attributes, data }
      : {
          ...attributes,
          dataref: check.ref,
          datasha256: check.sha256,
          datasize: check.bytes,
        },
  );
  return { ...about, ...unsent, type: TYPE, body };
}

const unsent = { copies: 0, isAccepted: false, buried: 0, wasBuried: false } as const;

export const malformedPublication = (stream: string, group: string, body: string): Publication => ({
  ...unsent,
  kind: "malformed",
  stream,
  group,
  body,
  id: "",
  sequence: 0,
  type: "",
  data: {},
  time: undefined,
});

export function controlPublication(control: Control, group = control.stream): Publication {
  const envelope = controlEnvelope(control, SOURCE);
  return {
    ...unsent,
    kind: "control",
    stream: control.stream,
    group,
    body: encode(envelope),
    id: control.id,
    sequence: 0,
    type: envelope.type,
    data: envelope.data,
    time: undefined,
  };
}
