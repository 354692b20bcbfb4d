/** One suite in a process of its own: what others leave behind in the engine does not touch it. */
import { suites } from "./suites.js";
import { showTable } from "./table.js";

const suite = suites[process.argv[2] ?? ""];
if (suite === undefined) throw new Error(`There is no suite \`${process.argv[2] ?? ""}\`.`);
const rows = await suite();
if (process.send === undefined) console.log(showTable(rows));
else process.send(rows);
