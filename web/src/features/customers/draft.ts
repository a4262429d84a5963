/** A person's profile as it stands in a form: text all over. Pure, with tests beside it. */
import type { Customer, CustomerChange } from '@/client/api'
import { isDay } from '@/lib/dates'
import { changedFields } from '@/lib/draft'
import { emailProblem } from '@/lib/email'
import { fullDay } from '@/lib/format'
import { countryProblem } from '@/ui/CountryField'

export type ProfileDraft = {
  name: string
  email: string
  phone: string
  birth_date: string
  country: string
  region: string
  city: string
}
type Field = keyof ProfileDraft

export const PROFILE_WORDS: Record<Field, string> = {
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  birth_date: 'Day of birth',
  country: 'Country',
  region: 'Region',
  city: 'City',
}
export const PROFILE_FIELDS = Object.keys(PROFILE_WORDS) as Field[]

export const NOBODY: ProfileDraft = {
  name: '',
  email: '',
  phone: '',
  birth_date: '',
  country: '',
  region: '',
  city: '',
}

export function profileOf(customer: Customer): ProfileDraft {
  return {
    name: customer.name ?? '',
    email: customer.email ?? '',
    phone: customer.phone ?? '',
    birth_date: customer.birth_date ?? '',
    country: customer.country ?? '',
    region: customer.region ?? '',
    city: customer.city ?? '',
  }
}

/** The change as the API takes it: only what differs, and null for what was emptied. */
export function profileChange(base: ProfileDraft, draft: ProfileDraft): CustomerChange {
  return Object.fromEntries(
    changedFields(base, draft).map((field) => [field, draft[field].trim() || null]),
  )
}

/** What the form itself knows to be wrong, by field. */
export function profileProblems(draft: ProfileDraft): Partial<Record<Field, string>> {
  const problems: Partial<Record<Field, string>> = {}
  const email = emailProblem(draft.email)
  if (email) problems.email = email
  else if (draft.email.trim() === '' && draft.name.trim() === '') {
    problems.name = 'A name or an e-mail address is needed.'
  }
  const country = countryProblem(draft.country)
  if (country) problems.country = country
  if (draft.birth_date !== '' && !isDay(draft.birth_date)) {
    problems.birth_date = 'A day that there is.'
  }
  return problems
}

export function shownProfile(draft: ProfileDraft, field: Field): string {
  const value = draft[field]
  return field === 'birth_date' && isDay(value) ? fullDay(value) : value || 'empty'
}
