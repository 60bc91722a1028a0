/**
 * Wrong relays: what each forgets is known to be forgotten. None of them is in the product.
 */
import type { PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import type { Relay } from "#messaging";
import type { BugWithControl } from "../planted/bug.ts";
import type { SagaPlant } from "./plant.ts";
import { sagaScenario, sagaScenarioWith } from "./scenario.ts";

const bug = (name: string, what: string, plant: SagaPlant): BugWithControl => ({
  name,
  what,
  scenario: sagaScenarioWith(name, () => plant),
  control: sagaScenario,
});

const neverFails: NonNullable<SagaPlant["relay"]> = (right): Relay => ({
  async forward(changes) {
    const { relayed } = await right.forward(changes);
    return { relayed };
  },
});

const goesOn: NonNullable<SagaPlant["relay"]> = (right): Relay => ({
  async forward(changes) {
    let relayed = 0;
    let failed: Awaited<ReturnType<Relay["forward"]>>["failed"];
    for (const change of changes) {
      const answer = await right.forward([change]);
      relayed += answer.relayed;
      failed ??= answer.failed;
    }
    return failed === undefined ? { relayed } : { relayed, failed };
  },
});

/** A batch's answer says nothing of its entries. */
const takesPartForAll: NonNullable<SagaPlant["eventBridge"]> = (right) => {
  const send = async (command: Parameters<typeof right.send>[0]) => {
    const answer = (await right.send(command)) as { readonly Entries?: PutEventsResultEntry[] };
    return { ...answer, Entries: answer.Entries?.map((entry) => ({ EventId: "taken", ...entry })) };
  };
  return { send } as unknown as typeof right;
};

export const PLANTED_RELAYS: readonly BugWithControl[] = [
  bug("relay-takes-failures-for-sent", "what could not be sent counts as read", {
    relay: neverFails,
  }),
  bug("relay-goes-on-behind-a-failure", "what is behind an event that failed is sent before it", {
    relay: goesOn,
  }),
  bug("bus-takes-part-for-all", "what the bus refused of a request is not sent again", {
    eventBridge: takesPartForAll,
  }),
];
