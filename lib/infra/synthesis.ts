/**
 * The stacks of one deployment in the order of their dependence: data, provider, application,
 * operations.
 */
import { join } from "node:path";
import { App, Tags } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { stackNames } from "#contracts/outputs";
import { Failure } from "#kernel/failure";
import { type Bundles, bundleFunctions } from "./bundle.ts";
import type { Stage } from "./config/stage.ts";
import { checkStage } from "./config/stages.ts";
import type { Deployment } from "./deployment.ts";
import { APPLICATION_FUNCTIONS, PROVIDER_FUNCTIONS, SHARED_CACHE_FUNCTIONS } from "./functions.ts";
import { ApplicationStack } from "./stacks/application.ts";
import { DataStack } from "./stacks/data.ts";
import { OperationsStack } from "./stacks/operations.ts";
import { ProviderStack } from "./stacks/provider.ts";

export type StacksRequest = {
  readonly stage: Stage;
  /** The project's folder. */
  readonly root: string;
  /** `AWS_ENDPOINT_URL` of a LocalStack-compatible target; absent on AWS. */
  readonly endpoint?: string;
  /** Names one of several deployments of a stage in one account; absent for the ordinary one. */
  readonly qualifier?: string;
  /**
   * Other files for some functions: the same use cases under another composition root. Not in prod.
   */
  readonly entries?: Readonly<Record<string, string>>;
  /** Functions that are bundled already; made here by default. */
  readonly bundles?: Bundles;
};

export type Stacks = {
  readonly data: DataStack;
  /** Absent where a real payment provider is used. */
  readonly provider: ProviderStack | undefined;
  readonly application: ApplicationStack;
  readonly operations: OperationsStack;
};

/** Errors: `misconfigured` (reject) for a stage, qualifier or entries that cannot be deployed. */
export function addStacks(scope: Construct, request: StacksRequest): Stacks {
  const stage = checkStage(request.stage);
  checkRequest(request);
  const qualified = [stage.name, request.qualifier].filter(Boolean).join("-");
  const names = stackNames(qualified);
  const deployment: Deployment = {
    stage,
    prefix: `inorder-${qualified}`,
    bundles: request.bundles ?? bundlesOf({ ...request, folder: bundleFolder(scope) }),
    root: request.root,
    endpoint: request.endpoint,
  };
  const props = {
    deployment,
    terminationProtection: stage.features.deletionProtection,
  };
  const data = new DataStack(scope, names.data, props);
  const provider = stage.features.simulatedProvider
    ? new ProviderStack(scope, names.provider, { ...props, data })
    : undefined;
  const application = new ApplicationStack(scope, names.application, { ...props, data, provider });
  const operations = new OperationsStack(scope, names.operations, { ...props, data, application });
  Tags.of(scope).add("inorder:stage", qualified);
  return { data, provider, application, operations };
}

/** In the assembly that is being made: two deployments from one checkout share no file. */
function bundleFolder(scope: Construct): string {
  const { root } = scope.node;
  if (App.isApp(root)) return join(root.outdir, "functions");
  throw new Failure("misconfigured", "reject", "Stacks belong to a CDK app; add them to one.");
}

/** All functions of a stage in one call of esbuild. */
export function bundlesOf(
  request: Pick<StacksRequest, "stage" | "root" | "entries"> & { readonly folder: string },
): Bundles {
  const { stage, root, folder, entries } = request;
  const isShared = stage.cache.shared === "valkey";
  const chosen = {
    ...(stage.search.engine === "opensearch" ? OPEN_SEARCH : {}),
    ...(isShared ? SHARED_COPIES : {}),
  };
  return bundleFunctions({
    root,
    names: [
      ...APPLICATION_FUNCTIONS,
      ...(isShared ? SHARED_CACHE_FUNCTIONS : []),
      ...(stage.features.simulatedProvider ? PROVIDER_FUNCTIONS : []),
    ],
    folder,
    entries: { ...chosen, ...entries },
  });
}

/** The same use cases over another index. */
const OPEN_SEARCH = {
  "products/search": "functions/products/search-open-search.ts",
  "products/build-search": "functions/products/build-open-search.ts",
} as const;

/** The same routes, with copies that sandboxes share behind their own. */
const SHARED_COPIES = { "products/http": "functions/products/http-shared.ts" } as const;

function checkRequest({ stage, qualifier, entries }: StacksRequest): void {
  if (qualifier !== undefined && !/^[a-z][a-z0-9]{0,15}$/.test(qualifier)) {
    throw new Failure(
      "misconfigured",
      "reject",
      `The qualifier "${qualifier}" must be 1 to 16 lower-case letters and digits, a letter first.`,
    );
  }
  if (stage.name === "prod" && entries !== undefined && Object.keys(entries).length > 0) {
    throw new Failure(
      "misconfigured",
      "reject",
      `Entries are overridden for ${Object.keys(entries).join(", ")}, but prod runs only what is ` +
        "below functions/; leave them out or choose another stage.",
    );
  }
}
