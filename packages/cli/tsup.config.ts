import { library } from "../../tsup.base.js";

// `start` is what bin/pgl.js loads, `thread` what runs programs; `index` is for those who embed the command.
export default library({ entry: { index: "src/index.ts", start: "src/start.ts", thread: "src/thread/thread.ts" } });
