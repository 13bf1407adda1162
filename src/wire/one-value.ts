/** Of a header that may come several times, the first. */
export const oneValue = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'object' ? value[0] : value
