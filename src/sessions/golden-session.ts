import { firstUnknownSession } from './turn-key.ts'

/** Sessions from here on ask golden questions beside the users: no user's session has such a number. */
export const firstGoldenSession = 0x7000_0000

/** Whether a session asks a golden question. */
export function isGoldenSession(session: number): boolean {
  return session >= firstGoldenSession && session < firstUnknownSession
}
