// A voice server that costs as little as it can: it answers each five seconds of a call with two seconds of sound,
// frame by frame at a pace of the call's own, and reads what it hears without looking at it. Prints its address.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { startFrameClock } from '../../src/load/edge/frame-clock.ts'
import { agentMessages } from '../../src/wire/twilio-media.ts'
import { streamTwiml } from '../../src/wire/twiml.ts'

const message = agentMessages.media('MZ', Buffer.alloc(160, 0x80).toString('base64'))
const frame = `\x81\x7e${String.fromCharCode(message.length >> 8, message.length & 255)}${message}`
const cycleFrames = 250
const spokenFrames = 100

const http = createServer((_, response) => {
  const { port } = http.address() as AddressInfo
  response.setHeader('content-type', 'text/xml')
  response.end(streamTwiml({ url: `ws://127.0.0.1:${port}/media`, parameters: {} }))
})
const clock = startFrameClock(() => performance.now())
http.on('upgrade', ({ headers }, accepted: Socket) => {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
  const socket = withOneBuffer(accepted)
  socket.write(
    `HTTP/1.1 101 Yes\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
  )
  // Nobody speaks to callers in the middle of what they say first.
  let at = spokenFrames - cycleFrames
  socket.on('error', () => undefined)
  clock.add(() => {
    const place = at++ % cycleFrames
    if (place >= 0 && place < spokenFrames) socket.write(frame, 'latin1')
    return !socket.destroyed
  })
})
http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(http.address() as AddressInfo).port}`))

const readBuffer = Buffer.allocUnsafeSlow(65_536)

/** Node reads what a server is sent into 64 KB of new memory each time: the half of what this server would cost. */
function withOneBuffer(accepted: Socket): Socket {
  const held = accepted as unknown as { _handle: unknown }
  const socket = new Socket({
    handle: held._handle,
    onread: { buffer: readBuffer, callback: () => true },
  } as ConstructorParameters<typeof Socket>[0])
  held._handle = null
  socket.on('end', () => socket.destroy())
  socket.resume()
  return socket
}
