/** A scenario cannot be played on this machine: the message says what it needs. */
export class Unavailable extends Error {}
