import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inProcess } from '../../test/in-process.ts'

const page = readFileSync('docs/arrivals-and-intervals.md', 'utf8')
const blocks = [...page.matchAll(/```console\n\$ plimsoll ([^\n]+)\n([\s\S]*?)\n```/g)].map(
  ([, command, output]) => ({ command: command!, output: output! }),
)

/** What the page shows of an output: lines of it, and `...` where it leaves some out. */
function partsOf(output: string): string[] {
  return output.split(/^\s*\.\.\.$/m).map((part) => part.replaceAll(/^\n|\n$/g, ''))
}

test('the page shows what it is about', () => {
  for (const flag of ['--precision', '--against'])
    expect(blocks.some(({ command }) => command.includes(flag))).toBe(true)
})

test.each(blocks)('$command prints what the page shows', async ({ command, output }) => {
  const { stdout } = await inProcess(command.split(' '), { env: { COLUMNS: '100' } })
  for (const part of partsOf(output)) expect(stdout).toContain(part)
})
