/** Caught by runtime-packages. */
export { jwtVerify } from "jose";
