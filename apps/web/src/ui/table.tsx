import type { ReactNode } from 'react';

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, so that their digits line up. */
  readonly numeric?: boolean;
}

/**
 * A table that becomes a stack of cards on a narrow screen: nothing scrolls sideways. The roles are
 * named, since a browser drops them from a table that is laid out as blocks.
 */
export function Table<Row>(props: {
  /** For links to it. */
  id?: string;
  name: string;
  /** What of the whole is shown. */
  note?: ReactNode;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  empty: ReactNode;
}) {
  const { columns, rows } = props;
  return (
    <section id={props.id} className="flex scroll-mt-4 flex-col gap-3">
      <h2 className="flex items-baseline gap-2.5 text-lg font-semibold">
        {props.name}
        <span className="number text-sm font-normal text-ink-faint">{rows.length}</span>
      </h2>
      {props.note}
      <div className="overflow-hidden rounded-card border border-line bg-surface shadow-card">
        <table role="table" aria-label={props.name} className="block w-full text-sm md:table">
          <thead role="rowgroup" className="max-md:sr-only">
            <tr role="row" className="border-b border-line text-start text-ink-faint">
              {columns.map((column) => (
                <th
                  key={column.name}
                  role="columnheader"
                  scope="col"
                  className={`px-4 py-2.5 font-medium lg:break-normal ${column.numeric ? 'text-end' : ''}`}
                >
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" className="block md:table-row-group">
            {rows.map((row) => (
              <tr
                key={props.keyOf(row)}
                role="row"
                className="grid grid-cols-2 gap-x-4 border-t border-line px-4 py-3 first:border-t-0 md:table-row md:p-0"
              >
                {columns.map((column) => (
                  <td
                    key={column.name}
                    role="cell"
                    data-name={column.name}
                    className={`number min-w-0 py-1 before:block before:text-xs before:text-ink-faint before:content-[attr(data-name)] md:px-4 md:py-2.5 md:before:hidden ${column.numeric ? 'md:text-end' : ''}`}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 ? (
          <div className="px-4 py-8 text-center text-ink-soft">{props.empty}</div>
        ) : null}
      </div>
    </section>
  );
}
