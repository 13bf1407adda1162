import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { connectedMessage, mediaMessage, startMessage } from '../../wire/twilio-media.ts'
import { type CallSurroundings, PhoneCall } from './phone-call.ts'

/** A carrier's socket, and the alarms that the call has set. */
function call() {
  const alarms = new Set<{ readonly ms: number; readonly ring: () => void }>()
  const endings: string[] = []
  const socket = Object.assign(new EventEmitter(), {
    cut: false,
    terminate: () => {
      socket.cut = true
      socket.emit('close', 1006)
    },
    close: () => {},
    send: () => {},
  })
  const around = {
    rules: { endOfSpeechMs: 500, hold: { forMs: 1000 }, strategies: {} },
    alarm: (ms: number, ring: () => void) => {
      const alarm = { ms, ring }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
    isOurs: () => true,
    desk: { arrive: () => 'held', leave: () => {} },
    canned: { sound: () => Buffer.alloc(160) },
    tally: { ended: (ending: string) => void endings.push(ending) },
  } as unknown as CallSurroundings
  const phone = new PhoneCall(1, socket as unknown as WebSocket, around)
  const say = (message: string): void => void socket.emit('message', Buffer.from(message))
  /** Half a minute later. */
  const later = (): void => {
    const alarm = [...alarms].find(({ ms }) => ms === 30_000)!
    alarms.delete(alarm)
    alarm.ring()
  }
  return { socket, alarms, endings, say, later, phone }
}

const names = { accountSid: 'AC', callSid: 'CA', streamSid: 'MZ' }
const frame = mediaMessage('MZ', 1, 1, 0, Buffer.alloc(160, 0xff).toString('base64'))

test.each<[what: string, messages: readonly string[], isCut: boolean]>([
  ['says nothing', [], true],
  ['only knocks', [connectedMessage], true],
  ['sends sound of no call', [connectedMessage, frame], true],
  ['has a call', [connectedMessage, startMessage(names), frame], false],
])('half a minute after a carrier that %s', (_, messages, isCut) => {
  const { socket, endings, say, later } = call()
  messages.forEach(say)
  later()
  expect(socket.cut).toBe(isCut)
  expect(endings).toEqual(isCut ? ['broken'] : [])
})

test('a call whose carrier falls silent is half open: it is ended once, and no alarm is left', () => {
  const { socket, alarms, endings, say, later } = call()
  say(startMessage(names))
  later()
  expect(socket.cut).toBe(false)
  later()
  expect(socket.cut).toBe(true)
  expect(endings).toEqual(['broken'])
  expect(alarms.size).toBe(0)
})
