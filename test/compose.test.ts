import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { inProcess } from './in-process.ts'

interface Service {
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: Readonly<Record<string, unknown>>
}

const root = new URL('../', import.meta.url)
const { services } = parse(readFileSync(new URL('compose.yaml', root), 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, Service>>
}

test.each(Object.entries(services))(
  '%s in compose.yaml takes flags that its verb has',
  async (_, { command }) => {
    const [verb, file, ...flags] = command
    const { stdout } = await inProcess([verb!, '--help'])
    for (const flag of flags.filter((each) => each.startsWith('--')))
      expect(stdout).toContain(`${flag.split('=')[0]} `)
    expect(() => readFileSync(new URL(file!.slice(1), root))).not.toThrow()
  },
)

test('what listens beyond loopback has its token, and so has who asks it', () => {
  expect(services['provider']!.command).toContain('0.0.0.0')
  for (const name of ['provider', 'users'])
    expect(services[name]!.environment!['PLIMSOLL_ADMIN_TOKEN']).toMatch(/^\$\{PLIMSOLL_ADMIN_TOKEN:\?/)
})

test('who is asked whether it is up is asked often until it is, and left alone while it is measured', () => {
  for (const name of ['provider', 'agent'])
    expect(services[name]!.healthcheck).toMatchObject({ start_interval: '1s', interval: '1m' })
})

test('the image has the folders that the package has', () => {
  const { files } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { files: string[] }
  const copied = [...readFileSync(new URL('Dockerfile', root), 'utf8').matchAll(/ \/plimsoll\/(\w+)$/gm)]
  expect(copied.map(([, name]) => name)).toEqual(
    expect.arrayContaining(files.filter((name) => !name.includes('.'))),
  )
})
