/**
 * The last applied sequences and their hashes as short text: runs of successive sequences, each as
 * its first sequence and the hashes of all, such as `7:0123456789abcdef0123456789abcdef 12:...`.
 */
import type { Json } from "#kernel/json";
import type { Head } from "./head.ts";

type Recent = Head["recent"];

const HASH_LENGTH = 16;
const RUN = /^([1-9]\d*):((?:[0-9a-f]{16})+)$/;

export function packRecent(recent: Recent): string {
  let text = "";
  let previous = 0;
  for (const { sequence, hash } of recent) {
    if (text === "") text = `${sequence}:${hash}`;
    else text += sequence === previous + 1 ? hash : ` ${sequence}:${hash}`;
    previous = sequence;
  }
  return text;
}

/** Undefined for anything that `packRecent` does not write. */
export function unpackRecent(text: Json | undefined): Recent | undefined {
  if (typeof text !== "string") return undefined;
  const recent: { sequence: number; hash: string }[] = [];
  for (const run of text === "" ? [] : text.split(" ")) {
    const [, first, hashes = ""] = RUN.exec(run) ?? [];
    if (first === undefined || !Number.isSafeInteger(Number(first))) return undefined;
    for (let at = 0; at < hashes.length; at += HASH_LENGTH) {
      const sequence = Number(first) + at / HASH_LENGTH;
      recent.push({ sequence, hash: hashes.slice(at, at + HASH_LENGTH) });
    }
  }
  return recent;
}
