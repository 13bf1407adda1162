// A voice server that costs as little as it can: it answers each five seconds of a call with two seconds of sound,
// frame by frame at a pace of the call's own, and only counts what it hears. Prints its address.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { startFrameClock } from '../../src/load/edge/frame-clock.ts'
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
const clock = startFrameClock(() => performance.now())
new WebSocketServer({ server: http, perMessageDeflate: false, skipUTF8Validation: true }).on(
  'connection',
  (socket) => {
    // Nobody speaks to callers in the middle of what they say first.
    let at = spokenFrames - cycleFrames
    socket.on('error', () => undefined)
    clock.add(() => {
      const place = at++ % cycleFrames
      if (place >= 0 && place < spokenFrames) socket.send(message)
      return socket.readyState === socket.OPEN
    })
  },
)
http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))
