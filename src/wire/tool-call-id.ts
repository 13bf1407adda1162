/** The header by which an agent tells a tool which of the model's calls it answers. */
export const toolCallIdHeader = 'x-plimsoll-call-id'
