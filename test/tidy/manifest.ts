/**
 * The packages that package.json names, of whatever kind.
 */
import type { SourceFile } from "./rule.ts";

export type Dependency = { readonly name: string; readonly version: string };

const KINDS = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

export function dependenciesOf({ text }: SourceFile): readonly Dependency[] {
  const manifest = recordOf(JSON.parse(text) as unknown);
  return KINDS.flatMap((kind) =>
    Object.entries(recordOf(manifest[kind])).map(([name, version]) => ({
      name,
      version: String(version),
    })),
  );
}

/** The value if it is an object or a list, else an empty one. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
