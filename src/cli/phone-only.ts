import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'

/** Throws where the file knows calls by telephone and no other users, and `what` is about users. */
export function refusePhoneOnly({ phone }: Workload, what: string): void {
  if (!phone?.alone) return
  throw new UserError(`${what} is about users who write, and this file has only calls by telephone (phone)`, {
    hint: 'plimsoll plan FILE answers for calls, at another rate with --set phone.calls=90/min; simulate, load and find play them; a users section beside phone is played as always',
  })
}
