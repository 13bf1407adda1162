/** One event of a server-sent stream. `data` holds no line break, as is the case for JSON. */
export function sseEvent(data: string, type?: string): string {
  return type === undefined ? `data: ${data}\n\n` : `event: ${type}\ndata: ${data}\n\n`
}

/** What a server-sent stream says of itself. */
export const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
} as const
