import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isHandOff, readTwiml } from '../wire/twiml.ts'
import type { CarrierEvent } from '../wire/carrier-api.ts'
import type { Epoch } from './epoch.ts'
import { header, readBody, sendJson } from './http-answer.ts'

/** Twilio's REST API as far as calls under way need it. */
export const twilioCallPath = /^\/2010-04-01\/Accounts\/(AC[0-9a-zA-Z]{32})\/Calls\/(CA[0-9a-f]{32})\.json$/

/** `GET` tells a call; `POST` sends it elsewhere (`Twiml`, `Url`) or ends it (`Status=completed`). */
export function answerTwilioCall(
  { carrier, workload }: Pick<Epoch, 'carrier' | 'workload'>,
  [, account = '', call = '']: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const token = workload.target?.twilio?.authToken
  if (token !== undefined && !hasToken(header(request, 'authorization') ?? '', token))
    return refuse(response, 401, 20003, 'Authenticate')
  if (!carrier.has(call))
    return refuse(response, 404, 20404, `The requested resource /Calls/${call}.json was not found`)
  if (request.method === 'GET') return tell(response, account, call, 'in-progress')
  if (request.method !== 'POST') return refuse(response, 405, 20004, 'Method not allowed')
  readBody(request, response, (body) => {
    const event = eventOf(new URLSearchParams(body))
    if (typeof event === 'object') {
      refuse(response, 400, 20001, event.wrong)
      return
    }
    carrier.tell({ call, event })
    tell(response, account, call, event === 'hungUp' ? 'completed' : 'in-progress')
  })
}

/** What a form does to a call: an address or a document that hands it on, or its end; or what is wrong. */
function eventOf(form: URLSearchParams): CarrierEvent['event'] | { readonly wrong: string } {
  const status = form.get('Status')
  if (status === 'completed' || status === 'canceled') return 'hungUp'
  if (status !== null) return { wrong: `Status ${status} is not supported for updates` }
  const twiml = form.get('Twiml')
  if (twiml === null)
    return form.get('Url') === null ? { wrong: 'Twiml, Url or Status is required' } : 'handedOff'
  const verbs = readTwiml(twiml)
  if (typeof verbs === 'string') return { wrong: `Twiml: ${verbs}` }
  return verbs.some(isHandOff) ? 'handedOff' : 'hungUp'
}

function hasToken(authorization: string, token: string): boolean {
  const [scheme, encoded = ''] = authorization.split(' ')
  const password = Buffer.from(encoded, 'base64').toString('utf8').split(':').slice(1).join(':')
  const [given, wanted] = [Buffer.from(password), Buffer.from(token)]
  return scheme === 'Basic' && given.length === wanted.length && timingSafeEqual(given, wanted)
}

function tell(response: ServerResponse, account: string, call: string, status: string): void {
  const body = {
    sid: call,
    account_sid: account,
    status,
    direction: 'inbound',
    api_version: '2010-04-01',
    date_created: null,
    date_updated: null,
    start_time: null,
    end_time: null,
    uri: `/2010-04-01/Accounts/${account}/Calls/${call}.json`,
  }
  sendJson(response, 200, JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  const more = `https://www.twilio.com/docs/errors/${code}`
  sendJson(response, status, JSON.stringify({ code, message, more_info: more, status }))
}
