import { expect, test } from 'vitest'
import type { Slice } from '../simulate/simulate.ts'
import { type Screen, watch } from './watch.ts'

const io = { quiet: false, color: false }
const slice: Slice = {
  atMs: 1000,
  endMs: 2000,
  series: [{ atMs: 1000, users: 3, turnsPerSecond: 1, turnsInFlight: 2, errors: 0, turnP95Ms: 300 }],
}

/** A terminal that keeps what is written to it. */
function terminal(
  columns: number,
  rows: number,
): Screen & { columns: number; rows: number; written: string[] } {
  const written: string[] = []
  return { isTTY: true, columns, rows, written, write: (text: string) => written.push(text) }
}

const linesOf = (text: string): string[] => text.split('\n').slice(0, -1)

test('in place, as wide as the terminal is, and never higher until the end', () => {
  for (const [columns, rows] of [
    [40, 20],
    [80, 24],
    [120, 40],
    [80, 4],
  ] as const) {
    const screen = terminal(columns, rows)
    const { show, done } = watch(io, new AbortController().signal, screen)
    show(slice)
    done()
    const [first, second] = screen.written as [string, string]
    expect(linesOf(first)).toHaveLength(Math.min(5, rows - 1))
    for (const line of linesOf(first)) expect(line.length).toBeLessThan(columns)
    expect(second.startsWith(`\u001B[${linesOf(first).length}A\u001B[J${first}`)).toBe(true)
    expect(linesOf(second)).toHaveLength(5)
  }
})

test('a terminal that became narrower has broken the lines that stand there, and so many are cleared', () => {
  const screen = terminal(100, 24)
  const { show, done } = watch(io, new AbortController().signal, screen)
  show(slice)
  screen.columns = 50
  done()
  const [first, second] = screen.written as [string, string]
  const [title, ...rows] = linesOf(first)
  expect(title!.length).toBeLessThan(50)
  for (const row of rows) expect(row.length).toBeGreaterThan(50)
  expect(second.startsWith(`\u001B[${1 + 2 * rows.length}A\u001B[J`)).toBe(true)
})

test('what others write after Ctrl-C is not drawn over; a pipe gets the end of it alone, and nothing of a terminal', () => {
  const stop = new AbortController()
  const screen = terminal(80, 24)
  const stopped = watch(io, stop.signal, screen)
  stopped.show(slice)
  stop.abort()
  stopped.done()
  expect(screen.written).toHaveLength(1)
  const written: string[] = []
  const piped = watch(io, stop.signal, { write: (text) => written.push(text) })
  piped.show(slice)
  expect(written).toEqual([])
  piped.done()
  expect(written.join('')).toMatch(/^ {2}1 s of 2 s\n {2}users .*\n/)
  expect(written.join('')).not.toContain('\u001B')
})
