import type { JsonPointer } from '../../workload/target.ts'

/** A text within a message, and where it stands. */
export interface PlacedText {
  readonly text: string
  readonly path: readonly (string | number)[]
}

/** Every text within, in order; of the rest of a message that has more values than `most`, none. */
export function textsWithin(message: unknown, most = Infinity): PlacedText[] {
  const found: PlacedText[] = []
  let left = most
  const walk = (at: unknown, path: PlacedText['path']): void => {
    if (left-- <= 0) return
    if (typeof at === 'string' && at !== '') found.push({ text: at, path })
    if (typeof at !== 'object' || at === null) return
    for (const key of Array.isArray(at) ? at.keys() : Object.keys(at)) {
      if (left <= 0) return
      walk((at as Record<string | number, unknown>)[key], [...path, key])
    }
  }
  walk(message, [])
  return found
}

/** JSON pointers to the texts of an answer's messages, first the place whose texts add up to the most. */
export function textPointers(messages: readonly unknown[]): string[] {
  const places = new Map<string, { length: number; texts: Set<string> }>()
  for (const message of messages)
    for (const { text, path } of textsWithin(message, valuesRead)) {
      const pointer = pointerText(path.map(String))
      const place = places.get(pointer) ?? { length: 0, texts: new Set() }
      // What is the same in every message is a name and no part of the text.
      if (!place.texts.has(text)) place.length += text.length
      place.texts.add(text)
      places.set(pointer, place)
    }
  const byLength = [...places].toSorted(([, one], [, other]) => other.length - one.length)
  return byLength.map(([pointer]) => pointer)
}

/** A pointer as RFC 6901 writes it. */
export const pointerText = (pointer: JsonPointer): string =>
  pointer.map((part) => `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** Of one message: an answer's text stands before so many values. */
const valuesRead = 1000
