import type { WebSocket } from 'ws'
import { invalidRequest, openAiErrorBody } from '../../wire/openai-error.ts'
import type { Face } from '../face.ts'
import { acceptSocket, objectOf, refuseUpgrade, socketServer, type Upgrade } from '../speech/speech-socket.ts'
import { RealtimeSession } from './realtime-session.ts'

/** OpenAI takes 15 MiB of sound in one event, in base64. */
const mostSoundBytes = 15 * 1024 * 1024
const server = socketServer((mostSoundBytes * 4) / 3 + 1024)

/** WebSocket `/v1/realtime?model=NAME` (Azure: `/openai/v1/realtime`, where the model may be called `deployment`). */
export function answerRealtime(face: Face, upgrade: Upgrade, query: URLSearchParams): void {
  const model = query.get('model') ?? query.get('deployment')
  if (model === null || model === '') {
    const error = invalidRequest("You must provide a 'model' parameter.", 'model', 'missing_model')
    refuseUpgrade(upgrade, 400, openAiErrorBody(error))
    return
  }
  const begin = (socket: WebSocket): void => {
    const session = new RealtimeSession(face, socket, upgrade.request, model)
    socket.on('message', (data) => session.hear(objectOf(data)))
    socket.once('close', () => session.end())
  }
  acceptSocket(face, upgrade, begin, server)
}
