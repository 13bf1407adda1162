import { parsedJson } from '../../wire/parsed-json.ts'
import type { AnswerShape, Condition, JsonPointer } from '../../workload/target.ts'
import type { TurnObserver } from '../driver.ts'
import type { TokenReader } from './answer-readers.ts'
import type { StreamEvent } from './event-stream.ts'
import { MessageReader } from './read-message.ts'
import type { PlainToken } from './token-pattern.ts'

/** Reads a described protocol's tokens by their pattern; undefined where what a text says may mean more than a token. */
export function messageTokens(
  shape: AnswerShape,
  reader: MessageReader,
  seen: TurnObserver,
): TokenReader | undefined {
  if (!isPlain(shape)) return undefined
  return {
    get wantsText() {
      return seen.wantsText ?? true
    },
    take: (text, count, atMs) => reader.take(text, count, atMs),
    of: (event) => plainToken(shape, event),
  }
}

function isPlain({ text, tokens, when, firstToken, working, end, error, session }: AnswerShape): boolean {
  if (text.length === 0 || firstToken || session) return false
  const conditions = [when, working, end].filter((condition) => condition !== undefined)
  const pointers = [tokens, error, ...conditions.map(({ at }) => at)]
  return !conditions.some(isOfData) && !pointers.some((at) => at && mayBeSame(at, text))
}

/** Data that is no JSON has no text anyway. */
const isOfData = ({ data }: Condition): boolean => data !== undefined && parsedJson(data) !== undefined

/** Parts that are indices may name one item in two ways. */
function mayBeSame(one: JsonPointer, other: JsonPointer): boolean {
  const isIndex = (part: string): boolean => /^-?\d+$/.test(part)
  return (
    one.length === other.length &&
    one.every((part, i) => part === other[i] || (isIndex(part) && isIndex(other[i]!)))
  )
}

function plainToken(shape: AnswerShape, { event = 'message', data }: StreamEvent): PlainToken | undefined {
  const heard: PlainToken[] = []
  let text = ''
  let saysMore = false
  const seen: TurnObserver = {
    status() {},
    text: (part) => (text += part),
    token: (_, count) => heard.push({ text, count }),
    working: () => (saysMore = true),
  }
  const result = new MessageReader(shape, seen, (said) => said).readData(data, event, 0)
  return result || saysMore || heard.length !== 1 ? undefined : heard[0]
}
