/**
 * Two kinds of plot as SVG text. Own code: what a charting library has beyond these axes and marks
 * is most of a megabyte (docs/decisions/2026-11-21-the-benchmark-measures-rounds.md).
 */

export type Series = {
  readonly name: string;
  /** x and y; both greater than 0 on a logarithmic axis. */
  readonly points: readonly (readonly [number, number])[];
};

export type LinePlot = {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly series: readonly Series[];
};

export type BarPlot = {
  readonly title: string;
  readonly bars: readonly {
    readonly name: string;
    /** Greater than 0. */
    readonly value: number;
    /** Drawn as a mark on the bar. */
    readonly goal?: number;
    readonly label: string;
  }[];
};

const WIDTH = 720;
const COLOURS = ["#0b6e4f", "#b3541e", "#3b5ba5"] as const;
const FONT = 'font-family="system-ui, sans-serif" font-size="13"';
const INK = "#222";
const PALE = "#ccc";

/** Horizontal bars on a logarithmic axis from the smallest to 1, the other side. */
export function barPlot({ title, bars }: BarPlot): string {
  const [left, right, row] = [330, 650, 26];
  const floor = Math.log10(Math.min(...bars.map(({ value }) => value), 0.1));
  const top = Math.max(0, ...bars.map(({ value }) => Math.log10(value)));
  const x = (value: number): number =>
    left + ((Math.log10(value) - floor) / (top - floor)) * (right - left);
  const body = bars.flatMap(({ name, value, goal, label }, index) => {
    const y = 50 + index * row;
    const end = x(value);
    const colour = goal === undefined || value <= goal ? COLOURS[0] : COLOURS[1];
    return [
      text(left - 8, y + 13, name, "end"),
      `<rect x="${left}" y="${y}" width="${fixed(Math.max(2, end - left))}" height="18" ` +
        `fill="${colour}"/>`,
      ...(goal === undefined ? [] : [line(x(goal), y - 2, x(goal), y + 20, INK)]),
      text(end + 6, y + 13, label, "start"),
    ];
  });
  const height = 70 + bars.length * row;
  return drawing(title, height, [line(x(1), 44, x(1), height - 20, PALE), ...body]);
}

/** Both axes logarithmic; y begins at a tenth of its largest power of ten. */
export function linePlot({ title, xName, yName, series }: LinePlot): string {
  const [left, right, top, bottom] = [80, 560, 50, 300];
  const xs = series.flatMap(({ points }) => points.map(([at]) => Math.log10(at)));
  const ys = series.flatMap(({ points }) => points.map(([, value]) => Math.log10(value)));
  const [xMin, xMax] = [Math.floor(Math.min(...xs)), Math.ceil(Math.max(...xs))];
  const [yMin, yMax] = [Math.floor(Math.min(...ys)), Math.ceil(Math.max(...ys))];
  const x = (at: number): number =>
    left + ((Math.log10(at) - xMin) / Math.max(1, xMax - xMin)) * (right - left);
  const y = (value: number): number =>
    bottom - ((Math.log10(value) - yMin) / Math.max(1, yMax - yMin)) * (bottom - top);
  const grid = [
    ...powers(xMin, xMax).flatMap((power) => [
      line(x(power), top, x(power), bottom, PALE),
      text(x(power), bottom + 18, power.toLocaleString("en"), "middle"),
    ]),
    ...powers(yMin, yMax).flatMap((power) => [
      line(left, y(power), right, y(power), PALE),
      text(left - 8, y(power) + 4, power.toLocaleString("en"), "end"),
    ]),
  ];
  const lines = series.flatMap(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length] ?? INK;
    const path = points.map(([at, value]) => `${fixed(x(at))},${fixed(y(value))}`).join(" ");
    const dots = points.map(
      ([at, value]) =>
        `<circle cx="${fixed(x(at))}" cy="${fixed(y(value))}" r="3" fill="${colour}"/>`,
    );
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...dots,
      `<rect x="${right + 16}" y="${top + index * 22}" width="12" height="12" fill="${colour}"/>`,
      text(right + 34, top + 11 + index * 22, name, "start"),
    ];
  });
  const names = [
    text((left + right) / 2, bottom + 40, xName, "middle"),
    text(left - 60, top - 14, yName, "start"),
  ];
  return drawing(title, bottom + 60, [...grid, ...lines, ...names]);
}

const powers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => Number(`1e${from + index}`));

const drawing = (title: string, height: number, body: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" ${FONT}>`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="16" y="24" font-weight="600" fill="${INK}">${escaped(title)}</text>`,
    ...body,
    "</svg>\n",
  ].join("\n");

const line = (x1: number, y1: number, x2: number, y2: number, colour: string): string =>
  `<line x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}" ` +
  `stroke="${colour}"/>`;

const text = (x: number, y: number, words: string, anchor: "start" | "middle" | "end"): string =>
  `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" fill="${INK}">` +
  `${escaped(words)}</text>`;

const fixed = (value: number): string => value.toFixed(1);

const escaped = (words: string): string =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
