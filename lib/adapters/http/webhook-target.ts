/**
 * Where a webhook may go: customers choose the address, so it must never lead into our own network
 * (server-side request forgery, OWASP API7:2023). The address is checked as it is written and again
 * as it is resolved.
 */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export type TargetRules = {
  /** Lets http and loopback addresses through, for a stage whose receivers are tests. */
  readonly allowsLoopback: boolean;
};

const PORTS = new Set(["", "443", "8443"]);
/** Never public, whatever a resolver says (RFC 6761, RFC 6762, RFC 8375, RFC 9476). */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|intranet|home\.arpa|lan|onion|alt)$/;
const URL_LENGTH_MAX = 2048;

/** In words why no webhook goes to this URL; undefined: as far as its text says, one may. */
export function refusedTarget(text: string, rules: TargetRules): string | undefined {
  if (text.length > URL_LENGTH_MAX) return `it has more than ${URL_LENGTH_MAX} characters`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return "it is not an absolute URL";
  if (url.username !== "" || url.password !== "") return "it has credentials in it";
  if (url.hash !== "" || text.includes("#")) return "it has a fragment, which is never sent";
  const host = hostOf(url);
  if (rules.allowsLoopback && isLoopback(host)) return undefined;
  if (url.protocol !== "https:") return "its scheme is not https";
  if (!PORTS.has(url.port)) return `its port is ${url.port}; 443 and 8443 are allowed`;
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : "its address is not public";
  if (!host.includes(".") || LOCAL_NAMES.test(host.replace(/\.$/, ""))) {
    return "its host name is not a public one";
  }
  return undefined;
}

/** Whether a connection to this address may be made. */
export const allowedAddress = (address: string, { allowsLoopback }: TargetRules): boolean =>
  isPublicAddress(address) || (allowsLoopback && isLoopback(address));

/** Of a URL: without the brackets of IPv6, as sockets want it. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1");

/**
 * Whether the whole Internet may reach it. Addresses that carry an IPv4 one (mapped, translated,
 * 6to4, Teredo) are refused as such, wherever they would lead.
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
 */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) is a matter of one machine. `isIP` knows no octal and no hex notation.
  if (isIP(address) === 0 || address.includes("%")) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  if (parsed instanceof ipaddr.IPv4) return !fits(parsed, FURTHER_IPV4);
  return parsed.match(GLOBAL_UNICAST) && !fits(parsed, FURTHER_IPV6);
}

function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  if (isIP(host) === 0 || host.includes("%")) return false;
  return ipaddr.parse(host).range() === "loopback";
}

const fits = (
  address: ipaddr.IPv4 | ipaddr.IPv6,
  ranges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][],
): boolean => ranges.some((range) => address.kind() === range[0].kind() && address.match(range));

/** All that IANA has given out so far (RFC 4291 section 2.4): leaves out `::/96` and its like. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");
/** Special ranges that the library takes for ordinary ones. */
const FURTHER_IPV4 = ["192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"].map(
  (range) => ipaddr.IPv4.parseCIDR(range),
);
const FURTHER_IPV6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);
