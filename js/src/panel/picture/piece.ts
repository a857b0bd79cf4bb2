/** A part of a picture: where it lies on the page, in px, and its SVG once its top has a place in the picture. */
export interface Piece {
  readonly top: number;
  readonly bottom: number;
  readonly right: number;
  at(top: number): string;
}
