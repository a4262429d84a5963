import clsx from 'clsx'
import { counted } from '@/lib/format'
import { ActionButton, type Permission } from './ActionButton'
import { Button } from './Button'

type SaveBarProps = {
  may: Permission
  /** How many fields differ from what is saved. */
  changed: number
  pending: boolean
  onDiscard: () => void
}

/** The end of a form that stays open: says what is not saved yet, and stays in sight until it is. */
export function SaveBar({ may, changed, pending, onDiscard }: SaveBarProps) {
  const dirty = changed > 0
  return (
    <div
      className={clsx(
        'flex flex-wrap items-center justify-end gap-2 rounded-b-card border-t border-line bg-card px-4 py-3 sm:px-5',
        dirty && 'sticky bottom-0 z-10 max-sm:bottom-16',
      )}
    >
      <span role="status" className="mr-auto text-[0.8125rem] text-muted">
        {dirty ? `${counted(changed, 'field')} changed, not saved yet` : null}
      </span>
      {dirty && <Button onClick={onDiscard}>Discard</Button>}
      <ActionButton
        may={may}
        type="submit"
        look="solid"
        disabled={may.allowed && (!dirty || pending)}
      >
        {pending ? 'Saving…' : 'Save'}
      </ActionButton>
    </div>
  )
}
