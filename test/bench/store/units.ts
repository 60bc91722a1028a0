/**
 * Counts requests and the units that DynamoDB bills for them.
 * Source: "DynamoDB read and write operations", Amazon DynamoDB Developer Guide: a write unit for
 * each started KB of the larger image, twice that in a transaction; a failed condition costs as
 * much as a write of what stands there, at least 1; a read unit for each started 4 KB.
 */
import { itemBytes } from "#adapters/aws/dynamodb/item-size";
import type { Item } from "../../simulation/powertools/expressions.ts";
import type { Meter, Operation, Touch } from "./table.ts";

export type Counted = {
  readonly requests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly byOperation: Readonly<Partial<Record<Operation, number>>>;
  /** Of the largest item that was written. */
  readonly itemBytesMax: number;
};

export type UnitMeter = Meter & {
  counted(): Counted;
  /** Forgets what was counted, as after a warm-up. */
  reset(): void;
};

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

export function unitMeter(): UnitMeter {
  let counted = nothing();
  return {
    counted: () => counted,
    reset: () => {
      counted = nothing();
    },
    request(operation, touches) {
      counted = {
        requests: counted.requests + 1,
        writeUnits: counted.writeUnits + sum(touches.map(writeUnits)),
        readUnits: counted.readUnits + sum(touches.map(readUnits)),
        byOperation: {
          ...counted.byOperation,
          [operation]: (counted.byOperation[operation] ?? 0) + 1,
        },
        itemBytesMax: Math.max(counted.itemBytesMax, ...touches.map(({ after }) => bytes(after))),
      };
    },
  };
}

const nothing = (): Counted => ({
  requests: 0,
  writeUnits: 0,
  readUnits: 0,
  byOperation: {},
  itemBytesMax: 0,
});

function writeUnits({ kind, before, after, isTransaction }: Touch): number {
  if (kind === "read") return 0;
  const larger = Math.max(bytes(before), kind === "refused" ? 0 : bytes(after));
  return started(larger, WRITE_UNIT_BYTES) * (isTransaction ? 2 : 1);
}

/** All reads of both sides are strongly consistent. */
const readUnits = ({ kind, before }: Touch): number =>
  kind === "read" ? started(bytes(before), READ_UNIT_BYTES) : 0;

const started = (amount: number, unit: number): number => Math.max(1, Math.ceil(amount / unit));

const bytes = (item: Item | undefined): number => (item === undefined ? 0 : itemBytes(item));

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
