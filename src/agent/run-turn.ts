import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { retryDelayMs } from '../service/retry.ts'
import { CpuDebt } from './cpu-debt.ts'
import { guardedTool } from './guarded-calls.ts'
import { inSeconds } from './in-seconds.ts'
import {
  type ToolDeclaration,
  TurnError,
  type TurnJob,
  type TurnReport,
  type TurnResult,
  type WorkerSettings,
} from './messages.ts'
import type { CallModel, ModelAnswer, ModelRequest } from './model-client.ts'
import { modelFailure } from './model-failure.ts'
import { sentText, systemPrompt, userMessage } from './prompt.ts'
import type { CallTool, ToolCall } from './tool-client.ts'
import { jitterUniform, subagentFails } from './turn-draws.ts'

/** What a turn needs of its surroundings. */
export interface TurnSurroundings {
  readonly settings: WorkerSettings
  readonly callModel: CallModel
  readonly callTool: CallTool
  readonly now: () => number
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  readonly burn: (ms: number) => number
}

/** What users are told to wait where neither the model nor the file says. */
const leastRetryMs = 1000

/** The turn's own loop, or that of a sub-agent in it: what that one takes is part of the time of its tool call. */
interface Loop {
  readonly isRoot: boolean
  /** Index into `WorkerSettings.models`. */
  readonly model: number
  readonly tools: readonly ToolDeclaration[]
  readonly signal: AbortSignal
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Runs one turn to its end. Never rejects: whatever goes wrong is in the result. */
export async function runTurn(
  job: TurnJob,
  around: TurnSurroundings,
  show: (text: string, tokens: number) => void,
  signal: AbortSignal,
): Promise<TurnResult> {
  const turn = new Turn(job, around, show, signal)
  try {
    const content = await turn.run()
    return { ok: true, content, ...turn.report() }
  } catch (error) {
    const failure =
      error instanceof TurnError
        ? error.failure
        : { code: 'internal' as const, message: signal.aborted ? 'the turn was given up' : String(error) }
    return { ok: false, failure, ...turn.report() }
  }
}

/** A try of a model call that did not succeed. */
interface Tried {
  /** Nothing of an answer was seen. */
  readonly fresh: boolean
  readonly step: number
  readonly attempt: number
  readonly model: number
  readonly loop: Loop
}

class Turn {
  readonly #job: TurnJob
  readonly #around: TurnSurroundings
  readonly #show: (text: string, tokens: number) => void
  readonly #signal: AbortSignal
  readonly #cpu: CpuDebt
  readonly #callSubagent: CallTool
  readonly #timings: Mutable<TurnReport['timings']> = {
    context_load: 0,
    prompt: 0,
    model: 0,
    tools: 0,
    retry_wait: 0,
    state_save: 0,
  }
  #modelCalls = 0
  #toolCalls = 0
  #subagentCalls = 0
  #rateLimited = 0
  #outputTokens = 0
  #overshotMs = 0

