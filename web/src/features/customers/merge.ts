/** What a merge would do, before it is done. Pure, with tests beside it. */
import type { Customer } from '@/client/api'
import { PROFILE_FIELDS, PROFILE_WORDS, profileOf, shownProfile } from './draft'

type Told = { label: string; value: string }

export type MergePreview = {
  /** Placed orders of the duplicate, in all currencies. */
  orders: number
  addresses: number
  /** Purposes on which the duplicate has said something. */
  consents: number
  /** Groups that the survivor is not in yet. */
  groups: string[]
  /** What the survivor does not know of itself, and will. */
  learned: Told[]
  /** What the duplicate says otherwise, and is not taken over. */
  dropped: (Told & { kept: string })[]
}

export function mergePreview(survivor: Customer, duplicate: Customer): MergePreview {
  const [mine, theirs] = [profileOf(survivor), profileOf(duplicate)]
  const known = PROFILE_FIELDS.filter((field) => theirs[field] !== '')
  return {
    orders: duplicate.purchases.reduce((sum, { placed }) => sum + placed, 0),
    addresses: duplicate.addresses.length,
    consents: duplicate.consents.length,
    groups: duplicate.groups.filter((code) => !survivor.groups.includes(code)),
    learned: known
      .filter((field) => mine[field] === '')
      .map((field) => ({ label: PROFILE_WORDS[field], value: shownProfile(theirs, field) })),
    dropped: known
      .filter((field) => mine[field] !== '' && !isSame(mine[field], theirs[field]))
      .map((field) => ({
        label: PROFILE_WORDS[field],
        value: shownProfile(theirs, field),
        kept: shownProfile(mine, field),
      })),
  }
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
