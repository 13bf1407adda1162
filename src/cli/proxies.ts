import type { Proxies } from '../load/driver.ts'

/** Proxies of the environment; the lower-case name goes first, as other programs have it. */
export function proxiesOf(environment: Readonly<Record<string, string | undefined>>): Proxies {
  const named = (name: string): string | undefined =>
    environment[name.toLowerCase()] || environment[name] || undefined
  const http = named('HTTP_PROXY')
  const https = named('HTTPS_PROXY')
  const no = named('NO_PROXY')
  return { ...(http ? { http } : {}), ...(https ? { https } : {}), ...(no ? { no } : {}) }
}
