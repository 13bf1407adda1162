/** The protocols that bring calls to agents, by their name in the workload file: apart from the players, which take a while to load. */
export const callDriverNames = ['twilio', 'realtime'] as const

export type CallDriverName = (typeof callDriverNames)[number]

export function isCallDriverName(name: string): name is CallDriverName {
  return callDriverNames.includes(name as CallDriverName)
}
