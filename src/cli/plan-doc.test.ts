import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inProcess } from '../../test/in-process.ts'

const page = readFileSync('docs/plan.md', 'utf8')
const blocks = [...page.matchAll(/```console\n\$ plimsoll ([^\n]+)\n([\s\S]*?)\n```/g)].map(
  ([, command, output]) => ({ command: command!, output: output! }),
)

/** Words of a command line; single quotes hold words together. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!)

test('the page shows every flag that it is about', () => {
  for (const flag of ['--levers', '--what-if', '--brief', '--explain'])
    expect(blocks.some(({ command }) => command.includes(flag))).toBe(true)
})

test.each(blocks)('$command prints what the page shows', async ({ command, output }) => {
  const { stdout, code } = await inProcess(wordsOf(command))
  expect(stdout.trimEnd()).toBe(output)
  expect(code).toBe(0)
})

test('the lines about ranges are those of the plan', async () => {
  const [, lines] = /```\n( {2}how wide[\s\S]*?)\n```/.exec(page)!
  const { stdout } = await inProcess(['plan', 'examples/research-assistant.yaml'])
  for (const part of lines!.split('\n\n')) expect(stdout).toContain(part)
})

test('an unknown field and a value of the wrong kind are mistakes of the user', async () => {
  for (const change of ['agent.bogus=1', 'agent.workers=many']) {
    const swept = await inProcess(['plan', 'examples/customer-support.yaml', '--what-if', change])
    const set = await inProcess(['plan', 'examples/customer-support.yaml', '--set', change])
    expect(swept).toEqual(set)
    expect(swept.code).toBe(104)
  }
})
