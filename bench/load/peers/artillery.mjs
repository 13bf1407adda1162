// When Artillery's users leave.
const untilMs = Date.now() + Number.parseInt(process.env.DURATION, 10) * 1000

export function goesOn(context, next) {
  return next(Date.now() < untilMs)
}
