import type { ServerResponse } from 'node:http'
import { elevenLabsError, elevenLabsErrorCode, readOutputFormat } from '../../wire/elevenlabs.ts'
import type { Face } from '../face.ts'
import { sendJson } from '../http-answer.ts'
import { answerWithSpeech, textToSpeak } from './speech-answer.ts'

const longestText = 10_000

/** `POST /v1/text-to-speech/{voice}` and `…/stream`: the text in, its sound out. */
export function answerTextToSpeech(
  face: Face,
  query: URLSearchParams,
  response: ServerResponse,
  body: string,
): void {
  const refuse = (status: number, code: string, message: string): void =>
    sendJson(response, status, elevenLabsError(code, message))
  const format = readOutputFormat(query)
  if (typeof format === 'string') return refuse(400, 'invalid_output_format', format)
  const text = textToSpeak(body)
  if (text === undefined) return refuse(422, 'invalid_request', 'The body is {"text": "…"}.')
  if (text.length > longestText)
    return refuse(
      400,
      'max_character_limit_exceeded',
      `At most ${longestText} characters are spoken at once.`,
    )
  answerWithSpeech(face, response, {
    text,
    format,
    headers: {
      'content-type': format.encoding === 'mulaw' ? 'audio/basic' : 'audio/pcm',
      'request-id': face.nextId(),
      'character-cost': String(text.length),
    },
    refused: ({ status, message }) => refuse(status, elevenLabsErrorCode(status), message),
  })
}
