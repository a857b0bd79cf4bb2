import "../ui/steps/stepCards.css";
import "../ui/steps/steps.css";

export { createStepper } from "../ui/steps/stepper.ts";
