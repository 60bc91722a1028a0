/**
 * What an item counts for against the limits of 400 KB an item and 4 MB a transaction, rounded up.
 * Source: "DynamoDB item sizes and formats", Amazon DynamoDB Developer Guide.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export function itemBytes(item: Readonly<Record<string, AttributeValue>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += utf8Bytes(name) + valueBytes(value);
  return bytes;
}

/**
 * Texts count their UTF-8 bytes, numbers about half their digits; of anything else its JSON, which
 * is longer.
 */
function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return utf8Bytes(value.S);
  if (value.N !== undefined) return value.N.length + 1;
  return utf8Bytes(JSON.stringify(value));
}

const utf8Bytes = (text: string): number => Buffer.byteLength(text, "utf8");
