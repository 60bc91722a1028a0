/**
 * The templates of a stage as plain data, made in this process, and how a value in one leads to a
 * resource in another.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { afterAll } from "vitest";
import type { StageName } from "#contracts/outputs";
import type { Bundles } from "#infra/bundle";
import { stageNamed } from "#infra/config/stages";
import { APPLICATION_FUNCTIONS, PROVIDER_FUNCTIONS } from "#infra/functions";
import { addStacks, type StacksRequest } from "#infra/synthesis";

export type Json = null | boolean | number | string | readonly Json[] | Fields;
export type Fields = { readonly [name: string]: Json };

export type Resource = {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Fields;
  readonly deletionPolicy: Json;
};

export type Template = {
  readonly Resources: Fields;
  readonly Outputs?: Fields;
  readonly Parameters?: Fields;
};

export type Templates = {
  readonly byStack: Readonly<Record<string, Template>>;
  readonly resources: readonly Resource[];
  ofType(type: string): readonly Resource[];
  /** The resource that a `Ref`, `Fn::GetAtt` or `Fn::ImportValue` in this stack leads to. */
  behind(value: Json | undefined, stack: string): Resource | undefined;
};

export const root = join(import.meta.dirname, "..", "..");

const cdkJson = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8")) as {
  readonly context: Record<string, unknown>;
};

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** Removed after the file's last test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "inorder-infra-"));
  made.push(folder);
  return folder;
}

/** An app as `cdk` would start it. */
export const newApp = (): App =>
  new App({
    context: cdkJson.context,
    outdir: temporaryFolder(),
    analyticsReporting: false,
  });

/**
 * What a template says does not depend on what a function does: one empty function stands for all.
 */
export function emptyBundles(): Bundles {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "index.js"), "exports.handler = async () => ({});\n");
  const names = [...APPLICATION_FUNCTIONS, ...PROVIDER_FUNCTIONS];
  return Object.fromEntries(names.map((name) => [name, { folder, bytes: 1 }]));
}

const synthesised = new Map<string, Templates>();

/** Once per stage and file of tests. */
export function templatesOf(
  name: StageName,
  more: Partial<Omit<StacksRequest, "stage">> = {},
): Templates {
  const key = JSON.stringify([name, more]);
  const known = synthesised.get(key);
  if (known !== undefined) return known;
  const fresh = synthesise({ stage: stageNamed(name), root, bundles: emptyBundles(), ...more });
  synthesised.set(key, fresh);
  return fresh;
}

export function synthesise(request: StacksRequest): Templates {
  // The rules of the CDK and of cdk-nag have a test of their own; they take seconds.
  process.env["CDK_VALIDATION"] = "false";
  const app = newApp();
  addStacks(app, request);
  const assembly = app.synth();
  const byStack = Object.fromEntries(
    assembly.stacks.map((stack) => [stack.stackName, stack.template as Template]),
  );
  const resources = Object.entries(byStack).flatMap(([stack, template]) =>
    Object.entries(template.Resources).map(([id, resource]): Resource => {
      const fields = resource as Fields;
      return {
        stack,
        id,
        type: text(fields["Type"]),
        properties: (fields["Properties"] ?? {}) as Fields,
        deletionPolicy: fields["DeletionPolicy"] ?? null,
      };
    }),
  );
  const find = (stack: string, id: string) =>
    resources.find((resource) => resource.stack === stack && resource.id === id);
  return {
    byStack,
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    behind: (value, stack) => behind({ byStack, find }, value, stack),
  };
}

/** An index, a folder or a run is written as a join that begins with what it is a part of. */
export const wholeOf = (resource: Json): Json =>
  list(list(fields(resource)["Fn::Join"])[1])[0] ?? resource;

type World = {
  readonly byStack: Readonly<Record<string, Template>>;
  find(stack: string, id: string): Resource | undefined;
};

function behind(world: World, value: Json | undefined, stack: string): Resource | undefined {
  if (!isFields(value)) return undefined;
  const { Ref: ref, "Fn::GetAtt": attribute, "Fn::ImportValue": imported } = value;
  if (typeof ref === "string") return world.find(stack, ref);
  if (Array.isArray(attribute)) return world.find(stack, String(attribute[0]));
  if (typeof imported !== "string") return undefined;
  for (const [exporter, { Outputs }] of Object.entries(world.byStack)) {
    for (const output of Object.values(Outputs ?? {})) {
      const { Export: exported, Value: target } = output as Fields;
      if ((exported as Fields | undefined)?.["Name"] === imported) {
        return behind(world, target, exporter);
      }
    }
  }
  return undefined;
}

const isFields = (value: Json | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function list(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** A text as it is, anything else as JSON. */
export const text = (value: Json | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? null);

export const fields = (value: Json | undefined): Fields => (isFields(value) ? value : {});

/** What the function is told whose id begins so. */
export const environmentOf = (templates: Templates, id: string): Fields => {
  const found = templates.ofType("AWS::Lambda::Function").find((one) => one.id.startsWith(id));
  return fields(fields(found?.properties["Environment"])["Variables"]);
};

export type Statement = {
  readonly owner: Resource;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly Json[];
  readonly principal: Json;
  readonly conditions: Json;
};

/** Of roles, their policies, and the policies of queues, topics and keys. */
export function statements(templates: Templates): readonly Statement[] {
  return templates.resources.flatMap((owner) =>
    documents(owner).flatMap((document) =>
      list(fields(document)["Statement"]).map((entry): Statement => {
        const statement = fields(entry);
        return {
          owner,
          effect: text(statement["Effect"]),
          actions: list(statement["Action"]).map(text),
          resources: list(statement["Resource"]),
          principal: statement["Principal"] ?? null,
          conditions: statement["Condition"] ?? null,
        };
      }),
    ),
  );
}

const documents = ({ properties }: Resource): readonly Json[] => [
  ...list(properties["PolicyDocument"]),
  ...list(properties["KeyPolicy"]),
  ...list(properties["AssumeRolePolicyDocument"]),
  ...list(properties["Policies"]).map((policy) => fields(policy)["PolicyDocument"] ?? null),
];
