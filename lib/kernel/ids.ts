/**
 * Fresh ids are passed in as a function, so that a test can foresee them.
 */
import { randomUUID } from "node:crypto";

/** Contract: every call answers a text that no other call has answered. */
export type NewId = () => string;

/** Version 4 UUIDs (RFC 9562). */
export const randomIds: NewId = () => randomUUID();
