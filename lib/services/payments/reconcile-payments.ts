/**
 * Compares what the provider has with our books, and our books with what the provider has: a
 * bounded part of each in a run, the next run goes on from there, and after the end from the
 * beginning. What has landed unseen is recorded; every other difference is filed.
 */
import type { EpochMs } from "#kernel/units";
import type { RecordStore, VersionedRecord } from "#messaging/flow/index";
import { agreeOn } from "./agree.ts";
import { faultsIn } from "./check-books.ts";
import { beyondBooks, beyondProvider } from "./compare.ts";
import { fileDifference } from "./file-difference.ts";
import type { HearPorts } from "./hear-report.ts";
import type { ListedPayment, PaymentList } from "./ports.ts";

export type ReconcilePorts = HearPorts & {
  readonly list: PaymentList;
  /** Where the next run goes on. */
  readonly cursors: RecordStore;
  readonly newId: () => string;
};

export type Reconciled = {
  /** Payments of the provider, and orders of ours, that were compared. */
  readonly payments: number;
  readonly orders: number;
  readonly underWay: number;
  /** Found different, filed now or before. */
  readonly different: number;
};

type Cursors = { readonly provider?: string; readonly books?: string };

const CURSORS = "cursors";

/** Errors: the ports'; what was filed stays filed, and the next run begins where this one did. */
export async function reconcilePayments(
  ports: ReconcilePorts,
  { pagesMax }: { readonly pagesMax: number },
  now: EpochMs,
): Promise<Reconciled> {
  const stored = await ports.cursors.read(CURSORS);
  const compared = comparison(ports, now);
  const cursors = cursorsOf(stored);
  const provider = await through(pagesMax, cursors.provider, async (cursor) => {
    const { payments, next } = await ports.list.list(cursor);
    for (const payment of payments) await compared.payment(payment);
    return next;
  });
  const books = await through(pagesMax, cursors.books, async (cursor) => {
    const { orders, next } = await ports.books.page(cursor);
    for (const { orderId } of orders) await compared.order(orderId);
    return next;
  });
  await ports.cursors.write(CURSORS, {
    version: (stored?.version ?? 0) + 1,
    changeId: ports.newId(),
    data: { ...(provider && { provider }), ...(books && { books }) },
  });
  return compared.sums();
}

/** Answers where to go on; undefined: from the beginning. */
async function through(
  pagesMax: number,
  from: string | undefined,
  page: (cursor: string | undefined) => Promise<string | undefined>,
): Promise<string | undefined> {
  let cursor = from;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    cursor = await page(cursor);
    if (cursor === undefined) return undefined;
  }
  return cursor;
}

function comparison(ports: ReconcilePorts, now: EpochMs) {
  const sums = { payments: 0, orders: 0, underWay: 0, different: 0 };
  const compare = async (orderId: string, listed?: ListedPayment): Promise<void> => {
    const agreement = await agreeOn(ports, orderId, now, listed);
    if (agreement.kind === "under-way") sums.underWay += 1;
    if (agreement.kind !== "differs") return;
    sums.different += 1;
    for (const difference of agreement.differences) {
      await fileDifference(ports, { orderId, difference }, now);
    }
  };
  return {
    /** Without a further call of the provider where the list agrees with our books. */
    async payment(listed: ListedPayment): Promise<void> {
      sums.payments += 1;
      const books = await ports.books.ofOrder(listed.orderId);
      const isRight =
        beyondBooks(listed, books).length === 0 &&
        beyondProvider(listed, books).length === 0 &&
        faultsIn(books).length === 0;
      if (!isRight) await compare(listed.orderId, listed);
    },
    async order(orderId: string): Promise<void> {
      sums.orders += 1;
      await compare(orderId);
    },
    sums(): Reconciled {
      return { ...sums };
    },
  };
}

function cursorsOf(stored: VersionedRecord | undefined): Cursors {
  const { provider, books } = stored?.data ?? {};
  return {
    ...(typeof provider === "string" && { provider }),
    ...(typeof books === "string" && { books }),
  };
}
