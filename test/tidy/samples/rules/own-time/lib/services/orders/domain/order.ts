/** Reads whatever it likes. */
import { randomUUID } from "node:crypto"; // caught
import { setTimeout as pause } from "node:timers/promises"; // caught
import { performance as meter } from "node:perf_hooks"; // caught

export const now = () => Date.now(); // caught
export const alsoNow = () => Date["now"](); // caught
export const today = () => new Date(); // caught
export const asText = () => Date(); // caught
export const convert = (at: number) => new Date(at).toISOString(); // caught
export const parse = (text: string) => Date.parse(text); // caught
export const dice = () => Math.random(); // caught
export const later = (act: () => void) => setTimeout(act, 1); // caught
export const often = (act: () => void) => setInterval(act, 1); // caught
export const soon = (act: () => void) => globalThis.setImmediate(act); // caught
export const clock = performance.now; // caught
export const id = () => crypto.randomUUID(); // caught
export const ticks = () => process.hrtime(); // caught
export const used = [randomUUID, pause, meter];
