const { PLANTED } = await import("./simulation/planted/all.ts");
const { withoutStacks } = await import("#simulation/without-stacks");
const bug = PLANTED.find((b) => b.name === process.argv[2])!;
const found: number[] = [];
const t = Date.now();
for (let s = Number(process.argv[3]); s < Number(process.argv[4]); s += 1) {
  const r = await withoutStacks(() => bug.scenario.run({ seed: s }));
  if (r.breach) found.push(s);
}
console.log(process.argv[2], found.length, found.slice(0, 12).join(" "), Date.now() - t + "ms");
