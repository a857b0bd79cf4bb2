export { paintPrediction } from "../draw/marks/prediction.ts";
