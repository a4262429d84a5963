/**
 * Something in a form, as text: what was changed of it, and what to do when somebody else changed it meanwhile.
 * Pure; the tests stand beside its first user, the products.
 */
export type Clash = { field: string; label: string; theirs: string; mine: string | null }

type Field<Draft> = keyof Draft & string

function same<Draft>(one: Draft, other: Draft, field: Field<Draft>): boolean {
  return JSON.stringify(one[field]) === JSON.stringify(other[field])
}

/** What differs between what was read and what stands in the form. */
export function changedFields<Draft extends object>(base: Draft, draft: Draft): Field<Draft>[] {
  return (Object.keys(base) as Field<Draft>[]).filter((field) => !same(base, draft, field))
}

/** Theirs with my changes on top. */
export function rebased<Draft extends object>(base: Draft, mine: Draft, theirs: Draft): Draft {
  const next = { ...theirs }
  for (const field of changedFields(base, mine)) next[field] = mine[field]
  return next
}

/**
 * What somebody else changed since `base` was read. Where `mine` is not null, the form has another value for
 * the same field: only there somebody has to choose.
 */
export function clashes<Draft extends object>(
  { base, mine, theirs }: { base: Draft; mine: Draft; theirs: Draft },
  words: Record<Field<Draft>, string>,
  shown: (draft: Draft, field: Field<Draft>) => string,
): Clash[] {
  return changedFields(base, theirs).map((field) => ({
    field,
    label: words[field],
    theirs: shown(theirs, field),
    mine: same(base, mine, field) || same(mine, theirs, field) ? null : shown(mine, field),
  }))
}
