-- Notices to people; approvals that escalate at their time, name everybody who edited, and may ask for changes.
-- both

create table notice (
  id {id} primary key,
  kind text not null,
  title text not null,
  text text not null default '',
  link text not null default '',
  subject_id {id},
  version {long},
  created_at {instant} not null
);
create index notice_of_subject on notice (subject_id) where subject_id is not null;
create index notice_by_age on notice (created_at);

create table notice_recipient (
  user_id {id} not null references app_user (id),
  notice_id {id} not null references notice (id),
  read_at {instant},
  primary key (user_id, notice_id)
);
create index notice_unread on notice_recipient (user_id, notice_id) where read_at is null;
create index notice_recipient_of_notice on notice_recipient (notice_id);

-- The time of a level begins when the level does; when it was passed on, and that it was, stays visible.
alter table approval_step add column escalate_minutes {long} not null default 0;
alter table approval_step add column escalated_at {instant};

-- A rejection that gives the document back to its maker to be changed.
alter table approval_decision add column sent_back {bool} not null default false;

-- Everybody who changed a document; none of them decides on it.
create table document_editor (
  document_id {id} not null references document (id),
  user_id {id} not null,
  primary key (document_id, user_id)
);
insert into document_editor (document_id, user_id) select id, edited_by from document where edited_by is not null;
