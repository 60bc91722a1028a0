/**
 * What no two consumers may share, and what a table must have to hold heads: seen in the construct
 * tree, so that a mistake fails the synthesis instead of mixing two consumers' positions.
 */
import { Stack } from "aws-cdk-lib";
import { CfnGlobalTable, CfnTable } from "aws-cdk-lib/aws-dynamodb";
import { Construct, type IConstruct } from "constructs";
import { ATTENTION_INDEX } from "#contracts/indexes";
import { Failure } from "#kernel/failure";
import type { Table } from "./need.ts";
import type { OrderedQueue } from "./ordered-queue.ts";

export type ConsumerPlace = {
  readonly consumerName: string;
  readonly table: Table;
  readonly source: OrderedQueue;
};

/** Every consumer that has been made, by the app that it is in. */
const places = new WeakMap<IConstruct, (ConsumerPlace & { readonly path: string })[]>();

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Errors: `misconfigured` (reject) with what is wrong, its value and what to do. */
export function takePlace({ node }: IConstruct, place: ConsumerPlace): void {
  const { consumerName, table, source } = place;
  const { path } = node;
  if (!NAME.test(consumerName)) {
    throw misplaced(
      path,
      `consumerName is ${JSON.stringify(consumerName)}, but it is part of keys and of names of ` +
        'alarms: use 1 to 64 letters, digits, ".", "_" and "-", a letter or digit first.',
    );
  }
  const others = places.get(node.root) ?? [];
  const twin = others.find((one) => one.table === table && one.consumerName === consumerName);
  if (twin !== undefined) {
    throw misplaced(
      path,
      `consumerName is "${consumerName}", as that of ${twin.path}, and both keep their heads in ` +
        "one table: each would take the other's position for its own. Give them two names.",
    );
  }
  const rival = others.find((one) => one.source === source);
  if (rival !== undefined) {
    throw misplaced(
      path,
      `its queue is that of ${rival.path}, and a message reaches only one of them: each would ` +
        "see gaps. Give it a queue of its own, and send to both.",
    );
  }
  checkHeadIndex(path, table);
  places.set(node.root, [...others, { ...place, path }]);
}

/** An imported table cannot be looked into; its owner has to have made it as `HEAD_INDEX` says. */
function checkHeadIndex(path: string, table: Table): void {
  const resource = Construct.isConstruct(table) ? table.node.defaultChild : undefined;
  if (!(resource instanceof CfnGlobalTable || resource instanceof CfnTable)) return;
  const resolved: unknown = Stack.of(resource).resolve({
    keySchema: resource.keySchema,
    indexes: resource.globalSecondaryIndexes,
  });
  const { keySchema, indexes = [] } = resolved as Partial<{
    readonly keySchema: readonly KeyPart[];
    readonly indexes: readonly { readonly indexName: string; readonly keySchema: KeyPart[] }[];
  }>;
  const keys = namesOf(keySchema);
  if (keys !== "pk, sk") {
    throw misplaced(
      path,
      `the keys of ${resource.node.path} are ${keys}, but heads have pk and sk, both texts: give ` +
        "another table, or none to have one made.",
    );
  }
  const { name, partitionKey, sortKey } = ATTENTION_INDEX;
  const index = indexes.find(({ indexName }) => indexName === name);
  if (index !== undefined && namesOf(index.keySchema) === `${partitionKey}, ${sortKey}`) return;
  const found = indexes.map(({ indexName }) => indexName).join(", ") || "none";
  throw misplaced(
    path,
    `${resource.node.path} has the indexes ${found}, but the sweep looks for due streams in ` +
      `"${name}": add HEAD_INDEX to its globalSecondaryIndexes.`,
  );
}

type KeyPart = { readonly attributeName: string; readonly keyType: string };

/** The partition key first. */
const namesOf = (schema: readonly KeyPart[] = []): string =>
  schema
    .toSorted((one, other) => (one.keyType < other.keyType ? -1 : 1))
    .map(({ attributeName }) => attributeName)
    .join(", ");

const misplaced = (path: string, what: string): Failure =>
  new Failure("misconfigured", "reject", `The consumer ${path}: ${what}`);
