/**
 * A table that starts from a snapshot and goes on with deltas. Each delta counts the sequence up by
 * one; after a gap the rows stay, marked as needing a new snapshot, until one comes.
 */
export interface LiveTable<Row> {
  readonly status: 'waiting' | 'live' | 'needs-snapshot';
  readonly sequence: number;
  /** When the server made the last message, milliseconds since the epoch; null before the first. */
  readonly wallMs: number | null;
  readonly rows: readonly Row[];
}

export interface TableChange<Row> {
  readonly sequence: number;
  readonly wallMs: number;
  readonly put?: Row | undefined;
  readonly removeId?: string | undefined;
}

export function emptyTable<Row>(): LiveTable<Row> {
  return { status: 'waiting', sequence: 0, wallMs: null, rows: [] };
}

export function fromSnapshot<Row>(
  snapshot: { readonly sequence: number; readonly wallMs: number },
  rows: readonly Row[],
): LiveTable<Row> {
  return { status: 'live', sequence: snapshot.sequence, wallMs: snapshot.wallMs, rows };
}

/** A repeated delta changes nothing; a delta before the first snapshot is ignored. */
export function applyChange<Row>(
  table: LiveTable<Row>,
  change: TableChange<Row>,
  idOf: (row: Row) => string,
): LiveTable<Row> {
  if (table.status === 'waiting' || change.sequence <= table.sequence) return table;
  if (table.status === 'needs-snapshot' || change.sequence !== table.sequence + 1) {
    return table.status === 'needs-snapshot' ? table : { ...table, status: 'needs-snapshot' };
  }
  let rows = table.rows.filter((row) => idOf(row) !== change.removeId);
  const put = change.put;
  if (put !== undefined) {
    const index = rows.findIndex((row) => idOf(row) === idOf(put));
    rows = index === -1 ? [...rows, put] : rows.with(index, put);
  }
  return { status: 'live', sequence: change.sequence, wallMs: change.wallMs, rows };
}
