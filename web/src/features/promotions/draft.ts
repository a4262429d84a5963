/** A promotion as it stands in a form: text all over. What its kind does not need is not sent. Pure. */
import type { Promotion, PromotionKind, PromotionTerms } from '@/client/api'
import { plainAmount } from '@/lib/amount'
import { type Clash, clashes } from '@/lib/draft'
import { localIn, momentIn } from '@/lib/zoned'

export type PromotionDraft = {
  name: string
  kind: PromotionKind
  /** Whether buyers have to type a code. */
  hasCode: boolean
  code: string
  percent: string
  amount: string
  minimum: string
  currency: string
  buy: string
  get: string
  /** By the clocks of the store. */
  starts_at: string
  ends_at: string
  total_limit: string
  customer_limit: string
  skus: string
  category_paths: string[]
  customer_groups: string[]
  countries: string[]
  is_stackable: boolean
  priority: string
  is_active: boolean
}

const text = (value: string | number | null) => (value === null ? '' : String(value))

export function newDraft(currency: string): PromotionDraft {
  return {
    name: '',
    kind: 'percent',
    hasCode: true,
    code: '',
    percent: '',
    amount: '',
    minimum: '',
    currency,
    buy: '2',
    get: '1',
    starts_at: '',
    ends_at: '',
    total_limit: '',
    customer_limit: '',
    skus: '',
    category_paths: [],
    customer_groups: [],
    countries: [],
    is_stackable: false,
    priority: '0',
    is_active: true,
  }
}

export function draftOf(promotion: Promotion, zone: string, currency: string): PromotionDraft {
  const { conditions } = promotion
  return {
    name: promotion.name,
    kind: promotion.kind,
    hasCode: promotion.code !== null,
    code: text(promotion.code),
    percent: text(promotion.percent),
    amount: text(promotion.amount),
    minimum: text(promotion.minimum),
    currency: promotion.currency ?? currency,
    buy: text(promotion.buy),
    get: text(promotion.get),
    starts_at: promotion.starts_at ? localIn(zone, promotion.starts_at) : '',
    ends_at: promotion.ends_at ? localIn(zone, promotion.ends_at) : '',
    total_limit: text(promotion.total_limit),
    customer_limit: text(promotion.customer_limit),
    skus: (conditions.skus ?? []).join('\n'),
    category_paths: conditions.category_paths ?? [],
    customer_groups: conditions.customer_groups ?? [],
    countries: conditions.countries ?? [],
    is_stackable: promotion.is_stackable,
    priority: String(promotion.priority),
    is_active: promotion.is_active,
  }
}

const WORDS: Record<keyof PromotionDraft, string> = {
  name: 'Name',
  kind: 'What it takes off',
  hasCode: 'Who gets it',
  code: 'Code',
  percent: 'Percent',
  amount: 'Amount',
  minimum: 'Goods worth at least',
  currency: 'Currency',
  buy: 'Who buys',
  get: 'Gets',
  starts_at: 'Begins',
  ends_at: 'Ends',
  total_limit: 'Uses in all',
  customer_limit: 'Uses by one buyer',
  skus: 'SKUs',
  category_paths: 'Categories',
  customer_groups: 'Groups',
  countries: 'Countries',
  is_stackable: 'Goes together with others',
  priority: 'Priority',
  is_active: 'Switched on',
}

type Both = { base: PromotionDraft; mine: PromotionDraft; theirs: PromotionDraft }

/** What somebody else changed since it was read, beside what stands in the form. */
export function promotionClashes(both: Both): Clash[] {
  return clashes(both, WORDS, (draft, field) => {
    const value = draft[field]
    if (typeof value === 'boolean') return value ? 'yes' : 'no'
    return (Array.isArray(value) ? value.join(', ') : value) || 'none'
  })
}

/** What a kind asks for beside what all have. */
export function fieldsOf(kind: PromotionKind): ('percent' | 'amount' | 'buy' | 'get')[] {
  switch (kind) {
    case 'percent':
      return ['percent']
    case 'amount':
      return ['amount']
    case 'free_shipping':
      return []
    case 'buy_x_get_y':
      return ['buy', 'get', 'percent']
  }
}

export type Problems = Partial<Record<keyof PromotionDraft, string>>

