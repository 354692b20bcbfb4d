export * from "./learned/index.js";
