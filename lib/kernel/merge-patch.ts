/**
 * JSON merge patch: a document that looks like what is to change, with null for what is to go.
 */
import { isJsonObject, type Json } from "./json.ts";

/**
 * The target after the patch; neither is changed. Goes as deep as the patch does, so what comes
 * from outside is held against a schema first. Source: RFC 7396 section 2.
 */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [name, part] of Object.entries(patch)) {
    if (part === null) merged.delete(name);
    else if (part !== undefined) merged.set(name, mergePatch(merged.get(name), part));
  }
  return Object.fromEntries(merged);
}
