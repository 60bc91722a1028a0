/**
 * How far a deployment is, read from what the CDK prints: resources done of the resources in the
 * templates.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type DeployProgress = {
  /** 0 to 1; never goes back. */
  readonly fraction: number;
  /** What goes on now, for a person. */
  readonly label: string;
};

export type Tell = (progress: DeployProgress) => void;

/** Shares of the whole by measured time. Bootstrapping happens beside the synthesis. */
const SYNTHESISED = 0.4;
const BOOTSTRAPPED = 0.6;

export type ProgressReader = {
  synthesising(): void;
  bootstrapLine(line: string): void;
  deploying(assembly: string): void;
  deployLine(line: string): void;
  finished(): void;
};

/**
 * `inorder-local-data |  3/12 | 5:45:01 AM | CREATE_COMPLETE | ...`; the second number is not
 * always there.
 */
const EVENT = /^\s*(\S+) \|\s+(\d+)(?:\/(\d+))? \|/;
/** `✅  inorder-local-data (no changes)` */
const STACK_DONE = /^\s*✅\s+(\S+)/;

export function progressReader(tell: Tell = () => undefined): ProgressReader {
  let reached = 0;
  let totals: Readonly<Record<string, number>> = {};
  const done = new Map<string, number>();
  const reach = (fraction: number, label: string) => {
    reached = Math.max(reached, Math.min(1, fraction));
    tell({ fraction: reached, label });
  };
  const count = (stack: string, resources: number) => {
    const total = totals[stack];
    if (total === undefined) return;
    done.set(stack, Math.min(total, Math.max(resources, done.get(stack) ?? 0)));
    const all = sum(Object.values(totals));
    const share = all === 0 ? 1 : sum([...done.values()]) / all;
    reach(BOOTSTRAPPED + (1 - BOOTSTRAPPED) * share, `deploying ${stack}`);
  };
  return {
    synthesising: () => reach(0, "bundling functions and making templates"),
    bootstrapLine(line) {
      const [, , made = "0", all = "0"] = EVENT.exec(line) ?? [];
      if (Number(all) > 0) reach((SYNTHESISED * Number(made)) / Number(all), "bootstrapping");
    },
    deploying(assembly) {
      totals = resourcesByStack(assembly);
      reach(BOOTSTRAPPED, "deploying");
    },
    deployLine(line) {
      const [, stack = "", resources = "0"] = EVENT.exec(line) ?? [];
      if (stack !== "") count(stack, Number(resources));
      const [, whole = ""] = STACK_DONE.exec(line) ?? [];
      if (whole !== "") count(whole, Number.POSITIVE_INFINITY);
    },
    finished: () => reach(1, "deployed"),
  };
}

/** Of a synthesised app: stacks are named as their template files are. */
function resourcesByStack(assembly: string): Record<string, number> {
  const suffix = ".template.json";
  const files = readdirSync(assembly).filter((file) => file.endsWith(suffix));
  return Object.fromEntries(
    files.map((file) => {
      const template = JSON.parse(readFileSync(join(assembly, file), "utf8")) as {
        readonly Resources?: Readonly<Record<string, unknown>>;
      };
      return [file.slice(0, -suffix.length), Object.keys(template.Resources ?? {}).length];
    }),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
