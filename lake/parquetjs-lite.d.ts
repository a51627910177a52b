/** The part of parquetjs-lite 0.8.7 that Sluice uses; the package ships no types. */
declare module 'parquetjs-lite' {
  interface ParquetField {
    type: 'UTF8' | 'DOUBLE' | 'INT64' | 'BOOLEAN' | 'TIMESTAMP_MILLIS';
    optional: boolean;
    compression: 'SNAPPY';
    statistics?: false;
  }

  class ParquetSchema {
    constructor(fields: Record<string, ParquetField>);
  }

  interface WriterOptions {
    rowGroupSize: number;
    pageIndex: false;
  }

  class ParquetEnvelopeWriter {
    constructor(
      schema: ParquetSchema,
      write: (bytes: Buffer) => Promise<void>,
      close: () => Promise<void>,
      offset: number,
      options: WriterOptions,
    );
  }

  class ParquetWriter {
    constructor(schema: ParquetSchema, envelope: ParquetEnvelopeWriter, options: WriterOptions);
    appendRow(row: Record<string, unknown>): Promise<void>;
    close(): Promise<void>;
  }

  // A CommonJS module: only the default export exists under Node's ESM.
  const parquet: {
    ParquetSchema: typeof ParquetSchema;
    ParquetEnvelopeWriter: typeof ParquetEnvelopeWriter;
    ParquetWriter: typeof ParquetWriter;
  };
  export default parquet;
}
