/**
 * How a route says that it is going: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and links to
 * what there is to read and to what takes its place (RFC 8288, RFC 5829).
 */
import { Failure } from "#kernel/failure";
import { type EpochMs, httpDate, parseInstant } from "#kernel/units";

export type Deprecation = {
  /** RFC 3339: from when on nobody should begin to use it; may be in the future. */
  readonly since: string;
  /** RFC 3339, not before `since`: when it will stop to answer. */
  readonly sunset?: string;
  /** Where one can read what to do. */
  readonly documentation: string;
  /** Address of what takes its place, relative to the API's. */
  readonly successor?: string;
};

/** Errors: `misconfigured` (reject) for what is no instant, or a sunset before the deprecation. */
export function deprecationHeaders(deprecation: Deprecation): Readonly<Record<string, string>> {
  const { documentation, successor } = deprecation;
  const since = instantOf(deprecation.since);
  const sunset = deprecation.sunset === undefined ? undefined : instantOf(deprecation.sunset);
  if (sunset !== undefined && sunset < since) {
    throw misconfigured(`Sunset ${deprecation.sunset} is before deprecation ${deprecation.since}`);
  }
  const links = [
    `<${documentation}>; rel="deprecation"; type="text/html"`,
    ...(successor === undefined ? [] : [`<${successor}>; rel="successor-version"`]),
  ];
  return {
    deprecation: `@${Math.floor(since / 1000)}`,
    ...(sunset === undefined ? {} : { sunset: httpDate(sunset) }),
    link: links.join(", "),
  };
}

function instantOf(text: string): EpochMs {
  const at = parseInstant(text);
  if (at === undefined) throw misconfigured(`${text} is no instant of RFC 3339`);
  return at;
}

const misconfigured = (fault: string): Failure =>
  new Failure("misconfigured", "reject", `A route's deprecation is wrong: ${fault}.`);
