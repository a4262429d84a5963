import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import { changedFields, rebased } from '@/lib/draft'

type Versioned = { version: number }

/**
 * A thing in a form. The version that the form began with stays until it is saved or given up; a newer one takes
 * its place only while nothing is typed. Who leaves with something unsaved is asked first.
 */
export function useDraft<Thing extends Versioned, Draft extends object>(
  newest: Thing,
  draftOf: (thing: Thing) => Draft,
  /** What is asked of whoever leaves with changes. */
  warning: string,
) {
  const [read, setRead] = useState(newest)
  const [draft, setDraft] = useState(() => draftOf(newest))
  const base = draftOf(read)
  const changed = changedFields(base, draft)
  const dirty = changed.length > 0
  /** Begins anew with what is given. */
  function begin(thing: Thing) {
    setRead(thing)
    setDraft(draftOf(thing))
  }
  if (!dirty && newest.version !== read.version) begin(newest)
  useBlocker({
    shouldBlockFn: () => dirty && !window.confirm(warning),
    enableBeforeUnload: dirty,
    disabled: !dirty,
  })
  const theirs = draftOf(newest)
  return {
    read,
    base,
    draft,
    theirs,
    changed,
    dirty,
    isOvertaken: newest.version !== read.version,
    setDraft,
    set:
      <Name extends keyof Draft>(name: Name) =>
      (value: string) =>
        setDraft((before) => ({ ...before, [name]: value as Draft[Name] })),
    begin,
    /** Puts what was typed on top of what somebody else has saved. */
    rebase() {
      setDraft(rebased(base, draft, theirs))
      setRead(newest)
    },
  }
}
