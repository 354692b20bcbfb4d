import {
  OnnxModel
} from "./chunk-KNVDATEQ.js";
import "./chunk-TLZDQAJ7.js";
import "./chunk-3EFK655J.js";
import "./chunk-PZ5AY32C.js";
export {
  OnnxModel
};
//# sourceMappingURL=onnx-model-YLMSQKVO.js.map