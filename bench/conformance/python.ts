import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Script } from './play-script.ts'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
/** Where CI keeps it too. */
const folder = fileURLToPath(new URL('../../node_modules/.cache/testers/python', import.meta.url))
const names = ['openai_client', 'anthropic_client', 'pydantic_ai_loops', 'openai_agents_loops']

/** A Python that has the clients; undefined where none was installed. */
export function pythonWithClients(): string | undefined {
  const command = process.env['PLIMSOLL_PYTHON'] ?? `${folder}/bin/python`
  return existsSync(command) ? command : undefined
}

/** Installs the clients and frameworks, with their versions, beside the package's own dependencies. */
export function installPythonClients(): string {
  execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' })
  execFileSync(`${folder}/bin/pip`, ['install', '--quiet', '-r', here('requirements.txt')], {
    stdio: 'inherit',
  })
  return `${folder}/bin/python`
}

export function pythonScripts(command: string): Script[] {
  return names.map((name) => ({ command, file: here(`${name}.py`) }))
}

/** All of them in one process: for few turns. */
export function pythonScript(command: string): Script {
  return { command, file: here('all_clients.py') }
}
