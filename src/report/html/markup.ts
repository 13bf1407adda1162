/** HTML that is safe to put into a page: made by `markup` only, which escapes everything else. */
export class Markup {
  readonly html: string
  constructor(html: string) {
    this.html = html
  }
}

/** Between a number and its unit, or what it must be below: no line is broken there. */
const unitSpace = /(?<=\d) (?=(?:%|ms|s|min|h)(?![\w/]))|(?<=<) (?=\d)/g

type Part = Markup | string | number | undefined | readonly Part[]

/** Template of HTML: every value that is not itself markup is escaped; lists are joined. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + partHtml(parts[index])).join(''))
}

/** A path of the file that may be broken after its dots. */
export function fieldPath(path: string): Markup[] {
  return path.split(/(?<=\.)/).map((part) => markup`${part}<wbr>`)
}

/** Text between tags or inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** JSON that cannot end the script element it stands in. */
export function scriptJson(value: unknown): Markup {
  const json = JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')
  return new Markup(json)
}

function partHtml(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.html
  if (typeof part === 'object') return part.map(partHtml).join('')
  return escapeHtml(String(part).replace(unitSpace, '\u00a0'))
}
