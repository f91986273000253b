// What the box over a column of boxes shows.

/** All of them ticked, none, or some. */
export type Ticks = "all" | "none" | "some";

/** How many of the boxes are ticked. Where there are no boxes, none is. */
export function ticks(boxes: readonly boolean[]): Ticks {
  const ticked = boxes.filter(Boolean).length;
  if (ticked === 0) return "none";
  return ticked === boxes.length ? "all" : "some";
}
