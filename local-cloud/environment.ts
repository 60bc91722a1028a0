/**
 * The two environments of a local cloud: what its server sees, chosen so that nothing of the
 * machine's own AWS, proxy or emulator settings reaches it, and what a client exports so that
 * nothing reaches a real account.
 */
import { delimiter, dirname } from "node:path";

const account = "000000000000";
const region = "us-east-1";
const thisMachine = ["127.0.0.1", "localhost"];

/** What processes need on any system; everything else the server is told is listed here in full. */
const inherited = ["HOME", "USER", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT", "PATHEXT"];

/**
 * The server's environment, which its functions inherit. `edition` comes back in its health
 * answer.
 */
export function serverEnvironment(server: {
  readonly port: number;
  readonly temporaryFolder: string;
  readonly repairsOff: string;
  readonly edition: string;
}): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of inherited) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  return {
    ...environment,
    // The functions run on the Node.js that runs this.
    PATH: [dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
    TMPDIR: server.temporaryFolder,
    TEMP: server.temporaryFolder,
    TMP: server.temporaryFolder,
    PYTHONDONTWRITEBYTECODE: "1",
    INORDER_TEMPORARY_FOLDER: server.temporaryFolder,
    INORDER_REPAIRS_OFF: server.repairsOff,
    GATEWAY_PORT: String(server.port),
    BIND_HOST: "127.0.0.1",
    // What it names itself in the addresses of queues; the SDK warns of any other than its own
    // endpoint.
    MINISTACK_HOST: "127.0.0.1",
    MINISTACK_EDITION: server.edition,
    MINISTACK_REGION: region,
    MINISTACK_ACCOUNT_ID: account,
    STATE_DIR: server.temporaryFolder,
    S3_DATA_DIR: server.temporaryFolder,
    PERSIST_STATE: "0",
    S3_PERSIST: "0",
    // Listeners on fixed ports that nothing here uses.
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    // Without it the server would look for containers to remove on the machine's own Docker.
    DOCKER_HOST: "unix:///no-docker-for-the-local-cloud",
    // At INFO each call of a function writes its whole log there again.
    LOG_LEVEL: process.env["INORDER_LOCAL_CLOUD_LOG_LEVEL"] ?? "WARNING",
  };
}

/** What a client exports: an empty value takes a setting of the machine out of the way. */
export function clientEnvironment(endpoint: string): Record<string, string> {
  const noProxy = process.env["NO_PROXY"] ?? process.env["no_proxy"] ?? "";
  const direct = [...new Set([...noProxy.split(",").filter(Boolean), ...thisMachine])].join(",");
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_SESSION_TOKEN: "",
    AWS_PROFILE: "",
    AWS_CA_BUNDLE: "",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
    NO_PROXY: direct,
    no_proxy: direct,
  };
}
