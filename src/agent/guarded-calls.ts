import { dependableModel, dependableTool } from './dependable-calls.ts'
import { Breaker, refusedByBreaker } from '../service/breaker.ts'
import { CallTimeout, TurnError, type WorkerSettings } from './messages.ts'
import type { CallModel } from './model-client.ts'
import type { CallTool } from './tool-client.ts'

interface Clock {
  readonly now: () => number
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

/** The worker's model calls behind a breaker for each model and within the limit on a call, as the file has them. */
export function guardedModel(call: CallModel, settings: WorkerSettings, clock: Clock): CallModel {
  const { breakers, callMs, speed, voice } = settings
  const limitMs = (callMs ?? Infinity) / speed
  if (voice) return dependableModel(call, settings, limitMs)
  const all = settings.models.map(
    () => breakers && new Breaker({ ...breakers, openForMs: breakers.openForMs / speed }),
  )
  return async (request, see, signal) => {
    const breaker = all[request.model]
    const ticket = breaker?.admit(clock.now()) ?? 0
    if (ticket === refusedByBreaker)
      throw new TurnError({ code: 'model_error', message: "the breaker of the model's calls is open" })
    try {
      const answer = await within({ limitMs, clock, signal }, (cut) => call(request, see, cut))
      breaker?.succeeded(ticket)
      return answer
    } catch (error) {
      // Whoever gave the turn up says nothing about the model.
      if (signal.aborted) breaker?.dropped(ticket)
      else breaker?.failed(clock.now(), ticket)
      throw error
    }
  }
}

/** Tool calls within their limit; one that takes longer is an error that the model reads. */
export function guardedTool(call: CallTool, settings: WorkerSettings, clock: Clock): CallTool {
  const { toolMs, speed, voice } = settings
  const limitMs = (toolMs ?? Infinity) / speed
  if (voice) {
    const names = settings.tools.map(({ function: { name } }) => name)
    return dependableTool(call, { ...voice, names, limitMs })
  }
  return async (tool, traceparent, signal) => {
    try {
      return await within({ limitMs, clock, signal }, (cut) => call(tool, traceparent, cut))
    } catch (error) {
      if (error instanceof CallTimeout) return JSON.stringify({ error: 'the tool took too long' })
      throw error
    }
  }
}

interface Limit {
  /** Wall milliseconds; `Infinity`: none. */
  readonly limitMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Throws `CallTimeout` where the work takes longer than its limit. */
async function within<T>(
  { limitMs, clock, signal }: Limit,
  work: (cut: AbortSignal) => Promise<T>,
): Promise<T> {
  if (limitMs === Infinity) return work(signal)
  const limit = new AbortController()
  const done = new AbortController()
  const ring = async (): Promise<void> => {
    try {
      await clock.wait(limitMs, done.signal)
      limit.abort()
    } catch {
      // The work was done before its limit.
    }
  }
  void ring()
  try {
    return await work(AbortSignal.any([signal, limit.signal]))
  } catch (error) {
    throw limit.signal.aborted && !signal.aborted ? new CallTimeout() : error
  } finally {
    done.abort()
  }
}
