import { setTimeout as delay } from 'node:timers/promises';
import type { Checked } from './check.ts';
import { isKept } from './compare.ts';
import { type Disk, openDisk } from './disk.ts';
import { firstStartPlan, type Kill, killPlan } from './kill-plan.ts';
import type { Counts, Outcome } from './outcome.ts';
import type { Sabotage } from './sabotage.ts';
import { check, openPublisher, openTarget, type Say, type Scene, type Target, withScene } from './scene.ts';
import { Broken } from './stack-process.ts';

export interface CampaignOptions {
  kills: number;
  seed: number;
  /** Undefined means `power` if the machine supports it, otherwise `kill`. */
  mode: Disk['kind'] | undefined;
  sabotage: Sabotage | undefined;
  /** Keeps the run's folder for inspection. */
  keep: boolean;
}

/** Kills the stack repeatedly while messages are published, and checks after each restart that none was lost. */
export function runCampaign(options: CampaignOptions, say: Say): Promise<Outcome> {
  const started = performance.now();
  return withScene({ keep: options.keep, say }, async scene => {
    const disk = await openDisk(scene.work, options.mode, say);
    scene.atExit.push(() => disk.release());
    const progress: Progress = {
      kills: 0,
      killedStarts: 0,
      counts: { mqtt: 0, firehose: 0, kinesis: 0, unanswered: 0 },
    };
    const broken = await killAndCheck(options, { scene, disk, progress }).catch((error: unknown) => {
      if (error instanceof Broken) return { message: error.message };
      throw error;
    });
    const seconds = (performance.now() - started) / 1000;
    return {
      ...progress.counts,
      kills: progress.kills,
      killedStarts: progress.killedStarts,
      mode: disk.kind,
      seconds,
      broken,
    };
  });
}

interface Progress {
  kills: number;
  killedStarts: number;
  counts: Counts;
}

async function killAndCheck(
  options: CampaignOptions,
  { scene, disk, progress }: { scene: Scene; disk: Disk; progress: Progress },
): Promise<Outcome['broken']> {
  const { seed, sabotage } = options;
  const { publisher, numbering } = openPublisher(scene, { data: disk.data, seed });
  const target = await openTarget(scene, disk);
  await firstStart(target, options, progress);
  if (sabotage !== undefined) {
    await target.stop();
    await disk.settle();
    target.start({ sabotage });
  }
  const plan = killPlan(seed, options.kills);
  for (const [round, kill] of plan.entries()) {
    await publisher.publish(await target.ready());
    await delay(kill.afterMs);
    await target.crash();
    progress.kills++;
    target.start({ sabotage });
    if (kill.whileStartingMs !== undefined) {
      await delay(kill.whileStartingMs);
      await target.crash();
      progress.killedStarts++;
      target.start({ sabotage });
    }
    await publisher.found(await target.ready());
    progress.counts = await publisher.pause();
    const isLast = round === plan.length - 1;
    const checked = await check(scene, { data: disk.data, numbering, isLast });
    scene.say(roundLine({ round, plan, checked, counts: progress.counts }));
    if (!isKept(checked.verdict))
      return { message: 'the stack lost, doubled or changed messages', verdict: checked.verdict };
  }
  const code = await target.stop();
  return code === 0 ? undefined : { message: `the stack exited with ${code} at Ctrl-C` };
}

/** Starts the stack over an empty folder; without sabotage, the first few starts are crashed. */
async function firstStart(target: Target, { seed, sabotage }: CampaignOptions, progress: Progress): Promise<void> {
  target.start();
  // With sabotage, keys and certificates would be lost here, and such a run must not fail for that reason.
  for (const afterMs of sabotage === undefined ? firstStartPlan(seed) : []) {
    await delay(afterMs);
    await target.crash();
    progress.killedStarts++;
    target.start();
  }
  await target.ready();
}

function roundLine(at: { round: number; plan: Kill[]; checked: Checked; counts: Counts }): string {
  const { round, plan, checked, counts } = at;
  const { afterMs = 0, whileStartingMs } = plan[round] ?? {};
  const { missing, duplicated, wrong } = checked.verdict;
  const moment = `${(afterMs / 1000).toFixed(2)} s${whileStartingMs === undefined ? '' : `, again ${(whileStartingMs / 1000).toFixed(2)} s into the restart`}`;
  return [
    `kill ${String(round + 1).padStart(String(plan.length).length)}/${plan.length} at ${moment}`,
    `acknowledged ${counts.mqtt} MQTT, ${counts.firehose} Firehose, ${counts.kinesis} Kinesis`,
    `found ${checked.found}`,
    `missing ${missing.length}`,
    `duplicated ${duplicated.length}`,
    `wrong ${wrong.length}`,
    `(checked in ${checked.seconds.toFixed(1)} s)`,
  ].join('  ');
}
