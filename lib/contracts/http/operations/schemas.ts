/**
 * The named schemas of the document, each once: what another one holds is referred to by its name.
 */
import * as z from "zod";
import { Failure } from "#kernel/failure";
import type { JsonObject } from "#kernel/json";
import type { Document } from "./operation.ts";

/** As it is sent to us, or by us: defaults make the difference. */
export type Directed = Document & { readonly io: "input" | "output" };

export const schemaReference = ({ name }: Pick<Document, "name">): JsonObject => ({
  $ref: referenceTo(name),
});

/** Errors: `misconfigured` (reject) for one name of two schemas. */
export function schemasOf(documents: readonly Directed[]): JsonObject {
  const known = new Map<string, Directed>();
  for (const document of documents) {
    const present = known.get(document.name) ?? document;
    if (present.schema !== document.schema || present.io !== document.io) {
      throw new Failure("misconfigured", "reject", `${document.name} names two schemas.`);
    }
    known.set(document.name, document);
  }
  const all = [...known.values()];
  return { ...schemasTowards("output", all), ...schemasTowards("input", all) };
}

function schemasTowards(io: Directed["io"], documents: readonly Directed[]): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const document of documents.filter((one) => one.io === io)) {
    registry.add(document.schema, { id: document.name });
  }
  const { schemas } = z.toJSONSchema(registry, { io, uri: referenceTo });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema: _dialect, $id: _name, ...rest } = schema as JsonObject;
      return [name, rest];
    }),
  );
}

const referenceTo = (name: string): string => `#/components/schemas/${name}`;
