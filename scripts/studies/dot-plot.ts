/** One line of a dot plot: a task, and what each series has for it; null where there is nothing to draw. */
export interface DotRow {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00"];

/** A dot plot as SVG: a line for each row, the values on a logarithmic axis, a colour and a shape for each series. */
export function dotPlot(title: string, axis: string, series: readonly string[], rows: readonly DotRow[]): string {
  const values = rows.flatMap((row) => row.values).filter((v): v is number => v !== null && v > 0);
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const [left, top, width, height] = [210, 74, 470, 26];
  const bottom = top + rows.length * height;
  const x = (v: number) => left + ((Math.log10(Math.max(v, 10 ** low)) - low) / (high - low)) * width;
  const lines: string[] = [];
  lines.push(`<text x="12" y="24" font-size="15" font-weight="600">${escape(title)}</text>`);
  series.forEach((name, i) => {
    const at = 18 + i * 172;
    lines.push(mark(i, at, 48), `<text x="${at + 12}" y="52">${escape(name)}</text>`);
  });
  for (let power = low; power <= high; power++) {
    const at = x(10 ** power);
    lines.push(`<line x1="${at}" x2="${at}" y1="${top - 8}" y2="${bottom}" stroke="#ccc"/>`);
    lines.push(`<text x="${at}" y="${bottom + 18}" text-anchor="middle">${10 ** power}</text>`);
  }
  rows.forEach(({ label, values: ofRow }, r) => {
    const y = top + r * height + height / 2;
    lines.push(`<text x="${left - 12}" y="${y + 4}" text-anchor="end">${escape(label)}</text>`);
    // What is zero within its error has no logarithm, and stands at the edge.
    const drawn = ofRow.map((v) => (v === null ? null : x(v)));
    const places = drawn.filter((v): v is number => v !== null);
    lines.push(`<line x1="${Math.min(...places)}" x2="${Math.max(...places)}" y1="${y}" y2="${y}" stroke="#999"/>`);
    drawn.forEach((at, i) => {
      if (at !== null) lines.push(mark(i, at, y));
    });
  });
  lines.push(`<text x="${left + width / 2}" y="${bottom + 38}" text-anchor="middle">${escape(axis)}</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 ${bottom + 50}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...lines,
    "</svg>",
    "",
  ].join("\n");
}

function mark(series: number, x: number, y: number): string {
  const fill = colours[series % colours.length]!;
  switch (series % 4) {
    case 0:
      return `<circle cx="${x}" cy="${y}" r="5" fill="${fill}"/>`;
    case 1:
      return `<rect x="${x - 4.5}" y="${y - 4.5}" width="9" height="9" fill="${fill}"/>`;
    case 2:
      return `<path d="M${x} ${y - 6}L${x + 6} ${y}L${x} ${y + 6}L${x - 6} ${y}Z" fill="${fill}"/>`;
    default:
      return `<path d="M${x} ${y - 6}L${x + 6} ${y + 5}L${x - 6} ${y + 5}Z" fill="${fill}"/>`;
  }
}

const escape = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
