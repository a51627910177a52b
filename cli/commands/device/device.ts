import { UserError } from '../../../contract/user-error.ts';
import { type Command, type Effects, nearest } from '../../command.ts';
import { add, list } from './device-add.ts';
import { replayFiles } from './device-replay.ts';
import { run } from './device-run.ts';

const SUBCOMMANDS: Record<string, (args: string[], effects: Effects) => Promise<0 | 3>> = {
  add,
  list,
  run,
  replay: replayFiles,
};

export const command: Command = {
  help: `Usage: sluice device <add|list|run|replay> [options]

Devices with certificates of a local authority, that publish over MQTT with mutual TLS.

  sluice device add ID…              make a certificate for each device (the same one ever after)
      sluice device add device-001 greenhouse:north

  sluice device list                 the devices that have a certificate
      sluice device list --format json

  sluice device run [ID…]            simulate devices until Ctrl-C, or until they have sent enough
      --devices N          so many devices, at most 1000, device-001 and on (default 3)
      --interval 5s        how often each one sends: 500ms, 5s, 1m, 2h (default 5s)
      --count N            stop when each device has sent N messages
      --seed S             the same seed gives the same readings (default 1)
      --backfill-from T    first send what they would have measured since T (2026-11-20, or with a time)
      --until T            stop before this event time
      sluice device run --devices 3 --interval 1s --count 60

  sluice device replay FILE…         publish the messages of files and folders as their devices would
      --rate N             messages a second, over all devices (default: as fast as they are stored)
      --as DEVICE          the device that publishes messages which name none (default: they are skipped)
      JSON lines, concatenated JSON, and .gz of either. Ends when every message is acknowledged;
      exit code 3 if some were skipped.
      sluice device replay readings.jsonl.gz --rate 500

Options:
  --aws                things of AWS IoT, that publish to the deployed stack: add makes the thing, an active certificate
                       and attaches the policy; run and replay need it added; replay sends 100 messages a second if no
                       --rate is given. Certificates are in the data folder under aws/STAGE/devices
  --stage NAME         which deployment, with --aws (default main, or SLUICE_STAGE)
  --data DIR           data folder (default .sluice, or SLUICE_DATA)
  --config FILE        contract (default lake.config.ts, or SLUICE_CONFIG)
  --format FORMAT      table or json, what is printed on stdout
  --help               this text

run and replay need a running stack: sluice up, or a deployed one with --aws
`,
  async run(args, effects) {
    const [name = '', ...rest] = args;
    if (args.includes('--help') || args.includes('-h')) {
      effects.stdout(command.help);
      return 0;
    }
    const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
    if (subcommand !== undefined) return subcommand(rest, effects);
    const known = Object.keys(SUBCOMMANDS);
    const spelling = nearest(name, known);
    throw new UserError(
      name === '' || name.startsWith('-') ? 'Say what to do with devices.' : `There is no device ${name}.`,
      {
        exitCode: 2,
        todo:
          spelling === undefined
            ? `Known are ${known.join(', ')}; see sluice device --help.`
            : `Did you mean ${spelling}?`,
      },
    );
  },
};
