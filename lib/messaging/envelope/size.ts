/**
 * How much room a value takes where it is stored: stores and queues bound UTF-8 bytes, not
 * characters.
 */

export const utf8Bytes = (text: string): number => Buffer.byteLength(text, "utf8");

export const jsonBytes = (value: unknown): number => utf8Bytes(JSON.stringify(value) ?? "");
