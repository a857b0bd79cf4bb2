import "../ui/whatIf/whatIf.css";

export { createWhatIf } from "../ui/whatIf/whatIf.ts";
