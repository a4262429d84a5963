/** A supplier as it stands in a form: text all over. Pure, with tests beside it. */
import type { NewSupplier, Supplier } from '@/client/api'
import { addDays, isDay } from '@/lib/dates'
import { emailProblem } from '@/lib/email'

export type Closed = { first: string; last: string }

export type SupplierDraft = {
  code: string
  name: string
  currency: string
  email: string
  phone: string
  lead_time_days: string
  /** 0 for Monday to 6. */
  order_weekdays: number[]
  /** Both days included, as people say it; the API has the day after the last. */
  closed: Closed[]
  is_active: boolean
}

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

export function newSupplier(currency: string): SupplierDraft {
  return {
    code: '',
    name: '',
    currency,
    email: '',
    phone: '',
    lead_time_days: '',
    order_weekdays: [0, 1, 2, 3, 4],
    closed: [],
    is_active: true,
  }
}

export function draftOf(supplier: Supplier): SupplierDraft {
  return {
    code: supplier.code,
    name: supplier.name,
    currency: supplier.currency,
    email: supplier.email ?? '',
    phone: supplier.phone ?? '',
    lead_time_days: supplier.lead_time_days === null ? '' : String(supplier.lead_time_days),
    order_weekdays: supplier.order_weekdays,
    closed: supplier.closed.map(([first = '', after = '']) => ({
      first,
      last: isDay(after) ? addDays(after, -1) : '',
    })),
    is_active: supplier.is_active,
  }
}

export function supplierProblems(
  draft: SupplierDraft,
): Partial<Record<keyof SupplierDraft, string>> {
  const problems: Partial<Record<keyof SupplierDraft, string>> = {}
  if (draft.name.trim() === '') problems.name = 'A supplier needs a name.'
  if (!/^[\w.-]{1,64}$/.test(draft.code.trim())) {
    problems.code = 'Letters, digits, dots, dashes, underscores.'
  }
  if (!/^[a-z]{3}$/i.test(draft.currency.trim())) problems.currency = 'Three letters, like EUR.'
  const email = emailProblem(draft.email)
  if (email) problems.email = email
  if (draft.lead_time_days.trim() !== '' && !/^\d{1,3}$/.test(draft.lead_time_days.trim())) {
    problems.lead_time_days = 'Whole days, like 14; empty for not known.'
  }
  if (draft.order_weekdays.length === 0) problems.order_weekdays = 'At least one day of the week.'
  if (draft.closed.some(({ first, last }) => !isDay(first) || !isDay(last) || last < first)) {
    problems.closed = 'Each time needs a first and a last day, in this order.'
  }
  return problems
}

export function supplierBody(draft: SupplierDraft): Omit<NewSupplier, 'code'> {
  return {
    name: draft.name.trim(),
    currency: draft.currency.trim().toUpperCase(),
    email: draft.email.trim() || null,
    phone: draft.phone.trim() || null,
    lead_time_days: draft.lead_time_days.trim() === '' ? null : Number(draft.lead_time_days),
    order_weekdays: draft.order_weekdays.toSorted(),
    closed: draft.closed.map(({ first, last }) => [first, addDays(last, 1)]),
  }
}

/** "Mon – Fri", "Mon, Wed", "every day". */
export function weekdaysOf(days: number[]): string {
  const sorted = days.toSorted()
  const [first = 0] = sorted
  const last = sorted.at(-1) ?? first
  if (sorted.length === 7) return 'every day'
  if (sorted.length > 2 && last - first === sorted.length - 1) {
    return `${WEEKDAYS[first]} – ${WEEKDAYS[last]}`
  }
  return sorted.map((day) => WEEKDAYS[day]).join(', ') || 'never'
}
