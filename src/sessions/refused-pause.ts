/**
 * What a user waits who is refused in the very instant of sending and thinks for no time: without it, nobody would ever
 * get any further. A second, as the least that a 503 of the reference agent says.
 */
export const refusedPauseMs = 1000
