import { library } from "../tsup.base.js";

// The special functions are a development dependency: bundled, a handful of small modules instead of a tree of packages.
export default library({ noExternal: [/^@stdlib\//] });
