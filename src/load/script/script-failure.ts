import type { Script } from './script.ts'

const longestMessage = 300

/** What a script threw, for people: `users.ts:12:7: no order for 17`. No stack, one line. */
export function scriptFailure(script: Pick<Script, 'name' | 'url'>, thrown: unknown): string {
  const place = placeIn(script, thrown)
  const what = thrown instanceof Error ? describe(thrown) : `threw ${String(thrown)}`
  const line = `${place ?? script.name}: ${what}`.replaceAll(/\s+/g, ' ')
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line
}

/** Whether an error comes out of a script's own code. */
export function isFrom(script: Pick<Script, 'url'>, thrown: unknown): boolean {
  return thrown instanceof Error && thrown.stack?.includes(script.url) === true
}

function describe({ name, message }: Error): string {
  return name === 'Error' || name === ScriptMistake.name ? message : `${name}: ${message}`
}

/** The innermost place within the script, else within a file beside it. */
function placeIn({ name, url }: Pick<Script, 'name' | 'url'>, thrown: unknown): string | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  const at = (prefix: string): RegExpExecArray | null =>
    new RegExp(`${prefix.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}([^\\s:)]*):(\\d+):(\\d+)`).exec(
      stack,
    )
  const [, , line, column] = at(url) ?? []
  if (line !== undefined) return `${name}:${line}:${column}`
  const [, file, besideLine, besideColumn] = at(url.slice(0, url.lastIndexOf('/') + 1)) ?? []
  return file === undefined ? undefined : `${file}:${besideLine}:${besideColumn}`
}

/** A call of the script's that cannot be meant, with what to do. */
export class ScriptMistake extends Error {
  override readonly name = 'ScriptMistake'
}
