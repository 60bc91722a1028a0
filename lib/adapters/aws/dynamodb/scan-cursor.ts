/**
 * Where a scan goes on, as a text that its caller keeps and gives back.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { Failure } from "#kernel/failure";
import { parseJsonObject } from "#kernel/json";

type Key = Record<string, AttributeValue>;

export const cursorOf = (lastEvaluatedKey: Key): string =>
  JSON.stringify(unmarshall(lastEvaluatedKey));

/** Errors: `Failure` `invalid-request` (reject) for a text that is no key of a table. */
export function startAt(cursor: string): Key {
  const { pk, sk, ...rest } = parseJsonObject(cursor) ?? {};
  const isKey = typeof pk === "string" && typeof sk === "string" && Object.keys(rest).length === 0;
  if (isKey && pk !== "" && sk !== "") return marshall({ pk, sk });
  const received = JSON.stringify(cursor.slice(0, 80));
  throw new Failure("invalid-request", "reject", `${received} is no cursor of this list.`);
}
