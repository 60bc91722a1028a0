/**
 * Claim checks of the tests and the simulator, named by their content.
 */
import { sha256Hex } from "#kernel/hash";
import type { ClaimCheckStore } from "#messaging";

export type MemoryClaimCheckStore = ClaimCheckStore & { readonly texts: Map<string, string> };

export function memoryClaimCheckStore(): MemoryClaimCheckStore {
  const texts = new Map<string, string>();
  return {
    texts,
    async put(text) {
      const ref = `memory:${sha256Hex(text)}`;
      texts.set(ref, text);
      return ref;
    },
    async get(ref, bytesMax) {
      const text = texts.get(ref);
      return text === undefined ? undefined : firstBytes(text, bytesMax + 1);
    },
  };
}

const firstBytes = (text: string, bytes: number): string =>
  Buffer.from(text, "utf8").subarray(0, bytes).toString("utf8");
