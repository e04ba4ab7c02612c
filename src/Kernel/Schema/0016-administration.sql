-- What a company has switched off, and the backups of the business: the plan and its runs.
-- both

-- A function that is not here is on. Its data stays where it is while it is off.
create table function_off (
  function text primary key,
  at {instant} not null,
  by_user {id} not null
);

-- minute counts from midnight in the time zone; folder and key_file are names within the data folder, or full paths below one that the operator allows.
create table backup_plan (
  id {long} primary key check (id = 1),
  active {bool} not null,
  minute {long} not null check (minute between 0 and 1439),
  time_zone text not null,
  folder text not null,
  keep {long} not null check (keep between 1 and 1000),
  key_file text,
  version {long} not null default 1
);

-- due is the local day of a planned run: of several nodes one gets to write it.
create table backup_run (
  id {id} primary key,
  due {date} unique,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  node text not null,
  asked_by text not null,
  asked_at {instant} not null,
  started_at {instant},
  ended_at {instant},
  file text,
  bytes {long},
  sha256 text,
  encrypted {bool} not null default false,
  taken_at {instant},
  documents {long},
  entries {long},
  audit_events {long},
  audit_block {long},
  audit_digest text,
  ledger text,
  error text,
  removed_at {instant}
);
create index backup_run_latest on backup_run (asked_at, id);
create index backup_run_by_state on backup_run (state, asked_at);
