/**
 * Fresh ids are passed in as a function, so that a test can foresee them.
 */
import { randomBytes, randomUUID } from "node:crypto";

/** Contract: every call answers a text that no other call has answered. */
export type NewId = () => string;

/** Version 4 UUIDs (RFC 9562). */
export const randomIds: NewId = () => randomUUID();

/** 256 random bits as text without padding (RFC 4648, base64url). */
export const randomSecrets: NewId = () => randomBytes(32).toString("base64url");
