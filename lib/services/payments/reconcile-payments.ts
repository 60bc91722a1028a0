/**
 * Compares what the provider has with our books, and our books with what the provider has, page by
 * page in turn: a run ends in time, the next one goes on where it ended, and after the end from the
 * beginning. What has landed unseen is recorded; every other difference is filed.
 */
import { Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { concurrently } from "#messaging/consumer/concurrently";
import type { RecordStore } from "#messaging/flow/index";
import { agreeOn } from "./agree.ts";
import { faultsIn } from "./check-books.ts";
import { beyondBooks, beyondProvider } from "./compare.ts";
import { fileDifference } from "./file-difference.ts";
import type { HearPorts } from "./hear-report.ts";
import type { ListedPayment, PaymentList } from "./ports.ts";
import { type Pass, reconcilePlaces } from "./reconcile-places.ts";

export type ReconcilePorts = HearPorts & {
  readonly list: PaymentList;
  /** Where the next run goes on. */
  readonly cursors: RecordStore;
  readonly newId: () => string;
};

export type ReconcileLimits = {
  /** Of each side, in this run. */
  readonly pagesMax: number;
  /** Milliseconds until the run is stopped from outside; it begins nothing in the last of them. */
  readonly remainingMs: () => number;
};

export type Reconciled = {
  /** Payments of the provider, and orders of ours, that were compared. */
  readonly payments: number;
  readonly orders: number;
  readonly underWay: number;
  /** Found different, filed now or before. */
  readonly different: number;
};

type Work = () => Promise<void>;
type Page = { readonly works: readonly Work[]; readonly next?: string | undefined };

/** Orders under way at once: each asks the provider at least once. */
const AT_ONCE_MAX = 8;
/** Of a short run a third; else more than one order takes whose requests all run into timeouts. */
const stopBeforeMs = (runMs: number): number => Math.min(30_000, runMs / 3);

/**
 * Errors: what one order or one page ran into ends neither the run nor the runs after it; it is
 * thrown at the end, the first with the number of all, when the place has been kept.
 */
export async function reconcilePayments(
  ports: ReconcilePorts,
  { pagesMax, remainingMs }: ReconcileLimits,
  now: EpochMs,
): Promise<Reconciled> {
  const places = await reconcilePlaces(ports);
  const compared = comparison(ports, now);
  const lastMs = stopBeforeMs(remainingMs());
  const hasTime = (): boolean => remainingMs() > lastMs;
  const failures: unknown[] = [];

  /** Answers whether there is more on that side. A page that was cut short comes again. */
  const takePage = async (pass: Pass): Promise<boolean> => {
    let isCutShort = !hasTime();
    if (isCutShort) return false;
    try {
      const { works, next } = await compared[pass](places.of(pass));
      const unless = (work: Work, onFailure: (error: unknown) => void): Work => {
        return async () => {
          isCutShort ||= !hasTime();
          if (!isCutShort) await work().catch(onFailure);
        };
      };
      // A provider that many at once were too much for gets a second look, one after the other.
      const again: Work[] = [];
      await concurrently(
        works.map((work) => unless(work, () => again.push(work))),
        AT_ONCE_MAX,
      );
      for (const work of again) await unless(work, (error) => failures.push(error))();
      return !isCutShort && (await places.move(pass, next)) && next !== undefined;
    } catch (error) {
      failures.push(error);
      // A place that is refused for good would be refused in every run.
      if (isFailure(error) && error.action === "reject") await places.move(pass, undefined);
      return false;
    }
  };

  let open: readonly Pass[] = ["provider", "books"];
  for (let pages = 0; pages < pagesMax && open.length > 0; pages += 1) {
    const more: Pass[] = [];
    for (const pass of open) if (await takePage(pass)) more.push(pass);
    open = more;
  }
  if (failures.length > 0) throw notCompared(failures);
  return compared.sums();
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
  /** Without a further call of the provider where the list agrees with our books. */
  const payment = async (listed: ListedPayment): Promise<void> => {
    const books = await ports.books.ofOrder(listed.orderId);
    const isRight =
      beyondBooks(listed, books).length === 0 &&
      beyondProvider(listed, books).length === 0 &&
      faultsIn(books).length === 0;
    if (!isRight) await compare(listed.orderId, listed);
    sums.payments += 1;
  };
  return {
    async provider(cursor: string | undefined): Promise<Page> {
      const { payments, next } = await ports.list.list(cursor);
      const byOrder = [...Map.groupBy(payments, ({ orderId }) => orderId)];
      const works = byOrder.map(([orderId, some]) =>
        named(orderId, async () => {
          for (const one of some) await payment(one);
        }),
      );
      return { works, next };
    },
    async books(cursor: string | undefined): Promise<Page> {
      const { orderIds, next } = await ports.books.orderIds(cursor);
      const works = orderIds.map((orderId) =>
        named(orderId, async () => {
          await compare(orderId);
          sums.orders += 1;
        }),
      );
      return { works, next };
    },
    sums: (): Reconciled => ({ ...sums }),
  };
}

const named =
  (orderId: string, work: Work): Work =>
  async () => {
    await work().catch((error: unknown) => {
      throw new Failure("unexpected", "retry", `Order ${orderId}: ${textOf(error)}`, {
        cause: error,
      });
    });
  };

const notCompared = (failures: readonly unknown[]): Failure =>
  new Failure(
    "unexpected",
    "retry",
    `${failures.length} of the orders and pages were not compared, all others were. The first: ` +
      textOf(failures[0]),
    { cause: failures[0] },
  );

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
