import { dayBounds, localDate, parseIsoTime } from '../../contract/time.ts';

// time.test.ts runs this in processes with different TZs.
const answers = [
  parseIsoTime('2026-11-21T10:15:30'),
  parseIsoTime('2026-11-21T10:15:30', 'Europe/Berlin'),
  parseIsoTime('2026-03-08T02:30:00', 'UTC'),
  dayBounds('2026-03-29', 'Europe/Berlin'),
  localDate(0, 'America/New_York'),
];
process.stdout.write(JSON.stringify(answers));
