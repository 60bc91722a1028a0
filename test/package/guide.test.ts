// The package as somebody else has it: packed, installed in an empty project, type-checked
// strictly, deployed by the ordinary CDK, and sent messages through. The project is the guide's.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { runCdk } from "../../bin/operator/run-cdk.ts";
import { targetEnvironment } from "../../bin/operator/target.ts";
import { eventually } from "../support/eventually.ts";
import { guideBlocks } from "../support/guide.ts";
import { type PackageProject, packageProject, succeeded } from "../support/package-project.ts";
import { type CommandResult, runNode } from "../support/run-command.ts";

const root = join(import.meta.dirname, "..", "..");
const MINUTE = 60_000;
const { environment } = inject("localCloud");

let project: PackageProject;
/** Takes longest, so it runs beside everything else. */
let typeCheck: Promise<CommandResult>;

beforeAll(async () => {
  const [made] = await Promise.all([packageProject(root), bootstrap()]);
  project = made;
  const tsc = join(project.folder, "node_modules", "typescript", "bin", "tsc");
  typeCheck = runNode([tsc], { cwd: project.folder, limitMs: 3 * MINUTE });
});

afterAll(() => project.remove());

type Exports = Readonly<Record<string, { readonly types: string; readonly default: string }>>;

const manifest = () =>
  JSON.parse(readFileSync(join(project.installed, "package.json"), "utf8")) as {
    readonly exports: Exports;
    readonly dependencies?: object;
    readonly peerDependencies: Readonly<Record<string, string>>;
    readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
  };

test("the tarball holds the entries, what they share, their types, the sweep, and no more", () => {
  const kinds = project.packed.map((path) =>
    path
      .replace(/^types\/.+\.d\.ts$/, "types")
      .replace(/^chunks\/[\w-]+\.js(?:\.map)?$/, "chunks")
      .replace(/^sweep\/index\.js(?:\.map|\.LEGAL\.txt)?$/, "sweep"),
  );
  const entries = Object.keys(manifest().exports).map((key) => key.replace("./", ""));

  expect([...new Set(kinds)].toSorted()).toEqual(
    [
      "LICENSE",
      "README.md",
      "chunks",
      "package.json",
      "sweep",
      "types",
      ...entries.flatMap((name) => [`${name}.js`, `${name}.js.map`]),
    ].toSorted(),
  );
  expect(project.packed.join()).not.toMatch(/services|functions|replay/);
});

test("every entry has its types, its code and its source map with the sources in it", () => {
  for (const { types, default: code } of Object.values(manifest().exports)) {
    expect(existsSync(join(project.installed, types))).toBe(true);
    const map = readFileSync(join(project.installed, `${code}.map`), "utf8");
    const { sources, sourcesContent } = JSON.parse(map) as Record<string, readonly string[]>;
    expect(sourcesContent?.length).toBe(sources?.length);
  }
});

test("declarations import only what the reader has: files beside them, and peers", () => {
  const { peerDependencies } = manifest();
  const imported = project.packed
    .filter((path) => path.endsWith(".d.ts"))
    .flatMap((path) => {
      const text = readFileSync(join(project.installed, path), "utf8");
      return [...text.matchAll(/(?:from\s+|import\()"([^"]+)"/g)].map(([, name = ""]) => name);
    });
  const strange = imported.filter(
    (name) =>
      !/^\.{1,2}\/.*\.js$/.test(name) &&
      !Object.keys(peerDependencies).some((peer) => name === peer || name.startsWith(`${peer}/`)),
  );
  expect(strange).toEqual([]);
  expect(imported.length).toBeGreaterThan(100);
});

test("it depends on nothing of its own, and asks for the CDK only of who deploys", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = manifest();

  expect(dependencies).toBeUndefined();
  expect(peerDependencies).toHaveProperty("@aws-sdk/client-dynamodb");
  expect(peerDependenciesMeta).toMatchObject({
    "aws-cdk-lib": { optional: true },
    constructs: { optional: true },
  });
  expect(peerDependenciesMeta).not.toHaveProperty("@aws-sdk/client-dynamodb");
});

