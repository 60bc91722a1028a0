/**
 * Texts of Secrets Manager, kept for a few minutes: not a call per request, and a rotated secret is
 * noticed.
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { systemClock, type Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { later, seconds, type EpochMs } from "#kernel/units";
import { REQUEST_LIMITS } from "./request-limits.ts";

/**
 * Contract: errors: `store-unavailable` (retry), `misconfigured` (reject) for a secret without
 * text.
 */
export type SecretTexts = (arn: string) => Promise<string>;

const KEPT_FOR = seconds(300);
/** A function uses two or three; the bound only says that the cache has one. */
const KEPT_MAX = 16;

export function secretTexts(client: SecretsManagerClient, clock: Clock): SecretTexts {
  const kept = new Map<string, { readonly text: string; readonly until: EpochMs }>();

  return async (arn) => {
    const present = kept.get(arn);
    if (present !== undefined && clock.now() < present.until) return present.text;
    const text = await read(client, arn);
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(arn, { text, until: later(clock.now(), KEPT_FOR) });
    return text;
  };
}

let ofThisSandbox: SecretTexts | undefined;

export const secretText: SecretTexts = (arn) => {
  ofThisSandbox ??= secretTexts(new SecretsManagerClient(REQUEST_LIMITS), systemClock);
  return ofThisSandbox(arn);
};

async function read(client: SecretsManagerClient, arn: string): Promise<string> {
  const text = await client.send(new GetSecretValueCommand({ SecretId: arn })).then(
    (answer) => answer.SecretString ?? "",
    (error: unknown) => {
      throw new Failure("store-unavailable", "retry", `The secret ${arn} could not be read.`, {
        cause: error,
      });
    },
  );
  if (text === "") throw new Failure("misconfigured", "reject", `The secret ${arn} has no text.`);
  return text;
}
