/** How a parcel can be followed, as it is typed and as it is sent. */
export type TrackingTyped = { carrier: string; number: string; url: string }

export const NO_TRACKING: TrackingTyped = { carrier: '', number: '', url: '' }

export const CARRIERS = ['DHL', 'DPD', 'FedEx', 'GLS', 'Hermes', 'PostNL', 'Royal Mail', 'UPS']

export function trackingBody({ carrier, number, url }: TrackingTyped) {
  return {
    carrier: carrier.trim() || null,
    tracking_number: number.trim() || null,
    tracking_url: url.trim() || null,
  }
}

/** What is wrong with the address, or null. Only web addresses: it becomes a link in a mail. */
export function urlProblem(url: string): string | null {
  const text = url.trim()
  if (text === '') return null
  const read = URL.canParse(text) ? new URL(text) : null
  const isWeb = read?.protocol === 'https:' || read?.protocol === 'http:'
  return isWeb ? null : 'A web address begins with https://'
}
