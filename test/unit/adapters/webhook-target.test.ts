// The guard against addresses that a customer must not make us call, by a long list of tricks.
import { describe, expect, test } from "vitest";
import { allowedAddress, isPublicAddress, refusedTarget } from "#adapters/http/webhook-target";

const strict = { allowsLoopback: false };
const loose = { allowsLoopback: true };

const hostileAddresses = [
  // IANA IPv4 Special-Purpose Address Registry
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "10.255.255.255",
  "100.64.0.1",
  "100.127.255.254",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.0.1",
  "169.254.169.254",
  "169.254.170.2",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.1",
  "192.0.0.170",
  "192.0.2.1",
  "192.31.196.1",
  "192.52.193.1",
  "192.88.99.1",
  "192.168.0.1",
  "192.175.48.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  // IANA IPv6 Special-Purpose Address Registry
  "::",
  "::1",
  "::2",
  "::ffff:0:0",
  "::ffff:127.0.0.1",
  "::ffff:10.0.0.1",
  "::ffff:169.254.169.254",
  "::ffff:8.8.8.8",
  "::ffff:7f00:1",
  "::ffff:0:127.0.0.1",
  "::127.0.0.1",
  "::7f00:1",
  "::8.8.8.8",
  "64:ff9b::7f00:1",
  "64:ff9b::808:808",
  "64:ff9b:1::1",
  "100::1",
  "100:0:0:1::1",
  "2001::1",
  "2001:0:4136:e378:8000:63bf:3fff:fdd2",
  "2001:2::1",
  "2001:10::1",
  "2001:20::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "2002:a9fe:a9fe::1",
  "3fff::1",
  "5f00::1",
  "fc00::1",
  "fd00:ec2::254",
  "fdff:ffff::1",
  "fe80::1",
  "fe80::1%eth0",
  "febf::1",
  "fec0::1",
  "ff02::1",
  "ff0e::1",
  // No addresses at all, or of a notation that some resolvers read otherwise.
  "",
  "localhost",
  "0177.0.0.1",
  "0x7f.0.0.1",
  "2130706433",
  "127.1",
  "8.8.8",
  "8.8.8.8.8",
  "256.1.1.1",
  "8.8.8.8 ",
  "::g",
];

test.each(hostileAddresses)("%j is no public address", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

const publicAddresses = [
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "126.255.255.255",
  "128.0.0.1",
  "169.253.255.255",
  "172.15.255.255",
  "172.32.0.0",
  "192.167.255.255",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001:81b::200e",
  "2001:4860:4860::8888",
];

test.each(publicAddresses)("%s is a public address", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

const hostileUrls = [
  "",
  "example.com",
  "//example.com/",
  "http://example.com/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "gopher://example.com/",
  "data:text/plain,hello",
  "javascript:alert(1)",
  "https://",
  "https://user@example.com/",
  "https://user:secret@example.com/",
  "https://example.com/#fragment",
  "https://example.com/#",
  "https://example.com:22/",
  "https://example.com:80/",
  "https://example.com:6379/",
  "https://example.com:65536/",
  "https://localhost/",
  "https://LOCALHOST/",
  "https://localhost./",
  "https://api.localhost/",
  "https://printer.local/",
  "https://db.internal/",
  "https://metadata.google.internal/computeMetadata/v1/",
  "https://router.home.arpa/",
  "https://intranet/",
  "https://kubernetes/",
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://0/",
  "https://169.254.169.254/latest/meta-data/",
  "https://0xa9fea9fe/",
  "https://2852039166/",
  "https://[::1]/",
  "https://[::]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[fd00:ec2::254]/",
  "https://[fe80::1]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://①②⑦.⓪.⓪.①/",
  "https://127。0。0。1/",
  `https://example.com/${"x".repeat(3000)}`,
];

test.each(hostileUrls)("no webhook goes to %j", (url) => {
  expect(refusedTarget(url, strict)).toEqual(expect.any(String));
});

test.each([
  "https://example.com",
  "https://example.com/",
  "https://example.com:443/hooks",
  "https://hooks.example.com:8443/a?b=c",
  "https://xn--bcher-kva.example/",
  "https://bücher.example/",
  "https://8.8.8.8/",
  "https://[2606:4700:4700::1111]/",
])("a webhook may go to %s", (url) => {
  expect(refusedTarget(url, strict)).toBeUndefined();
});

describe("where a stage lets loopback through", () => {
  test.each(["http://127.0.0.1:1234/", "http://localhost:80/", "https://[::1]:9/"])("%s", (url) => {
    expect(refusedTarget(url, loose)).toBeUndefined();
  });

  test.each([
    "http://example.com/",
    "http://10.0.0.1/",
    "https://169.254.169.254/",
    "https://[::ffff:127.0.0.1]/",
    "http://0.0.0.0:80/",
  ])("but still not %s", (url) => {
    expect(refusedTarget(url, loose)).toEqual(expect.any(String));
  });

  test("the same of addresses", () => {
    expect(allowedAddress("127.0.0.1", loose)).toBe(true);
    expect(allowedAddress("127.0.0.1", strict)).toBe(false);
    expect(allowedAddress("10.0.0.1", loose)).toBe(false);
    expect(allowedAddress("8.8.8.8", strict)).toBe(true);
  });
});
