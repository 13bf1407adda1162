import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { version } from '../result/version.ts'
import type { AdminHealth, AdminRecords, AdminReset, AdminStats } from '../wire/admin-api.ts'
import { invalidRequest } from '../wire/openai-error.ts'
import { jsonObject } from '../wire/parsed-json.ts'
import type { CallRecord } from '../result/records.ts'
import { dayMs } from '../workload/units.ts'
import { answerCarrier } from './carrier-face.ts'
import { answerFaults, type FaultyProvider } from './faults-face.ts'
import { sendFaultsPage } from './faults-page.ts'
import type { SelfProbe } from '../host/edge/self-probe.ts'
import { speechStats } from './speech/speech-services.ts'
import type { Incoming } from './incoming.ts'
import { header, notAllowed, notFound, readBody, sendError, sendJson } from './http-answer.ts'

const longestIdleMs = dayMs

/** What the admin API stands on. */
export interface Administered extends FaultyProvider {
  readonly probe: SelfProbe
  readonly adminToken: string | undefined
  reset(to: AdminReset): void
}

/** Most records turned into JSON at once: more would hold up the streams that are being played. */
const recordsPerPage = 500

/** `/_plimsoll/<path>`, as `wire/admin-api.ts` describes it. */
export function answerAdmin(
  provider: Administered,
  { request, response }: Pick<Incoming, 'request' | 'response'>,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): void {
  const method = request.method ?? ''
  const tell = (told: () => unknown): void =>
    void provider.agree().then(() => sendJson(response, 200, JSON.stringify(told())))
  const expected = Object.hasOwn(methods, path) ? methods[path] : undefined
  // The page itself holds no secret; its script asks for the token.
  if (path === '' && method === 'GET') {
    sendFaultsPage(response)
    return
  }
  if (provider.adminToken === undefined && !isAskedHere(request)) {
    const message = 'The admin API of a provider without a token is for this machine, and for no other page.'
    sendError(response, { ...invalidRequest(message, null, 'not_local'), status: 403 })
  } else if (!mayAdminister(provider.adminToken, header(request, 'authorization'))) {
    const message = "The admin API needs 'Authorization: Bearer <admin token>'."
    sendError(response, { ...invalidRequest(message, null, 'invalid_admin_token'), status: 401 })
  } else if (path === 'carrier' || path.startsWith('carrier/'))
    answerCarrier(provider.epoch, path, request, response)
  else if (expected === undefined) sendError(response, notFound(method, `/_plimsoll/${path}`))
  else if (!expected.includes(method)) {
    const allow = expected.join(', ')
    sendError(response, notAllowed(method, allow), { allow })
  } else if (path === 'faults') answerFaults(provider, request, response)
  else if (path === 'health') tell(() => health(provider))
  else if (path === 'stats') tell(() => stats(provider))
  else if (path === 'records')
    void provider.agree().then(() => answerRecords(provider, query.get('from') ?? '0', response))
  else readBody(request, response, (body) => answerReset(provider, body, response))
}

const methods: Readonly<Record<string, readonly string[]>> = {
  health: ['GET'],
  stats: ['GET'],
  records: ['GET'],
  reset: ['POST'],
  // No POST: a browser sends that for a page of another origin without a preflight request.
  faults: ['GET', 'PUT', 'DELETE'],
}

const loopback = /^(?:https?:\/\/)?(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

/** Refuses pages of other origins, also under a host name of theirs that resolves to this machine (DNS rebinding). */
function isAskedHere(request: IncomingMessage): boolean {
  const origin = header(request, 'origin')
  return loopback.test(header(request, 'host') ?? '') && (origin === undefined || loopback.test(origin))
}

function mayAdminister(token: string | undefined, authorization: string | undefined): boolean {
  if (token === undefined) return true
  const given = Buffer.from(authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function health({ epoch }: Administered): AdminHealth {
  return {
    name: 'plimsoll-provider',
    version,
    workloadHash: epoch.workload.hash,
    seed: epoch.seed,
    speed: epoch.time.speed,
    inFlight: epoch.tally.inFlight,
  }
}

function answerRecords({ epoch }: Administered, from: string, response: ServerResponse): void {
  const number = Number(from)
  if (!Number.isSafeInteger(number) || number < 0) {
    sendError(response, invalidRequest("'from' is the number of a record: 0, 1, 2, ...", 'from'))
    return
  }
  const page: AdminRecords<Readonly<CallRecord>> = epoch.records.page(number, recordsPerPage)
  sendJson(response, 200, JSON.stringify(page))
}

function answerReset(provider: Administered, body: string, response: ServerResponse): void {
  const { runId, seed, idleMs = 0 } = jsonObject(body) ?? {}
  const isIdle = typeof idleMs === 'number' && idleMs >= 0 && idleMs <= longestIdleMs
  if (typeof runId !== 'string' || !Number.isSafeInteger(seed) || !isIdle) {
    sendError(response, invalidRequest('A reset takes JSON: {"runId": "...", "seed": 1}.'))
    return
  }
  provider.reset({ runId, seed: seed as number, idleMs })
  void provider.agree().then(() => sendJson(response, 200, JSON.stringify(health(provider))))
}

function stats(provider: Administered): AdminStats {
  const { epoch, probe } = provider
  const { tally } = epoch
  const self = probe.read()
  const nowMs = provider.workloadMs()
  const limited = epoch.models.flatMap(({ model, quota }) =>
    quota ? [[model.key, quota.at(nowMs).level()] as const] : [],
  )
  return {
    calls: tally.calls,
    inFlight: tally.inFlight,
    rateLimited: tally.rateLimited,
    latenessP50Ms: tally.lateness.quantile(0.5),
    latenessP99Ms: tally.lateness.quantile(0.99),
    latenessMaxMs: tally.lateness.maxMs,
    ...self,
    loopDelayP99Ms: Math.max(self.loopDelayP99Ms, tally.loopDelayP99Ms),
    unlistedTools: tally.unlistedTools,
    toolCallsByName: tally.toolCallsByName,
    injectedFaults: tally.injectedFaults,
    quotaLevel: Object.fromEntries(limited),
    ...(epoch.speech.stt.slots.most + epoch.speech.tts.slots.most > 0
      ? { speech: { stt: speechStats(epoch.speech.stt), tts: speechStats(epoch.speech.tts) } }
      : {}),
  }
}
