export { main } from "./main.js";
export { Exit, UsageError, type Interrupt, type Io } from "./io.js";
