/**
 * X-Ray subsegments around a handler. Only functions that answer somebody are traced; consumers do
 * not even load it.
 */
import { Tracer } from "@aws-lambda-powertools/tracer";
import type { ServiceName } from "#contracts/metrics";

export type Annotations = Readonly<Record<string, string>>;

/** Contract: runs the work exactly once and answers (or throws) as it does, traced or not. */
export type Tracing = {
  around<Result>(
    name: string,
    annotations: Annotations,
    work: () => Promise<Result>,
  ): Promise<Result>;
};

export function xrayTracing(service: ServiceName): Tracing {
  const tracer = new Tracer({ serviceName: service });
  return {
    async around(name, annotations, work) {
      // X-Ray keeps nothing of an invocation that is not sampled, and most are not.
      const parent = tracer.isTraceSampled() ? tracer.getSegment() : undefined;
      if (parent === undefined) return work();
      const segment = parent.addNewSubsegment(name);
      tracer.setSegment(segment);
      tracer.annotateColdStart();
      tracer.addServiceNameAnnotation();
      for (const [key, value] of Object.entries(annotations)) tracer.putAnnotation(key, value);
      try {
        return await work();
      } catch (error) {
        segment.addError(error instanceof Error ? error : String(error));
        throw error;
      } finally {
        segment.close();
        tracer.setSegment(parent);
      }
    },
  };
}
