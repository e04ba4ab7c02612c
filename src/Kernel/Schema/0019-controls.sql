-- What was verified of the audit trail, by whom and with what result; chains of roles to which what nobody answered is passed on; drafts by who began them.
-- both

-- events and transactions are what sealed blocks hold; last_event is the last one of them. differences: rows or blocks that are not as they were sealed.
create table audit_verification (
  id {id} primary key,
  started_at {instant} not null,
  ended_at {instant} not null,
  origin text not null check (origin in ('command', 'job', 'asked')),
  user_id {id} not null,
  blocks {long} not null,
  events {long} not null,
  transactions {long} not null,
  last_event {long} not null,
  unsealed {long} not null,
  digests {long} not null,
  differences {long} not null,
  first_difference text
);
create index audit_verification_by_end on audit_verification (ended_at);
-- When a node last began it by itself, in seconds since 1970: of several, one does it.
insert into watermark (name, tx) values ('audit-verified', 0);

-- The roles after the first one, each with the minutes that the role before it has: "role:minutes,role:minutes".
alter table approval_rule add column escalate_then text not null default '';
alter table approval_step add column escalate_then text not null default '';
-- To how many of the roles it was passed on, and when it is next; null when it is not.
alter table approval_step add column passed_on {long} not null default 0;
alter table approval_step add column passes_on_at {instant};
update approval_step set passed_on = 1 where escalated_at is not null;
update approval_step set passes_on_at = escalates_at where escalated_at is null and escalate_role <> '';
create index approval_step_due on approval_step (passes_on_at) where passes_on_at is not null;
alter table exception_rule add column escalate_then text;
alter table exception_item add column escalate_then text not null default '';

create index document_draft_of_user on document (created_by, created_at) where status = 'draft';
