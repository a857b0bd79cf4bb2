export const NOT_BUILT = "The model is not built yet: its shapes and weights are not known.";
