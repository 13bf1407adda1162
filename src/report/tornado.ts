/** A bar from one value to another, and where the middle of the picture stands. */
export interface TornadoBar {
  readonly from: number
  readonly to: number
}

/** Shares of a picture's width, from 0 on its left. */
export interface TornadoSpan {
  readonly start: number
  readonly end: number
}

/** Bars about a middle value, all on one scale that reaches from the least to the most of them. */
export function tornado(
  middle: number,
  bars: readonly TornadoBar[],
): { readonly middle: number; readonly spans: readonly TornadoSpan[] } {
  const values = [middle, ...bars.flatMap(({ from, to }) => [from, to])].filter(Number.isFinite)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const at = (value: number): number =>
    most > least && Number.isFinite(value) ? (value - least) / (most - least) : 0.5
  return {
    middle: at(middle),
    spans: bars.map(({ from, to }) => ({ start: at(Math.min(from, to)), end: at(Math.max(from, to)) })),
  }
}

const filled = '█'
const half = { right: '▐', left: '▌' }

/** The same in characters, `width` of them on both sides of a line at the middle. */
export function tornadoText(middle: number, bars: readonly TornadoBar[], width: number): string[] {
  const picture = tornado(middle, bars)
  // Room on a side for what would be too little to see.
  const [least, most] = [picture.middle > 0 ? 1 : 0, picture.middle < 1 ? width - 1 : width]
  const before = Math.min(most, Math.max(least, Math.round(picture.middle * width)))
  return picture.spans.map(({ start, end }) => {
    const less = cells((picture.middle - start) * width, before)
    const more = cells((end - picture.middle) * width, width - before)
    const leftSide = `${less.isHalf ? half.right : ''}${filled.repeat(less.whole)}`.padStart(before)
    return `${leftSide}│${filled.repeat(more.whole)}${more.isHalf ? half.left : ''}`
  })
}

/** Halves are shown; a bar that is not nothing shows at least one. */
function cells(length: number, most: number): { whole: number; isHalf: boolean } {
  const halves = length <= 1e-9 ? 0 : Math.min(2 * most, Math.max(1, Math.round(2 * length)))
  return { whole: Math.floor(halves / 2), isHalf: halves % 2 === 1 }
}
