// src/row.ts
function reached({ goal, measured, ratio }) {
  if (goal === void 0) return null;
  const value = goal.of === "ratio" ? ratio : measured;
  if (value === void 0) return false;
  return goal.relation === "at least" ? value >= goal.bound : value <= goal.bound;
}

// src/suites.ts
var suites = {
  hmm: async () => (await import("./suite-A2T6HHTR.js")).hmmSuite(),
  table: async () => (await import("./suite-3ZZW4M7C.js")).tableSuite(),
  stories: async () => (await import("./suite-5QHKWGTI.js")).storiesSuite()
};

// src/table.ts
function showTable(rows) {
  const lines = rows.map((row) => [
    row.suite,
    row.what,
    `${number(row.measured)} ${row.unit}`,
    row.peer === void 0 ? "" : `${row.peer.name}: ${number(row.peer.measured)}`,
    row.ratio === void 0 ? "" : `${number(row.ratio)} ${row.ratioOf ?? ""}`,
    goalOf(row)
  ]);
  const head = ["suite", "what", "measured", "against", "ratio", "goal"];
  const widths = head.map((title, i) => Math.max(title.length, ...lines.map((line) => line[i].length)));
  const show = (line) => line.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd();
  const notes = rows.filter((row) => row.note !== void 0).map((row) => `${row.suite}, ${row.what}: ${row.note}`);
  return [show(head), show(widths.map((w) => "\u2500".repeat(w))), ...lines.map(show), ...notes.length > 0 ? ["", ...notes] : []].join("\n");
}
function goalOf(row) {
  if (row.goal === void 0) return "";
  const { of, relation, bound } = row.goal;
  const sign = relation === "at least" ? "\u2265" : "\u2264";
  return `${sign} ${number(bound)}${of === "ratio" ? "\xD7" : ""} ${reached(row) === true ? "reached" : "MISSED"}`;
}
function number(x) {
  if (x >= 1e6) return `${digits(x / 1e6)}M`;
  if (x >= 1e4) return `${digits(x / 1e3)}k`;
  return digits(x);
}
var digits = (x) => Math.abs(x) >= 100 ? x.toFixed(0) : x.toPrecision(3);

export {
  reached,
  suites,
  showTable
};
//# sourceMappingURL=chunk-FRGJEBSF.js.map