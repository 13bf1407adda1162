import { connect } from 'node:net'

/** The URL in a line such as `{"ready":true,"url":"http://127.0.0.1:4000"}`; undefined for any other line. */
export function readyUrlOfLine(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const parsed = JSON.parse(line) as { ready?: unknown; url?: unknown } | null
    return parsed?.ready === true && typeof parsed.url === 'string' ? parsed.url : undefined
  } catch {
    return undefined
  }
}

/** Whether something listens where `url` points. */
export function listens(url: string, timeoutMs = 1000): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url)
  const usual = protocol === 'https:' || protocol === 'wss:' ? 443 : 80
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? usual : Number(port),
      timeout: timeoutMs,
    })
    const finish = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => finish(true))
    socket.once('timeout', () => finish(false))
    socket.once('error', () => finish(false))
  })
}
