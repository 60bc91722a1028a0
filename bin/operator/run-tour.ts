/**
 * The tour against a deployed system: clients of its own, wired to HTTP, to the carriers' secret
 * and to the payment provider.
 */
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { secretTexts } from "#adapters/aws/secrets";
import { httpPaymentProvider } from "#adapters/http/payment-provider";
import type { Scope } from "#contracts/http/scopes";
import { systemClock } from "#kernel/clock";
import { seededRng } from "#kernel/rng";
import { seconds } from "#kernel/units";
import { accessToken } from "#replay/access-token";
import { httpClient } from "#replay/client";
import { shopApi } from "#replay/shop-api";
import { tour, type TourAnswers } from "#replay/tour/tour";
import { tourApi } from "#replay/tour/tour-api";
import type { WaitSettings } from "#replay/wait-until";
import { connection } from "./connection.ts";
import type { Outputs } from "./deploy.ts";
import { operator } from "./load.ts";
import type { Phases } from "./progress.ts";
import type { Target } from "./target.ts";

export type TourRequest = {
  readonly target: Target;
  readonly outputs: Outputs;
  /** Base address of the API. */
  readonly api: string;
  readonly phases: Pick<Phases, "begin">;
  /** Of this run. */
  readonly salt: string;
  readonly seed: number;
  readonly wait: WaitSettings;
};

const CUSTOMER: readonly Scope[] = ["carts:write", "orders:write", "orders:read", "inventory:read"];
const STAFF: readonly Scope[] = ["orders:operate"];
/** The longest that the provider keeps somebody waiting, and more. */
const PROVIDER_TIMEOUT = seconds(10);

/** Throws Error when its clients cannot be registered, and what `tour` throws. */
export async function runTour({ target, outputs, ...request }: TourRequest): Promise<TourAnswers> {
  const { api: baseUrl, salt, seed, wait, phases } = request;
  const tell = phases.begin("tour");
  const clock = systemClock;
  const rng = seededRng(seed).fork("tour");
  const client = httpClient({ baseUrl, clock, rng, stopwatch: () => performance.now() });
  const secret = secretTexts(
    new SecretsManagerClient({ ...connection(target), maxAttempts: 5 }),
    clock,
  );
  const tokenOf = async (role: string, scopes: readonly Scope[]) => {
    const clientId = `tour-${role}-${salt}`;
    const registered = await operator(target, outputs).register({ clientId, scopes: [...scopes] });
    return accessToken({ client, clock, ...registered, scopes });
  };
  const [customer, staff, webhookSecret] = await Promise.all([
    tokenOf("customer", CUSTOMER),
    tokenOf("staff", STAFF),
    secret(outputs.FulfilmentSecretArn),
  ]);
  const shop = shopApi({ client, clock, token: customer, webhookSecret });
  const provider = httpPaymentProvider({
    baseUrl: outputs.ProviderAddress,
    apiKey: () => secret(outputs.ProviderSecretArn),
    timeout: PROVIDER_TIMEOUT,
  });
  const ports = { api: tourApi({ client, shop, customer, staff }), provider, clock, wait, salt };
  return await tour(ports, (done, of) => tell(done / of));
}
