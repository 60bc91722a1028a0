/**
 * The name and the form in which dependency-cruiser reads its configuration; the rules are in
 * `import-rules.ts`.
 */
export { configuration as default } from "./import-rules.ts";
