/**
 * W3C Trace Context: the trace that a request belongs to, taken from its `traceparent` or begun
 * here.
 */
import { sha256Hex } from "#kernel/hash";
import type { NewId } from "#kernel/ids";

export type Trace = {
  /** 32 hex digits; what a problem shows as `traceId`. */
  readonly traceId: string;
  /** The header for what we call or send next: same trace, our own span. */
  readonly traceparent: string;
};

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = "01";

/** A header that is not valid is as good as none. Source: W3C Trace Context, section 3.2.2. */
export function traceOf(header: string | undefined, newId: NewId): Trace {
  const given = header === undefined ? undefined : parsed(header);
  const traceId = given?.traceId ?? hexDigits(newId, 32);
  const flags = given?.flags ?? SAMPLED;
  return { traceId, traceparent: `00-${traceId}-${hexDigits(newId, 16)}-${flags}` };
}

/** Of a `traceparent` of ours. */
export const traceIdIn = (traceparent: string | undefined): string | undefined =>
  traceparent?.split("-")[1];

function parsed(header: string): { readonly traceId: string; readonly flags: string } | undefined {
  const [, version, traceId = "", parentId = "", flags = "", more] =
    TRACEPARENT.exec(header.trim()) ?? [];
  const known = version !== undefined && version !== "ff";
  const exact = version !== "00" || more === undefined;
  const named = !/^0+$/.test(traceId) && !/^0+$/.test(parentId);
  return known && exact && named ? { traceId, flags } : undefined;
}

const hexDigits = (newId: NewId, count: number): string => sha256Hex(newId()).slice(0, count);
