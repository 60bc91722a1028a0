/** The one place that makes ids. */
import { randomUUID } from "node:crypto";

export const newId = randomUUID;
