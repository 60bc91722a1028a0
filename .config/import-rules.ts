/**
 * The import rules, made from `import-table.ts`, and the rules of the whole graph: no cycles, no
 * orphans, nothing that does not resolve. Type-only imports count, and so do imports by `#name`.
 */
import type { DependencyType, IConfiguration, IRegularForbiddenRuleType } from "dependency-cruiser";
import { importTable, type Row } from "./import-table.ts";

type ForbiddenImport = IRegularForbiddenRuleType["to"];

const NPM: readonly DependencyType[] = [
  "npm",
  "npm-dev",
  "npm-optional",
  "npm-peer",
  "npm-bundled",
  "npm-no-pkg",
  "npm-unknown",
];

const graphRules: readonly IRegularForbiddenRuleType[] = [
  {
    name: "no-cycles",
    comment: "Files in a circle can only be understood, tested and loaded together.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-orphans",
    comment: "Nothing imports the file and it imports nothing: it is left over.",
    severity: "error",
    from: { orphan: true, path: "^(lib|bin|functions|local-cloud|test)/" },
    to: {},
  },
  {
    name: "no-unresolved",
    comment: "The import leads nowhere.",
    severity: "error",
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: "no-undeclared-package",
    comment: "The package is here by luck, through another one: declare it in package.json.",
    severity: "error",
    from: {},
    to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
  },
];

export const importRules: readonly IRegularForbiddenRuleType[] = [
  ...importTable.flatMap(rulesOf),
  ...graphRules,
];

export const configuration: IConfiguration = {
  forbidden: [...importRules],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^test/tidy/samples/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};

function rulesOf(row: Row): readonly IRegularForbiddenRuleType[] {
  const rules = [
    row.local === "any" ? undefined : rule(row, "imports", filesOutside(row.local)),
    row.packages === "any" ? undefined : rule(row, "packages", packagesOutside(row.packages)),
    row.builtins === "any" ? undefined : rule(row, "builtins", builtinsOutside(row.builtins)),
  ];
  return rules.filter((one) => one !== undefined);
}

function rule(
  row: Row,
  kind: "imports" | "packages" | "builtins",
  to: ForbiddenImport,
): IRegularForbiddenRuleType {
  return {
    name: `${row.name}-${kind}`,
    comment: `The row "${row.name}" of .config/import-table.ts does not list it.`,
    severity: "error",
    from: { path: row.from },
    to,
  };
}

function filesOutside(allowed: readonly string[]): ForbiddenImport {
  return { dependencyTypes: ["local"], ...except(allowed) };
}

function packagesOutside(allowed: readonly string[] | "any-dependency"): ForbiddenImport {
  return allowed === "any-dependency"
    ? { dependencyTypes: NPM.filter((type) => type !== "npm") }
    : { dependencyTypes: [...NPM], ...except(allowed.map(packagePath)) };
}

function builtinsOutside(allowed: readonly string[]): ForbiddenImport {
  return { dependencyTypes: ["core"], ...except(allowed.map((name) => `^${name}$`)) };
}

function except(patterns: readonly string[]): ForbiddenImport {
  return patterns.length === 0 ? {} : { pathNot: [...patterns] };
}

/** Where a package lies; `@scope/*` stands for every package of the scope. */
function packagePath(name: string): string {
  return `node_modules/${name.replace(/\*$/, "[^/]+")}/`;
}
