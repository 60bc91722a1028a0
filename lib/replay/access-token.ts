/**
 * The access token of the replaying client: one request for all who need it, and a new one before
 * the old one ends.
 */
import { tokenAnswer } from "#contracts/http/auth";
import type { Scope } from "#contracts/http/scopes";
import type { Clock } from "#kernel/clock";
import { type EpochMs, later, seconds } from "#kernel/units";
import { readAnswer } from "./answers.ts";
import type { ApiClient } from "./client.ts";

export type TokenProps = {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly Scope[];
};

/** A token that ends within this time is renewed: a request may take that long. */
const RENEWED_BEFORE = seconds(60);

/** Client credentials grant, RFC 6749 section 4.4. Throws what the client throws. */
export function accessToken(props: TokenProps): () => Promise<string> {
  let current: { readonly token: Promise<string>; until: EpochMs } | undefined;
  return () => {
    if (current !== undefined && props.clock.now() < current.until) return current.token;
    // Everyone who asks while it is fetched waits for the same answer.
    const fetched = fetchToken(props);
    const next = {
      token: fetched.then(({ token }) => token),
      until: Number.MAX_SAFE_INTEGER as EpochMs,
    };
    current = next;
    fetched.then(
      ({ until }) => {
        next.until = until;
      },
      () => {
        if (current === next) current = undefined;
      },
    );
    return next.token;
  };
}

async function fetchToken(
  props: TokenProps,
): Promise<{ readonly token: string; readonly until: EpochMs }> {
  const askedAt = props.clock.now();
  const path = "/oauth2/token";
  const answer = await props.client.send({
    method: "POST",
    path,
    headers: async () => ({ "content-type": "application/x-www-form-urlencoded" }),
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: props.clientId,
      client_secret: props.clientSecret,
      scope: props.scopes.join(" "),
    }).toString(),
  });
  const { access_token, expires_in } = readAnswer(tokenAnswer, answer, `POST ${path}`);
  const lasting = seconds(Math.max(0, expires_in - RENEWED_BEFORE / 1000));
  return { token: access_token, until: later(askedAt, lasting) };
}
