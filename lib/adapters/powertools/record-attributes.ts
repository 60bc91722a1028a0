/**
 * Where a record's parts stand in its item: the names of Powertools' own DynamoDB layer, so that
 * both read each other's records, and two more for the fence.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { PERSISTENCE_ATTRIBUTE_KEY_MAPPINGS } from "@aws-lambda-powertools/idempotency";
import type { DynamoDBPersistenceOptions } from "@aws-lambda-powertools/idempotency/dynamodb/types";
import {
  type BasePersistenceLayer,
  IdempotencyRecord,
} from "@aws-lambda-powertools/idempotency/persistence";
import type { IdempotencyRecordStatusValue } from "@aws-lambda-powertools/idempotency/types";
import { Failure } from "#kernel/failure";

/** What Powertools takes for JSON. */
export type JsonOfPowertools = Parameters<BasePersistenceLayer["saveSuccess"]>[1];

type Item = Readonly<Record<string, AttributeValue>>;

export type RecordAttributes = {
  readonly names: Readonly<Record<Part, string>>;
  readonly keyOf: (idempotencyKey: string) => Record<string, AttributeValue>;
  readonly recordOf: (item: Item) => IdempotencyRecord;
  /** Whose the record is; undefined for one that Powertools' own layer wrote. */
  readonly holderOf: (
    item: Item,
  ) => { readonly owner: string; readonly attempt: number } | undefined;
};

type Part = "id" | "status" | "expiry" | "lease" | "data" | "hash" | "owner" | "attempt";

/**
 * Errors: `misconfigured` (reject) for two parts under one name.
 * @param keyPrefix the layer's, for the partition that records share where there is a sort key
 */
export function recordAttributes(
  options: DynamoDBPersistenceOptions,
  keyPrefix: string,
): RecordAttributes {
  const { keyAttr = "id", sortKeyAttr, staticPkValue = `idempotency#${keyPrefix}` } = options;
  const defaults = PERSISTENCE_ATTRIBUTE_KEY_MAPPINGS;
  const names = {
    id: keyAttr,
    status: options.statusAttr ?? defaults.statusAttr,
    expiry: options.expiryAttr ?? defaults.expiryAttr,
    lease: options.inProgressExpiryAttr ?? defaults.inProgressExpiryAttr,
    data: options.dataAttr ?? defaults.dataAttr,
    hash: options.validationKeyAttr ?? defaults.validationKeyAttr,
    owner: "owner",
    attempt: "attempt",
  };
  refuseTwice([...Object.values(names), ...(sortKeyAttr === undefined ? [] : [sortKeyAttr])]);
  const idOf = (fields: Fields): string => String(fields[sortKeyAttr ?? keyAttr]);

  return {
    names,
    keyOf: (idempotencyKey) =>
      sortKeyAttr === undefined
        ? marshall({ [keyAttr]: idempotencyKey })
        : marshall({ [keyAttr]: staticPkValue, [sortKeyAttr]: idempotencyKey }),
    recordOf: (item) => recordOf(unmarshall(item), names, idOf),
    holderOf(item) {
      const { owner, attempt }: Fields = pick(unmarshall(item), names);
      return typeof owner === "string" ? { owner, attempt: Number(attempt) } : undefined;
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

const pick = (fields: Fields, names: Readonly<Record<Part, string>>): Fields =>
  Object.fromEntries(Object.entries(names).map(([part, name]) => [part, fields[name]]));

function recordOf(
  fields: Fields,
  names: Readonly<Record<Part, string>>,
  idOf: (fields: Fields) => string,
): IdempotencyRecord {
  const { status, expiry, lease, data, hash } = pick(fields, names);
  return new IdempotencyRecord({
    idempotencyKey: idOf(fields),
    status: status as IdempotencyRecordStatusValue,
    responseData: data as JsonOfPowertools,
    ...(typeof expiry === "number" && { expiryTimestamp: expiry }),
    ...(typeof lease === "number" && { inProgressExpiryTimestamp: lease }),
    ...(typeof hash === "string" && { payloadHash: hash }),
  });
}

function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new Failure(
    "misconfigured",
    "reject",
    `Two parts of an idempotency record would be kept in the attribute ${twice}; give each ` +
      "its own (owner and attempt are taken by the fence).",
  );
}
