import twilio from 'twilio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCarrierClient } from '../src/load/calls/carrier-client.ts'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import type { CarrierEvent, CarrierState } from '../src/wire/carrier-api.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const account = `AC${'0'.repeat(32)}`
const sid = (n: number): string => `CA${n.toString(16).padStart(32, '0')}`
const never = new AbortController().signal

const carrierOf = (maxDuration: string): Promise<Provider> => {
  const carrier = `{ concurrent: 2, callsPerSecond: 20, over: queued, maxDuration: ${maxDuration} }`
  const { workload } = parseWorkload(
    `phone: { calls: 60/min, duration: 3m, blocked: 1%, carrier: ${carrier} }`,
  )
  return startProvider(workload!, { seed: 1, runId: 'carrier' })
}

let provider: Provider
beforeAll(async () => void (provider = await carrierOf('1h')))
afterAll(() => provider.close())

/** The official client, with this provider in the place of its host. */
function officialClient(token = 'secret') {
  const here = new twilio.RequestClient()
  const client = {
    request: (options: Parameters<typeof here.request>[0]) =>
      here.request({ ...options, uri: options.uri.replace('https://api.twilio.com', provider.url) }),
  }
  return twilio(account, token, { httpClient: client as typeof here })
}

test('channels are granted, refused and free again', async () => {
  const carrier = createCarrierClient(provider.url)
  const states = await Promise.all([1, 2, 3].map((n) => carrier.arrive(sid(n), never)))
  expect(states.map(({ state }) => state)).toEqual(['granted', 'granted', 'refused'])
  carrier.leave(sid(1))
  await expect.poll(async () => (await carrierState()).active).toBe(1)
  expect(await carrier.arrive(sid(4), never)).toMatchObject({ state: 'granted' })
  expect(await carrierState()).toMatchObject({ active: 2, most: 2, granted: 3, refused: 1 })
  for (const n of [2, 4]) carrier.leave(sid(n))
  await carrier.close()
  expect(await carrierState()).toMatchObject({ active: 0 })
})

test('the longest call is ended and told', async () => {
  const strict = await carrierOf('300ms')
  const carrier = createCarrierClient(strict.url)
  const events: CarrierEvent[] = []
  carrier.onEvent = (event) => events.push(event)
  for (const n of [1, 2]) expect(await carrier.arrive(sid(n), never)).toMatchObject({ state: 'granted' })
  await expect.poll(async () => (await carrierState(strict)).active).toBe(0)
  await expect
    .poll(() => events)
    .toEqual([
      { call: sid(1), event: 'tooLong' },
      { call: sid(2), event: 'tooLong' },
    ])
  await carrier.close()
  await strict.close()
})

test('the official client hands a call on and ends it, and whoever plays the caller hears of it', async () => {
  const carrier = createCarrierClient(provider.url)
  const events: CarrierEvent[] = []
  carrier.onEvent = (event) => events.push(event)
  const calls = officialClient().calls
  await carrier.arrive(sid(11), never)
  await carrier.arrive(sid(12), never)
  const response = new twilio.twiml.VoiceResponse()
  response.dial('+15550100')
  expect((await calls(sid(11)).update({ twiml: response.toString() })).status).toBe('in-progress')
  expect((await calls(sid(12)).update({ status: 'completed' })).status).toBe('completed')
  await expect
    .poll(() => events)
    .toEqual([
      { call: sid(11), event: 'handedOff' },
      { call: sid(12), event: 'hungUp' },
    ])
  await expect(calls(sid(13)).fetch()).rejects.toMatchObject({ status: 404, code: 20404 })
  await expect(calls(sid(11)).update({ twiml: '<Respo' })).rejects.toMatchObject({ status: 400 })
  await carrier.close()
})

test.each([
  ['POST', 'calls', '{"call":"me"}', 400],
  ['POST', 'calls', 'call', 400],
  ['GET', 'calls', undefined, 405],
  ['DELETE', `calls/${sid(99)}`, undefined, 204],
  ['GET', 'elsewhere', undefined, 404],
])('%s %s with %s is answered with %i', async (method, path, body, status) => {
  const url = `${provider.url}/_plimsoll/carrier/${path}`
  expect((await fetch(url, { method, ...(body === undefined ? {} : { body }) })).status).toBe(status)
})

async function carrierState({ url } = provider): Promise<CarrierState> {
  return (await (await fetch(`${url}/_plimsoll/carrier`)).json()) as CarrierState
}
