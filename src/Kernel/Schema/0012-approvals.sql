-- Approvals by several people at one level, on behalf of somebody who is away, and one person's vote counted once.
-- both

-- any: one holder of one such role decides the level; all: this role's own vote is needed too.
alter table approval_rule add column votes text not null default 'any' check (votes in ('any', 'all'));
alter table approval_step add column votes text not null default 'any' check (votes in ('any', 'all'));

-- As which role somebody decided, and for whom; empty for decisions of earlier versions.
alter table approval_decision add column role text not null default '';
alter table approval_decision add column on_behalf_of {id};

-- Who sees and approves for somebody who is away, from an instant up to another, which no longer counts.
create table delegation (
  id {id} primary key,
  from_user {id} not null references app_user (id),
  to_user {id} not null references app_user (id),
  starts_at {instant} not null,
  ends_at {instant} not null,
  note text not null default '',
  created_by {id} not null,
  created_at {instant} not null,
  revoked_at {instant},
  check (ends_at > starts_at and from_user <> to_user)
);
create index delegation_to on delegation (to_user, ends_at);
create index delegation_from on delegation (from_user, ends_at);
