/**
 * What a user of the kit gives: a handler as it ships, what lies around it, and what is sent to it.
 */
import type { Json, JsonObject } from "#kernel/json";
import type { EffectsHandler, ExternalHandler, FoldHandler } from "#messaging";
import type { Attribute } from "../expressions.ts";

/** A handler's stream gets its sequence numbers in the order in which its messages are given. */
export type SimulatedMessage = {
  readonly stream: string;
  readonly type: string;
  readonly data: JsonObject;
  /** Default: the stream's name and the number. */
  readonly id?: string;
};

type Item = Readonly<Record<string, unknown>>;

type Conditional = {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
};

type Keyed = Conditional & { readonly Key?: Item | undefined };

/** An action of a transaction, as the AWS SDK has it. */
export type SimulatedWrite = {
  readonly Put?: (Conditional & { readonly Item?: Item | undefined }) | undefined;
  readonly Update?: (Keyed & { readonly UpdateExpression?: string | undefined }) | undefined;
  readonly Delete?: Keyed | undefined;
  readonly ConditionCheck?: Keyed | undefined;
};

export type SimulatedItem = Readonly<Record<string, Attribute>>;

export type SimulatedHandler =
  | FoldHandler<Json>
  | EffectsHandler<unknown, SimulatedWrite>
  | ExternalHandler;

/** What a handler in a simulated sandbox reaches instead of AWS. */
export type SimulationPlace<Outside> = {
  /**
   * Reads an item that effects have written, consistently: for `load`. Fails and is slow as the
   * schedule says.
   */
  readonly get: (table: string, key: SimulatedItem) => Promise<SimulatedItem | undefined>;
  /**
   * Calls somebody else: `effect` runs where the call arrives, which may be late, once more, or
   * without its answer ever coming back.
   */
  readonly call: <Answer>(effect: (outside: Outside) => Answer) => Promise<Answer>;
  /**
   * The world around the sandboxes. What a handler does to it directly, past `call` and past the
   * writes that it returns, is what the kit looks for.
   */
  readonly outside: Outside;
};

export type Subject<Outside> = {
  /** As it ships; or made at each cold start, with what it reaches. */
  readonly handler: SimulatedHandler | ((place: SimulationPlace<Outside>) => SimulatedHandler);
  readonly messages: readonly SimulatedMessage[];
  /**
   * Makes the world around the sandboxes, afresh for each schedule: arrays, maps, plain objects.
   * Kept by stream, since streams overtake each other. Default: none.
   */
  readonly outside?: () => Outside;
  /** The key attributes of tables that effects put items into. Default: `pk` and `sk`. */
  readonly keys?: Readonly<Record<string, readonly string[]>>;
  /**
   * Leaves out of a state, an item or the world what may differ from run to run, such as the time
   * at which a message was applied. Default: nothing.
   */
  readonly comparable?: (value: Json) => Json;
};
