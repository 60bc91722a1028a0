/**
 * Where the data of large messages is in its bucket, for who stores it and who gives the rights.
 */
export const CLAIM_CHECK_PREFIX = "claim-checks/";
