/** What a dial of the training's pace offers, the slowest first; twin of CHOICES in nnvis_widget/core/pace.py. */
export const PACES: readonly string[] = [
  "1 step/s",
  "10 steps/s",
  "1 epoch/redraw",
  "30 epochs/s",
  "as fast as it can",
];
