import "../ui/inspector/learning.css";

export { createLearning } from "../ui/inspector/learningPanel.ts";
