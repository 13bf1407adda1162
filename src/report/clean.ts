// Control characters, and the marks that reorder text: a name of the file must not drive the reader's terminal.
// oxlint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g
// oxlint-disable-next-line no-control-regex
const escapeSequence = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?/g
const lineBreak = /[\t\n\r\u2028\u2029]+/g

/** One line of printable text. */
export function cleanText(text: string): string {
  return text.replace(escapeSequence, '').replace(lineBreak, ' ').replace(unprintable, '')
}

/** A copy of plain data in which every string and key is printable. */
export function clean<T>(value: T): T {
  return cleaned(value) as T
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleaned(inner)]))
}
