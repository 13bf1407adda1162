import type { Answer } from '../answers.ts'
import { turnLines } from '../turn-lines.ts'
import { type Markup, markup } from './markup.ts'

/** What one turn is behind the agent: loop, calls, tokens against a plain chat's. */
export function turnSection({ summary }: Answer): Markup | undefined {
  const lines = summary ? turnLines(summary) : []
  if (lines.length === 0) return undefined
  return markup`<section><h2>One turn</h2><dl class="facts">${lines.map(([label, text]) => markup`<dt>${label}</dt><dd>${text}</dd>`)}</dl></section>`
}
