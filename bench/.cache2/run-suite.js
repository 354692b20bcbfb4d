import {
  showTable,
  suites
} from "./chunk-FRGJEBSF.js";
import "./chunk-PZ5AY32C.js";

// src/run-suite.ts
var suite = suites[process.argv[2] ?? ""];
if (suite === void 0) throw new Error(`There is no suite \`${process.argv[2] ?? ""}\`.`);
var rows = await suite();
if (process.send === void 0) console.log(showTable(rows));
else process.send(rows);
//# sourceMappingURL=run-suite.js.map