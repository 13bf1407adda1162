const hourSeconds = 3600

/**
 * When arrivals that follow the day's curve have had `busySeconds` seconds of the busiest hour's worth, in
 * milliseconds since the first midnight: the inverse of the cumulative rate, hour by hour.
 */
export function atDayTime(day: readonly number[], busySeconds: number): number {
  let wholeDay = 0
  for (const share of day) wholeDay += share * hourSeconds
  const days = Math.floor(busySeconds / wholeDay)
  let left = busySeconds - days * wholeDay
  let hour = days * day.length
  for (const share of day) {
    const inHour = share * hourSeconds
    if (left < inHour) return (hour * hourSeconds + left / share) * 1000
    left -= inHour
    hour++
  }
  return hour * hourSeconds * 1000
}
