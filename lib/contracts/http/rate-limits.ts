/**
 * The policies by which requests are limited, and how one is written: in a header, and the same in
 * the functions' environment.
 * Source: draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4; RFC 9651 for the syntax.
 */
import { Failure } from "#kernel/failure";

export const RATE_POLICIES = ["default", "anonymous", "tokens", "reports", "documents"] as const;

/**
 * `default` is of who holds a token; the others are of the address that asks: `anonymous` without a
 * token, `tokens` for one, `reports` with a signature, `documents` for what hardly ever changes.
 */
export type RatePolicyName = (typeof RATE_POLICIES)[number];

export type RatePolicy = {
  readonly name: string;
  /** Requests in a window; also how many may come at once. */
  readonly quota: number;
  readonly windowSeconds: number;
};

/** `"default";q=100;w=60` */
export const policyText = ({ name, quota, windowSeconds }: RatePolicy): string =>
  `"${name}";q=${quota};w=${windowSeconds}`;

const POLICY = /^"([a-z]{1,32})";q=([1-9]\d{0,6});w=([1-9]\d{0,4})$/;

/** Of several, separated by commas. Errors: `misconfigured` (reject). */
export const policiesIn = (text: string): readonly RatePolicy[] =>
  text.split(",").map((part) => {
    const [, name, quota, window] = POLICY.exec(part.trim()) ?? [];
    if (name !== undefined) {
      return { name, quota: Number(quota), windowSeconds: Number(window) };
    }
    const message = `A policy is like "default";q=100;w=60, not ${part.trim()}.`;
    throw new Failure("misconfigured", "reject", message);
  });
