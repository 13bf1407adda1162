/** Whether a URL can only mean this machine: loopback addresses and the name that stands for them. */
export function isLocalTarget(url: string): boolean {
  const host = new URL(url).hostname.toLowerCase().replace(/\.$/, '')
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(host)
  )
}

/** Whether a target may be loaded: on this machine, or a host that the user named. */
export function isAllowedTarget(url: string, allowTargets: readonly string[]): boolean {
  const { hostname, host } = new URL(url)
  return isLocalTarget(url) || allowTargets.some((allowed) => allowed === hostname || allowed === host)
}

/** The last gate before anything is sent: callers check first and explain, this one only refuses. */
export function requireAllowedTarget(url: string, allowTargets: readonly string[]): void {
  if (!isAllowedTarget(url, allowTargets))
    throw new Error(`the target ${new URL(url).host} is not on this machine and was not allowed`)
}
