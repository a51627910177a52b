import { Aws, Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IWidget,
  PeriodOverride,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { MetricName, metricsOf } from './metrics.ts';

export interface DeploymentDashboardProps {
  deployment: Deployment;
  metrics: ReturnType<typeof metricsOf>;
  alarms: Alarm[];
}

const GRID = 24;
const HEIGHT = 6;

type Graph = readonly [title: string, lines: Partial<Record<MetricName, string>>];

/** The path from the devices to the reader, one row per section: each line's metric and its label. */
const ROWS: readonly (readonly Graph[])[] = [
  [
    [
      'Messages',
      { messages: 'from devices', streamRecords: 'into the stream', deliveryRecords: 'into the delivery stream' },
    ],
    ['Rejected, %', { rejectedPercent: 'of the messages' }],
    ['Readings', { accepted: 'accepted', rejected: 'rejected' }],
  ],
  [
    ['Oldest record waiting for delivery, s', { freshnessSeconds: 'to readings/', backupFreshnessSeconds: 'to raw/' }],
    ['Dates being written (500 at most)', { partitions: 'dates' }],
    [
      'Lost on the way',
      {
        ruleFailures: 'rule failed',
        ruleLosses: 'lost',
        unconverted: 'not converted',
        transformErrors: 'transform failed',
      },
    ],
  ],
  [
    ['Hot path: oldest waiting record, ms', { iteratorAgeMs: 'age' }],
    [
      'Hot path: failures',
      { consumerErrors: 'consumer failed', hotFailures: 'given up', tableThrottled: 'table throttled' },
    ],
    ['Hot table: capacity', { tableWrites: 'written', tableReads: 'read' }],
  ],
  [
    ['API: requests', { apiCalls: 'all', apiRefusals: 'refused (4xx)', apiErrors: 'failed (5xx)' }],
    ['API: latency of the slowest 1 %, ms', { apiLatencyMs: 'p99' }],
    [
      'Throttled',
      {
        ruleThrottled: 'rule',
        streamThrottled: 'stream',
        deliveryThrottled: 'delivery stream',
        functionsThrottled: 'functions',
      },
    ],
  ],
  [
    ['Daily report', { reportsMade: 'made', reportErrors: 'failed', reportFailures: 'given up' }],
    ['Devices refused, whole account', { refusedDevices: 'by certificate or policy' }],
    ['Backfills', { backfillsDone: 'done', backfillFailures: 'failed' }],
  ],
];

/** One page that shows a deployment's alarms and the path of a message from the device to the reader. */
export class DeploymentDashboard extends Construct {
  constructor(scope: Construct, id: string, { deployment, metrics, alarms }: DeploymentDashboardProps) {
    super(scope, id);
    const { stage, settings } = deployment;
    new Dashboard(this, 'Dashboard', {
      // Dashboards are global to the account: the same stage in another region would share the name.
      dashboardName: `sluice-${stage}-${Aws.REGION}`,
      defaultInterval: Duration.hours(12),
      periodOverride: PeriodOverride.AUTO,
      widgets: [
        [
          new TextWidget({
            markdown: `# Sluice, stage ${stage}\nReports cover days in ${settings.timezone}. Each alarm's description explains it.`,
            width: GRID,
            height: 2,
          }),
        ],
        [new AlarmStatusWidget({ alarms, title: 'Alarms', width: GRID, height: 4 })],
        ...ROWS.map(graphs => graphs.map(graph => draw(graph, GRID / graphs.length, metrics))),
      ],
    });
  }
}

function draw([title, lines]: Graph, width: number, metrics: ReturnType<typeof metricsOf>): IWidget {
  // The names of a graph's lines are keys of the metrics.
  const left = Object.entries(lines).map(([name, label]) => metrics[name as MetricName].with({ label }));
  return new GraphWidget({ title, width, height: HEIGHT, left, leftYAxis: { min: 0, showUnits: false } });
}
