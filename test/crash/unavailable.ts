/** A scenario cannot run on this machine: the message says what it needs. */
export class Unavailable extends Error {}
