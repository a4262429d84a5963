import { Download } from 'lucide-react'
import { Button } from '@/ui/Button'
import type { useCsv } from './useCsv'

type CsvButtonProps = {
  csv: ReturnType<typeof useCsv>
  /** Whose rows: "channels". */
  of: string
  file: Parameters<ReturnType<typeof useCsv>['mutate']>[0] | null
}

export function CsvButton({ csv, of, file }: CsvButtonProps) {
  return (
    <Button
      look="plain"
      className="px-2"
      aria-label={`Download ${of} as CSV`}
      title="Download as CSV"
      disabled={!file || csv.isPending}
      onClick={() => file && csv.mutate(file)}
    >
      <Download size={17} aria-hidden />
    </Button>
  )
}
