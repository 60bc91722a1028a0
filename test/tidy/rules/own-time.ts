/**
 * Time, randomness and ids are passed in: a rule that reads them itself cannot be tested at a fixed
 * instant, nor replayed from a seed.
 */
import ts from "typescript";
import type { Rule } from "../rule.ts";
import { dottedName, findInNodes, importedModule, importedNames } from "../syntax.ts";

const ALLOWED = /^(?:lib\/kernel\/(?:clock|ids|rng)\.ts$|(?:lib\/adapters|bin|local-cloud|test)\/)/;

const READS = new Set([
  "Date.now",
  "Math.random",
  "performance.now",
  "performance.timeOrigin",
  "process.hrtime",
  "process.uptime",
  "crypto.randomUUID",
  "crypto.randomBytes",
  "crypto.randomInt",
  "crypto.getRandomValues",
]);
const RANDOM = new Set(["randomUUID", "randomBytes", "randomInt", "getRandomValues", "webcrypto"]);
const TIMERS = new Set(["setTimeout", "setInterval", "setImmediate"]);
const MODULES = /^(?:node:)?(?:timers(?:\/promises)?|perf_hooks)$/;
/** Pure with an argument, but then a matter of units, which the kernel knows. */
const CONVERSIONS = new Set(["Date.parse", "Date.UTC"]);

export const ownTime: Rule = {
  name: "own-time",
  why: "A hidden clock or dice makes a test flaky and a failure impossible to replay.",
  check(file) {
    if (ALLOWED.test(file.path)) return [];
    const isKernel = file.path.startsWith("lib/kernel/");
    return findInNodes(file, (node) => {
      const read = readsOf(node);
      if (read !== undefined) return `${read}: let the caller pass a clock, an id or a generator`;
      const conversion = isKernel ? undefined : conversionOf(node);
      if (conversion === undefined) return undefined;
      return `${conversion}: use the kernel's functions for instants`;
    });
  },
};

function readsOf(node: ts.Node): string | undefined {
  const name = dottedName(node);
  if (name !== undefined && READS.has(name)) return name;
  const module = importedModule(node);
  if (module !== undefined && MODULES.test(module)) return `import of ${module}`;
  if (module !== undefined && /^(?:node:)?crypto$/.test(module)) {
    const random = importedNames(node).find((one) => RANDOM.has(one));
    if (random !== undefined) return `import of ${random}`;
  }
  if (ts.isIdentifier(node) && TIMERS.has(node.text) && !isKey(node)) return node.text;
  if (ts.isNewExpression(node) && isDate(node.expression) && argumentsOf(node) === 0) {
    return "new Date()";
  }
  return ts.isCallExpression(node) && isDate(node.expression) ? "Date()" : undefined;
}

function conversionOf(node: ts.Node): string | undefined {
  const name = dottedName(node);
  if (name !== undefined && CONVERSIONS.has(name)) return name;
  const isNewDate = ts.isNewExpression(node) && isDate(node.expression) && argumentsOf(node) > 0;
  return isNewDate ? "new Date(value)" : undefined;
}

const isDate = (node: ts.Node): boolean => ts.isIdentifier(node) && node.text === "Date";

const argumentsOf = (node: ts.NewExpression): number => node.arguments?.length ?? 0;

/**
 * A property of that name, as in `options.setTimeout`; `globalThis.setTimeout` is the timer itself.
 */
function isKey(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return parent.expression.getText() !== "globalThis";
  }
  return (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node
  );
}
