/**
 * What the gateway's own function needs. Anybody may call it: whether a table answers is all that
 * it can see.
 */
import { PROBED_KEY } from "#contracts/item-prefixes";
import { knows, readsPartition, type TokenKeys } from "../constructs/need.ts";
import type { DataStack } from "./data.ts";

type GatewayRequest = { readonly data: DataStack; readonly tokens: TokenKeys };

export const gatewayNeeds = ({ data, tokens }: GatewayRequest) => ({
  "gateway/http": [
    readsPartition("ORDERS_TABLE", data.orders, PROBED_KEY),
    readsPartition("PRODUCTS_TABLE", data.products, PROBED_KEY),
    readsPartition("STOCK_TABLE", data.stock, PROBED_KEY),
    readsPartition("PAYMENTS_TABLE", data.payments, PROBED_KEY),
    readsPartition("CLIENTS_TABLE", data.clients, PROBED_KEY),
    knows("TOKEN_ISSUER", tokens.issuer),
  ],
});
