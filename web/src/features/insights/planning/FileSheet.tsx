import { useMutation } from '@tanstack/react-query'
import { CircleCheck, Download } from 'lucide-react'
import { useState } from 'react'
import type { Plan, PlanEdits } from '@/client/api'
import { download } from '@/client/download'
import { withParams } from '@/client/follow'
import { asProblem } from '@/client/problem'
import { useMay } from '@/features/session/me'
import { count, counted, DASH } from '@/lib/format'
import { Button } from '@/ui/Button'
import { FileChoice } from '@/ui/FileChoice'
import { Notice } from '@/ui/Notice'
import { Sheet } from '@/ui/Sheet'
import { Cell, Head, ROW, RowHead, Table } from '@/ui/Table'
import { toast } from '@/ui/toast'
import { type ListFilter, listParams, useSendEdits } from './queries'

type FileSheetProps = { open: boolean; onClose: () => void; plan: Plan; filter: ListFilter }

/** The list out as a file, and its quantities back in: first looked at, then taken. */
export function FileSheet(props: FileSheetProps) {
  return (
    <Sheet
      title="The list as a file"
      open={props.open}
      onClose={props.onClose}
      className="sm:max-w-2xl"
    >
      <Out {...props} />
      <In />
    </Sheet>
  )
}

function Out({ plan, filter }: FileSheetProps) {
  const chosen = listParams(filter)
  const isFiltered = Object.values(chosen).some(Boolean)
  const out = useMutation({
    networkMode: 'always',
    mutationFn: (format: 'csv' | 'xlsx') =>
      download(
        withParams('/api/v1/planning/purchase-list', { ...chosen, plan_id: plan.plan_id, format }),
        `purchase-list-${plan.today}.${format}`,
      ),
    onSuccess: () => toast('The list is in your downloads.'),
  })
  return (
    <section aria-label="Take it out" className="space-y-3 border-b border-line p-5">
      <p className="text-muted">
        {isFiltered ? 'The lines of these filters' : 'Every line'}, to be looked at or changed in
        any spreadsheet. Change the column <b>quantity</b> and nothing else.
      </p>
      <div className="flex flex-wrap gap-2">
        {(['csv', 'xlsx'] as const).map((format) => (
          <Button key={format} disabled={out.isPending} onClick={() => out.mutate(format)}>
            <Download size={16} aria-hidden /> {format === 'csv' ? 'CSV' : 'Excel'}
          </Button>
        ))}
      </div>
      {out.error && <Notice tone="bad">{asProblem(out.error).message}</Notice>}
    </section>
  )
}

function In() {
  const may = useMay('stock:write')
  const [file, setFile] = useState<File | null>(null)
  const send = useSendEdits()
  const ask = (chosen: File, dry_run: boolean) =>
    send.mutate({ file: chosen, at: chosen.lastModified + chosen.size, dry_run })
  function choose(chosen: File) {
    setFile(chosen)
    ask(chosen, true)
  }
  const report = send.isPending ? undefined : send.data
  return (
    <section aria-label="Bring it back" className="space-y-4 p-5">
      <p className="text-muted">
        Bring the changed file back. First you see what would change and what is refused; with a row
        that cannot be taken, nothing is changed.
      </p>
      <FileChoice
        label="Edited purchase list"
        accept=".csv,.xlsx,text/csv"
        file={file}
        may={may}
        isBusy={send.isPending}
        onChoose={choose}
      />
      {send.isPending && <p role="status">Looking at every row…</p>}
      {send.error && (
        <Notice tone="bad">
          <b>Nothing was changed.</b> {asProblem(send.error).message}
        </Notice>
      )}
      {report && <Report report={report} />}
      {report && file && !report.is_applied && report.problems === 0 && (
        <Button look="solid" disabled={report.changed === 0} onClick={() => ask(file, false)}>
          {report.changed === 0 ? 'Nothing to change' : `Change ${counted(report.changed, 'line')}`}
        </Button>
      )}
    </section>
  )
}

function Report({ report }: { report: PlanEdits }) {
  return (
    <section
      aria-label={report.is_applied ? 'What changed' : 'What would change'}
      className="space-y-3"
    >
      <Notice tone={report.is_applied ? 'good' : report.problems ? 'warn' : 'accent'}>
        <p role="status" className="flex items-center gap-2 font-semibold">
          {report.is_applied && <CircleCheck size={17} aria-hidden />}
          {saidOf(report)}
        </p>
      </Notice>
      {report.edits.length > 0 && (
        <div className="overflow-hidden rounded-xl border border-line">
          <Table label="Rows that change something or are refused">
            <thead>
              <tr>
                <Head>Row</Head>
                <Head className="w-full">Product</Head>
                <Head right>Before</Head>
                <Head right>After</Head>
              </tr>
            </thead>
            <tbody>
              {report.edits.map((edit) => (
                <tr key={edit.row} className={`${ROW} align-top`}>
                  <RowHead>{count(edit.row)}</RowHead>
                  <Cell className="break-words">
                    {edit.sku || DASH}
                    {edit.problem && <span className="block text-down">{edit.problem}</span>}
                  </Cell>
                  <Cell right className="text-muted">
                    {count(edit.before)}
                  </Cell>
                  <Cell right className="font-medium">
                    {count(edit.after)}
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
          {report.edits.length < report.changed + report.problems && (
            <p className="px-4 py-2 text-muted">
              The first {count(report.edits.length)} of {count(report.changed + report.problems)}.
            </p>
          )}
        </div>
      )}
    </section>
  )
}

function saidOf({ is_applied: applied, changed, problems, rows }: PlanEdits): string {
  const told = `${counted(changed, 'line')} of ${counted(rows, 'row')}`
  if (applied) return `Changed: ${told}.`
  if (problems > 0)
    return `${counted(problems, 'row')} cannot be taken. Nothing is changed: mend the file and choose it again.`
  return changed === 0
    ? 'Every quantity is as it stands in the plan.'
    : `Nothing is changed yet. ${told} would change.`
}
