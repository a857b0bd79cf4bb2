/** How much of its ramp a plane uses: the data stand out on it. */
export const PLANE_STRENGTH = 0.46;
