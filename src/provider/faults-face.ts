import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AdminFaults } from '../wire/admin-api.ts'
import { invalidRequest } from '../wire/openai-error.ts'
import { jsonObject } from '../wire/parsed-json.ts'
import type { FaultTargets } from '../workload/check-faults.ts'
import { type Fault, faultNames } from '../workload/fault.ts'
import { parseFaults, writtenFault } from '../workload/parse-faults.ts'
import type { Workload } from '../workload/workload.ts'
import type { Epoch } from './epoch.ts'
import type { Faults } from './faults.ts'
import { readBody, sendError, sendJson } from './http-answer.ts'

/** What the control of faults stands on. */
export interface FaultyProvider {
  readonly epoch: Epoch
  readonly faults: Faults
  /** Of the workload clock of the epoch. */
  workloadMs(): number
  /** All who play have what was changed here, and what they saw is here. */
  agree(): Promise<void>
}

/** `/_plimsoll/faults`: GET tells them, PUT sets them all, DELETE clears them. Calls in flight keep theirs. */
export function answerFaults(
  provider: FaultyProvider,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const tell = (): void =>
    void provider.agree().then(() => sendJson(response, 200, JSON.stringify(faultsNow(provider))))
  if (request.method === 'DELETE') play(provider, [])
  if (request.method !== 'PUT') tell()
  else
    readBody(request, response, (body) => {
      const mistakes = setFaults(provider, body)
      if (mistakes === undefined) tell()
      else sendError(response, invalidRequest(mistakes, 'faults'))
    })
}

/** Sets all of them or, where one is wrong, none, and says why. */
function setFaults(provider: FaultyProvider, body: string): string | undefined {
  const { faults: written, ids = [] } = jsonObject(body) ?? {}
  if (!Array.isArray(written) || !Array.isArray(ids))
    return 'Faults are set with JSON: {"faults": [{"fault": 429, "share": "2%"}]}.'
  const parsed = parseFaults(written as unknown[], targetsOf(provider.epoch.workload))
  if (!parsed.faults)
    return parsed.problems.map(({ message, hint }) => (hint ? `${message} (${hint})` : message)).join('; ')
  play(provider, parsed.faults, ids)
  return undefined
}

function play({ epoch, faults }: FaultyProvider, list: readonly Fault[], ids?: readonly unknown[]): void {
  faults.set(list, ids)
  epoch.tally.keepRules(faults.rules)
}

function faultsNow(provider: FaultyProvider): AdminFaults {
  const { epoch, faults } = provider
  const targets = targetsOf(epoch.workload)
  return {
    workload: epoch.workload.name,
    sinceMs: Math.round(provider.workloadMs() - epoch.beganAtMs),
    faults: faults.rules.map(({ fault }) => writtenFault(fault, targets)),
    ids: faults.rules.map(({ id }) => id),
    hits: faults.rules.map(({ id }) => epoch.tally.hitsOf(id)),
    injected: epoch.tally.injectedFaults,
    calls: epoch.tally.calls,
    inFlight: epoch.tally.inFlight,
    names: faultNames,
    targets: ['models', 'tools', 'stt', 'tts', ...targets.models, ...targets.tools],
  }
}

const targetsOf = ({ models, tools }: Workload): FaultTargets => ({
  models: models.map(({ key }) => key),
  tools: tools.map(({ name }) => name),
})
