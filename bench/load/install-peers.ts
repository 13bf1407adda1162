/** Other load testers, from their own registries, kept in node_modules/.cache between runs. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../../node_modules/.cache/peers', import.meta.url))

export const peerNames = ['k6', 'k6-sse', 'locust', 'autocannon', 'artillery'] as const
export type PeerName = (typeof peerNames)[number]

/** Where each lies once it is there. */
const paths: Readonly<Record<PeerName, string>> = {
  k6: join(folder, 'bin/k6'),
  'k6-sse': join(folder, 'bin/k6-sse'),
  locust: join(folder, 'venv/bin/locust'),
  autocannon: join(folder, 'node_modules/autocannon/autocannon.js'),
  artillery: join(folder, 'node_modules/artillery/bin/run'),
}

const go = (module: string): string => run('go', ['install', module], { GOBIN: join(folder, 'bin') })
const npm = (name: string): string =>
  run('npm', ['install', '--silent', '--ignore-scripts', '--prefix', folder, name])

const recipes: Readonly<Record<PeerName, () => void>> = {
  k6: () => go('go.k6.io/k6@latest'),
  // k6 reads streams whole; with this extension it sees each event as it comes.
  'k6-sse'() {
    go('go.k6.io/xk6/cmd/xk6@latest')
    const output = ['--output', paths['k6-sse']]
    run(join(folder, 'bin/xk6'), ['build', '--with', 'github.com/phymbert/xk6-sse@latest', ...output])
  },
  locust() {
    run('python3', ['-m', 'venv', join(folder, 'venv')])
    run(join(folder, 'venv/bin/pip'), ['install', '--quiet', 'locust'])
  },
  autocannon: () => npm('autocannon'),
  artillery: () => npm('artillery'),
}

/** The path that was given, else where it lies, else where it was installed; undefined, with the reason said, where it cannot be. */
export function peerPath(name: PeerName, given: string | undefined): string | undefined {
  if (given !== undefined) return given
  if (existsSync(paths[name])) return paths[name]
  console.log(`installing ${name} ...`)
  try {
    mkdirSync(join(folder, 'bin'), { recursive: true })
    recipes[name]()
    return paths[name]
  } catch (error) {
    console.log(`${name} is left out: ${(error as Error).message.split('\n')[0]}`)
    return undefined
  }
}

/** What it says of its version, in one line. */
export function peerVersion(name: PeerName, path: string): string {
  const node = name === 'autocannon' || name === 'artillery'
  const said = node
    ? run(process.execPath, [path, '--version'])
    : run(path, [name === 'locust' ? '--version' : 'version'])
  const line = /\S*\d+\.\d+\.\d+\S*/.exec(said)?.[0] ?? said.trim().split('\n')[0]
  return `${name} ${line}`
}

function run(command: string, args: readonly string[], env: Record<string, string> = {}): string {
  return execFileSync(command, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}
