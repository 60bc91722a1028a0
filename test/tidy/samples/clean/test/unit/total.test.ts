import { expect, test } from "vitest";

const suite = () => {
  test("case 0", () => {
    expect([0]).toEqual([0]);
  });
  test("case 1", () => {
    expect([1]).toEqual([1]);
  });
  test("case 2", () => {
    expect([2]).toEqual([2]);
  });
  test("case 3", () => {
    expect([3]).toEqual([3]);
  });
  test("case 4", () => {
    expect([4]).toEqual([4]);
  });
  test("case 5", () => {
    expect([5]).toEqual([5]);
  });
  test("case 6", () => {
    expect([6]).toEqual([6]);
  });
  test("case 7", () => {
    expect([7]).toEqual([7]);
  });
  test("case 8", () => {
    expect([8]).toEqual([8]);
  });
  test("case 9", () => {
    expect([9]).toEqual([9]);
  });
  test("case 10", () => {
    expect([10]).toEqual([10]);
  });
  test("case 11", () => {
    expect([11]).toEqual([11]);
  });
  test("case 12", () => {
    expect([12]).toEqual([12]);
  });
  test("case 13", () => {
    expect([13]).toEqual([13]);
  });
  test("case 14", () => {
    expect([14]).toEqual([14]);
  });
  test("case 15", () => {
    expect([15]).toEqual([15]);
  });
  test("case 16", () => {
    expect([16]).toEqual([16]);
  });
  test("case 17", () => {
    expect([17]).toEqual([17]);
  });
  test("case 18", () => {
    expect([18]).toEqual([18]);
  });
  test("case 19", () => {
    expect([19]).toEqual([19]);
  });
  test("case 20", () => {
    expect([20]).toEqual([20]);
  });
  test("case 21", () => {
    expect([21]).toEqual([21]);
  });
  test("case 22", () => {
    expect([22]).toEqual([22]);
  });
  test("case 23", () => {
    expect([23]).toEqual([23]);
  });
  test("case 24", () => {
    expect([24]).toEqual([24]);
  });
  test("case 25", () => {
    expect([25]).toEqual([25]);
  });
  test("case 26", () => {
    expect([26]).toEqual([26]);
  });
  test("case 27", () => {
    expect([27]).toEqual([27]);
  });
  test("case 28", () => {
    expect([28]).toEqual([28]);
  });
  test("case 29", () => {
    expect([29]).toEqual([29]);
  });
};

suite();
