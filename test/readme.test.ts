import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { block, withTrueOutput } from '../scripts/write-readme.ts'
import { inProcess } from './in-process.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

test("README's output is what the program prints", async () => {
  // `npm run readme` writes it.
  expect(await withTrueOutput(readme)).toBe(readme)
})

test('a workload of one’s own takes ten lines', () => {
  expect(block(readme, 'yaml my.yaml').trimEnd().split('\n').length).toBeLessThanOrEqual(10)
})

const commands = [
  ...readme.matchAll(
    /plimsoll (plan|simulate|load|find|provider|agent|check|init|report|compare|export)\b([^`\n#]*)/g,
  ),
].map(([, verb, rest]) => ({ verb: verb!, flags: [...rest!.matchAll(/--[a-z-]+/g)].map(([flag]) => flag) }))
const help = new Map<string, string>()

beforeAll(async () => {
  for (const verb of new Set(commands.map(({ verb }) => verb)))
    help.set(verb, (await inProcess([verb, '--help'])).stdout)
})

test.each(commands)('README: plimsoll $verb $flags', ({ verb, flags }) => {
  expect(help.get(verb)).toMatch(new RegExp(`Usage: plimsoll ${verb}`))
  for (const flag of flags) expect(help.get(verb)).toContain(flag)
})

test('links of README lead somewhere', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link!)
  expect(links.length).toBeGreaterThan(4)
  for (const link of links)
    expect(() => readFileSync(new URL(`../${link}`, import.meta.url)), link).not.toThrow(/ENOENT/)
})
