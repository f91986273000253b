// The sum of one document line, by the rule of the books: rounded per line, half away from zero. The server
// computes it again and its figure counts; this one only shows the person what to expect.
import { divideRounded } from "./decimal";

/** One line as typed: price in tiyin, quantity in thousandths, discount in basis points. */
export interface Line {
  priceTiyin: bigint;
  quantityThousandths: bigint;
  discountBp: bigint;
}

export function lineTotal(line: Line): bigint {
  const full = divideRounded(line.priceTiyin * line.quantityThousandths, 1000n);
  return full - divideRounded(full * line.discountBp, 10_000n);
}

export function documentTotal(lines: Line[]): bigint {
  return lines.reduce((sum, line) => sum + lineTotal(line), 0n);
}
