/**
 * Where the simulated provider sends its webhooks: its client registers the address at run time, as
 * with real ones.
 */
import { type WebhookSettings, webhookSettings } from "#contracts/http/provider";
import { Failure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import type { RecordStore } from "#messaging/flow/index";

const KEY = "webhook";

/** Errors: the store's. */
export async function readWebhookSettings(
  settings: Pick<RecordStore, "read">,
): Promise<WebhookSettings> {
  const stored = await settings.read(KEY);
  return webhookSettings.parse(stored?.data ?? {});
}

/** Errors: `Failure` `conflict` (retry) when somebody else does the same, and the store's. */
export async function replaceWebhookSettings(
  { settings, newId }: { readonly settings: RecordStore; readonly newId: NewId },
  { url, ...rates }: WebhookSettings,
): Promise<void> {
  const version = (await settings.read(KEY))?.version ?? 0;
  const data = { ...rates, ...(url === undefined ? {} : { url }) };
  const record = { version: version + 1, changeId: newId(), data };
  if ((await settings.write(KEY, record)).kind === "written") return;
  throw new Failure("conflict", "retry", "Somebody else has just set the webhook; repeat it.");
}
