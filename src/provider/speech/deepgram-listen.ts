import type { WebSocket } from 'ws'
import { monotonicMs, wallClockMs } from '../../clock/now.ts'
import { Timer } from '../../clock/timer-wheel.ts'
import {
  deepgramError,
  deepgramErrorCode,
  type ListenOptions,
  listenMetadata,
  listenResults,
  readListenOptions,
  speechStarted,
  utteranceEnd,
} from '../../wire/deepgram.ts'
import type { Face } from '../face.ts'
import { newSpeech, refusalOf, speechFault, speechLimit } from './refused-speech.ts'
import {
  acceptSocket,
  bytesOf,
  IdleLimit,
  objectOf,
  refuseUpgrade,
  tell,
  type Upgrade,
} from './speech-socket.ts'
import { Transcriber } from './transcriber.ts'

/** Without audio or a KeepAlive Deepgram ends the connection. */
const mostIdleMs = 10_000

/** WebSocket `/v1/listen`: streaming speech to text. */
export function answerListen(face: Face, upgrade: Upgrade, query: URLSearchParams): void {
  const requestId = face.nextId()
  const options = readListenOptions(query)
  if (typeof options === 'string')
    return refuseUpgrade(upgrade, 400, deepgramError('Bad Request', options, requestId))
  const { epoch } = face
  const { slots, perCall } = epoch.speech.stt
  const nowMs = monotonicMs()
  const stream = { part: 'stt', session: newSpeech(face), turn: 0, which: 'refusing' } as const
  const drawn = speechFault(face, stream, nowMs)
  const refusal = refusalOf(drawn, epoch.time.speed)
  const waitMs = refusal ? undefined : slots.take(nowMs, perCall)
  if (waitMs === undefined) {
    const { status, message } = refusal ?? speechLimit
    return refuseUpgrade(upgrade, status, deepgramError(deepgramErrorCode(status), message, requestId))
  }
  let freed = false
  const free = (): void => {
    if (!freed) slots.free(perCall)
    freed = true
  }
  upgrade.socket.once('close', free)
  const open = (): void =>
    upgrade.socket.destroyed
      ? undefined
      : acceptSocket(face, upgrade, (socket) => listen(face, socket, options, requestId))
  if (waitMs === 0) open()
  else face.clock.set(new Timer(open), nowMs + waitMs)
}

function listen(face: Face, socket: WebSocket, options: ListenOptions, requestId: string): void {
  const { clock } = face
  let lastWordMs = 0
  const endOfUtterance = new Timer(() => tell(socket, utteranceEnd(lastWordMs)))
  const transcriber = new Transcriber(face, options, {
    started(atMs) {
      clock.clear(endOfUtterance)
      if (options.tellsStart) tell(socket, speechStarted(atMs))
    },
    interim: (heard) => tell(socket, listenResults(requestId, heard, 'interim')),
    final(heard, finalized) {
      tell(socket, listenResults(requestId, heard, finalized ? 'finalized' : 'final'))
      if (heard.transcript === '' || options.utteranceEndMs === undefined) return
      lastWordMs = heard.startMs + heard.durationMs
      clock.set(endOfUtterance, monotonicMs() + options.utteranceEndMs)
    },
    cut: () => socket.terminate(),
  })
  const idle = new IdleLimit(face, mostIdleMs, () =>
    socket.close(
      1011,
      'Deepgram did not receive audio data or a text message within the timeout window. See NET-0001',
    ),
  )
  const end = (): void => {
    tell(socket, listenMetadata(requestId, new Date(wallClockMs()).toISOString(), transcriber.heardMs))
    socket.close(1000)
  }
  socket.on('message', (data, isBinary) => {
    idle.touch()
    // An empty message of audio is how a stream was ended before CloseStream.
    const bytes = bytesOf(data)
    if (isBinary && bytes.length > 0) return transcriber.hear(bytes)
    const type = isBinary ? 'CloseStream' : objectOf(data)?.['type']
    if (type === 'Finalize') transcriber.finalize()
    else if (type === 'CloseStream') transcriber.finish(end)
    else if (type !== 'KeepAlive') socket.close(1008, 'DATA-0000: the message is neither audio nor known.')
  })
  socket.once('close', () => {
    idle.stop()
    clock.clear(endOfUtterance)
    transcriber.stop()
  })
}
