-- Exceptions in full: rules as data, folding of repeats, snooze, escalation, the history of an item, and what scheduled rules have found.
-- both

create table exception_item_next (
  id {id} primary key,
  rule text not null,
  function text not null,
  severity text not null check (severity in ('critical', 'high', 'medium', 'low')),
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
  version {long} not null default 1,
  -- A repeat finds its item by this key; it is given up when the item is resolved or its quiet window is over.
  fold_key text,
  count {long} not null default 1 check (count > 0),
  last_seen_at {instant} not null,
  snoozed_until {instant},
  owner_role text not null default '',
  escalate_minutes {long} not null default 0,
  escalate_role text not null default '',
  escalates_at {instant},
  escalated_at {instant}
);
insert into exception_item_next (id, rule, function, severity, branch_id, document_id, session_id, message, raised_at, business_date, hour, state, owner_id, reason, reason_text,
  changed_at, version, last_seen_at)
select id, rule, function, severity, branch_id, document_id, session_id, message, raised_at, business_date, hour, state, owner_id, reason, reason_text, changed_at, version, raised_at
from exception_item;
drop table exception_item;
alter table exception_item_next rename to exception_item;
create unique index exception_fold on exception_item (fold_key);
create index exception_open on exception_item (state, severity, raised_at);
create index exception_latest on exception_item (state, raised_at, id);
create index exception_of_function on exception_item (function, business_date);
create index exception_of_document on exception_item (document_id);
create index exception_of_rule on exception_item (rule, raised_at);
create index exception_of_branch on exception_item (branch_id, raised_at);
create index exception_of_owner on exception_item (owner_id, raised_at);
create index exception_due on exception_item (escalates_at) where escalates_at is not null;

-- What happened to an item: raised, repeated, acknowledged, assigned, snoozed, escalated, resolved.
create table exception_step (
  id {id} primary key,
  exception_id {id} not null references exception_item (id),
  at {instant} not null,
  user_id {id} not null,
  step text not null,
  text text,
  document_id {id},
  reason text,
  from_role text,
  to_role text,
  person_id {id},
  until {instant}
);
create index exception_step_of_item on exception_step (exception_id, at);
create index exception_step_of_document on exception_step (document_id);
insert into exception_step (id, exception_id, at, user_id, step, text, document_id)
select id, id, raised_at, '00000000-0000-7000-8000-000000000001', 'raised', message, document_id from exception_item;

-- What the company changed of a rule; null where the branch goes by the company, the company by the declaration.
create table exception_rule (
  id {id} primary key,
  rule text not null,
  function text not null,
  branch_id {id} references branch (id),
  active {bool},
  severity text check (severity in ('critical', 'high', 'medium', 'low')),
  parameters text not null default '{}',
  owner_role text,
  escalate_minutes {long},
  escalate_role text,
  quiet_minutes {long},
  version {long} not null default 1
);
create unique index exception_rule_of_company on exception_rule (rule) where branch_id is null;
create unique index exception_rule_of_branch on exception_rule (rule, branch_id) where branch_id is not null;

-- What scheduled rules have raised already: the key says what it was about.
create table exception_found (
  rule text not null,
  key text not null,
  found_at {instant} not null,
  primary key (rule, key)
);

-- The reports of rules over documents read facts of this event alone.
create index fact_exception on fact (function, business_date) where event = 'exception';
