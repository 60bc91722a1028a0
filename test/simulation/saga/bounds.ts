/**
 * How long a saga may take once nothing goes wrong any more.
 */
import { ORDER_REVIEW } from "#contracts/saga";

/** Fifty retries of five minutes each. */
const RETRIES_MS_MAX = 50 * 300_000;

/** A review whose request was lost is waited for in vain, and asked for again after that. */
export const SAGA_MS_MAX = RETRIES_MS_MAX + 2 * ORDER_REVIEW.waitSeconds * 1_000;
