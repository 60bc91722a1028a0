/**
 * Wrong stocks: each has one thing wrong that a stock is known to have wrong. None of them is in
 * the product; the simulator has to find each of them.
 */
import type { StockItems, StockWrite } from "#services/inventory/ports";
import type { BugWithControl } from "../planted/bug.ts";
import type { StockPlant } from "./plant.ts";
import { stockScenario, stockScenarioWith } from "./scenario.ts";

const bug = (name: string, what: string, plant: () => StockPlant): BugWithControl => ({
  name,
  what,
  scenario: stockScenarioWith(name, plant),
  control: stockScenario,
});

type Writes = readonly StockWrite[];

/** What reaches the table is not what was meant. */
const written =
  (change: (writes: Writes, right: StockItems) => Promise<Writes> | Writes) =>
  (right: StockItems): StockItems => ({
    ...right,
    write: async (writes) => right.write(await change(writes, right)),
  });

/** Some of the writes first, then the others, each all or none. */
const inTwo =
  (isFirst: (write: StockWrite) => boolean, applies: (writes: Writes) => boolean) =>
  (right: StockItems): StockItems => ({
    ...right,
    async write(writes) {
      if (!applies(writes)) return right.write(writes);
      const refused = await right.write(writes.filter(isFirst));
      if (refused === undefined) return right.write(writes.filter((write) => !isFirst(write)));
      return writes.map((write) => refused[writes.filter(isFirst).indexOf(write)] ?? passed);
    },
  });

const passed = { isRefused: false };

/** A change of status is allowed from whatever status there is. */
const fromAny = (isMeant: (write: StatusWrite) => boolean) =>
  written((writes, right) =>
    Promise.all(
      writes.map(async (write) => {
        if (write.kind !== "hold-status" || !isMeant(write)) return write;
        const status = (await right.hold(write.key))?.status;
        return { ...write, from: status ?? write.from, expiry: "any" as const };
      }),
    ),
  );

type StatusWrite = Extract<StockWrite, { readonly kind: "hold-status" }>;

/** A sale looks before it writes, and its write does not look again. */
const soldUnseen = (right: StockItems): StockItems => ({
  ...right,
  async write(writes) {
    const outcomes = await right.write(writes);
    const short = writes.filter((write, index) => outcomes?.[index]?.item && isSale(write));
    if (short.length === 0 || outcomes?.[0]?.isRefused === true) return outcomes;
    return right.write(
      writes.map((write) => (short.includes(write) ? withoutTaking(write) : write)),
    );
  },
});

const isSale = (write: StockWrite): boolean =>
  write.kind === "units" && (write.change.reserved ?? 0) > 0;

const withoutTaking = (write: StockWrite): StockWrite =>
  write.kind === "units" ? { ...write, change: { reserved: write.change.reserved ?? 0 } } : write;

/** A refused counter looks as if there were no other. */
const oneShardOnly = (right: StockItems): StockItems => ({
  ...right,
  async write(writes) {
    const outcomes = await right.write(writes);
    return outcomes?.map(({ item, ...rest }) =>
      item === undefined ? rest : { ...rest, item: { ...item, made: 0 } },
    );
  },
});

/** Every attempt records for itself. */
const recordedAgain = (): NonNullable<StockPlant["items"]> => {
  let attempts = 0;
  return written((writes) => {
    attempts += 1;
    return writes.map((write) =>
      write.kind === "new-adjustment"
        ? {
            ...write,
            adjustment: { ...write.adjustment, id: `${write.adjustment.id}-${attempts}` },
          }
        : write,
    );
  });
};

/** A release that finds nothing leaves nothing. */
const unburied = (right: StockItems): StockItems => ({
  ...right,
  async write(writes) {
    const [first] = writes;
    const isMark = first?.kind === "new-hold" && first.hold.status === "released";
    return isMark ? undefined : right.write(writes);
  },
});

/** The end in seconds is compared with now in milliseconds, and has always passed. */
const endInSeconds = written((writes) =>
  writes.map((write) =>
    write.kind === "new-hold"
      ? {
          ...write,
          hold: { ...write.hold, expiresAt: Math.floor(write.hold.expiresAt / 1_000) as never },
        }
      : write,
  ),
);

const isMove = (writes: Writes): boolean =>
  writes.every((write) => write.kind === "units" && write.change.moved !== undefined);

export const PLANTED_STOCK: readonly BugWithControl[] = [
  bug(
    "stock-expiry-takes-committed",
    "an expiry does not look whether the hold is committed",
    () => ({
      table: fromAny(({ to }) => to === "expired"),
    }),
  ),
  bug("stock-commit-after-end", "a commit does not compare the hold's end", () => ({
    items: written((writes) =>
      writes.map((write) =>
        write.kind === "hold-status" && write.to === "committed"
          ? { ...write, expiry: "any" as const }
          : write,
      ),
    ),
  })),
  bug("stock-commit-revives", "a commit takes whatever status the hold has", () => ({
    table: fromAny(({ to }) => to === "committed"),
  })),
  bug("stock-ship-revives", "goods that leave are shipped whatever status the hold has", () => ({
    table: fromAny(({ to }) => to === "shipped"),
  })),
  bug("stock-hand-over-swallowed", "a hand-over that failed is only logged", () => ({
    returned: () => [],
  })),
  bug("stock-given-back-again", "a release gives the units back, then marks the hold", () => ({
    items: inTwo(
      ({ kind }) => kind === "units",
      ([first]) => first?.kind === "hold-status" && first.to === "released",
    ),
  })),
  bug("stock-held-before-taken", "the hold is written first, its units behind it", () => ({
    items: inTwo(
      ({ kind }) => kind === "new-hold",
      (writes) => writes.some(isSale),
    ),
  })),
  bug("stock-sold-unseen", "a sale's write has no condition on what is available", () => ({
    table: soldUnseen,
  })),
  bug("stock-one-shard-only", "a refused shard is followed by no other", () => ({
    items: oneShardOnly,
  })),
  bug("stock-moved-in-two", "units leave one shard before they arrive at the other", () => ({
    items: inTwo((write) => write.kind === "units" && (write.change.moved ?? 0) < 0, isMove),
  })),
  bug("stock-adjusted-again", "every attempt at an adjustment has an id of its own", () => ({
    items: recordedAgain(),
  })),
  bug("stock-release-without-mark", "a release that finds nothing leaves no mark", () => ({
    items: unburied,
  })),
  bug("stock-end-in-seconds", "a hold's end is kept in seconds", () => ({ items: endInSeconds })),
];
