const forbiddenKeys =
  /^(headers?|authorization|cookies?|api[-_]?key|tokens?csv|token|password|secret|url|host|say|messages?|prompt|answer)$/i
const secretFlags =
  /(--(?:header|api-key|token|password|allow-target|admin-token|start|from-curl)(?:=|\s+)|(?:^|\s)-H\s+)("[^"]*"|'[^']*'|\S+)/gi
const secretSettings =
  /(\btarget\.(?:url|headers\.[\w-]+|(?:http|websocket)\.[\w.[\]-]+)\s*=\s*)("[^"]*"|'[^']*'|\S+(?:\s+[\w.~+/=-]{12,})?)/gi
const secretVariables =
  /\b([A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD)\s*=\s*|(?:[\w-]*api[-_]?key|authorization|password)\s*[=:]\s*)(?:bearer\s+)?("[^"]*"|'[^']*'|[^\s,;]+)/g
const bearer = /\b(bearer|basic)\s+[\w.~+/=-]+/gi
const providerKey = /\b(?:sk|pk|rk|gsk|xai|ghp|glpat|xox[abp])[-_][\w-]{8,}/gi
const url = /\b(?:https?|wss?):\/\/[^\s"'<>)\]]+/gi
const address = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?![\w.])|\[[0-9a-f:]*::[0-9a-f:]*\](?::\d+)?/gi
const failedHost = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH)(\s+)(?!<)([^\s,;)]+)/g

/** A string without hosts, tokens or header values: what stays says only whether a target was on this machine. */
export function redactText(text: string): string {
  return text
    .replace(secretFlags, '$1<redacted>')
    .replace(secretSettings, '$1<redacted>')
    .replace(url, (found) => (isLocal(hostOf(found)) ? '<local target>' : '<remote target>'))
    .replace(bearer, '$1 <redacted>')
    .replace(secretVariables, (found, before: string) =>
      found.includes('<redacted>') ? found : `${before}<redacted>`,
    )
    .replace(providerKey, '<redacted>')
    .replace(address, (found) => (isLocal(found) ? '<local target>' : '<remote target>'))
    .replace(
      failedHost,
      (_found, code: string, space: string, host: string) =>
        `${code}${space}${isLocal(host) ? '<local target>' : '<remote target>'}`,
    )
}

/** A copy of plain data, every string redacted, keys that can only hold secrets or text left out, NaN made absent. */
export function redact<T>(value: T): T {
  return redacted(value) as T
}

function redacted(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (Array.isArray(value)) return value.map(redacted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !isForbidden(key, inner))
      .map(([key, inner]) => [key, redacted(inner)]),
  )
}

/** A tool or a scenario may be called `url`; its entry is an object and stays. */
function isForbidden(key: string, inner: unknown): boolean {
  const holdsText = typeof inner === 'string' || Array.isArray(inner)
  return key === 'headers' || (holdsText && forbiddenKeys.test(key))
}

function hostOf(found: string): string {
  return URL.canParse(found) ? new URL(found).hostname : ''
}

function isLocal(host: string): boolean {
  return /^(localhost|127\.|0\.0\.0\.0|\[?::1\]?)/.test(host)
}
