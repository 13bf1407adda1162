import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const environment = here('../../node_modules/.cache/testers/voice')

/** The Python that has pipecat: the one that PLIMSOLL_VOICE_PYTHON names, else one of its own, installed once. */
export function pipecatPython(): string {
  const own = `${environment}/bin/python`
  const python = process.env['PLIMSOLL_VOICE_PYTHON'] ?? own
  if (hasPipecat(python)) return python
  if (python !== own) throw new Error(`${python} has no pipecat`)
  console.log('installing pipecat (once; some minutes)')
  mkdirSync(environment, { recursive: true })
  execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' })
  execFileSync(own, ['-m', 'pip', 'install', '--quiet', '-r', here('requirements.txt')], {
    stdio: 'inherit',
  })
  return own
}

/** Not only there, but whole: an installation may have been interrupted. */
function hasPipecat(python: string): boolean {
  const parts = 'import pipecat.transports.websocket.fastapi, pipecat.services.deepgram.stt, uvicorn'
  return spawnSync(python, ['-c', parts], { stdio: 'ignore' }).status === 0
}
