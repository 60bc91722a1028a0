/**
 * What the routes of the stock take and answer.
 */
import {
  adjustmentBody,
  adjustmentPage,
  adjustmentView,
  listAdjustmentsQuery,
  reservationBody,
  reservationView,
  shardsBody,
  shardsView,
  stockView,
} from "../inventory.ts";
import { document, type Operation } from "./operation.ts";

const reservation = document("Reservation", reservationView);

export const STOCK_OPERATIONS = {
  "GET /v1/inventory/{sku}": {
    summary: "Get what is on hand, reserved and available of a SKU",
    answer: { status: 200, body: document("Stock", stockView) },
  },
  "POST /v1/inventory/{sku}/adjustments": {
    summary: "Correct the stock by a signed number, and say why",
    body: document("NewAdjustment", adjustmentBody),
    needs: ["Idempotency-Key"],
    answer: { status: 201, body: document("Adjustment", adjustmentView) },
  },
  "GET /v1/inventory/{sku}/adjustments": {
    summary: "List the corrections of a SKU",
    query: listAdjustmentsQuery,
    answer: { status: 200, body: document("AdjustmentPage", adjustmentPage), headers: ["Link"] },
  },
  "PUT /v1/inventory/{sku}/shards": {
    summary: "Spread the sales of a hot SKU over several counters",
    body: document("Shards", shardsBody),
    answer: { status: 200, body: document("SetShards", shardsView) },
  },
  "POST /v1/reservations": {
    summary: "Hold stock for some time",
    body: document("NewReservation", reservationBody),
    needs: ["Idempotency-Key"],
    answer: { status: 201, body: reservation, headers: ["Location"] },
  },
  "GET /v1/reservations/{reservationId}": {
    summary: "Get your own reservation",
    answer: { status: 200, body: reservation },
  },
  "DELETE /v1/reservations/{reservationId}": {
    summary: "Give back what your own reservation holds",
    answer: { status: 204 },
  },
} as const satisfies Readonly<Record<string, Operation>>;
