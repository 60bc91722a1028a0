/**
 * Wrong sagas: each has one thing wrong that a saga is known to have wrong. None of them is in the
 * product; the simulator has to find each of them.
 */
import { isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { StockStore } from "#services/inventory/ports";
import type { ChangePorts } from "#services/orders/usecases/change-order";
import type { PaymentProvider } from "#services/payments/ports";
import type { BugWithControl } from "../planted/bug.ts";
import type { Definition, SagaPlant, StateDefinition } from "./plant.ts";
import { sagaScenario, sagaScenarioWith } from "./scenario.ts";

const bug = (name: string, what: string, plant: () => SagaPlant): BugWithControl => ({
  name,
  what,
  scenario: sagaScenarioWith(name, plant),
  control: sagaScenario,
});

const withState = (
  definition: Definition,
  name: string,
  change: (state: StateDefinition) => StateDefinition,
): Definition => {
  const { States } = definition;
  return { ...definition, States: { ...States, [name]: change(States[name] ?? {}) } };
};

/** Every way out of the state that led to one now leads to another. */
const led = (from: string, to: string) => (state: StateDefinition) => ({
  ...state,
  ...(state.Next === from && { Next: to }),
  ...(state.Catch && {
    Catch: state.Catch.map((each) => (each.Next === from ? { ...each, Next: to } : each)),
  }),
});

const noVoid = (right: Definition): Definition =>
  withState(
    withState(right, "Authorise", led("Void", "Release")),
    "Capture",
    led("Void", "Release"),
  );
const noRelease = (right: Definition): Definition =>
  withState(right, "Void", led("Release", "Reject"));
const noCapture = (right: Definition): Definition =>
  withState(right, "CommitHold", led("Capture", "Confirm"));
const undoneAnyway = (right: Definition): Definition =>
  withState(right, "Void", led("FileAttention", "Release"));
const noCommit = (right: Definition): Definition =>
  withState(right, "CreateShipment", led("CommitHold", "Capture"));
const unreviewed = (right: Definition): Definition =>
  withState(right, "CreateShipment", led("Review", "CommitHold"));
const keptMoney = (right: Definition): Definition =>
  withState(right, "Confirm", led("PayBack", "Release"));

/** A retry runs again under the old name, which ends at once. */
const sameRunAgain = (right: ChangePorts): ChangePorts => ({
  ...right,
  starter: {
    start: (run) => right.starter.start({ ...run, name: run.name.replace(/-r\d+$/, "") }),
  },
});

/** What was asked of the order is not written, and its customer is told that it was. */
const forgottenCancel = (right: ChangePorts): ChangePorts => ({
  ...right,
  store: {
    ...right.store,
    append: (commit) =>
      commit.events.some(({ type }) => type === "order.cancel-requested") && commit.number > 2
        ? Promise.resolve({ kind: "appended" })
        : right.store.append(commit),
  },
});

/** The order's own condition is left out: what another wrote first is written over. */
const refundsTwice = (right: ChangePorts): ChangePorts => ({
  ...right,
  starter: {
    start: (run) =>
      right.starter.start(
        run.refundId === undefined || run.input["cancels"] === true
          ? run
          : { ...run, input: { ...run.input, refundId: `${run.refundId.slice(0, 20)}-again` } },
      ),
  },
});

/** A key of its own for every request. */
function freshKeys(): NonNullable<SagaPlant["provider"]> {
  let sent = 0;
  return (right): PaymentProvider => ({
    ...right,
    authorise(request) {
      sent += 1;
      return right.authorise({ ...request, key: `${request.key}#${sent}` });
    },
  });
}

/** What a void would have to leave behind so that a late authorisation is refused. */
const unburied: NonNullable<SagaPlant["steps"]> = (right) => ({
  ...right,
  write(key, step, version, beside) {
    const isMark = key.step === "authorise" && step.kind === "tombstone";
    return isMark ? Promise.resolve(true) : right.write(key, step, version, beside);
  },
});

const declinedWhenUnknown: NonNullable<SagaPlant["provider"]> = (right) => ({
  ...right,
  async authorise(request) {
    try {
      return await right.authorise(request);
    } catch (error) {
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
      const { amount, currency } = request;
      return { paymentId: "unknown", status: "declined", amount, currency, refunded: 0 };
    }
  },
});

const MONTH_MS = 30 * 86_400_000;

/** A release forgets its order: a reservation that comes late is a new one. */
const unmarked = (right: StockStore): StockStore => {
  const released = new Map<string, number>();
  const nameOf = (orderId: string): string => {
    const times = released.get(orderId) ?? 0;
    return times === 0 ? orderId : `${orderId}#${times}`;
  };
  return {
    ...right,
    reserve: (orderId, lines, now) => right.reserve(nameOf(orderId), lines, now),
    release(orderId, now) {
      const name = nameOf(orderId);
      released.set(orderId, (released.get(orderId) ?? 0) + 1);
      return right.release(name, now);
    },
  };
};

/** Each attempt reserves for itself. */
const reservedAgain = (right: StockStore): StockStore => {
  let attempts = 0;
  return {
    ...right,
    async reserve(orderId, lines, now) {
      const answer = await right.reserve(orderId, lines, now);
      if (answer.kind !== "already-reserved") return answer;
      attempts += 1;
      return await right.reserve(`${orderId}#${attempts}`, lines, now);
    },
  };
};

/** What is short is promised all the same. */
const oversold = (right: StockStore): StockStore => {
  const promised = new Map<string, number>();
  return {
    ...right,
    async reserve(orderId, lines, now) {
      const answer = await right.reserve(orderId, lines, now);
      if (answer.kind !== "out-of-stock") return answer;
      for (const { sku, quantity } of lines) {
        promised.set(sku, (promised.get(sku) ?? 0) + quantity);
      }
      return { kind: "reserved" };
    },
    async levels(skus) {
      const levels = await right.levels(skus);
      return levels.map((level) => ({
        ...level,
        reserved: level.reserved + (promised.get(level.sku) ?? 0),
      }));
    },
  };
};

export const PLANTED_SAGAS: readonly BugWithControl[] = [
  bug(
    "saga-forgets-the-void",
    "a failed payment is undone without voiding what was authorised",
    () => ({
      definition: noVoid,
    }),
  ),
  bug("saga-forgets-the-release", "the undoing leaves the stock reserved", () => ({
    definition: noRelease,
  })),
  bug("saga-confirms-unpaid", "the order is confirmed when the money is only promised", () => ({
    definition: noCapture,
  })),
  bug("saga-undone-anyway", "a void that is refused counts as done", () => ({
    definition: undoneAnyway,
  })),
  bug("saga-takes-what-is-not-held", "the money is taken without committing the hold", () => ({
    definition: noCommit,
  })),
  bug("saga-skips-the-review", "a dear order is sent without anybody looking at it", () => ({
    definition: unreviewed,
  })),
  bug("saga-keeps-the-money", "a cancellation met late gives back the stock alone", () => ({
    definition: keptMoney,
  })),
  bug("repair-runs-nothing", "a repair is started under the name of the run that failed", () => ({
    people: sameRunAgain,
  })),
  bug("cancel-is-forgotten", "a cancellation is answered and not written", () => ({
    people: forgottenCancel,
  })),
  bug("refund-under-another-id", "what is paid back is not what the order recorded", () => ({
    people: refundsTwice,
  })),
  bug("saga-retry-charges-again", "every attempt to authorise has a key of its own", () => ({
    provider: freshKeys(),
  })),
  bug("saga-void-without-mark", "a void leaves nothing that refuses a late authorisation", () => ({
    steps: unburied,
  })),
  bug("saga-unknown-is-declined", "an unknown outcome is taken for a decline", () => ({
    provider: declinedWhenUnknown,
  })),
  bug(
    "saga-void-does-not-wait",
    "a void that finds nothing does not wait for the deadline",
    () => ({
      voidsAt: (now) => (now + MONTH_MS) as EpochMs,
    }),
  ),
  bug(
    "saga-release-without-mark",
    "a release leaves nothing that refuses a late reservation",
    () => ({
      stockStore: unmarked,
    }),
  ),
  bug("saga-oversells", "more is promised than there is", () => ({ stockStore: oversold })),
  bug("saga-reserves-again", "a repeated reservation takes the stock again", () => ({
    stockStore: reservedAgain,
  })),
];
