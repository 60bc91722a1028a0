/**
 * Verifies access tokens (RFC 9068) by the rules of RFC 8725: the algorithm is ours and never the
 * header's, the type is checked, and every claim that limits a token must be there.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { errors, jwtVerify, type JWTPayload } from "jose";
import { Failure, isFailure } from "#kernel/failure";
import { type DurationMs, type EpochMs, later, seconds } from "#kernel/units";
import type { PublicJwk } from "#services/users/ports";

export type KeySource = {
  all(): Promise<readonly PublicJwk[]>;
  /** Reads the keys anew. */
  refresh(): Promise<readonly PublicJwk[]>;
};

export type TokenRules = {
  readonly keys: KeySource;
  readonly issuer: string;
  readonly audience: string;
};

/** Who the token speaks for, and what it lets them do. */
export type VerifiedToken = { readonly id: string; readonly scopes: readonly string[] };

export type AccessTokenVerifier = {
  verify(token: string, now: EpochMs): Promise<VerifiedToken>;
};

/**
 * So long an unknown `kid` does not make us read the keys again: invented ones must not become
 * calls.
 */
const REFRESH_COOLDOWN: DurationMs = seconds(30);

const REQUIRED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope"];

/** Errors: `unauthenticated` (reject) for a token that is not good; what the key source throws. */
export function accessTokenVerifier({ keys, issuer, audience }: TokenRules): AccessTokenVerifier {
  const known = knownKeys(keys);
  return {
    async verify(token, now) {
      try {
        const { payload } = await jwtVerify(token, ({ kid }) => known.key(kid, now), {
          algorithms: ["RS256"],
          typ: "at+jwt",
          issuer,
          audience,
          currentDate: new Date(now),
          requiredClaims: REQUIRED_CLAIMS,
        });
        return subjectOf(payload);
      } catch (error) {
        if (isFailure(error)) throw error;
        throw new Failure("unauthenticated", "reject", reasonOf(error), { cause: error });
      }
    },
  };
}

function knownKeys(source: KeySource) {
  let refreshedAt: EpochMs | undefined;
  let byKid: ReadonlyMap<string, KeyObject> | undefined;

  return {
    async key(kid: string | undefined, now: EpochMs): Promise<KeyObject> {
      if (kid === undefined) throw unknownKey();
      byKid ??= keysByKid(await source.all());
      const mayRefresh = refreshedAt === undefined || later(refreshedAt, REFRESH_COOLDOWN) <= now;
      if (!byKid.has(kid) && mayRefresh) {
        refreshedAt = now;
        byKid = keysByKid(await source.refresh());
      }
      const key = byKid.get(kid);
      if (key === undefined) throw unknownKey();
      return key;
    },
  };
}

const keysByKid = (jwks: readonly PublicJwk[]): ReadonlyMap<string, KeyObject> =>
  new Map(jwks.map((jwk) => [jwk.kid, createPublicKey({ key: { ...jwk }, format: "jwk" })]));

function subjectOf({ sub, scope }: JWTPayload): VerifiedToken {
  if (typeof sub !== "string" || sub === "" || typeof scope !== "string") {
    throw new Failure("unauthenticated", "reject", "The access token names no subject or scope.");
  }
  return { id: sub, scopes: scope.split(" ").filter((part) => part !== "") };
}

const unknownKey = (): Failure =>
  new Failure("unauthenticated", "reject", "The access token is signed by an unknown key.");

/** Enough for an honest caller; what exactly a forger got wrong is in the log alone. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "The access token is expired; ask for another.";
  return "The access token is not valid here.";
}
