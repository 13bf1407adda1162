/** Version of the tables, kept in `user_version`. */
export const schemaVersion = 6

/**
 * Versions that a reader knows; others are refused. Calls of version 1 have no faults; turns of 2 no refusals, and its
 * calls no canaries; version 3 has no telephone, 4 no samples, and turns of 5 no tags.
 */
export const readableVersions: readonly unknown[] = [1, 2, 3, 4, 5, schemaVersion]

/**
 * Instants and durations are milliseconds of workload time. A value that is not known is NULL, and so is `refused` where
 * nobody watched for refusals.
 */
export const schemaSql = `
  create table probes (
    id integer primary key,
    origin text not null,
    level_kind text not null,
    level real not null,
    seed integer,
    warmup_ms real,
    measured_ms real,
    finished integer not null default 0
  );
  create table turns (
    probe integer not null,
    session integer not null,
    turn integer not null,
    scenario integer not null,
    intended_at_ms real,
    sent_at_ms real,
    first_token_at_ms real,
    ended_at_ms real,
    tokens real,
    outcome text not null,
    error_kind text not null,
    status integer not null,
    useful_at_ms real,
    refused integer,
    retries integer,
    retry_after_told integer,
    retry_after_obeyed integer,
    lost_ms real,
    tags text
  );
  create table calls (
    probe integer not null,
    kind text not null,
    service integer not null,
    session integer not null,
    turn integer not null,
    step integer not null,
    attempt integer not null,
    sent_at_ms real,
    first_token_at_ms real,
    ended_at_ms real,
    input_tokens real,
    cached_tokens real,
    output_tokens real,
    max_tokens real,
    depth integer not null,
    outcome text not null,
    error_kind text not null,
    status integer not null,
    joined_by text not null,
    fault text,
    canaries text
  );
  create table phone (
    probe integer not null,
    session integer not null,
    scenario integer not null,
    offered_at_ms real,
    granted_at_ms real,
    answered_at_ms real,
    ended_at_ms real,
    ending text not null,
    interruptions integer not null,
    barge_in_stop_ms text not null,
    talked_over integer not null,
    gaps integer not null,
    longest_gap_ms real
  );
  create table samples (
    probe integer not null,
    kind text not null,
    name text not null,
    value real not null,
    at_ms real not null,
    scenario text not null,
    tags text
  );
  pragma user_version = ${schemaVersion};
`
