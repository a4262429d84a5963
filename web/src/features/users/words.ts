import type { Role } from '@/client/api'

export const ROLE_WORDS: Record<Role, { label: string; about: string }> = {
  admin: { label: 'Admin', about: 'Everything, users and their rights too.' },
  manager: {
    label: 'Manager',
    about: 'Runs the shop: products, stock, orders, refunds, customers.',
  },
  analyst: { label: 'Analyst', about: 'Looks at the figures and asks the warehouse in SQL.' },
  fulfilment: { label: 'Fulfilment', about: 'Sends parcels, takes returns in, adjusts stock.' },
  viewer: { label: 'Viewer', about: 'Looks on, and changes nothing.' },
}

/** "Chrome on Windows", as far as a browser says who it is; nothing for what is no browser. */
export function browserOf(agent: string | null): string | null {
  if (!agent) return null
  const browser = [
    [/Edg(e|A|iOS)?\//, 'Edge'],
    [/OPR\//, 'Opera'],
    [/Firefox\/|FxiOS\//, 'Firefox'],
    [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
    [/Safari\//, 'Safari'],
  ].find(([pattern]) => (pattern as RegExp).test(agent))?.[1] as string | undefined
  const system = [
    [/Android/, 'Android'],
    [/iPhone|iPad/, 'iOS'],
    [/Windows/, 'Windows'],
    [/Mac OS X|Macintosh/, 'macOS'],
    [/CrOS/, 'ChromeOS'],
    [/Linux/, 'Linux'],
  ].find(([pattern]) => (pattern as RegExp).test(agent))?.[1] as string | undefined
  if (!browser) return agent.slice(0, 60)
  return system ? `${browser} on ${system}` : browser
}
