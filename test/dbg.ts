const { runSagas } = await import("./simulation/saga/world.ts");
const r = await runSagas({
  schedule: {
    seed: 700066,
    faults:
      "function-error, kill, lost-invocation, lost-invocation-answer, pause, relay-twin, shard-split, twin-invocation".split(
        ", ",
      ),
    decisionsMax: 22,
  },
  isTraced: true,
});
console.log(r.breach);
console.log(r.trace.filter((l) => /G2Z3|outbox|queue|bus/.test(l)).join("\n"));
