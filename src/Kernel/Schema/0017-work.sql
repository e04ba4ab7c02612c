-- Long work that somebody asked for: waits, runs on one node at a time, is kept for a month.
-- both

-- turn grows with each node that takes it: what an earlier one still writes under its own turn is refused. checkpoint is where it goes on.
create table work (
  id {id} primary key,
  kind text not null,
  title text not null,
  asked_by {id} not null,
  branch_id {id} not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  stage text not null default '',
  done {long} not null default 0,
  total {long} not null default 0,
  input text not null,
  checkpoint text,
  result text,
  error_code text,
  error text,
  cancel_asked {bool} not null default false,
  asked_at {instant} not null,
  started_at {instant},
  ended_at {instant},
  node text,
  lease_until {instant},
  turn {long} not null default 0,
  lost {long} not null default 0
);
create index work_of_user on work (asked_by, id);
create index work_open on work (asked_at, id) where ended_at is null;
create index work_by_end on work (ended_at) where ended_at is not null;

-- Files that were uploaded, and files that work produced.
create table work_file (
  id {id} primary key,
  owner_id {id} not null,
  name text not null,
  media_type text not null,
  size {long} not null,
  sha256 text not null,
  content {bytes} not null,
  created_at {instant} not null
);
create index work_file_of_owner on work_file (owner_id, created_at);
create index work_file_by_age on work_file (created_at);

-- role: what the file is to the work, such as input or refused.
create table work_file_use (
  work_id {id} not null references work (id),
  role text not null,
  file_id {id} not null references work_file (id),
  primary key (work_id, role)
);
create index work_file_use_of_file on work_file_use (file_id);

-- What an import did to each record, so that it can be undone while nobody has changed or used it since: the record before it as JSON, null when
-- it was made; its version afterwards; how far the facts were, to see what used it since.
create table import_change (
  work_id {id} not null references work (id),
  seq {long} not null,
  kind text not null,
  record_id {id} not null,
  name text not null,
  before text,
  version {long} not null,
  horizon {long} not null,
  undone text,
  primary key (work_id, seq)
);
create index import_change_open on import_change (work_id, seq) where undone is null;

-- The columns that somebody chose for a file with these headings, for the next such file.
create table import_mapping (
  user_id {id} not null,
  kind text not null,
  headings text not null,
  mapping text not null,
  changed_at {instant} not null,
  primary key (user_id, kind, headings)
);

-- Moves when items are taken away, so that who keeps the catalogue in memory reads all of it again.
insert into config_stamp (area, stamp) values ('catalogue-removed', 0);
