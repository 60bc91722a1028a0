// What the local cloud's server spends on a request before the cloud itself sees it.
import { expect, test } from "vitest";
import { probeBoth } from "../support/python-probe.ts";
import { asRecord } from "../support/shop/api.ts";

test("http_server: a request is read and answered in a few calls instead of hundreds", async () => {
  const { unrepaired, repaired } = await probeBoth("http_calls", "http_server");

  const answered = { answers: ["ok"], bodies: ["asked"] };
  expect(unrepaired).toMatchObject(answered);
  expect(repaired).toMatchObject(answered);
  expect(callsOf(unrepaired)).toBeGreaterThan(400);
  expect(callsOf(repaired)).toBeLessThan(100);
});

const callsOf = (probed: unknown): number => Number(asRecord(probed)["callsPerRequest"]);
