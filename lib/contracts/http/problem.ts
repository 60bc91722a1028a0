/**
 * The one shape of every error answer: RFC 9457 problem details, with RFC 6901 pointers to what is
 * wrong.
 */
import * as z from "zod";

export const PROBLEM_TYPE = "application/problem+json";

export const problemSchema = z.strictObject({
  /** `urn:inorder:problem:<code>`, or IANA's own; stable, and meant for programs. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string().optional(),
  traceId: z.string().optional(),
  /** Names of the policies whose quota is exceeded; only with 429. */
  "violated-policies": z.array(z.string()).optional(),
  errors: z
    .array(
      z.strictObject({
        pointer: z.string(),
        detail: z.string(),
        /** Of which product, where there is not enough of it. */
        sku: z.string().optional(),
        /** Units of it: how many are wanted in all, and how many there were. */
        requested: z.int().optional(),
        available: z.int().optional(),
        /** Minor units, where a price is not what the request counted on. */
        expected: z.int().optional(),
        actual: z.int().optional(),
      }),
    )
    .optional(),
});

export type Problem = z.infer<typeof problemSchema>;