  constructor(
    job: TurnJob,
    around: TurnSurroundings,
    show: (text: string, tokens: number) => void,
    signal: AbortSignal,
  ) {
    this.#job = job
    this.#around = around
    this.#show = show
    this.#signal = signal
    this.#cpu = new CpuDebt(around.burn)
    this.#callSubagent = guardedTool(
      (call, _traceparent, cut) => this.#runSubagent(call, cut),
      around.settings,
      around,
    )
  }

  async run(): Promise<string> {
    const { waits } = this.#job
    await this.#stage('context_load', () => this.#wait(waits.loadMs))
    const messages = await this.#stage('prompt', async () => {
      const assembled = this.#assemble()
      await this.#wait(waits.promptMs)
      return assembled
    })
    const { model } = this.#job
    const { tools } = this.#around.settings
    const content = await this.#loop(messages, { isRoot: true, model, tools, signal: this.#signal })
    await this.#stage('state_save', () => this.#wait(waits.saveMs))
    return content
  }

  report(): TurnReport {
    return {
      modelCalls: this.#modelCalls,
      toolCalls: this.#toolCalls,
      rateLimited: this.#rateLimited,
      outputTokens: this.#outputTokens,
      timings: { ...this.#timings },
    }
  }

  #assemble(): ChatCompletionMessageParam[] {
    const { settings } = this.#around
    return [
      { role: 'system', content: systemPrompt(this.#job.systemTokens, settings.tools) },
      ...[...this.#job.history, this.#job.message].map((message) => ({
        role: message.role,
        content: sentText(message),
      })),
    ]
  }

  async #loop(messages: ChatCompletionMessageParam[], loop: Loop): Promise<string> {
    const { settings } = this.#around
    const { model, tools } = loop
    for (let step = 1; ; step++) {
      const mustAnswer = step >= settings.steps
      const { traceparent } = this.#job
      const answer = await this.#call({ model, messages, tools, mustAnswer, traceparent }, step, loop)
      this.#outputTokens += answer.outputTokens
      if (answer.toolCalls.length === 0 || mustAnswer) return answer.text
      messages.push({
        role: 'assistant',
        content: answer.text || null,
        tool_calls: answer.toolCalls.map(({ id, name, arguments: text }) => ({
          id,
          type: 'function',
          function: { name, arguments: text },
        })),
      })
      messages.push(...(await this.#stage('tools', () => this.#callTools(answer, loop), loop)))
    }
  }

  #callTools(answer: ModelAnswer, { signal }: Loop): Promise<ChatCompletionMessageParam[]> {
    const { callTool, settings } = this.#around
    return Promise.all(
      answer.toolCalls.map(async (call) => {
        this.#toolCalls++
        const play = Object.hasOwn(settings.subagents, call.name) ? this.#callSubagent : callTool
        const content = await play(call, this.#job.traceparent, signal)
        return { role: 'tool' as const, tool_call_id: call.id, content }
      }),
    )
  }

  /** The loop of an agent that is a tool. Where it fails its caller reads so, as of any tool, and goes on. */
  async #runSubagent({ name, arguments: task }: ToolCall, signal: AbortSignal): Promise<string> {
    const { model, tools, systemTokens, messageTokens, failure } = this.#around.settings.subagents[name]!
    const fails = subagentFails(this.#job.key, this.#subagentCalls++, failure)
    const messages: ChatCompletionMessageParam[] = [
      { role: 'system', content: systemPrompt(systemTokens, tools) },
      { role: 'user', content: sentText(userMessage(task, messageTokens)) },
    ]
    try {
      const answer = await this.#loop(messages, { isRoot: false, model, tools, signal })
      if (!fails) return answer
    } catch (error) {
      if (signal.aborted) throw error
    }
    return JSON.stringify({ error: 'the sub-agent failed' })
  }

  /** One step's model call: CPU, then tries until one is answered. */
  async #call(request: ModelRequest, step: number, loop: Loop): Promise<ModelAnswer> {
    const { settings } = this.#around
    const { speed } = settings
    let fresh = true
    let { model } = request
    let charged = false
    for (let attempt = 0; ;) {
      try {
        return await this.#stage(
          'model',
          () => {
            if (!charged) this.#cpu.charge(settings.cpuPerCallMs / speed)
            charged = true
            this.#modelCalls++
            return this.#around.callModel(
              { ...request, model },
              (text, tokens) => {
                fresh = false
                this.#cpu.charge((settings.cpuPerTokenMs * tokens) / speed)
                if (text !== '' && loop.isRoot) this.#show(text, tokens)
              },
              loop.signal,
            )
          },
          loop,
        )
      } catch (error) {
        const other = await this.#beforeRetry(error, { fresh, step, attempt, model, loop })
        attempt = other === undefined ? attempt + 1 : 0
        model = other ?? model
      }
    }
  }

  /**
   * Waits as the workload's client does, or answers the model that the call falls back to, or throws when there is no
   * further try.
   */
  async #beforeRetry(
    error: unknown,
    { fresh, step, attempt, model, loop }: Tried,
  ): Promise<number | undefined> {
    loop.signal.throwIfAborted()
    const failure = modelFailure(error)
    if (failure.code === 'rate_limited') this.#rateLimited++
    const { retries, speed } = this.#around.settings
    const { retryAfterMs } = failure
    const stretchedMs = (retryAfterMs ?? NaN) * speed
    const delayMs = retryDelayMs(retries, attempt, stretchedMs, jitterUniform(this.#job.key, step, attempt))
    const { fallback } = this.#around.settings.models[model]!
    const spills = fallback?.when === 'overQuota' && failure.code === 'rate_limited'
    if (fallback && fresh && (spills || !failure.retryable || delayMs === Infinity)) return fallback.to
    // What the user has seen cannot be taken back, so a broken stream is not tried again.
    if (!failure.retryable || !fresh || delayMs === Infinity) {
      const { code, message } = failure
      if (code !== 'rate_limited') throw new TurnError({ code, message })
      const againMs = retryAfterMs ?? Math.max(leastRetryMs, retries.backoffMs) / speed
      throw new TurnError({
        code,
        message: `${message}; retry in ${inSeconds(againMs)}`,
        retryAfterMs: againMs,
      })
    }
    await this.#stage('retry_wait', () => this.#wait(delayMs / speed, loop.signal), loop)
    return undefined
  }

  async #stage<T>(name: keyof TurnReport['timings'], work: () => Promise<T>, loop?: Loop): Promise<T> {
    if (loop?.isRoot === false) return work()
    const startedMs = this.#around.now()
    try {
      return await work()
    } finally {
      this.#timings[name] += this.#around.now() - startedMs
    }
  }

  /** Timers fire late; by how much one was late, the next is set earlier, so that lateness does not add up. */
  async #wait(ms: number, signal = this.#signal): Promise<void> {
    const dueMs = ms - this.#overshotMs
    const startedMs = this.#around.now()
    if (dueMs > 0.5) await this.#around.wait(dueMs, signal)
    this.#overshotMs = this.#around.now() - startedMs - dueMs
  }
}