test("the build says what each entry weighs", () => {
  for (const key of Object.keys(manifest().exports)) {
    const line = new RegExp(`^inorder/${key.slice(2)} +\\d+\\.\\d kB +\\d+\\.\\d kB$`, "m");
    expect(project.built).toMatch(line);
  }
});

test("the handler and its wiring are fewer than fifteen lines", () => {
  const lines = ["ledger.ts", "consume.ts"].flatMap((name) =>
    readFileSync(join(project.folder, name), "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );

  expect(lines.length).toBeLessThan(15);
});

test("every entry is loaded by import and by require, as one and the same", async () => {
  const names = Object.keys(manifest().exports).map((key) => `inorder/${key.slice(2)}`);
  writeFileSync(
    join(project.folder, "load.cjs"),
    `for (const name of ${JSON.stringify(names)}) {
       import(name).then((module) => {
         for (const key of Object.keys(module)) {
           if (module[key] !== require(name)[key]) throw new Error(name + " " + key);
         }
         console.log(name);
       });
     }`,
  );

  const loaded = await runNode(["load.cjs"], { cwd: project.folder, limitMs: MINUTE });

  expect(loaded.stdout.trim().split("\n").toSorted()).toEqual(names.toSorted());
});

test("the guide's numbers that do not fit fail the synthesis with the guide's words", async () => {
  const app = readFileSync(join(project.folder, "app.ts"), "utf8");
  const wrong = app.replace("consumerName:", "visibilityTimeoutSeconds: 30, consumerName:");
  mkdirSync(join(project.folder, "dist"), { recursive: true });
  writeFileSync(join(project.folder, "wrong.mts"), wrong);

  const { exitCode, output } = await runNode(["wrong.mts"], {
    cwd: project.folder,
    limitMs: MINUTE,
  });

  expect(exitCode).toBe(1);
  const words = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
  expect(words(output)).toContain(words(guideBlocks(root, "text")[0] ?? "nothing"));
});

test("deployed by the ordinary CDK, it applies messages in order and drops a duplicate", async () => {
  await cdk("deploy", "--require-approval=never", "--method=direct", "--outputs-file=outputs.json");
  succeeded("send.ts", await own("send.ts"));

  const shown = await eventually(
    async () => {
      const { stdout } = await own("show.ts");
      return stdout.includes('"last":3') && (JSON.parse(stdout) as unknown);
    },
    { withinMs: MINUTE },
  );

  expect(shown).toEqual(JSON.parse(guideBlocks(root, "json").at(-1) ?? "null"));
});

test("its project passes a strict check of all types, also of those in the package", async () => {
  const { exitCode, output } = await typeCheck;

  expect(output).toBe("");
  expect(exitCode).toBe(0);
});

const clientEnvironment = (): Record<string, string> => targetEnvironment({ environment });

const cdk = (...args: readonly string[]): Promise<void> =>
  runCdk({
    args: [...args, "--no-notices"],
    root,
    folder: project.folder,
    environment: clientEnvironment(),
    limitMs: 2 * MINUTE,
  });

/** One of the guide's programs, as its reader starts it. */
const own = (file: string) =>
  runNode([file], { cwd: project.folder, limitMs: MINUTE, environment: clientEnvironment() });

/** In a folder without an app, beside which the tool would make its templates first. */
async function bootstrap(): Promise<void> {
  const account = environment["CDK_DEFAULT_ACCOUNT"] ?? "";
  const region = environment["CDK_DEFAULT_REGION"] ?? "";
  const folder = join(root, ".build");
  mkdirSync(folder, { recursive: true });
  await runCdk({
    args: ["bootstrap", "--no-notices", `aws://${account}/${region}`],
    root,
    folder,
    environment: clientEnvironment(),
    limitMs: 2 * MINUTE,
  });
}
