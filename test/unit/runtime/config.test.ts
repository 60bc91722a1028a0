// A function whose stack forgot something says at once all that it lacks.
import { afterEach, expect, test, vi } from "vitest";
import { config } from "#runtime/config";

afterEach(() => void vi.unstubAllEnvs());

test("the asked names are read", () => {
  vi.stubEnv("ORDERS_TABLE", "orders-1");
  vi.stubEnv("STAGE", "local");

  expect(config("ORDERS_TABLE", "STAGE")).toEqual({ ORDERS_TABLE: "orders-1", STAGE: "local" });
});

test("all missing and empty names are told at once", () => {
  vi.stubEnv("ORDERS_TABLE", "orders-1");
  vi.stubEnv("STAGE", "");
  vi.stubEnv("SAGA_ARN", undefined);

  expect(() => config("ORDERS_TABLE", "STAGE", "SAGA_ARN")).toThrow(
    expect.objectContaining({
      code: "misconfigured",
      message: expect.stringContaining("STAGE, SAGA_ARN") as unknown,
    }),
  );
});
