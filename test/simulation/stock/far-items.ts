/**
 * The stock table as a function reaches it: over a network that may do anything.
 */
import type { DueHolds, StockItems, StockWrite } from "#services/inventory/ports";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";

export type FarTable = StockItems & DueHolds;

export function farItems(process: SimulatedProcess, remote: Remote, table: FarTable): FarTable {
  const read = <Answer>(port: string, subject: string, effect: () => Promise<Answer>) =>
    remote.call(process, { port, subject, kind: "read" }, effect);
  return {
    items: (ids) => read("stock.items", ids[0]?.sku ?? "", () => table.items(ids)),
    snapshot: (ids) => read("stock.snapshot", ids[0]?.sku ?? "", () => table.snapshot(ids)),
    hold: (key) => read("stock.hold", key.id, () => table.hold(key)),
    due: (now, limit) => read("stock.due", "holds", () => table.due(now, limit)),
    write: (writes) =>
      remote.call(
        process,
        {
          port: "stock.write",
          subject: subjectOf(writes[0]),
          kind: writes.length === 1 ? "write" : "transaction",
        },
        () => table.write(writes),
      ),
  };
}

function subjectOf(write: StockWrite | undefined): string {
  switch (write?.kind) {
    case "units":
    case "new-item":
      return write.item.sku;
    case "shards":
      return write.sku;
    case "new-hold":
      return write.hold.id;
    case "hold-status":
      return write.key.id;
    case "new-adjustment":
      return write.adjustment.sku;
    case undefined:
      return "";
    default:
      return write satisfies never;
  }
}
