// The contexts of traces: what is set in one is seen by all that it begins, and by nothing else.
import { setImmediate as soon } from "node:timers/promises";
import { expect, test } from "vitest";
import { createNamespace, destroyNamespace, getNamespace } from "#runtime/trace-context";

test("a namespace is found by its name until it is destroyed", () => {
  const namespace = createNamespace("found");

  expect(getNamespace("found")).toBe(namespace);
  destroyNamespace("found");
  expect(getNamespace("found")).toBeUndefined();
});

test("nothing can be set where nothing was entered", () => {
  const namespace = createNamespace("empty");

  expect(namespace.get("segment")).toBeUndefined();
  expect(() => namespace.set("segment", 1)).toThrow("empty: no context to set segment in.");
});

test("what was entered holds for all that follows", async () => {
  const namespace = createNamespace("entered");
  namespace.enter(namespace.createContext());
  namespace.set("segment", "facade");

  await soon();

  expect(namespace.get("segment")).toBe("facade");
});

test("works at the same time see their own context and begin with the outer one", async () => {
  const namespace = createNamespace("apart");
  namespace.enter(namespace.createContext());
  namespace.set("segment", "facade");
  const seen: unknown[] = [];
  const work = async (name: string) => {
    seen.push(namespace.get("segment"));
    namespace.set("segment", name);
    await soon();
    seen.push(namespace.get("segment"));
  };

  await Promise.all(
    ["one", "other"].map(
      (name) =>
        new Promise<void>((resolve) => {
          namespace.run(() => void work(name).then(resolve));
        }),
    ),
  );

  expect(seen).toEqual(["facade", "facade", "one", "other"]);
  expect(namespace.get("segment")).toBe("facade");
});

test("bound work runs in the context it was bound in", () => {
  const namespace = createNamespace("bound");
  const bound: ((suffix: string) => string)[] = [];
  namespace.run(() => {
    namespace.set("segment", "inner");
    bound.push(namespace.bind((suffix) => `${String(namespace.get("segment"))} ${suffix}`));
  });

  expect(bound.map((work) => work("again"))).toEqual(["inner again"]);
});
