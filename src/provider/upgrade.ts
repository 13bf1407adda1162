import { invalidRequest, openAiErrorBody } from '../wire/openai-error.ts'
import { splitUrl } from '../wire/split-url.ts'
import type { Face } from './face.ts'
import { answerRealtime } from './realtime/realtime-face.ts'
import { answerListen } from './speech/deepgram-listen.ts'
import { answerSpeakSocket } from './speech/deepgram-speak.ts'
import { answerStreamInput } from './speech/elevenlabs-socket.ts'
import { refuseUpgrade, type Upgrade } from './speech/speech-socket.ts'

/** Hands a request that would become a WebSocket to the face that answers its path. */
export function routeUpgrade(face: Face, upgrade: Upgrade): void {
  upgrade.socket.on('error', () => upgrade.socket.destroy())
  const { path, query: text } = splitUrl(upgrade.request.url)
  const query = new URLSearchParams(text)
  const input = /^\/v1\/text-to-speech\/[^/]+\/(multi-)?stream-input$/.exec(path)
  if (path === '/v1/listen') answerListen(face, upgrade, query)
  else if (path === '/v1/speak') answerSpeakSocket(face, upgrade, query)
  else if (/^(?:\/openai)?\/v1\/realtime$/.test(path)) answerRealtime(face, upgrade, query)
  else if (input) answerStreamInput(face, upgrade, query, input[1] !== undefined)
  else refuseUpgrade(upgrade, 404, openAiErrorBody(invalidRequest('No WebSocket is served here.')))
}
