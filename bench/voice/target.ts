// A voice server that costs as little as it can: it answers each three seconds of a call with two seconds of sound,
// frame by frame, and only counts what it hears. Prints its address.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { agentMessages } from '../../src/wire/twilio-media.ts'
import { streamTwiml } from '../../src/wire/twiml.ts'

const frame = Buffer.alloc(160, 0x80).toString('base64')
const message = agentMessages.media('MZ', frame)
const cycleFrames = 250
const spokenFrames = 100

const http = createServer((_, response) => {
  const { port } = http.address() as AddressInfo
  response.setHeader('content-type', 'text/xml')
  response.end(streamTwiml({ url: `ws://127.0.0.1:${port}/media`, parameters: {} }))
})
const speaking = new Map<WebSocket, number>()
new WebSocketServer({ server: http, perMessageDeflate: false, skipUTF8Validation: true }).on(
  'connection',
  (socket) => {
    // Nobody speaks to callers in the middle of what they say first.
    speaking.set(socket, -cycleFrames + spokenFrames)
    socket.on('close', () => speaking.delete(socket))
    socket.on('error', () => undefined)
  },
)
let tick = 0
const startedMs = performance.now()
setInterval(() => {
  for (; startedMs + tick * 20 < performance.now(); tick++)
    for (const [socket, at] of speaking) {
      const place = at % cycleFrames
      if (place >= 0 && place < spokenFrames) socket.send(message)
      speaking.set(socket, at + 1)
    }
}, 5)
http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
