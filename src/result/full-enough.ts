/** Less used than this, the fullest service is not what binds or breaks. */
export const fullEnough = 0.5
