import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import type { AcceptedPlan, Plan, PlanAccept, PlanLine, PlanTransfer } from '@/client/api'
import { asProblem } from '@/client/problem'
import { counted } from '@/lib/format'
import { ActionSheet } from '@/ui/ActionSheet'
import { Button } from '@/ui/Button'
import { CheckField } from '@/ui/Field'
import { Notice } from '@/ui/Notice'
import { Sheet } from '@/ui/Sheet'
import { Documents } from './Documents'
import { useAccept, useAcceptPreview } from './queries'

type AcceptSheetProps = {
  plan: Plan
  lines: PlanLine[]
  transfers: PlanTransfer[]
  onClose: () => void
  onDone: () => void
}

/** First what would be made, tried for real and taken back; then, in the same place, what was made. */
export function AcceptSheet({ plan, lines, transfers, onClose, onDone }: AcceptSheetProps) {
  const [send, setSend] = useState(false)
  const [done, setDone] = useState<AcceptedPlan | null>(null)
  const [asked] = useState(() => ({
    lines: lines.map(({ line_no }) => ({ line_no })),
    transfers: transfers.map(({ line_no }) => ({ line_no })),
  }))
  const body: PlanAccept = { plan_id: plan.plan_id, ...asked, send }
  const preview = useAcceptPreview(body, done === null)
  const accept = useAccept((made) => {
    setDone(made)
    onDone()
  })
  if (done !== null) {
    return (
      <Sheet title="Accepted" open onClose={onClose} className="sm:max-w-2xl">
        <div className="space-y-4 p-5">
          <Notice tone="good">
            <p role="status" className="flex items-center gap-2 font-semibold">
              <CircleCheck size={17} aria-hidden />
              {counted(done.documents.length, 'document')} {send ? 'made and ordered' : 'drafted'}.
            </p>
          </Notice>
          <Documents documents={done.documents} planId={plan.plan_id} onTakenBack={onClose} />
        </div>
        <div className="flex justify-end border-t border-line px-5 py-3">
          <Button look="solid" onClick={onClose}>
            Done
          </Button>
        </div>
      </Sheet>
    )
  }
  const count = asked.lines.length + asked.transfers.length
  return (
    <ActionSheet
      title={`Accept ${counted(count, 'line')}`}
      open
      onClose={onClose}
      onSubmit={() => accept.mutate(body)}
      act={
        asked.lines.length === 0
          ? 'Draft the transfers'
          : send
            ? 'Order at once'
            : 'Draft the purchase orders'
      }
      disabled={!preview.data}
      pending={accept.isPending}
      error={accept.error}
      className="sm:max-w-2xl"
    >
      <p className="text-muted">
        Nothing is made yet.{' '}
        {asked.lines.length > 0 && 'One purchase order per supplier and place. '}
        {asked.transfers.length > 0 && 'One transfer per way; shipping it is for whoever packs. '}
        This is what would be made:
      </p>
      {preview.isPending && <p role="status">Trying it out…</p>}
      {preview.error && (
        <Notice tone="bad">
          <b>This cannot be accepted as it is.</b> {asProblem(preview.error).message}
        </Notice>
      )}
      {preview.data && <Documents documents={preview.data.documents} planId={plan.plan_id} />}
      {asked.lines.length > 0 && (
        <CheckField
          label="Order at once"
          hint="Otherwise they are drafts, and nothing is on its way before somebody sends them."
          checked={send}
          onChange={setSend}
        />
      )}
    </ActionSheet>
  )
}
