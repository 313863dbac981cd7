// Gathers what happened into turns: a customer's message and all that followed from it.

const KEEP = 120;

export class Turns {
  constructor() {
    this.list = [];
    this.of = new Map();
    this.latest = new Map();
    this.spans = new Map();
  }

  /** The turn that an entry of the journal belongs to, with the entry in it; null where it is no one's. */
  add(entry) {
    const { kind, data } = entry;
    if (kind === "trace.span") return this.span(data);
    const planned = /^(message\.overdue|reply\.due|reply\.delivery_due)/.test(data.type ?? "");
    const at = Date.parse(kind === "bus.event" && !planned ? data.time : entry.at); // a timer's time is when it was set
    if (kind === "twilio.inbound") return this.open(entry, at);
    const turn = this.find(kind, data);
    if (!turn) return null;
    if (kind === "bus.event") this.learn(turn, data);
    const step = { kind, data, at, after: at - turn.start, seq: entry.seq };
    const before = turn.steps.findLastIndex((known) => known.at <= at);
    turn.steps.splice(before + 1, 0, step);
    return turn;
  }

  open(entry, start) {
    const turn = { message: entry.data, customer: entry.data.customer, start, steps: [], traces: new Set(), seq: entry.seq };
    this.list.push(turn);
    this.of.set(entry.data.sid, turn);
    this.latest.set(turn.customer, turn);
    if (this.list.length > KEEP) this.forget(this.list.shift());
    return turn;
  }

  forget(turn) {
    for (const [key, value] of this.of) if (value === turn) this.of.delete(key);
    for (const trace of turn.traces) this.spans.delete(trace);
  }

  find(kind, data) {
    if (kind !== "bus.event") return this.of.get(data.sid) ?? (kind.startsWith("twilio.") ? this.latest.get(data.customer) : null);
    const body = data.data;
    const keys = [body.message?.message_id, ...(body.answers ?? []).slice(-1), body.cause, body.reply_id, body.channel_message_id];
    for (const key of keys) if (key && this.of.has(key)) return this.of.get(key);
    return this.latest.get(data.customer) ?? null;
  }

  /** Later events refer to this one's ids. */
  learn(turn, { id, trace, type, data }) {
    this.of.set(id, turn);
    if (data.channel_message_id) this.of.set(data.channel_message_id, turn);
    if (trace && /^(message|preferences|reply\.(due|drafted|composed|sent))/.test(type) && this.traceOf(trace) === null) {
      turn.traces.add(trace);
    }
  }

  traceOf(trace) {
    return this.list.find((turn) => turn.traces.has(trace)) ?? null;
  }

  span(data) {
    if (!this.spans.has(data.trace)) this.spans.set(data.trace, []);
    this.spans.get(data.trace).push(data);
    if (this.spans.size > KEEP * 8) this.spans.delete(this.spans.keys().next().value);
    return this.traceOf(data.trace);
  }

  /** The bars of a turn's trace: spans where they are exported, else the way from each event to the next. */
  bars(turn) {
    const spans = [...turn.traces].flatMap((trace) => this.spans.get(trace) ?? [])
      .filter(({ name }) => !name.endsWith("message.overdue")); // the watchdog, a minute later
    const bars = spans.length ? spans.map((span) => ({ ...span })) : derived(turn);
    return bars.sort((a, b) => a.start - b.start).slice(0, 60);
  }
}

function derived(turn) {
  const at = new Map([[turn.message.sid, turn.start]]);
  const bars = [];
  for (const { kind, data, at: end } of turn.steps) {
    if (kind !== "bus.event" || data.type.startsWith("message.overdue")) continue;
    const start = at.get(data.data.cause) ?? end;
    bars.push({ service: data.source, name: data.type.replace(/\.v\d+$/, ""), start: Math.min(start, end), end });
    at.set(data.id, end);
  }
  return bars;
}
