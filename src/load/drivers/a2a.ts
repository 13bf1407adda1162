import type { TurnSignal } from '../turn-signal.ts'
import type {
  Driver,
  DriverFactory,
  DriverOptions,
  DriverResult,
  DriverTurn,
  TurnObserver,
} from '../driver.ts'
import { parsedJson } from '../../wire/parsed-json.ts'
import { isObject } from '../../wire/request-fields.ts'
import { completed, failed, faultOfApiError } from './fault.ts'
import { ownName } from './fill-template.ts'
import { endedEarly } from './answer-readers.ts'
import type { HttpClient } from './http-client.ts'
import { openClient } from './open-client.ts'
import { traceHeaders } from './open-sessions.ts'
import { idAt } from './read-message.ts'

/** Agents that speak A2A 1.0 over JSON-RPC, streamed (`SendStreamingMessage`). */
export const a2a: DriverFactory = (options) => new A2aDriver(options)

/** What the agent calls the conversation, and the task that waits for the user. */
interface Conversation {
  readonly contextId?: string
  readonly taskId?: string
}

const methodNotFound = -32601

class A2aDriver implements Driver {
  readonly #client: HttpClient
  readonly #now: () => number
  readonly #conversations = new Map<number, Conversation>()

  constructor(options: DriverOptions) {
    this.#client = openClient(options)
    this.#now = options.now
  }

  get ready(): Driver['ready'] {
    return this.#client.ready
  }

  get request(): Driver['request'] {
    return this.#client.request
  }

  async turn(turn: DriverTurn, seen: TurnObserver, signal: TurnSignal): Promise<DriverResult> {
    const { session } = turn
    const reader = new TaskReader(seen, this.#client.redact, this.#conversations.get(session) ?? {})
    const messageId = `${ownName(turn)}-${turn.turn}`
    const message = {
      messageId,
      role: 'ROLE_USER',
      parts: [{ text: turn.text }],
      ...this.#conversations.get(session),
    }
    const result = await this.#client.events(
      {
        method: 'POST',
        path: '',
        headers: [
          'content-type',
          'application/json',
          'accept',
          'text/event-stream',
          'a2a-version',
          '1.0',
          ...traceHeaders(turn),
        ],
        body: JSON.stringify({
          jsonrpc: '2.0',
          id: messageId,
          method: 'SendStreamingMessage',
          params: { message },
        }),
        session,
      },
      seen,
      signal,
      { read: ({ data }, atMs) => reader.read(parsedJson(data), atMs) },
      endedEarly,
      (body) => reader.read(body, this.#now()) ?? endedEarly(),
    )
    this.#conversations.set(session, reader.conversation)
    if (turn.last) this.leave(session)
    return result
  }

  leave(session: number): void {
    this.#conversations.delete(session)
    this.#client.release(session)
    this.#client.leave?.(session)
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}

/** Reads the events of one task, or the one message that needs none. */
class TaskReader {
  conversation: Conversation
  readonly #seen: TurnObserver
  readonly #redact: (text: string) => string
  #atMs = NaN
  #saidAnything = false
  /** The task that waited for this message, until the agent has shown it as it was. */
  #continues: string | undefined

  constructor(seen: TurnObserver, redact: (text: string) => string, conversation: Conversation) {
    this.#seen = seen
    this.#redact = redact
    this.conversation = conversation
    this.#continues = conversation.taskId
  }

  read(answer: unknown, atMs: number): DriverResult | undefined {
    this.#atMs = atMs
    if (answer === undefined) return failed('protocol', 'an event of the stream is not valid JSON')
    if (!isObject(answer)) return failed('protocol', 'an event of the stream is not an object')
    if (isObject(answer['error'])) return this.#fault(answer['error'])
    const { task, message, statusUpdate, artifactUpdate } = isObject(answer['result']) ? answer['result'] : {}
    if (isObject(message)) {
      this.#keep(message, false)
      this.#say(message['parts'])
      return completed
    }
    if (isObject(artifactUpdate)) {
      const { artifact } = artifactUpdate
      if (isObject(artifact)) this.#say(artifact['parts'])
      return undefined
    }
    if (isObject(statusUpdate)) return this.#status(statusUpdate)
    if (isObject(task)) return this.#task(task)
    return undefined
  }

  /** A task as it stands: a finished one holds its answer, one that goes on what was asked before. */
  #task(task: Readonly<Record<string, unknown>>): DriverResult | undefined {
    if (this.#continues !== undefined && task['id'] === this.#continues) {
      this.#continues = undefined
      return undefined
    }
    const { artifacts } = task
    if (Array.isArray(artifacts) && !this.#saidAnything)
      for (const artifact of artifacts) if (isObject(artifact)) this.#say(artifact['parts'])
    return this.#status({ taskId: task['id'], ...task })
  }

  #status(update: Readonly<Record<string, unknown>>): DriverResult | undefined {
    const status = isObject(update['status']) ? update['status'] : {}
    const parts = isObject(status['message']) ? status['message']['parts'] : undefined
    const state = String(status['state']).replace(/^TASK_STATE_/, '')
    this.#keep(update, state === 'INPUT_REQUIRED')
    switch (state) {
      case 'COMPLETED':
      case 'INPUT_REQUIRED':
        this.#say(parts)
        return completed
      case 'FAILED':
        return faultOfApiError({ message: textOf(parts) }, this.#redact)
      case 'CANCELED':
        return failed('http_5xx', 'the agent canceled the task')
      case 'REJECTED':
        return failed('http_4xx', 'the agent rejected the task')
      case 'AUTH_REQUIRED':
        return failed('http_4xx', 'the agent wants the user to log in elsewhere')
      default:
        // What an agent says while it works is news of the work and no answer.
        this.#seen.working?.()
        return undefined
    }
  }

  #fault(error: Readonly<Record<string, unknown>>): DriverResult {
    if (error['code'] === methodNotFound)
      return failed('protocol', 'the agent does not know SendStreamingMessage: its A2A is older than 1.0')
    return faultOfApiError(error, this.#redact)
  }

  #say(parts: unknown): void {
    if (!Array.isArray(parts) || parts.length === 0) return
    this.#saidAnything = true
    this.#seen.text(textOf(parts))
    this.#seen.token(this.#atMs, 1)
  }

  #keep(of: unknown, waits: boolean): void {
    const contextId = idAt(of, ['contextId']) ?? this.conversation.contextId
    const taskId = waits ? idAt(of, ['taskId']) : undefined
    this.conversation = {
      ...(contextId === undefined ? {} : { contextId }),
      ...(taskId === undefined ? {} : { taskId }),
    }
  }
}

function textOf(parts: unknown): string {
  if (!Array.isArray(parts)) return ''
  return parts
    .map((part: unknown) => (isObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('')
}
