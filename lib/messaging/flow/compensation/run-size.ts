/**
 * A run's record must fit its item whatever happens, or it could not be undone: so what goes into
 * it is bounded before it is begun. Source: "Quotas in Amazon DynamoDB", 400 KB an item.
 */
import { Failure } from "#kernel/failure";
import type { Json } from "#kernel/json";
import { jsonBytes } from "../../envelope/size.ts";

const INPUT_BYTES_MAX = 131_072;
/** Of all steps together. */
const RESULTS_BYTES_MAX = 131_072;
const MESSAGE_CHARACTERS_MAX = 500;

/** @throws Failure `payload-too-large` (reject). */
export function inputThatFits(id: string, input: Json): void {
  const bytes = jsonBytes(input);
  if (bytes <= INPUT_BYTES_MAX) return;
  throw tooLarge(`The input of run ${JSON.stringify(id)}`, bytes, INPUT_BYTES_MAX);
}

/**
 * @param steps of the run: each has its share.
 * @throws Failure `payload-too-large` (reject).
 */
export function resultThatFits(name: string, result: Json, steps: number): Json {
  const bytesMax = Math.floor(RESULTS_BYTES_MAX / steps);
  const bytes = jsonBytes(result);
  if (bytes <= bytesMax) return result;
  throw tooLarge(`The result of step "${name}"`, bytes, bytesMax);
}

export const shortMessage = (message: string): string => message.slice(0, MESSAGE_CHARACTERS_MAX);

const tooLarge = (what: string, bytes: number, bytesMax: number): Failure =>
  new Failure(
    "payload-too-large",
    "reject",
    `${what} has ${bytes} bytes as JSON, at most ${bytesMax} fit: store it elsewhere, and keep ` +
      "here where it is.",
  );
