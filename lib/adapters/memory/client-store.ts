/**
 * The registered clients of a test.
 */
import type { Client, ClientStore } from "#services/users/ports";

export function memoryClientStore(): ClientStore {
  const clients = new Map<string, Client>();
  return {
    get: async (clientId) => clients.get(clientId),
    async put(client) {
      clients.set(client.clientId, client);
    },
  };
}
