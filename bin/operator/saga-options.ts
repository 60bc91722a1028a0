/**
 * The arguments of `npm run saga`, read and checked before anything is asked or changed.
 */
import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import type { SagaRequest } from "#contracts/operator";
import { type AccountStage, accountStage, targetUsage } from "./account-stage.ts";
import { UsageError } from "./start-options.ts";

export const SAGA_USAGE = `Usage: npm run saga -- list
       npm run saga -- show ORDER
       npm run saga -- retry ORDER --reason TEXT
       npm run saga -- resolve ORDER --confirmed PAYMENT --reason TEXT
       npm run saga -- resolve ORDER --cancelled PAYMENT --reason TEXT
       npm run saga -- resolve ORDER --rejected TEXT --reason TEXT

Lists the orders of which something has ended badly or takes too long, shows one, and decides
about it: another run, which goes on from what the steps have done, or how it has ended. An end is
believed only where the records of the payment and of the stock say the same. A decision is in the
order's timeline with its author and reason.

  --reason TEXT        why: 1 to 500 characters
  --author NAME        who (default: your login name)
  --refund ID          retry: the refund that is stuck, instead of the order's saga
  --confirmed PAYMENT  resolve: the order is paid for, by this payment
  --cancelled PAYMENT  resolve: it is paid for, by this payment, and is not sent: it is paid back
  --rejected TEXT      resolve: nothing is held and nothing was taken; what the customer is told
  --limit N            list: at most so many, 1 to 500 (default 100)
${targetUsage(23)}
  --help               this text
`;

export type SagaOptions = {
  readonly account: AccountStage | undefined;
  /** Absent: help is asked for. */
  readonly request?: Exclude<SagaRequest, { readonly action?: "watch" | undefined }>;
};

const OPTIONS = {
  reason: { type: "string" },
  author: { type: "string" },
  refund: { type: "string" },
  confirmed: { type: "string" },
  cancelled: { type: "string" },
  rejected: { type: "string" },
  limit: { type: "string" },
  target: { type: "string" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parsed>["values"];

const LIMIT_MAX = 500;
const REASON_LENGTH_MAX = 500;
const ORDER_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** Throws `UsageError`. */
export function sagaOptions(args: readonly string[]): SagaOptions {
  const { values, positionals } = parsed(args);
  const account = accountStage(values.target);
  if (values.help === true) return { account };
  const [action = "", order, surplus] = positionals;
  if (surplus !== undefined) throw new UsageError(`One order at a time, got "${surplus}" too.`);
  return { account, request: requestOf(action, order, values) };
}

function requestOf(
  action: string,
  order: string | undefined,
  values: Values,
): NonNullable<SagaOptions["request"]> {
  switch (action) {
    case "list":
      only(values, action, ["limit"]);
      return { action, limit: limitOf(values.limit ?? "100") };
    case "show":
      only(values, action, []);
      return { action, orderId: orderOf(order) };
    case "retry": {
      only(values, action, ["reason", "author", "refund"]);
      const refund = values.refund === undefined ? {} : { refundId: values.refund };
      return { action, orderId: orderOf(order), ...refund, ...deciding(values) };
    }
    case "resolve": {
      only(values, action, ["reason", "author", "confirmed", "cancelled", "rejected"]);
      const decided = deciding(values);
      return { action, orderId: orderOf(order), ...decided, stated: stated(values, decided) };
    }
    default:
      throw new UsageError(
        `Say list, show, retry or resolve, got "${action}". See npm run saga -- --help.`,
      );
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${what.replace(/\.$/, "")}. See npm run saga -- --help.`, {
      cause: error,
    });
  }
}

function only(values: Values, action: string, allowed: readonly string[]): void {
  const surplus = Object.keys(values).find((name) => name !== "target" && !allowed.includes(name));
  if (surplus === undefined) return;
  throw new UsageError(`--${surplus} has no meaning for ${action}.`);
}

function orderOf(text: string | undefined): string {
  if (text !== undefined && ORDER_ID.test(text)) return text;
  throw new UsageError(`Name the order by its id of 26 characters, got "${text ?? ""}".`);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (/^\d{1,3}$/.test(text) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new UsageError(`--limit must be a whole number from 1 to ${LIMIT_MAX}, got "${text}".`);
}

function deciding({ reason = "", author = userInfo().username }: Values) {
  if (reason.length >= 1 && reason.length <= REASON_LENGTH_MAX) return { reason, author };
  throw new UsageError(
    `--reason TEXT is needed, 1 to ${REASON_LENGTH_MAX} characters: the order's history keeps it.`,
  );
}

function stated(
  { confirmed, cancelled, rejected }: Values,
  { reason }: { readonly reason: string },
): Extract<NonNullable<SagaOptions["request"]>, { readonly action: "resolve" }>["stated"] {
  if ([confirmed, cancelled, rejected].filter((said) => said !== undefined).length !== 1) {
    throw new UsageError("Say either --confirmed PAYMENT, --cancelled PAYMENT or --rejected TEXT.");
  }
  if (confirmed !== undefined) return { outcome: "confirmed", paymentId: confirmed, reason };
  if (cancelled !== undefined) return { outcome: "cancelled", paymentId: cancelled, reason };
  const rejection = { reason: "payment-failed", detail: rejected ?? "" } as const;
  return { outcome: "rejected", rejection, reason };
}
