import { library } from "../tsup.base.js";

// chevrotain comes as two hundred small modules, whose loading would dominate the start of every command.
export default library({ noExternal: ["chevrotain", /^@chevrotain\//, "lodash-es"] });
