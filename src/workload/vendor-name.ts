import type { PhonePart, PhoneVendor } from './phone.ts'

const partWords: Readonly<Record<PhonePart, string>> = {
  carrier: 'carrier',
  platform: 'platform',
  stt: 'speech to text',
  model: 'model',
  tts: 'text to speech',
}

/** `carrier (twilio)`, `text to speech`. */
export function vendorName({ part, like }: PhoneVendor): string {
  return like === undefined ? partWords[part] : `${partWords[part]} (${like})`
}
