/**
 * What travels: a CloudEvents 1.0 event with the extensions that carry order. The order lives in
 * the body, because SQS ids and attributes change on redrive.
 */
import type { JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";

/**
 * Source: CloudEvents 1.0.2, section "Context Attributes"; `sequence`, `partitionkey`,
 * `traceparent` are extensions.
 */
export type Envelope = {
  readonly specversion: "1.0";
  /** Unique within `source`; the same for every copy of the event. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** RFC 3339; when the thing happened, by its reporter's clock. Absent where nobody knows. */
  readonly time?: string;
  readonly subject?: string;
  readonly datacontenttype?: "application/json";
  readonly dataschema?: string;
  /** The stream: messages that share it are numbered 1, 2, 3 ... by their producer. */
  readonly partitionkey: string;
  readonly sequence: number;
  readonly traceparent?: string;
  readonly data: JsonObject;
};

/** A decoded envelope, with its time as a number. */
export type Message = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly stream: string;
  /** Integer >= 1. */
  readonly sequence: number;
  readonly time?: EpochMs;
  readonly traceparent?: string;
  readonly data: JsonObject;
};
