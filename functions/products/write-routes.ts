/**
 * Changes of the catalogue by its keepers: created under a SKU of theirs, changed on the condition
 * of the ETag that they have read, withdrawn but never erased.
 */
import { entityTag, holdsEntityTag } from "#adapters/http/entity-tag";
import { createProductBody, patchProductBody } from "#contracts/http/products";
import { type HttpRoute, route } from "#runtime/http-route";
import { requiredIfMatch } from "#runtime/if-match";
import type { Telemetry } from "#runtime/telemetry";
import {
  addProduct,
  type IsExpected,
  patchProduct,
  removeProduct,
  type WritePorts,
} from "#services/products/write-product";
import { bulkRoute } from "./bulk-route.ts";

export function writeRoutes(
  ports: WritePorts,
  telemetry: Pick<Telemetry, "logger" | "count">,
): readonly HttpRoute[] {
  const create = route({
    route: "POST /v1/products",
    bodySchema: createProductBody,
    async handle({ body, now }) {
      const view = await addProduct(ports, body, now);
      const headers = { location: `/v1/products/${view.sku}`, etag: entityTag(view) };
      return { status: 201, headers, body: view };
    },
  });
  const patch = route({
    route: "PATCH /v1/products/{sku}",
    bodyFormat: "merge-patch",
    bodySchema: patchProductBody,
    async handle({ path, headers, body, now }) {
      const isExpected = heldBy(requiredIfMatch(headers));
      const request = { sku: path["sku"] ?? "", now };
      const view = await patchProduct(ports, request, { patch: body, isExpected });
      return { status: 200, headers: { etag: entityTag(view) }, body: view };
    },
  });
  const remove = route({
    route: "DELETE /v1/products/{sku}",
    async handle({ path, headers, now }) {
      const ifMatch = headers["if-match"];
      const isExpected = ifMatch === undefined ? () => true : heldBy(ifMatch);
      await removeProduct(ports, { sku: path["sku"] ?? "", now }, isExpected);
      return { status: 204 };
    },
  });
  return [create, bulkRoute(ports, telemetry), patch, remove];
}

const heldBy =
  (ifMatch: string): IsExpected =>
  (current) =>
    holdsEntityTag(ifMatch, entityTag(current));
