/**
 * What an entry point takes from the machine it runs on; a test passes its own.
 */
import { systemClock, type Clock } from "#kernel/clock";
import { randomIds, type NewId } from "#kernel/ids";
import type { ServiceName } from "#contracts/metrics";
import { telemetry, type Telemetry } from "./telemetry.ts";

export type Surroundings = {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly telemetry: Telemetry;
};

export const surroundingsOf = (service: ServiceName): Surroundings => ({
  clock: systemClock,
  newId: randomIds,
  telemetry: telemetry(service),
});
