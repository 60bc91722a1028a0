/**
 * How much room a value takes where it is stored: stores and queues bound UTF-8 bytes, not
 * characters.
 */

export const utf8Bytes = (text: string): number => Buffer.byteLength(text, "utf8");

export const jsonBytes = (value: unknown): number => utf8Bytes(JSON.stringify(value) ?? "");

/** `1e20` becomes 21 digits; nothing grows more. */
const GROWTH_MAX = 6;

/**
 * A body is stored as this program writes JSON, which may be longer than what came: measured only
 * where that could pass the bound.
 *
 * @param bytes of the text that `parsed` came from.
 */
export const bytesWritten = (parsed: unknown, bytes: number, bytesMax: number): number =>
  bytes * GROWTH_MAX > bytesMax ? jsonBytes(parsed) : bytes;
