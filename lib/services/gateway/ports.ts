/**
 * What the gateway asks of others before it says that the shop can work.
 */

/**
 * Contract: resolves when what it looks at answers a read, rejects when it does not; stops, and
 * then rejects, once `until` is aborted. It tells nothing of what it reads.
 */
export type Probe = { readonly name: string; look(until: AbortSignal): Promise<void> };
