-- Approval rules, requests and decisions; exception rules and what they raised; targets.
-- both

create table approval_rule (
  id {id} primary key,
  function text not null,
  kind text not null default '',
  action text not null,
  figure text not null default '',
  over_value {long} not null default 0,
  role text not null,
  level {long} not null default 1,
  escalate_minutes {long} not null default 0,
  escalate_role text not null default '',
  active {bool} not null default true,
  version {long} not null default 1
);

create table approval_request (
  id {id} primary key,
  document_id {id} not null references document (id),
  function text not null,
  branch_id {id} not null,
  action text not null,
  level {long} not null,
  state text not null check (state in ('open', 'approved', 'rejected', 'withdrawn')),
  requested_by {id} not null,
  requested_at {instant} not null,
  closed_at {instant},
  reason text,
  reason_text text
);
create unique index one_open_request_a_document on approval_request (document_id) where state = 'open';
create index approval_request_open on approval_request (state, requested_at);

create table approval_step (
  request_id {id} not null references approval_request (id),
  level {long} not null,
  role text not null,
  rule_text text not null,
  escalates_at {instant},
  escalate_role text not null default '',
  primary key (request_id, level, role)
);

create table approval_decision (
  request_id {id} not null references approval_request (id),
  level {long} not null,
  decided_by {id} not null,
  decided_at {instant} not null,
  decision text not null check (decision in ('approved', 'rejected')),
  reason text,
  reason_text text,
  primary key (request_id, level, decided_by)
);

create table exception_item (
  id {id} primary key,
  rule text not null,
  function text not null,
  severity text not null check (severity in ('high', 'medium', 'low')),
  branch_id {id} not null,
  document_id {id},
  session_id {id},
  message text not null,
  raised_at {instant} not null,
  business_date {date} not null,
  hour {long} not null,
  state text not null check (state in ('open', 'acknowledged', 'resolved')),
  owner_id {id},
  reason text,
  reason_text text,
  changed_at {instant},
  version {long} not null default 1
);
create index exception_open on exception_item (state, severity, raised_at);
create index exception_of_function on exception_item (function, business_date);
create index exception_of_document on exception_item (document_id);

create table target (
  id {id} primary key,
  function text not null,
  measure text not null,
  branch_id text not null default '',
  start_date {date} not null,
  end_date {date} not null,
  amount {long} not null,
  version {long} not null default 1
);
create index target_by_function on target (function, measure, start_date);
