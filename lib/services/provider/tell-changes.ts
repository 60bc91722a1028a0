/**
 * The simulated provider tells its client of every change of a payment, as real ones do: at least
 * once, sometimes twice, sometimes an earlier state after a later one.
 */
import type { ProviderWebhook, WebhookSettings } from "#contracts/http/provider";
import type { Clock } from "#kernel/clock";
import { sha256Hex } from "#kernel/hash";
import { fnv1a, seededRng, shuffled } from "#kernel/rng";
import { milliseconds } from "#kernel/units";
import type { Charge } from "./ports.ts";

export type ChargeChange = {
  readonly before: Charge | undefined;
  readonly after: Charge;
};

export type Notice = {
  /** The same for every repetition. */
  readonly id: string;
  readonly body: string;
};

export type TellPorts = {
  readonly settings: () => Promise<WebhookSettings>;
  /** Resolves when the client has taken it, and throws when it has not. */
  readonly post: (url: string, notice: Notice) => Promise<void>;
  readonly clock: Pick<Clock, "sleep">;
};

/** Errors: those of `post`, with everything behind untold; to be repeated. */
export async function tellChanges(
  { settings, post, clock }: TellPorts,
  changes: readonly ChargeChange[],
): Promise<void> {
  const { url, latencyMs, ...rates } = await settings();
  if (url === undefined) return;
  for (const notice of noticesOf(changes, rates)) {
    if (latencyMs > 0) await clock.sleep(milliseconds(latencyMs));
    await post(url, notice);
  }
}

type Rates = Pick<WebhookSettings, "duplicatePercent" | "disorderPercent">;

/** What is drawn follows from what has changed: a batch that comes again is told the same way. */
export function noticesOf(
  changes: readonly ChargeChange[],
  { duplicatePercent, disorderPercent }: Rates,
): readonly Notice[] {
  const rng = seededRng(fnv1a(changes.map(({ after }) => after.paymentId).join()));
  const draws = (percent: number): boolean => rng.int(100) < percent;
  const notices = changes.flatMap(({ before, after }) => {
    const told = noticeOf(after);
    const twice = draws(duplicatePercent) ? [told] : [];
    const late = before !== undefined && draws(disorderPercent) ? [noticeOf(before)] : [];
    return [told, ...twice, ...late];
  });
  return draws(disorderPercent) ? shuffled(notices, rng) : notices;
}

function noticeOf(payment: Charge): Notice {
  const { paymentId, status, refunded } = payment;
  const content: ProviderWebhook = { type: "payment.updated", payment };
  const id = sha256Hex(`${paymentId}#${status}#${refunded}`).slice(0, 32);
  return { id: `evt_${id}`, body: JSON.stringify(content) };
}
