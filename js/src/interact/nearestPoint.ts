export interface PlacedPoint {
  readonly x: number;
  readonly y: number;
  readonly sample: number;
}

/** The sample whose point is nearest, within `reach` px. */
export function nearestPoint(points: Iterable<PlacedPoint>, x: number, y: number, reach = 8): number | null {
  let best: number | null = null;
  let nearest = reach;
  for (const point of points) {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance <= nearest) {
      nearest = distance;
      best = point.sample;
    }
  }
  return best;
}
