import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { watchHostCalls } from "@pgl/core";
import type { Io } from "../io.js";
import { main } from "../main.js";
import { SharedState, type FromThread, type ThreadData } from "./messages.js";

// The entry of the thread that `supervise` starts.
const port = parentPort!;
const data = workerData as ThreadData;
const shared = new SharedState(data.shared);
const tell = (message: FromThread): void => port.postMessage(message);

const io: Io = {
  write: (text) => tell({ kind: "write", text }),
  writeError: (text) => tell({ kind: "writeError", text }),
  readInput: () => readFileSync(0),
  outputIsTerminal: data.outputIsTerminal,
  errorIsTerminal: data.errorIsTerminal,
  columns: data.columns,
  environment: process.env,
  directory: process.cwd(),
  interrupt: {
    get requested() {
      return shared.interrupted;
    },
    listen(listener) {
      port.on("message", listener);
      return () => port.off("message", listener);
    },
    running(seconds) {
      watchHostCalls({ enter: (name) => shared.enterHost(name), leave: () => shared.leaveHost() });
      tell({ kind: "running", seconds });
      return () => {
        watchHostCalls(null);
        tell({ kind: "idle" });
      };
    },
  },
};

void main(data.argv, io).then((status) => tell({ kind: "exit", status }));
