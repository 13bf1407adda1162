import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { retryDelayMs } from '../service/retry.ts'
import { CpuDebt } from './cpu-debt.ts'
import { inSeconds } from './in-seconds.ts'
import { TurnError, type TurnJob, type TurnReport, type TurnResult, type WorkerSettings } from './messages.ts'
import type { CallModel, ModelAnswer, ModelRequest } from './model-client.ts'
import { modelFailure } from './model-failure.ts'
import { sentText, systemPrompt } from './prompt.ts'
import type { CallTool } from './tool-client.ts'
import { jitterUniform } from './turn-draws.ts'

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

class Turn {
  readonly #job: TurnJob
  readonly #around: TurnSurroundings
  readonly #show: (text: string, tokens: number) => void
  readonly #signal: AbortSignal
  readonly #cpu: CpuDebt
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
  }

  async run(): Promise<string> {
    const { waits } = this.#job
    await this.#stage('context_load', () => this.#wait(waits.loadMs))
    const messages = await this.#stage('prompt', async () => {
      const assembled = this.#assemble()
      await this.#wait(waits.promptMs)
      return assembled
    })
    const content = await this.#loop(messages)
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

  async #loop(messages: ChatCompletionMessageParam[]): Promise<string> {
    const { settings } = this.#around
    for (let step = 1; ; step++) {
      const mustAnswer = step >= settings.steps
      const { model, traceparent } = this.#job
      const answer = await this.#call({ model, messages, mustAnswer, traceparent }, step)
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
      messages.push(...(await this.#stage('tools', () => this.#callTools(answer))))
    }
  }

  #callTools(answer: ModelAnswer): Promise<ChatCompletionMessageParam[]> {
    return Promise.all(
      answer.toolCalls.map(async (call) => {
        this.#toolCalls++
        const content = await this.#around.callTool(call, this.#job.traceparent, this.#signal)
        return { role: 'tool' as const, tool_call_id: call.id, content }
      }),
    )
  }

  /** One step's model call: CPU, then tries until one is answered. */
  async #call(request: ModelRequest, step: number): Promise<ModelAnswer> {
    const { settings } = this.#around
    const { speed } = settings
    let fresh = true
    let { model } = request
    let charged = false
    for (let attempt = 0; ;) {
      try {
        return await this.#stage('model', () => {
          if (!charged) this.#cpu.charge(settings.cpuPerCallMs / speed)
          charged = true
          this.#modelCalls++
          return this.#around.callModel(
            { ...request, model },
            (text, tokens) => {
              fresh = false
              this.#cpu.charge((settings.cpuPerTokenMs * tokens) / speed)
              if (text !== '') this.#show(text, tokens)
            },
            this.#signal,
          )
        })
      } catch (error) {
        const other = await this.#beforeRetry(error, fresh, step, attempt, model)
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
    fresh: boolean,
    step: number,
    attempt: number,
    model: number,
  ): Promise<number | undefined> {
    this.#signal.throwIfAborted()
    const failure = modelFailure(error)
    if (failure.code === 'rate_limited') this.#rateLimited++
    const { retries, speed } = this.#around.settings
    const { retryAfterMs } = failure
    const stretched = retryAfterMs === undefined ? undefined : retryAfterMs * speed
    const delayMs = retryDelayMs(retries, attempt, stretched, jitterUniform(this.#job.key, step, attempt))
    const { fallback } = this.#around.settings.models[model]!
    const spills = fallback?.when === 'overQuota' && failure.code === 'rate_limited'
    if (fallback && fresh && (spills || !failure.retryable || delayMs === undefined)) return fallback.to
    // What the user has seen cannot be taken back, so a broken stream is not tried again.
    if (!failure.retryable || !fresh || delayMs === undefined) {
      const { code, message } = failure
      if (code !== 'rate_limited') throw new TurnError({ code, message })
      const againMs = retryAfterMs ?? Math.max(leastRetryMs, retries.backoffMs) / speed
      throw new TurnError({
        code,
        message: `${message}; retry in ${inSeconds(againMs)}`,
        retryAfterMs: againMs,
      })
    }
    await this.#stage('retry_wait', () => this.#wait(delayMs / speed))
    return undefined
  }

  async #stage<T>(name: keyof TurnReport['timings'], work: () => Promise<T>): Promise<T> {
    const startedMs = this.#around.now()
    try {
      return await work()
    } finally {
      this.#timings[name] += this.#around.now() - startedMs
    }
  }

  /** Timers fire late; by how much one was late, the next is set earlier, so that lateness does not add up. */
  async #wait(ms: number): Promise<void> {
    const dueMs = ms - this.#overshotMs
    const startedMs = this.#around.now()
    if (dueMs > 0.5) await this.#around.wait(dueMs, this.#signal)
    this.#overshotMs = this.#around.now() - startedMs - dueMs
  }
}
