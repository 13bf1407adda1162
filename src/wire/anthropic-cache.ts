import { markedPrompt, type Prompt, type PromptParts } from './model-request.ts'
import { isObject, type JsonObject, listIn, Refusal } from './request-fields.ts'

/** Where a request asks for what stands up to there to be cached. */
export interface CacheMark {
  /** Of messages, which one; `whole` is a mark of the request itself. */
  readonly place: 'tools' | 'system' | 'whole' | number
  readonly path: string
  readonly isForAnHour: boolean
}

const mostMarks = 4

/** The marks of a request in the order in which they are read, no more than there may be, those for an hour first. */
export function cacheMarks(body: JsonObject): readonly CacheMark[] {
  const marks = [
    ...listIn(body, 'tools').flatMap((tool, index) => markOf(tool, 'tools', `tools.${index}.`)),
    ...listIn(body, 'system').flatMap((block, index) => markOf(block, 'system', `system.${index}.`)),
    ...listIn(body, 'messages').flatMap(messageMarks),
    ...markOf(body, 'whole', ''),
  ]
  if (marks.length > mostMarks)
    throw new Refusal(
      `A maximum of ${mostMarks} blocks with cache_control may be provided. Found ${marks.length}.`,
      'cache_control',
    )
  const firstShort = marks.findIndex(({ isForAnHour }) => !isForAnHour)
  const late = marks.find(({ isForAnHour }, index) => isForAnHour && firstShort >= 0 && index > firstShort)
  if (late)
    throw new Refusal(
      `${late.path}: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. Note that blocks are processed in the following order: \`tools\`, \`system\`, \`messages\`.`,
      late.path,
    )
  return marks
}

function messageMarks(message: JsonObject, place: number): CacheMark[] {
  return listIn(message, 'content').flatMap((block, index) => {
    const path = `messages.${place}.content.${index}.`
    const results = block['type'] === 'tool_result' ? listIn(block, 'content') : []
    const inner = results.flatMap((result, at) => markOf(result, place, `${path}content.${at}.`))
    return [...inner, ...markOf(block, place, path)]
  })
}

function markOf(
  { cache_control: mark }: JsonObject,
  place: CacheMark['place'],
  path: string,
): readonly CacheMark[] {
  return isObject(mark)
    ? [{ place, path: `${path}cache_control.ttl`, isForAnHour: mark['ttl'] === '1h' }]
    : []
}

/** What of a prompt stands before the last of these marks. */
export function upToMarks(marks: readonly CacheMark[], whole: Prompt, parts: PromptParts): Prompt {
  const has = (place: CacheMark['place']): boolean => marks.some((mark) => mark.place === place)
  if (has('whole')) return whole
  const last = Math.max(-1, ...marks.map(({ place }) => (typeof place === 'number' ? place : -1)))
  return markedPrompt(parts, { tools: has('tools'), system: has('system'), last })
}
