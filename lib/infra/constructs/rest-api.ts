/**
 * A REST API made from a route table: what has no row is not deployed. The gateway only routes,
 * throttles and logs; identity, authorisation and validation belong to the functions, so that they
 * are the same everywhere.
 */
import { Aws, RemovalPolicy } from "aws-cdk-lib";
import {
  AccessLogFormat,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseType,
  RestApi as AwsRestApi,
  type StageOptions,
} from "aws-cdk-lib/aws-apigateway";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { GATEWAY_PROBLEMS, type GatewayProblem } from "#contracts/http/gateway-problems";
import { PROBLEM_TYPE } from "#contracts/http/problem";
import type { Route } from "#contracts/http/route";
import { Failure } from "#kernel/failure";
import { apiAddress } from "../api-address.ts";
import type { Throttle } from "../config/stage.ts";
import { acknowledge } from "./acknowledge.ts";

export type RestApiProps = {
  readonly name: string;
  readonly description: string;
  readonly apiStage: string;
  /** `AWS_ENDPOINT_URL` of a LocalStack-compatible target; absent on AWS. */
  readonly endpoint: string | undefined;
  readonly throttle: Throttle;
  /** By method and path, as in `POST /oauth2/token`. */
  readonly routeThrottles?: Readonly<Record<string, Throttle>>;
  readonly logRetention: RetentionDays;
};

type Functions = Readonly<Record<string, IFunction>>;

/** Nothing that names a person: the functions' logs carry the rest under the same request id. */
const ACCESS_LOG_FIELDS = {
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  method: "$context.httpMethod",
  resource: "$context.resourcePath",
  status: "$context.status",
  latencyMs: "$context.responseLatency",
  functionLatencyMs: "$context.integrationLatency",
  answerBytes: "$context.responseLength",
  error: "$context.error.responseType",
};

export class RestApi extends Construct {
  readonly api: AwsRestApi;
  /** Without a trailing slash. */
  readonly address: string;

  constructor(scope: Construct, id: string, props: RestApiProps) {
    super(scope, id);
    this.api = new AwsRestApi(this, "Api", {
      restApiName: props.name,
      description: props.description,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: this.stageOptions(props),
    });
    // Its default output is an address that is wrong on any other target than AWS.
    this.api.node.tryRemoveChild("Endpoint");
    this.address = apiAddress({
      apiId: this.api.restApiId,
      apiStage: props.apiStage,
      endpoint: props.endpoint,
      region: Aws.REGION,
      urlSuffix: Aws.URL_SUFFIX,
    });
    for (const [type, problem] of Object.entries(GATEWAY_PROBLEMS)) this.answer(type, problem);
    acknowledge(this.api, {
      "AwsSolutions-APIG2": "Each function validates against the schemas of the contracts.",
      "AwsSolutions-APIG4": "Each function verifies the token itself and denies by default.",
      "AwsSolutions-COG4": "Tokens are ours (KMS, RS256), not those of a Cognito user pool.",
    });
  }

  /**
   * Deploys the routes; `functions` are by the routes' `entry`.
   * Errors: `misconfigured` (reject) for a route whose function is not given.
   */
  serve(routes: readonly Route[], functions: Functions): void {
    for (const [path, rows] of Map.groupBy(routes, (route) => route.path)) {
      this.addResource(path, rows, functions);
    }
  }

  private stageOptions(props: RestApiProps): StageOptions {
    const accessLogs = new LogGroup(this, "AccessLogs", {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return {
      stageName: props.apiStage,
      tracingEnabled: true,
      metricsEnabled: true,
      loggingLevel: MethodLoggingLevel.ERROR,
      // Bodies hold tokens and addresses.
      dataTraceEnabled: false,
      throttlingRateLimit: props.throttle.requestsPerSecond,
      throttlingBurstLimit: props.throttle.burst,
      methodOptions: methodThrottles(props.routeThrottles ?? {}),
      accessLogDestination: new LogGroupLogDestination(accessLogs),
      accessLogFormat: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FIELDS)),
    };
  }

  /**
   * All other methods of a path reach its function too: it answers HEAD as GET, and the rest with
   * 405 and the methods that it knows.
   */
  private addResource(path: string, routes: readonly Route[], functions: Functions): void {
    const resource = this.api.root.resourceForPath(path);
    for (const route of routes) integrate(resource, route.method, functionOf(route, functions));
    const [first] = routes;
    if (first !== undefined) integrate(resource, "ANY", functionOf(first, functions));
  }

  private answer(type: string, problem: GatewayProblem): void {
    const { status, code, title, detail, retryAfterSeconds } = problem;
    const body = { type: `urn:inorder:problem:${code}`, title, status, detail };
    this.api.addGatewayResponse(type, {
      type: ResponseType.of(type),
      statusCode: String(status),
      responseHeaders: {
        "Content-Type": `'${PROBLEM_TYPE}'`,
        "Cache-Control": "'no-store'",
        ...(retryAfterSeconds === undefined ? {} : { "Retry-After": `'${retryAfterSeconds}'` }),
      },
      // The only key that every target renders; the header above says what it is.
      templates: {
        "application/json": JSON.stringify({ ...body, traceId: "$context.requestId" }),
      },
    });
  }
}

/** One permission for each function and not for each method: a stack has room for 500 resources. */
function integrate(resource: IResource, method: string, handler: IFunction): void {
  resource.addMethod(method, new LambdaIntegration(handler, { scopePermissionToMethod: false }));
}

function functionOf(route: Route, functions: Functions): IFunction {
  const found = functions[route.entry];
  if (found !== undefined) return found;
  throw new Failure(
    "misconfigured",
    "reject",
    `${route.method} ${route.path} is answered by ${route.entry}, but that function is not ` +
      `deployed; there are ${Object.keys(functions).join(", ")}.`,
  );
}

const methodThrottles = (throttles: Readonly<Record<string, Throttle>>) =>
  Object.fromEntries(
    Object.entries(throttles).map(([route, throttle]) => {
      const [method, path] = route.split(" ");
      return [
        `${path}/${method}`,
        {
          throttlingRateLimit: throttle.requestsPerSecond,
          throttlingBurstLimit: throttle.burst,
        },
      ];
    }),
  );
