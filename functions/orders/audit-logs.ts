/**
 * What the consumers of the orders' table keep beside an order's commits.
 */
import { dynamoAuditLog } from "#adapters/aws/dynamodb/audit-log";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { SERVICES } from "#contracts/metrics";
import type { OrderAuditPorts } from "#services/orders/usecases/order-audit";

export function auditLogs(table: string): OrderAuditPorts["logs"] {
  const client = dynamoClient();
  return {
    fulfilment: dynamoAuditLog({ client, table, consumer: SERVICES.fulfilment }),
    "saga-start": dynamoAuditLog({ client, table, consumer: SERVICES.sagaStart }),
  };
}
