/**
 * Issues an access token (RFC 9068) for a client's own credentials; no other grant exists here (RFC
 * 9700 section 2.4).
 */
import { ACCESS_TOKEN_SECONDS, type TokenAnswer } from "#contracts/http/auth";
import { sha256Hex } from "#kernel/hash";
import type { NewId } from "#kernel/ids";
import type { EpochMs } from "#kernel/units";
import { refused, type OAuthRefusal } from "./oauth-refusal.ts";
import type { Client, ClientStore, TokenSigner } from "./ports.ts";
import { sameDigest } from "./same-digest.ts";
import { readTokenRequest, UNKNOWN_CLIENT } from "./token-request.ts";

export type TokenDependencies = {
  readonly clients: ClientStore;
  readonly signer: TokenSigner;
  readonly issuer: string;
  readonly audience: string;
  readonly newId: NewId;
};

export type TokenCommand = {
  /** The body as it came: application/x-www-form-urlencoded. */
  readonly form: string;
  readonly authorization: string | undefined;
  readonly now: EpochMs;
};

export type TokenResult = { readonly kind: "issued"; readonly answer: TokenAnswer } | OAuthRefusal;

/** Errors: what the ports throw. */
export async function issueToken(
  dependencies: TokenDependencies,
  { form, authorization, now }: TokenCommand,
): Promise<TokenResult> {
  const request = readTokenRequest(form, authorization);
  if (request.kind === "refused") return request;
  const client = await dependencies.clients.get(request.clientId);
  if (client === undefined || !knowsSecret(client, request.clientSecret)) {
    // The same work for an unknown client as for a known one.
    if (client === undefined) knowsSecret(NOBODY, request.clientSecret);
    return refused("invalid_client", UNKNOWN_CLIENT);
  }
  if (request.grantType !== "client_credentials") {
    return refused("unsupported_grant_type", "Use grant_type=client_credentials.");
  }
  const scopes = grantedScopes(client, request.scope);
  if (scopes === undefined) {
    return refused("invalid_scope", `This client may have: ${client.scopes.join(" ")}.`);
  }
  return issued(dependencies, client, scopes, now);
}

async function issued(
  { signer, issuer, audience, newId }: TokenDependencies,
  { clientId }: Client,
  scopes: readonly string[],
  now: EpochMs,
): Promise<TokenResult> {
  const issuedAt = Math.floor(now / 1000);
  const scope = scopes.join(" ");
  const token = await signer.sign({
    iss: issuer,
    sub: clientId,
    client_id: clientId,
    aud: audience,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + ACCESS_TOKEN_SECONDS,
    jti: newId(),
    scope,
  });
  return {
    kind: "issued",
    answer: {
      access_token: token,
      token_type: "Bearer",
      expires_in: ACCESS_TOKEN_SECONDS,
      scope,
    },
  };
}

const NOBODY: Client = { clientId: "", secretHash: sha256Hex(""), scopes: [] };

const knowsSecret = ({ secretHash }: Client, secret: string): boolean =>
  sameDigest(secretHash, sha256Hex(secret));

/** All that the client may have, or the part that it asks for; undefined where it asks for more. */
function grantedScopes(
  { scopes }: Client,
  asked: string | undefined,
): readonly string[] | undefined {
  if (asked === undefined) return scopes;
  const wanted = [...new Set(asked.split(" ").filter((scope) => scope !== ""))];
  const allowed = wanted.length > 0 && wanted.every((scope) => scopes.includes(scope));
  return allowed ? wanted : undefined;
}
