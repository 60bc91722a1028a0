/**
 * Vitest's matchers for parts of a text, typed: its own are `any`.
 */
import { expect } from "vitest";

export const textWith = (part: string): unknown => expect.stringContaining(part);

export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);