/** What the form itself knows to be wrong, by field. */
export function draftProblems(draft: PromotionDraft): Problems {
  const needed = fieldsOf(draft.kind)
  const problems: Problems = {}
  if (draft.name.trim() === '') problems.name = 'Buyers see the name beside what it takes off.'
  if (draft.hasCode && !/^[0-9a-z][0-9a-z._-]{0,63}$/i.test(draft.code.trim())) {
    problems.code = 'Letters A to Z, digits, points, hyphens, underscores.'
  }
  if (needed.includes('percent')) {
    const isOptional = draft.kind === 'buy_x_get_y' && draft.percent.trim() === ''
    const percent = Number(plainAmount(draft.percent) ?? NaN)
    if (!isOptional && !(percent > 0 && percent <= 100)) problems.percent = 'Above 0 and up to 100.'
  }
  if (needed.includes('amount') && !(Number(plainAmount(draft.amount) ?? NaN) > 0)) {
    problems.amount = 'An amount, like 5.00.'
  }
  if (draft.minimum.trim() !== '' && !(Number(plainAmount(draft.minimum) ?? NaN) > 0)) {
    problems.minimum = 'An amount, like 50.00; empty for none.'
  }
  for (const name of ['buy', 'get'] as const) {
    if (needed.includes(name) && !isWhole(draft[name], 1)) problems[name] = 'A whole number from 1.'
  }
  for (const name of ['total_limit', 'customer_limit'] as const) {
    if (draft[name].trim() !== '' && !isWhole(draft[name], 1)) {
      problems[name] = 'A whole number from 1; empty for no limit.'
    }
  }
  if (!/^-?\d{1,4}$/.test(draft.priority.trim()) || Math.abs(Number(draft.priority)) > 1000) {
    problems.priority = 'A whole number from -1000 to 1000.'
  }
  if (draft.starts_at && draft.ends_at && draft.ends_at <= draft.starts_at) {
    problems.ends_at = 'It would end before it begins.'
  }
  return problems
}

function isWhole(typed: string, least: number): boolean {
  return /^\d{1,9}$/.test(typed.trim()) && Number(typed) >= least
}

/** The terms as the API takes them; what the kind has no use for is left away, however it was filled in. */
export function termsOf(
  draft: PromotionDraft,
  zone: string,
  /** What it was: a moment that was not touched keeps its seconds. */
  before?: Promotion,
): PromotionTerms {
  const needed = fieldsOf(draft.kind)
  const amountOf = (name: 'percent' | 'amount') =>
    needed.includes(name) ? plainAmount(draft[name]) : null
  const momentOf = (name: 'starts_at' | 'ends_at') => {
    const was = before?.[name]
    if (was && localIn(zone, was) === draft[name]) return was
    return draft[name] ? momentIn(zone, draft[name]) : null
  }
  const whole = (typed: string) => (typed.trim() === '' ? null : Number(typed))
  const amount = amountOf('amount')
  const minimum = plainAmount(draft.minimum)
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    code: draft.hasCode ? draft.code.trim().toUpperCase() : null,
    percent: amountOf('percent'),
    amount,
    minimum,
    currency: amount !== null || minimum !== null ? draft.currency : null,
    buy: needed.includes('buy') ? whole(draft.buy) : null,
    get: needed.includes('get') ? whole(draft.get) : null,
    conditions: {
      skus: [...new Set(draft.skus.split(/[\s,;]+/).filter(Boolean))],
      category_paths: draft.category_paths,
      customer_groups: draft.customer_groups,
      countries: draft.countries,
    },
    starts_at: momentOf('starts_at'),
    ends_at: momentOf('ends_at'),
    total_limit: whole(draft.total_limit),
    customer_limit: whole(draft.customer_limit),
    is_stackable: draft.is_stackable,
    priority: Number(draft.priority),
    is_active: draft.is_active,
  }
}

/** The same terms, switched on or off: taken over as they are, so that no second is lost. */
export function switched(promotion: Promotion, is_active: boolean): PromotionTerms {
  const { name, kind, code, percent, amount, minimum, currency, buy, get } = promotion
  const { conditions, starts_at, ends_at, total_limit, customer_limit } = promotion
  const { is_stackable, priority } = promotion
  return {
    ...{ name, kind, code, percent, amount, minimum, currency, buy, get },
    ...{ conditions, starts_at, ends_at, total_limit, customer_limit },
    ...{ is_stackable, priority, is_active },
  }
}
