import { httpLibrary } from '../edge/http-library.ts'
import type { LoadOptions } from '../load-options.ts'
import { isProxied } from './dispatcher-to.ts'

/** Brings what the driver needs for its first message, before the clock starts: that takes up to a tenth of a second. */
export function prepareDriver(
  { driver, target, proxies }: Pick<LoadOptions, 'driver' | 'target' | 'proxies'>,
  library: () => { readonly WebSocket?: unknown } = httpLibrary,
): void {
  const url = new URL(target)
  if (driver === 'websocket') void library().WebSocket
  else if (url.protocol !== 'http:' || isProxied(url, proxies ? { proxies } : {})) library()
}
