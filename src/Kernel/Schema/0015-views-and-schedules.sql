-- What people keep of lists and reports: views, the pages they were on, reports at set times and the files these made.
-- both

create table saved_view (
  id {id} primary key,
  owner_id {id} not null references app_user (id),
  name text not null,
  function text not null,
  page text not null,
  query text not null,
  role text,
  created_at {instant} not null,
  updated_at {instant} not null,
  version {long} not null default 1
);
create unique index saved_view_by_name on saved_view (owner_id, page, name);
create index saved_view_shared on saved_view (role, page) where role is not null;

-- The view with which somebody opens a page: their own or one that is shared with them.
create table view_default (
  user_id {id} not null references app_user (id),
  page text not null,
  view_id {id} not null references saved_view (id),
  primary key (user_id, page)
);
create index view_default_of_view on view_default (view_id);

-- The last pages of each user; only so many are kept.
create table recent_page (
  user_id {id} not null references app_user (id),
  page text not null,
  title text not null,
  visited_at {instant} not null,
  primary key (user_id, page)
);
create index recent_page_latest on recent_page (user_id, visited_at);

create table report_schedule (
  id {id} primary key,
  owner_id {id} not null references app_user (id),
  name text not null,
  function text not null,
  page text not null,
  query text not null,
  view_id {id},
  format text not null check (format in ('csv', 'xlsx', 'pdf')),
  every text not null check (every in ('daily', 'weekly', 'monthly')),
  on_day {long} not null,
  at_minute {long} not null,
  branch_id {id} not null references branch (id),
  period text not null,
  branches text not null,
  keep_days {long} not null,
  active {bool} not null,
  next_at {instant} not null,
  created_at {instant} not null,
  version {long} not null default 1
);
create index report_schedule_due on report_schedule (next_at) where active;
create index report_schedule_of_owner on report_schedule (owner_id);

create table schedule_recipient (
  schedule_id {id} not null references report_schedule (id),
  user_id {id} references app_user (id),
  role text
);
create index schedule_recipient_of_schedule on schedule_recipient (schedule_id);
create index schedule_recipient_user on schedule_recipient (user_id) where user_id is not null;
create index schedule_recipient_role on schedule_recipient (role) where role is not null;

-- One row a due time: the key is what lets several nodes try and one do it.
create table report_run (
  id {id} primary key,
  schedule_id {id} not null references report_schedule (id),
  due_at {instant} not null,
  state text not null check (state in ('waiting', 'running', 'done', 'refused', 'failed')),
  attempt {long} not null,
  lease_until {instant} not null,
  node text not null,
  started_at {instant},
  ended_at {instant},
  from_date {date},
  to_date {date},
  code text,
  message text,
  title text not null,
  file_name text,
  media_type text,
  rows {long},
  bytes {long},
  sha256 text,
  needs text,
  branches text,
  expires_at {instant},
  unique (schedule_id, due_at)
);
create index report_run_open on report_run (lease_until) where state in ('waiting', 'running');
create index report_run_latest on report_run (schedule_id, id);
create index report_run_expires on report_run (expires_at) where sha256 is not null;

create table report_file_chunk (
  run_id {id} not null references report_run (id),
  seq {long} not null,
  content {bytes} not null,
  primary key (run_id, seq)
);
