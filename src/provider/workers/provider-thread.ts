import { Agent, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { BroadcastChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Workload } from '../../workload/workload.ts'
import type { Kept, OtherConversations } from '../conversations.ts'
import { type Behind, closeDoor, openDoor } from '../door.ts'
import { pathOf } from '../http-answer.ts'
import { answerOf, isRemembered } from '../model-paths.ts'
import { RunningProvider } from '../running-provider.ts'
import type { Upgrade } from '../speech/speech-socket.ts'
import type { FromThread, ThreadStart, Told, ToThread } from './messages.ts'
import { joinToOwner, passToOwner } from './pass-to-owner.ts'

/**
 * One of several threads that play the models of a workload on one port. Tools, speech, the carrier and the admin API
 * have queues and tables with one owner, to whom their requests are passed.
 */
export function runProviderThread(workload: Workload, port: MessagePort): void {
  const say = (message: FromThread): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    port.postMessage(message)
  }
  let thread: ProviderThread | undefined
  port.on('message', (message: ToThread) => {
    switch (message.kind) {
      case 'start':
        thread = new ProviderThread(workload, message.start)
        thread.open().then(
          () => say({ kind: 'started' }),
          (error: NodeJS.ErrnoException) => say({ kind: 'failed', message: error.message, code: error.code }),
        )
        break
      case 'reset':
        thread?.provider.reset(message.reset, message.start)
        break
      case 'faults':
        if (thread) thread.provider.faults.rules = message.rules
        break
      case 'tell':
        if (thread) say({ kind: 'told', told: thread.tell() })
        break
      case 'close':
        void thread?.close().then(() => say({ kind: 'closed' }))
        break
      default:
        message satisfies never
    }
  })
}

class ProviderThread implements Behind {
  readonly provider: RunningProvider
  readonly #start: ThreadStart
  readonly #channel: BroadcastChannel
  readonly #agent = new Agent({ keepAlive: true })
  #server: Server | undefined
  /** Records of the epoch that is on which have been told. */
  #told = { epoch: {}, records: 0 }

  constructor(workload: Workload, start: ThreadStart) {
    this.#start = start
    this.#channel = new BroadcastChannel(start.channel)
    const others = conversationsOn(this.#channel)
    const among = { idPrefix: start.idPrefix, start: start.start, others }
    this.provider = new RunningProvider(workload, { ...start.playing, among })
    this.#channel.addEventListener('message', ({ data }: { readonly data: Remembered }) =>
      this.provider.epoch.conversations.keep(...data),
    )
  }

  async open(): Promise<void> {
    this.#server = await openDoor(this, { ...this.#start.listen, reusePort: true })
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request)
    if (answerOf(path) || isRemembered(path)) this.provider.answer(request, response)
    else passToOwner(this.#start.ownerPath, this.#agent, request, response)
  }

  upgrade(upgrade: Upgrade): void {
    joinToOwner(this.#start.ownerPath, upgrade)
  }

  tell(): Told {
    const { epoch, probe } = this.provider
    if (this.#told.epoch !== epoch) this.#told = { epoch, records: 0 }
    const { records, next } = epoch.records.page(this.#told.records, Infinity)
    this.#told.records = next
    return { tally: epoch.tally.take(), records, loopDelayP99Ms: probe.read().loopDelayP99Ms }
  }

  async close(): Promise<void> {
    const { provider } = this
    provider.cutAll()
    this.#channel.close()
    this.#agent.destroy()
    if (this.#server) await closeDoor(this.#server, (waitMs, then) => provider.after(waitMs, then))
    provider.stop()
  }
}

type Remembered = [id: string, kept: Kept | undefined]

/**
 * What one thread remembers is on its way to all others before the answer that ends it begins; who misses it looks for
 * what has come and is not handed out yet.
 */
function conversationsOn(channel: BroadcastChannel): OtherConversations {
  return {
    tell(id, kept) {
      const remembered: Remembered = [id, kept]
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      channel.postMessage(remembered)
    },
    *hear() {
      for (;;) {
        // It takes channels too, which its type does not say.
        const heard: { readonly message: Remembered } | undefined = receiveMessageOnPort(
          channel as unknown as MessagePort,
        )
        if (!heard) return
        yield heard.message
      }
    },
  }
}
