import { type Markup, markup } from './markup.ts'

/** A part of a bar, in hundredths of the track. */
export interface BarPart {
  readonly from: number
  readonly width: number
  /** Class that fills it. */
  readonly fill: string
  readonly title?: string
}

export interface Bar {
  readonly name: string | Markup
  readonly value: string | Markup
  /** What a screen reader says instead of the picture. */
  readonly spoken: string
  readonly parts: readonly BarPart[]
  /** Where a limit stands, in hundredths of the track. */
  readonly limitAt?: number
  /** Where bars to both sides begin. */
  readonly zeroAt?: number
}

/** Horizontal bars with their names and values as text, beside or above them; only the bars themselves are drawn. */
export function bars(list: readonly Bar[], label: string, style: 'beside' | 'above' = 'beside'): Markup {
  const items = list.map(
    (bar) =>
      markup`<li><span class="name">${bar.name}</span><span class="bar">${picture(bar)}</span><span class="value">${bar.value}</span></li>`,
  )
  return markup`<ul class="bars ${style}" aria-label="${label}">${items}</ul>`
}

/** Of the track: between such parts a gap would leave nothing of them. */
const thin = 2

function picture(bar: Bar): Markup {
  const rects = bar.parts
    .filter((part) => part.width > 0)
    .map(
      (part) =>
        markup`<rect class="${part.fill}${part.width < thin ? '' : ' gap'}" x="${number(part.from)}" y="0" width="${number(part.width)}" height="10">${part.title === undefined ? undefined : markup`<title>${part.title}</title>`}</rect>`,
    )
  const line = (at: number | undefined, style: string): Markup | undefined =>
    at === undefined ? undefined : markup`<path class="${style}" d="M${number(at)} 0V10"/>`
  return markup`<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${bar.spoken}"><rect class="track" width="100" height="10"/>${rects}${line(bar.limitAt, 'limit-line')}${line(bar.zeroAt, 'zero-line')}</svg>`
}

function number(value: number): string {
  return String(Number(Math.max(0, Math.min(100, value)).toFixed(2)))
}
