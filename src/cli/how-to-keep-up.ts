/** The next step of who has a measurement that is not valid. */
export function howToKeepUp(speed: number, of: 'calls' | 'users'): string {
  const less = speed > 1 ? 'a lower --speed, ' : ''
  return `not valid means that this machine did not keep up: try again with ${less}fewer ${of}, or nothing else running`
}
