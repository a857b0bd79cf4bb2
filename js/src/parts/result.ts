import "../ui/result/result.css";

export { createResultPane } from "../ui/result/resultPane.ts";
